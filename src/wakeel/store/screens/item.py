"""One opportunity with its living draft: what can be decided, the facts, and what happened so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.drafts import LIVING, OutboxPhase
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.policy import Policy
from wakeel.domain.ranking import rank
from wakeel.domain.words import Text
from wakeel.store import drafts
from wakeel.store.compiled import Compiled
from wakeel.store.messages import ECHO
from wakeel.store.models import Draft, DraftVersion, InboundMessage, Opportunity, OutboxMessage, VerdictRow
from wakeel.store.screens import timeline
from wakeel.store.screens.consents import USUAL_POLICY, CategoryStanding, standings
from wakeel.store.screens.outgoing import body_text, due_facts
from wakeel.store.screens.people import Person, person
from wakeel.store.screens.template_words import template_words


@dataclass(frozen=True, slots=True)
class Version:
    """author: '' for the machine's first text."""

    number: int
    text: str
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What an approved draft became. text: as requested from WhatsApp. status: merged, None before acceptance.

    hold_code: ReasonCode while held, put off or taken back by the gate, else ''; hold_facts: what its words name.
    """

    id: str
    state: str
    status: str | None
    text: str
    digest: str
    hold_code: str
    hold_facts: dict[str, Any]
    due_at: datetime
    failure_code: int | None
    failure_details: str
    number_id: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DraftView:
    """The latest draft. versions: the newest first, never empty.

    message: the latest, None until it was approved once. phase: of the current version's message.
    """

    id: str
    state: str
    category: str
    version: int
    versions: tuple[Version, ...]
    message: Message | None
    phase: OutboxPhase

    @property
    def is_living(self) -> bool:
        return self.state in LIVING

    @property
    def waits(self) -> bool:
        """Approved, and leaves by itself when its time has come."""
        return self.message is not None and self.message.state == OutboxState.PENDING and bool(self.message.hold_code)

    @property
    def text(self) -> str:
        return next((v.text for v in self.versions if v.number == self.version), "")


@dataclass(frozen=True, slots=True)
class Item:
    """last_message: what the contact wrote last, '' if nothing. owner: who accepted it or asked for the draft."""

    id: str
    title: str
    summary: str
    value: str
    state: str
    purpose: str
    expires_at: datetime | None
    owner: str
    person: Person
    window_closes_at: datetime | None
    reasons: tuple[Text, ...]
    standings: tuple[CategoryStanding, ...]
    last_message: str
    last_message_at: datetime | None
    draft: DraftView | None
    happenings: tuple[timeline.Happening, ...]

    @property
    def living_draft(self) -> DraftView | None:
        return self.draft if self.draft is not None and self.draft.is_living else None

    @property
    def standing(self) -> CategoryStanding | None:
        """Of the draft's category, None if that needs no consent; without a draft the first, the strictest."""
        if self.draft is None:
            return self.standings[0]
        return next((row for row in self.standings if row.category == self.draft.category), None)


def read(
    business_id: str, opportunity_id: str, *, viewer: str | None, now: datetime, policy: Policy = USUAL_POLICY
) -> Item | None:
    """None if this business has no such opportunity. viewer: the operator who looks. policy: reads the consents."""
    opportunity: Opportunity | None = _opportunity.first(business=business_id, opportunity=opportunity_id)
    if opportunity is None:
        return None
    contact = opportunity.contact
    text, sent_at = _last_words.first(business=business_id, contact=contact.id) or ("", None)
    skipped = _skipped(contact=contact.id, opportunity=opportunity.id)
    placed = rank(
        score=opportunity.score, last_inbound_at=contact.last_inbound_at, skipped_before=len(skipped), now=now
    )
    return Item(
        id=opportunity.id,
        title=opportunity.title,
        summary=opportunity.summary,
        value=opportunity.value,
        state=opportunity.state,
        purpose=opportunity.purpose,
        expires_at=opportunity.expires_at,
        owner=opportunity.owner.name if opportunity.owner else "",
        person=person(contact, viewer=viewer),
        window_closes_at=window_closes_at(contact.last_inbound_at),
        reasons=placed.reasons,
        standings=standings(contact.id, purpose=opportunity.purpose, policy=policy, now=now),
        last_message=text,
        last_message_at=sent_at,
        draft=_draft(opportunity),
        happenings=timeline.read(opportunity),
    )


def has_opportunity(business_id: str, opportunity_id: str) -> bool:
    return _opportunity.first(business=business_id, opportunity=opportunity_id) is not None


def happenings(business_id: str, opportunity_id: str) -> tuple[timeline.Happening, ...] | None:
    """The timeline alone; None if this business has no such opportunity."""
    opportunity = _opportunity.first(business=business_id, opportunity=opportunity_id)
    return timeline.read(opportunity) if opportunity else None


def opportunity_of_draft(business_id: str, draft_id: str) -> str | None:
    """The id of the opportunity a draft belongs to; None if this business has no such draft."""
    return Draft.objects.filter(business_id=business_id, pk=draft_id).values_list("opportunity_id", flat=True).first()


def is_to_contact(business_id: str, outbox_id: str) -> bool:
    """Whether this business has such a message to a contact."""
    rows = OutboxMessage.objects.filter(business_id=business_id, pk=outbox_id, audience=Audience.CONTACT.value)
    return rows.exists()


def version_text(business_id: str, draft_id: str, number: int) -> str:
    """The words of one version, '' if there is none."""
    draft = Draft.objects.filter(business_id=business_id, pk=draft_id).first()
    version = draft.versions.filter(number=number).first() if draft else None
    return version.text if version else ""


def _draft(opportunity: Opportunity) -> DraftView | None:
    row: Draft | None = _latest_draft.first(opportunity=opportunity.id)
    if row is None:
        return None
    versions = tuple(Version(number, text, author or "", at) for number, text, author, at in _versions(draft=row.id))
    messages: list[OutboxMessage] = _messages(draft=row.id)
    current = [m for m in messages if m.draft_version == row.version and m.state != OutboxState.SUPPRESSED]
    phase = drafts.phase_of(max(current, key=lambda m: m.id, default=None))
    return DraftView(row.id, row.state, row.category, row.version, versions, _message(messages), phase)


def _message(newest_first: Sequence[OutboxMessage]) -> Message | None:
    row = next(iter(newest_first), None)
    if row is None:
        return None
    gated = row.state in {OutboxState.HELD.value, OutboxState.SUPPRESSED.value}
    waits = row.state == OutboxState.PENDING
    return Message(
        id=row.id,
        state=row.state,
        status=row.status,
        text=template_words([row]).get(row.id) or body_text(row.body),
        digest=row.digest,
        hold_code=row.hold_code if gated or waits else "",
        hold_facts=_last_facts(row) if gated else due_facts(row.due_at),
        due_at=row.due_at,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
        number_id=row.number_id,
        updated_at=row.updated_at,
    )


def _last_facts(row: OutboxMessage) -> dict[str, Any]:
    """What the words of the reason name, from the last verdict on this message, else on its draft."""
    found = _verdict_of_message.first(outbox=row.id) or _verdict_of_draft.first(draft=row.draft_id)
    return found[0] if found else {}


@Compiled
def _opportunity(*, business: Any, opportunity: Any) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.filter(business_id=business, pk=opportunity)
    return rows.select_related("contact", "owner")


@Compiled
def _last_words(*, business: Any, contact: Any) -> QuerySet[InboundMessage, Any]:
    rows = InboundMessage.objects.filter(business_id=business, contact=contact).exclude(text="").exclude(kind=ECHO)
    return rows.order_by("-sent_at").values_list("text", "sent_at")[:1]


@Compiled
def _skipped(*, contact: Any, opportunity: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(contact=contact, state=OpportunityState.SKIPPED.value)
    return rows.exclude(pk=opportunity).values_list("pk")


@Compiled
def _latest_draft(*, opportunity: Any) -> QuerySet[Draft]:
    return Draft.objects.filter(opportunity=opportunity).order_by("-created_at", "-id")[:1]


@Compiled
def _versions(*, draft: Any) -> QuerySet[DraftVersion, Any]:
    rows = DraftVersion.objects.filter(draft=draft).order_by("-number")
    return rows.values_list("number", "text", "author__name", "created_at")


@Compiled
def _messages(*, draft: Any) -> QuerySet[OutboxMessage]:
    """The newest first."""
    return OutboxMessage.objects.filter(draft=draft).order_by("-created_at", "-id")


@Compiled
def _verdict_of_message(*, outbox: Any) -> QuerySet[VerdictRow, Any]:
    return VerdictRow.objects.filter(outbox=outbox).order_by("-id").values_list("facts")[:1]


@Compiled
def _verdict_of_draft(*, draft: Any) -> QuerySet[VerdictRow, Any]:
    return VerdictRow.objects.filter(draft=draft, outbox=None).order_by("-id").values_list("facts")[:1]
