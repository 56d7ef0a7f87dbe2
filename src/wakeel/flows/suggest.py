"""Texts that a model writes ahead, so that no tap waits for it: what it is asked for, and what of its answer is kept.

Nothing here sends, approves or addresses anything: a suggestion is looked at again when somebody asks for the draft,
and is then the first version that a person reads.
"""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.drafting import DraftFacts, Occasion
from wakeel.domain.model_texts import Refused, text_in
from wakeel.domain.opportunities import ANSWERED, WROTE_FIRST
from wakeel.domain.prompts import PromptKind
from wakeel.flows.write_draft import digest_of, facts_of
from wakeel.store import contacts, conversation, said_to_us, suggestions
from wakeel.store.models import Contact, Opportunity

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text to be written. tries: how often it was tried, this time included."""

    id: int
    facts: DraftFacts
    digest: str
    tries: int


def wanted(*, now: datetime) -> list[Wanted]:
    """What is on somebody's phone and has no text of a model yet; for a while nobody else gets these."""
    for opportunity in suggestions.shown_without():
        _ask(opportunity, now=now)
    for contact_id in suggestions.asked_about(PromptKind.REPLY):
        answered = _answered(contact_id)
        if answered is not None:
            _ask(answered, now=now)
    found = []
    for row in suggestions.take(now=now, limit=AT_ONCE):
        facts = facts_of(row.opportunity, _occasion(row.opportunity), with_conversation=True)
        if digest_of(facts) != row.digest:
            # They wrote, or a file changed it, since it was asked for: from here on it is asked for with that.
            suggestions.ask(row.opportunity, wamid=row.wamid, digest=digest_of(facts), now=now)
            continue
        found.append(Wanted(row.pk, facts, row.digest, row.tries))
    return found


def keep_answer(wanted_one: Wanted, answer: bytes, *, model: str) -> str:
    """Look at one answer of the endpoint; why it is not used, '' if it is."""
    text = text_in(answer, wanted_one.facts)
    if isinstance(text, Refused):
        suggestions.fail(wanted_one.id, why=text.why.value, tries=wanted_one.tries)
        return text.why.value
    suggestions.keep(wanted_one.id, digest=wanted_one.digest, text=text, written_by=model)
    return ""


def note_failure(wanted_one: Wanted, why: str) -> None:
    """The endpoint gave no answer; it is asked again, a few times."""
    suggestions.fail(wanted_one.id, why=why, tries=wanted_one.tries)


def _ask(opportunity: Opportunity, *, now: datetime) -> None:
    occasion = _occasion(opportunity)
    last = conversation.last_message(contacts.group_of(opportunity.contact)) if occasion is Occasion.REPLY else None
    facts = facts_of(opportunity, occasion, with_conversation=True)
    suggestions.ask(opportunity, wamid=last.wamid if last is not None else "", digest=digest_of(facts), now=now)


def _occasion(opportunity: Opportunity) -> Occasion:
    is_answer = opportunity.source in WROTE_FIRST or opportunity.state in ANSWERED
    return Occasion.REPLY if is_answer else Occasion.FIRST


def _answered(contact_id: str) -> Opportunity | None:
    """What words of this person answer; None if nothing of ours had left."""
    contact = Contact.objects.filter(pk=contact_id, erased_at=None).first()
    if contact is None:
        return None
    rows = [row for found in said_to_us.unfinished(contacts.group_of(contact)).values() for row in found]
    return next((row for row in rows if row.state in ANSWERED), None)
