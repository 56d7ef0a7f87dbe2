"""Values a template begins with for one draft; a person looks at them before anything is approved. Reads only."""

from wakeel.domain.template_texts import Template, proposed
from wakeel.flows.invitation import times_lines
from wakeel.flows.meeting_sides import zone_for
from wakeel.store import meetings
from wakeel.store.models import Draft, Meeting

_BETWEEN_TIMES = " · "


def begin_with(draft: Draft, template: Template, *, text: str) -> dict[str, str]:
    """By variable. The names that our own templates give their places are known; others are filled in by their order.

    draft: with its opportunity, contact, number with business, and meeting. text: its approved words.
    """
    known = {
        "name": draft.contact.name,
        "business": draft.number.business.name,
        "subject": draft.opportunity.title,
        "title": draft.opportunity.title,
    }
    if draft.meeting is not None:
        known |= {"title": draft.meeting.title, "times": _times(draft.meeting, template.language)}
    in_order = (draft.contact.name, draft.number.business.name, draft.opportunity.title)
    return proposed(template, text=text, known=in_order, named=known)


def _times(meeting: Meeting, language: str) -> str:
    """The proposed times in one line, in both calendars."""
    slots = meetings.slots_of(meeting)
    if not slots:
        return ""
    lines = times_lines(slots, language.partition("_")[0], zone=zone_for(meeting.contact, at=slots[0]))
    return _BETWEEN_TIMES.join(lines)
