"""One opportunity with its living draft: what can be decided, the facts, and what happened so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.drafts import LIVING, OutboxPhase
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.policy import Policy
from wakeel.domain.ranking import rank
from wakeel.domain.words import Text
from wakeel.store import drafts
from wakeel.store.messages import ECHO
from wakeel.store.models import Draft, InboundMessage, Opportunity, OutboxMessage, VerdictRow
from wakeel.store.screens import timeline
from wakeel.store.screens.consents import USUAL_POLICY, CategoryStanding, standings
from wakeel.store.screens.outgoing import body_text, due_facts
from wakeel.store.screens.people import Person, person


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
    def standing(self) -> CategoryStanding | None:
        """Of the draft's category, None if that needs no consent; without a draft the first, the strictest."""
        if self.draft is None:
            return self.standings[0]
        return next((row for row in self.standings if row.category == self.draft.category), None)


def read(
    business_id: str, opportunity_id: str, *, viewer: str | None, now: datetime, policy: Policy = USUAL_POLICY
) -> Item | None:
    """None if this business has no such opportunity. viewer: the operator who looks. policy: reads the consents."""
    rows = Opportunity.objects.filter(business_id=business_id).select_related("contact", "owner")
    opportunity = rows.filter(pk=opportunity_id).first()
    if opportunity is None:
        return None
    contact = opportunity.contact
    words = InboundMessage.objects.filter(business_id=business_id, contact=contact).exclude(text="").exclude(kind=ECHO)
    last = words.order_by("-sent_at").first()
    skipped = Opportunity.objects.filter(contact=contact, state=OpportunityState.SKIPPED.value)
    skipped = skipped.exclude(pk=opportunity.pk)
    placed = rank(
        score=opportunity.score, last_inbound_at=contact.last_inbound_at, skipped_before=skipped.count(), now=now
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
        last_message=last.text if last else "",
        last_message_at=last.sent_at if last else None,
        draft=_draft(opportunity),
        happenings=timeline.read(opportunity),
    )


def opportunity_of_draft(business_id: str, draft_id: str) -> str | None:
    """The id of the opportunity a draft belongs to; None if this business has no such draft."""
    return Draft.objects.filter(business_id=business_id, pk=draft_id).values_list("opportunity_id", flat=True).first()


def opportunity_of_message(business_id: str, outbox_id: str) -> str | None:
    """The id of the opportunity a message belongs to; None if this business has no such message to a contact."""
    rows = OutboxMessage.objects.filter(business_id=business_id, pk=outbox_id, draft__isnull=False)
    return rows.values_list("draft__opportunity_id", flat=True).first()


def version_text(business_id: str, draft_id: str, number: int) -> str:
    """The words of one version, '' if there is none."""
    draft = Draft.objects.filter(business_id=business_id, pk=draft_id).first()
    version = draft.versions.filter(number=number).first() if draft else None
    return version.text if version else ""


def _draft(opportunity: Opportunity) -> DraftView | None:
    row = opportunity.drafts.order_by("-created_at", "-id").first()
    if row is None:
        return None
    versions = tuple(
        Version(v.number, v.text, v.author.name if v.author else "", v.created_at)
        for v in row.versions.select_related("author").order_by("-number")
    )
    phase = drafts.phase_of(drafts.message_of(row))
    return DraftView(row.id, row.state, row.category, row.version, versions, _message(row), phase)


def _message(draft: Draft) -> Message | None:
    row = draft.outbox.order_by("-created_at", "-id").first()
    if row is None:
        return None
    gated = row.state in {OutboxState.HELD.value, OutboxState.SUPPRESSED.value}
    waits = row.state == OutboxState.PENDING
    return Message(
        id=row.id,
        state=row.state,
        status=row.status,
        text=body_text(row.body),
        digest=row.digest,
        hold_code=row.hold_code if gated or waits else "",
        hold_facts=_last_facts(row) if gated else due_facts(row.due_at),
        due_at=row.due_at,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
    )


def _last_facts(row: OutboxMessage) -> dict[str, Any]:
    """What the words of the reason name, from the last verdict on this message, else on its draft."""
    verdicts = VerdictRow.objects.filter(outbox=row) | VerdictRow.objects.filter(draft=row.draft, outbox=None)
    last = verdicts.order_by("-id").first()
    return last.facts if last else {}
