"""One opportunity with its living draft: what can be decided, the facts, and what happened so far."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from wakeel.domain import risk
from wakeel.domain.amounts import value_words
from wakeel.domain.drafts import LIVING, UNDECIDED, DraftState, OutboxPhase
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import ALLOWED, OPEN_STATES, UNFINISHED, WROTE_FIRST, OpportunityState
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.policy import Policy
from wakeel.domain.ranking import rank
from wakeel.domain.recognition import OperatorState
from wakeel.domain.words import Text
from wakeel.store import drafts
from wakeel.store.compiled import Compiled
from wakeel.store.contacts import group_of
from wakeel.store.earlier import History
from wakeel.store.messages import ECHO
from wakeel.store.models import (
    Approval,
    Contact,
    Draft,
    DraftVersion,
    InboundMessage,
    Opportunity,
    OutboxMessage,
    VerdictRow,
    Vote,
)
from wakeel.store.screens import queue, timeline
from wakeel.store.screens.consents import USUAL_POLICY, CategoryStanding, standings
from wakeel.store.screens.conversation import Attachment, latest_files
from wakeel.store.screens.outgoing import body_text, due_facts
from wakeel.store.screens.people import BLIND, Person, Sight, person
from wakeel.store.screens.team import Colleague, colleagues
from wakeel.store.screens.template_words import template_words


@dataclass(frozen=True, slots=True)
class Version:
    """author: '' for the machine's first text; written_by: the model that wrote that one, '' for none."""

    number: int
    text: str
    author: str
    created_at: datetime
    written_by: str = ""


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

    message: the latest, None until it was approved once. phase: of the current version's message. waits_until: when it
    expires without a decision, None once decided. needs_two: two people must approve it; approvers: who has.
    """

    id: str
    state: str
    category: str
    version: int
    versions: tuple[Version, ...]
    message: Message | None
    phase: OutboxPhase
    waits_until: datetime | None = None
    needs_two: bool = False
    approvers: tuple[str, ...] = ()

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

    @property
    def written_by(self) -> str:
        """The model that wrote the current version, '' for none."""
        return next((v.written_by for v in self.versions if v.number == self.version), "")


@dataclass(frozen=True, slots=True)
class Item:
    """last_message: what the contact wrote last, '' if nothing. owner: who accepted it or asked for the draft.

    back_at: when it comes back by itself, None if it does not. skip_reason: '1' to '5', '' for none. result_value: of a
    won one, None if nobody said. files: the newest that the contact sent. may_take: whoever looks could take it over;
    may_get: to whom else it could be given. is_theirs: it is whoever looks who decides about it, or anybody.
    """

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
    back_at: datetime | None
    skip_reason: str
    result_value: Decimal | None
    files: tuple[Attachment, ...] = ()
    may_take: bool = False
    may_get: tuple[Colleague, ...] = ()
    is_theirs: bool = False

    @property
    def decided(self) -> timeline.Happening | None:
        """What was decided last, where nothing waits for a decision any more; None while something does."""
        if self.state in OPEN_STATES or (self.draft is not None and self.draft.state in UNDECIDED):
            return None
        done = (row for row in reversed(self.happenings) if row.kind is timeline.Kind.DECISION and row.carried_out)
        return next((row for row in done if row.word not in _ADDED), None)

    @property
    def living_draft(self) -> DraftView | None:
        return self.draft if self.draft is not None and self.draft.is_living else None

    @property
    def standing(self) -> CategoryStanding | None:
        """Of the draft's category, None if that needs no consent; without a draft the first, the strictest."""
        if self.draft is None:
            return self.standings[0]
        return next((row for row in self.standings if row.category == self.draft.category), None)


_ADDED = frozenset({"reason", "facts", "value"})
"""Decisions that say more about an earlier one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who decides about an opportunity. owner: their name, '' for nobody. is_theirs: as for `Item`."""

    owner: str
    is_theirs: bool


def standing_of(business_id: str, opportunity_id: str, *, viewer: str | None) -> Standing | None:
    """None if this business has no such opportunity."""
    return _standings_of(business_id, [opportunity_id], viewer=viewer).get(opportunity_id)


def others(business_id: str, opportunity_ids: Collection[str], *, viewer: str | None) -> dict[str, str]:
    """Of these, those that a colleague decides about: who has them, by id."""
    standings = _standings_of(business_id, opportunity_ids, viewer=viewer) if opportunity_ids else {}
    return {pk: standing.owner for pk, standing in standings.items() if not standing.is_theirs}


def _standings_of(business_id: str, ids: Collection[str], *, viewer: str | None) -> dict[str, Standing]:
    rows = _standings(business=business_id, opportunities=list(ids), viewer=viewer or "")
    return {pk: Standing(owner or "", bool(is_theirs)) for pk, owner, is_theirs in rows}


def read(
    business_id: str, opportunity_id: str, *, viewer: str | None, now: datetime, policy: Policy = USUAL_POLICY,
    sight: Sight = BLIND,
) -> Item | None:  # fmt: skip
    """None if this business has no such opportunity. viewer: the operator who looks. policy: reads the consents."""
    opportunity: Opportunity | None = _opportunity.first(business=business_id, opportunity=opportunity_id)
    if opportunity is None:
        return None
    contact = opportunity.contact
    takers = _takers(opportunity)
    standing = standing_of(business_id, opportunity_id, viewer=viewer)
    text, sent_at = _last_words.first(business=business_id, contact=contact.id) or ("", None)
    history = History(business_id, [(contact.id, contact.organisation)])
    placed = rank(
        score=opportunity.score,
        last_inbound_at=contact.last_inbound_at,
        purpose=opportunity.purpose,
        earlier=history.of(contact.id, contact.organisation, but=opportunity.id),
        has_owner=opportunity.owner_id is not None and opportunity.state in OPEN_STATES,
        wrote_first=opportunity.source in WROTE_FIRST and opportunity.state in OPEN_STATES,
        now=now,
    )
    return Item(
        id=opportunity.id,
        title=opportunity.title,
        summary=opportunity.summary,
        value=value_words(opportunity.value),
        state=opportunity.state,
        purpose=opportunity.purpose,
        expires_at=opportunity.expires_at,
        owner=opportunity.owner.name if opportunity.owner else "",
        person=person(contact, sight=sight),
        window_closes_at=window_closes_at(contact.last_inbound_at),
        reasons=placed.reasons,
        standings=standings(contact.id, purpose=opportunity.purpose, policy=policy, now=now),
        last_message=text,
        last_message_at=sent_at,
        draft=_draft(opportunity),
        happenings=timeline.read(opportunity),
        may_take=viewer in takers,
        may_get=tuple(Colleague(pk, name) for pk, name in takers.items() if pk != viewer),
        back_at=opportunity.snoozed_until,
        skip_reason=opportunity.skip_reason,
        result_value=opportunity.result_value,
        files=latest_files(contact.id),
        is_theirs=standing is not None and standing.is_theirs,
    )


def open_with(business_id: str, contact_id: str) -> str | None:
    """The opportunity that was worked on last with this person and has not come to its end; None without one."""
    group = group_of(Contact.objects.get(business_id=business_id, pk=contact_id))
    rows = Opportunity.objects.filter(contact__in=group, state__in=[state.value for state in UNFINISHED])
    return rows.order_by("-updated_at", "id").values_list("pk", flat=True).first()


def happenings(business_id: str, opportunity_id: str) -> tuple[timeline.Happening, ...] | None:
    """The timeline alone; None if this business has no such opportunity."""
    opportunity = _opportunity.first(business=business_id, opportunity=opportunity_id)
    return timeline.read(opportunity) if opportunity else None


def opportunity_of_draft(business_id: str, draft_id: str) -> str | None:
    """The id of the opportunity a draft belongs to; None if this business has no such draft."""
    return Draft.objects.filter(business_id=business_id, pk=draft_id).values_list("opportunity_id", flat=True).first()


def opportunity_of_message(business_id: str, outbox_id: str) -> str | None:
    """The id of the opportunity a message to a contact is about, '' for a fixed text; None if this business has no such
    message."""
    rows = OutboxMessage.objects.filter(business_id=business_id, pk=outbox_id, audience=Audience.CONTACT.value)
    found = rows.values_list("draft__opportunity").first()
    return found[0] or "" if found is not None else None


@dataclass(frozen=True, slots=True)
class Unsent:
    """What was approved and can still be taken back. digest: of the message."""

    draft_id: str
    opportunity_id: str
    name: str
    version: int
    digest: str
    due_at: datetime


def unsent(business_id: str, draft_id: str) -> Unsent | None:
    """None once nobody can take it back any more, and for a draft of nobody here."""
    found = _unsent.first(business=business_id, draft=draft_id)
    return Unsent(draft_id, *found) if found is not None else None


def version_text(business_id: str, draft_id: str, number: int) -> str:
    """The words of one version, '' if there is none."""
    draft = Draft.objects.filter(business_id=business_id, pk=draft_id).first()
    version = draft.versions.filter(number=number).first() if draft else None
    return version.text if version else ""


def _draft(opportunity: Opportunity) -> DraftView | None:
    row: Draft | None = _latest_draft.first(opportunity=opportunity.id)
    if row is None:
        return None
    versions = tuple(
        Version(number, text, author or "", at, written_by)
        for number, text, author, written_by, at in _versions(draft=row.id)
    )
    messages: list[OutboxMessage] = _messages(draft=row.id)
    current = [m for m in messages if m.draft_version == row.version and m.state != OutboxState.SUPPRESSED]
    phase = drafts.phase_of(max(current, key=lambda m: m.id, default=None))
    waits = row.state in UNDECIDED
    needs_two = waits and risk.needs_two(row.risk, quorum_from=opportunity.business.quorum_from)
    approvers = tuple(name for (name,) in _approvers(draft=row.id, version=row.version)) if needs_two else ()
    return DraftView(
        row.id, row.state, row.category, row.version, versions, _message(messages), phase,
        waits_until=row.waits_until if waits else None, needs_two=needs_two, approvers=approvers,
    )  # fmt: skip


def _takers(opportunity: Opportunity) -> dict[str, str]:
    """Names of whoever could have it and has not, by id; nobody where nothing is left to do."""
    if not ALLOWED[OpportunityState(opportunity.state)]:
        return {}
    return {one.id: one.name for one in colleagues(opportunity.business_id) if one.id != opportunity.owner_id}


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
    return rows.select_related("contact", "owner", "business")


@Compiled
def _unsent(*, business: Any, draft: Any) -> QuerySet[OutboxMessage, Any]:
    rows = OutboxMessage.objects.filter(draft=draft, business_id=business, state=OutboxState.PENDING.value)
    rows = rows.filter(draft__state=DraftState.APPROVED.value).order_by("-created_at", "-id")
    return rows.values_list("draft__opportunity", "contact__name", "draft_version", "digest", "due_at")[:1]


@Compiled
def _standings(*, business: Any, opportunities: Any, viewer: Any) -> QuerySet[Opportunity, Any]:
    asked = queue.waiting_drafts(business).filter(queue.own_drafts(viewer), opportunity=OuterRef("pk"))
    approved = Approval.objects.filter(draft__opportunity=OuterRef("pk"), operator=viewer, revoked_at=None)
    is_theirs = When(queue.own(viewer) | Q(Exists(asked)) | Q(Exists(approved)), then=1)
    rows = Opportunity.objects.filter(business_id=business, pk__in=opportunities)
    return rows.values_list("pk", "owner__name", Case(is_theirs, default=0, output_field=IntegerField()))


@Compiled
def _last_words(*, business: Any, contact: Any) -> QuerySet[InboundMessage, Any]:
    rows = InboundMessage.objects.filter(business_id=business, contact=contact).exclude(text="").exclude(kind=ECHO)
    return rows.order_by("-sent_at").values_list("text", "sent_at")[:1]


@Compiled
def _latest_draft(*, opportunity: Any) -> QuerySet[Draft]:
    """What waits for a decision comes before what is decided: there may be an invitation beside the first message."""
    is_decided = Case(When(state__in=UNDECIDED, then=0), default=1, output_field=IntegerField())
    return Draft.objects.filter(opportunity=opportunity).order_by(is_decided, "-created_at", "-id")[:1]


@Compiled
def _approvers(*, draft: Any, version: Any) -> QuerySet[Vote, Any]:
    rows = Vote.objects.filter(draft=draft, version=version, operator__state=OperatorState.ACTIVE.value)
    return rows.order_by("at", "id").values_list("operator__name")


@Compiled
def _versions(*, draft: Any) -> QuerySet[DraftVersion, Any]:
    rows = DraftVersion.objects.filter(draft=draft).order_by("-number")
    return rows.values_list("number", "text", "author__name", "written_by", "created_at")


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
