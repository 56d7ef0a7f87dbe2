"""The first text of a draft: the import's, a model's that was written ahead, or the template's. Nobody waits for it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from wakeel import config
from wakeel.domain.consent import Category
from wakeel.domain.content import findings
from wakeel.domain.drafting import LINES_KNOWN, Drafter, DraftFacts, Line, Occasion, TemplateDrafter, Written
from wakeel.domain.drafts import refuse_text
from wakeel.domain.gate import is_window_open
from wakeel.domain.opportunities import ANSWERED, WROTE_FIRST
from wakeel.domain.opt_in import language_of
from wakeel.domain.tones import Tone
from wakeel.domain.words import Text
from wakeel.flows.complete_text import NOTHING_ADDED, Completed, complete
from wakeel.store import contacts, conversation, suggestions
from wakeel.store.conversation import Last
from wakeel.store.models import Opportunity

_TEMPLATES: Drafter = TemplateDrafter()


@dataclass(frozen=True, slots=True)
class FirstText:
    """text: as it is shown and approved. category: of its draft. written_by: the model's name, '' for none.

    added: what the operator is told was added to it, '' for nothing.
    """

    text: str
    category: str
    written_by: str
    added: Text


def first_text(opportunity: Opportunity, *, now: datetime) -> FirstText:
    """The first message about an opportunity, with contact and business read.

    Outreach is marketing also as free text inside the window; whoever wrote first is answered (design section 6).
    """
    if _answers_them(opportunity, now=now):
        return reply_text(opportunity, conversation.last_message([opportunity.contact_id]))
    written = Written(opportunity.draft_text) if opportunity.draft_text else _written(opportunity, Occasion.FIRST)
    return _completed(written, Category.MARKETING, opportunity.business.name)


def reply_text(opportunity: Opportunity, answers: Last | None) -> FirstText:
    """A reply to what its contact wrote. answers: their newest message, None if it is not known."""
    written = _written(opportunity, Occasion.REPLY, wamid=answers.wamid if answers else "")
    return _completed(written, Category.SERVICE, opportunity.business.name)


def facts_of(opportunity: Opportunity, occasion: Occasion, *, with_conversation: bool) -> DraftFacts:
    """What may be known about it.

    with_conversation: a template asks for their last words alone, and quotes them once a message of ours has left.
    """
    wrote_first = opportunity.source in WROTE_FIRST
    said: tuple[Line, ...] = ()
    if with_conversation:
        found = conversation.latest(contacts.group_of(opportunity.contact), limit=2 * LINES_KNOWN)
        said = tuple(Line(one.is_ours, one.text) for one in found if one.text)[-LINES_KNOWN:]
        words = next((line.text for line in reversed(said) if not line.is_ours), "")
    else:
        words = conversation.last_words(opportunity.contact_id) if opportunity.contact.last_inbound_at else ""
        said = (Line(is_ours=False, text=words),) if words and opportunity.state in ANSWERED else ()
    return DraftFacts(
        occasion=occasion,
        language=language_of(words),
        tone=Tone(opportunity.business.tone),
        business=opportunity.business.name,
        name=opportunity.contact.name,
        # Of somebody who wrote first, title and summary are their own words, which are no facts of ours.
        title="" if wrote_first else opportunity.title,
        summary="" if wrote_first else opportunity.summary,
        value=opportunity.value,
        said=said,
    )


def digest_of(facts: DraftFacts) -> str:
    """Tells whether a text was written from these facts."""
    return hashlib.sha256(json.dumps(asdict(facts), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _answers_them(opportunity: Opportunity, *, now: datetime) -> bool:
    wrote_at = opportunity.contact.last_inbound_at
    is_open = wrote_at is not None and is_window_open(wrote_at, now=now)
    return opportunity.source in WROTE_FIRST and not opportunity.draft_text and is_open


def _written(opportunity: Opportunity, occasion: Occasion, *, wamid: str = "") -> Written:
    if config.get().llm_url:
        facts = facts_of(opportunity, occasion, with_conversation=True)
        found = suggestions.ready(opportunity, wamid=wamid, digest=digest_of(facts))
        # Looked at again: what counts as a finding may have changed since it was written.
        if found is not None and refuse_text(found.text) is None and not findings(found.text):
            return Written(found.text, found.written_by)
    return _TEMPLATES.write(facts_of(opportunity, occasion, with_conversation=False))


def _completed(written: Written, category: Category, business_name: str) -> FirstText:
    whole = complete(written.text, category=category.value, business_name=business_name)
    if refuse_text(whole.text) is not None:
        # Too long with it: the text stays as it came, and the gate says what it lacks.
        whole = Completed(written.text, NOTHING_ADDED)
    return FirstText(whole.text, category.value, written.written_by, whole.added)
