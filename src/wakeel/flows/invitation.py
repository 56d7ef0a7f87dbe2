"""The invitation to a meeting: its words as the contact reads them, and the message that carries them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from wakeel import config
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import BODY_LIMIT, ButtonCard
from wakeel.domain.opt_in import language_of
from wakeel.domain.prompts import carried_by
from wakeel.domain.text import bare_line, fits, shorten
from wakeel.domain.words import Text
from wakeel.flows.both_calendars import time_words, zone_words
from wakeel.store import meetings
from wakeel.store.models import Draft, Prompt, Showing
from wakeel.whatsapp.cards import button_card_part, text_part

INVITATION_LIMIT = BODY_LIMIT
"""It carries buttons, so it is shorter than other messages may be (reference WA 1.1)."""
_NAME_LIMIT, _PLACE_LIMIT, _TITLE_SHOWN = 60, 120, 120

CHOICES = (("confirm", Text("تأكيد الموعد", "Confirm")), ("other", Text("موعد آخر", "Another time")))
"""The contact's buttons: id and title (design section 4)."""

_GREETING = Text("السلام عليكم {name}،", "Hello {name},")
_GREETING_NOBODY = Text("السلام عليكم،", "Hello,")
_ASKS = Text(
    "معك {business}. نقترح موعدًا مدته {minutes} دقيقة بخصوص: {title}",
    "this is {business}. We propose a meeting of {minutes} minutes about: {title}",
)
_PLACE = Text("المكان: {place}", "Place: {place}")
_FILE = Text("ملف التقويم: {link}", "Calendar file: {link}")
_HOW_ONE = Text("للرد اضغط أحد الزرين.", "Please answer with one of the buttons.")
_HOW = Text(
    "«تأكيد الموعد» يؤكد الوقت الأول. لتأكيد وقت آخر من هذه الأوقات أرسل رقمه.",
    "“Confirm” takes the first time. For another one of these, send its number.",
)


def invitation_text(
    *, name: str, business: str, title: str, place: str, minutes: int, slots: Sequence[datetime], zone: str,
    link: str | None, language: str,
) -> str:  # fmt: skip
    """The whole invitation, short enough for a message with buttons whatever the values hold.

    zone: whose wall time is written, and named. link: to the calendar file, None for none.
    """
    shown = bare_line(name, limit=_NAME_LIMIT)
    lines = [
        _GREETING.say(language, name=shown) if shown else _GREETING_NOBODY.say(language),
        _ASKS.say(
            language,
            business=bare_line(business, limit=_NAME_LIMIT),
            minutes=minutes,
            title=bare_line(title, limit=_TITLE_SHOWN),
        ),
        "",
        *times_lines(slots, language, zone=zone),
        zone_words(zone, language),
    ]
    if shown_place := bare_line(place, limit=_PLACE_LIMIT):
        lines.append(_PLACE.say(language, place=shown_place))
    if link is not None:
        lines.append(_FILE.say(language, link=link))
    lines += ["", (_HOW if len(slots) > 1 else _HOW_ONE).say(language)]
    whole = "\n".join(lines)
    return whole if fits(whole, limit=INVITATION_LIMIT) else shorten(whole, limit=INVITATION_LIMIT)


def times_lines(slots: Sequence[datetime], language: str, *, zone: str) -> list[str]:
    """One line a time, numbered if there are several."""
    said = [time_words(slot, language, zone=zone) for slot in slots]
    return said if len(said) == 1 else [f"{number}) {words}" for number, words in enumerate(said, start=1)]


def invitation_part(meeting_id: str, text: str) -> Mapping[str, Any]:
    """`type` + `interactive` of the invitation with the contact's two buttons; a text that no message with buttons
    holds goes without them, and is answered in words."""
    if not fits(text, limit=INVITATION_LIMIT):
        return text_part(text)
    language = language_of(text)
    buttons = buttons_about(meeting_id, ButtonKind.MEETING, CHOICES, language=language)
    return button_card_part(ButtonCard(body=text, buttons=buttons))


def of_its_draft(
    button: ButtonReply, showing: Showing | None, prompt: Prompt | None, *, business_id: str
) -> ButtonReply:
    """A tap on the card of an invitation is a tap on its draft, decided as for every other text; others as they are.

    showing, prompt: what was tapped, None if it is not known; on neither, the draft that waits is meant, and shown.
    """
    if button.kind is not ButtonKind.MEETING or prompt is not None or carried_by(button) is None:
        return button
    if showing is not None:
        draft = showing.card.draft
    else:
        draft = meetings.waiting_draft_of(business_id, button.subject_id or "")
    if draft is None or draft.meeting_id != button.subject_id:
        return button
    return replace(button, kind=ButtonKind.MESSAGE_DRAFT, subject_id=draft.id)


def mailed_to(draft: Draft) -> str:
    """Who gets the calendar file of an invitation by e-mail, for its card; '' if nobody does."""
    if draft.meeting is None or not config.get().smtp_host:
        return ""
    attendees = list(draft.meeting.attendees)
    return attendees[0] + (f" +{len(attendees) - 1}" if len(attendees) > 1 else "") if attendees else ""
