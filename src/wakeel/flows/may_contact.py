"""May I write to this person now? One line each for an answer, updates and marketing. Design 6, preview. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from wakeel.domain.consent import Category
from wakeel.domain.consent_words import USUAL_PURPOSES
from wakeel.domain.gate import decide, window_closes_at
from wakeel.domain.gate_request import ApprovalFacts, GateRequest, Verdict
from wakeel.domain.reasons import Answer, ReasonCode
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.phone_numbers import to_e164
from wakeel.flows.preview_draft import sends_live
from wakeel.flows.reply import local_time
from wakeel.flows.verdict_line import Line, line_of
from wakeel.store import businesses, contacts, gate_facts
from wakeel.store.models import Contact

_NOBODY = Text("لا أحد مسجّلًا بهذا الرقم.", "Nobody here is known by this number.")
_READ_AS = Text(
    "آخر قيد في السجل: {seq}، السياسة: {policy}، الوقت: {t}.", "Last ledger entry: {seq}, policy: {policy}, time: {t}."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The lines about one person. contact_id: None for a number that nobody here is known by. at: the instant meant."""

    contact_id: str | None
    at: datetime
    lines: tuple[Line, ...]

    def in_words(self, language: str) -> list[str]:
        """One line each, then what they were read from."""
        verdict = self.lines[0].verdict
        read_as = _READ_AS.say(
            language, seq=verdict.ledger_seq, policy=verdict.policy_version, t=local_time(self.at, language)
        )
        nobody = [_NOBODY.say(language)] if self.contact_id is None else []
        return [*nobody, *(line.say(language) for line in self.lines), read_as]

    def as_document(self) -> dict[str, Any]:
        """The same as JSON-able data."""
        lines = [line.as_document() for line in self.lines]
        return {"contact": self.contact_id, "at": self.at.isoformat(), "lines": lines}


def ask(business_id: str, who: str, *, now: datetime, purpose: str | None = None) -> Asked:
    """Answer for a contact's id or a number as people write it. Raises BadNumber.

    Of a merged person it is the record that has this number: what the person agreed to may go there.
    """
    contact_id = find(business_id, who)
    if contact_id is not None:
        return Asked(contact_id, now, may_contact(contact_id, now=now, purpose=purpose))
    request = gate_facts.of_stranger(
        to_e164(who),
        category=Category.SERVICE,
        purpose=purpose or USUAL_PURPOSES[Category.MARKETING],
        number=businesses.number_of(business_id),
        live_send=sends_live(),
        policy=policies.current(),
    )
    return Asked(None, now, _lines(request, purpose, now=now))


def may_contact(contact_id: str, *, now: datetime, purpose: str | None = None) -> tuple[Line, ...]:
    """The lines for a free text that nobody has written yet. Raises Contact.DoesNotExist.

    purpose: asked for instead of the purposes that the ledger names for the person.
    """
    contact = Contact.objects.get(pk=contact_id)
    request = gate_facts.of_person(
        contact,
        category=Category.SERVICE,
        purpose=purpose or USUAL_PURPOSES[Category.MARKETING],
        address=contacts.address_of(contact_id),
        number=businesses.number_of(contact.business_id),
        live_send=sends_live(),
        policy=policies.current(),
        now=now,
    )
    return _lines(request, purpose, now=now)


class How(StrEnum):
    """How somebody may be written to now."""

    FREE_TEXT = "free_text"
    TEMPLATE = "template"  # only the window is closed: an approved template may go
    LATER = "later"  # by itself, when the waiting is over
    NO = "no"


@dataclass(frozen=True, slots=True)
class Glance:
    """One person in a list. until: when it ends for FREE_TEXT, None without an end; when it begins for LATER. line: of
    the gate, for the reason of a NO."""

    how: How
    until: datetime | None
    line: Line


def at_a_glance(business_id: str, contact_ids: Sequence[str], *, now: datetime) -> dict[str, Glance]:
    """For everybody in a list, by contact: what the gate would say. As many queries as for one person."""
    number = businesses.number_of(business_id)
    requests = gate_facts.of_people(
        contact_ids,
        category=Category.SERVICE,
        purpose=USUAL_PURPOSES[Category.MARKETING],
        addresses=contacts.addresses_of(contact_ids),
        number=number,
        live_send=sends_live(),
        policy=policies.current(),
        now=now,
    )
    return {pk: _glance(_lines(request, None, now=now), request) for pk, request in requests.items()}


def _glance(lines: tuple[Line, ...], request: GateRequest) -> Glance:
    answer, started = lines[0], lines[1:]
    match answer.verdict.answer:
        case Answer.ALLOW | Answer.SIMULATE:
            return Glance(How.FREE_TEXT, window_closes_at(request.recipient.last_inbound_at), answer)
        case Answer.DEFER:
            return Glance(How.LATER, answer.verdict.next_allowed_at, answer)
    by_template = next((line for line in started if is_only_closed(line.verdict)), None)
    return Glance(How.TEMPLATE, None, by_template) if by_template else Glance(How.NO, None, answer)


_PASSES_BY_ITSELF = frozenset({
    ReasonCode.QUIET_HOURS, ReasonCode.MESSAGING_LIMIT, ReasonCode.PAIR_RATE, ReasonCode.SENDER_THROUGHPUT,
})  # fmt: skip


def is_only_closed(verdict: Verdict) -> bool:
    """Nothing stands in the way of a template."""
    return set(verdict.all_codes) - _PASSES_BY_ITSELF == {ReasonCode.WINDOW_CLOSED}


def find(business_id: str, who: str) -> str | None:
    """The id of the contact meant by an id or a number as people write it; None if nobody is. Raises BadNumber."""
    if Contact.objects.filter(business_id=business_id, pk=who).exists():
        return who
    row = contacts.find(business_id, to_e164(who))
    return row.id if row else None


def _lines(request: GateRequest, purpose: str | None, *, now: datetime) -> tuple[Line, ...]:
    # As the preview of a draft, but that nothing ends: of a text nobody has written no approval can run out.
    approval = ApprovalFacts(approved_digest=request.current_digest, approved_at=now, expires_at=None)
    request = replace(request, approval=approval)
    lines = []
    for category, asked in _asked(request, purpose):
        message = replace(request.message, category=category.value, purpose=asked)
        one = replace(request, message=message)
        lines.append(line_of(one, decide(one, now=now), now=now))
    return tuple(lines)


def _asked(request: GateRequest, purpose: str | None) -> Iterator[tuple[Category, str]]:
    yield Category.SERVICE, request.message.purpose
    for category in (Category.UTILITY, Category.MARKETING):
        named = {p for event in request.consent_events if category in event.categories for p in event.purposes or ()}
        for asked in [purpose] if purpose else sorted(named) or [USUAL_PURPOSES[category]]:
            yield category, asked
