"""Everything that happened around one opportunity, in the order it happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.message_kinds import VOICE
from wakeel.store.compiled import Compiled
from wakeel.store.messages import ECHO
from wakeel.store.models import (
    Approval,
    Attempt,
    ConsentPayload,
    Decision,
    Draft,
    DraftVersion,
    InboundMessage,
    Opportunity,
    OutboxMessage,
    Showing,
    StatusEvent,
    VerdictRow,
)

LATEST = 60
"""Of each kind; a long conversation shows its end."""


class Kind(StrEnum):
    IMPORTED = "imported"
    CARD = "card"
    DECISION = "decision"
    VERSION = "version"
    VERDICT = "verdict"
    APPROVAL = "approval"
    REVOKED = "revoked"
    ATTEMPT = "attempt"
    STATUS = "status"
    INBOUND = "inbound"
    ECHO = "echo"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. word: the stored word that says what (action, reason code, outcome, status, entry type, card kind).

    who: an operator's name, '' for the machine. via: phone or screen. code: Meta's error code. text: outside text.
    carried_out: of decisions. phase: of verdicts, plan or claim; of attempts, Meta's word with which it took it.
    """

    at: datetime
    kind: Kind
    word: str = ""
    who: str = ""
    via: str = ""
    phase: str = ""
    code: int | None = None
    details: str = ""
    text: str = ""
    version: int | None = None
    carried_out: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


_PLACE = {kind: place for place, kind in enumerate(Kind)}


def read(opportunity: Opportunity) -> tuple[Happening, ...]:
    """The newest last; at one instant causes come before effects."""
    here = {"business": opportunity.business_id, "opportunity": opportunity.id}
    drafts = [pk for (pk,) in _drafts(opportunity=opportunity.id)]
    found = [
        Happening(opportunity.created_at, Kind.IMPORTED),
        *map(_card, _showings(opportunity=opportunity.id)),
        *map(_decision, _decisions(**here)),
        *map(_inbound, _messages(business=opportunity.business_id, contact=opportunity.contact_id)),
        *map(_consent, _consents(business=opportunity.business_id, contact=opportunity.contact_id)),
        *(_of_drafts(opportunity.business_id, drafts) if drafts else ()),
    ]
    return tuple(sorted(found, key=lambda item: (item.at, _PLACE[item.kind])))


def _of_drafts(business_id: str, drafts: list[str]) -> Iterator[Happening]:
    for at, author, number in _versions(drafts=drafts):
        yield Happening(at, Kind.VERSION, who=author or "", version=number)
    sent = [pk for (pk,) in _sent(drafts=drafts)]
    for verdicts in (_verdicts(drafts=drafts), _claim_verdicts(sent=sent) if sent else ()):
        for at, code, phase, facts in verdicts:
            yield Happening(at, Kind.VERDICT, word=code, phase=phase, facts=facts)
    for at, who, via, version, revoked_at in _approvals(drafts=drafts):
        yield Happening(at, Kind.APPROVAL, who=who, via=via, version=version)
        if revoked_at is not None:
            yield Happening(revoked_at, Kind.REVOKED, version=version)
    wamids = set()
    for wamid, started_at, created_at, outcome, code, details, held in _attempts(sent=sent) if sent else ():
        # Attempts are dated in real time; in practice, business time may run ahead of it.
        at = max(started_at, created_at)
        yield Happening(at, Kind.ATTEMPT, word=outcome, code=code, details=details, phase=held)
        wamids.add(wamid)
    if wamids := wamids - {None}:
        for at, status, code, details in _statuses(business=business_id, wamids=wamids):
            yield Happening(at, Kind.STATUS, word=status, code=code, details=details)


def _card(row: tuple[Any, ...]) -> Happening:
    at, kind, who, version, wamid = row
    return Happening(at, Kind.CARD, word=kind, who=who, version=version, carried_out=wamid is not None)


def _decision(row: tuple[Any, ...]) -> Happening:
    at, action, who, via, version, carried_out = row
    return Happening(at, Kind.DECISION, word=action, who=who, via=via, version=version, carried_out=carried_out)


def _inbound(row: tuple[Any, ...]) -> Happening:
    at, kind, content, text = row
    word = VOICE if content.get("is_voice") else kind
    return Happening(at, Kind.ECHO if kind == ECHO else Kind.INBOUND, word=word, text=text)


def _consent(row: tuple[Any, ...]) -> Happening:
    at, entry = row
    return Happening(at, Kind.CONSENT, word=entry)


@Compiled
def _showings(*, opportunity: Any) -> QuerySet[Showing, Any]:
    rows = Showing.objects.filter(card__opportunity=opportunity).order_by("-created_at")
    return rows.values_list("created_at", "card__kind", "card__operator__name", "card__version", "wamid")[:LATEST]


@Compiled
def _decisions(*, business: Any, opportunity: Any) -> QuerySet[Decision, Any]:
    """On its drafts too: a decision names the opportunity in any case."""
    rows = Decision.objects.filter(business_id=business, opportunity=opportunity).order_by("-at")
    return rows.values_list("at", "action", "operator__name", "via", "version", "carried_out")[:LATEST]


@Compiled
def _messages(*, business: Any, contact: Any) -> QuerySet[InboundMessage, Any]:
    rows = InboundMessage.objects.filter(business_id=business, contact=contact).order_by("-sent_at")
    return rows.values_list("sent_at", "kind", "content", "text")[:LATEST]


@Compiled
def _consents(*, business: Any, contact: Any) -> QuerySet[ConsentPayload, Any]:
    rows = ConsentPayload.objects.filter(business_id=business, contact=contact).order_by("-event__seq")
    return rows.values_list("event__recorded_at", "event__type")[:LATEST]


@Compiled
def _drafts(*, opportunity: Any) -> QuerySet[Draft, Any]:
    return Draft.objects.filter(opportunity=opportunity).order_by("-created_at").values_list("pk")[:LATEST]


@Compiled
def _versions(*, drafts: Any) -> QuerySet[DraftVersion, Any]:
    rows = DraftVersion.objects.filter(draft__in=drafts).order_by("-created_at")
    return rows.values_list("created_at", "author__name", "number")[:LATEST]


@Compiled
def _sent(*, drafts: Any) -> QuerySet[OutboxMessage, Any]:
    return OutboxMessage.objects.filter(draft__in=drafts).order_by("-created_at").values_list("pk")[:LATEST]


@Compiled
def _verdicts(*, drafts: Any) -> QuerySet[VerdictRow, Any]:
    """Those given on a draft; those on its message are found by the message."""
    rows = VerdictRow.objects.filter(draft__in=drafts, outbox=None).order_by("-at")
    return rows.values_list("at", "code", "phase", "facts")[:LATEST]


@Compiled
def _claim_verdicts(*, sent: Any) -> QuerySet[VerdictRow, Any]:
    rows = VerdictRow.objects.filter(outbox__in=sent).order_by("-at")
    return rows.values_list("at", "code", "phase", "facts")[:LATEST]


@Compiled
def _approvals(*, drafts: Any) -> QuerySet[Approval, Any]:
    rows = Approval.objects.filter(draft__in=drafts).order_by("-approved_at")
    return rows.values_list("approved_at", "operator__name", "via", "version", "revoked_at")[:LATEST]


@Compiled
def _attempts(*, sent: Any) -> QuerySet[Attempt, Any]:
    rows = Attempt.objects.filter(outbox__in=sent).order_by("-started_at")
    return rows.values_list(
        "wamid", "started_at", "outbox__created_at", "outcome", "failure_code", "details", "message_status"
    )[:LATEST]


@Compiled
def _statuses(*, business: Any, wamids: Any) -> QuerySet[StatusEvent, Any]:
    rows = StatusEvent.objects.filter(business_id=business, wamid__in=wamids).order_by("-at")
    return rows.values_list("at", "status", "failure_code", "details")[:LATEST]
