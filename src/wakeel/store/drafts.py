"""Drafts, versions and approvals: every move is compare-and-set."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.drafts import ALLOWED, LIVING, UNDECIDED, DraftState, OutboxPhase
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.waiting import Wait
from wakeel.store import votes
from wakeel.store.compiled import Compiled
from wakeel.store.decisions import Overtaken
from wakeel.store.draft_risk import risk_of_text
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import (
    Approval,
    Card,
    Draft,
    DraftVersion,
    Operator,
    Opportunity,
    OutboxMessage,
    SendingNumber,
)

NO_MODELS: Mapping[str, str] = {}


def made(opportunity: Opportunity, *, number: SendingNumber, category: str, now: datetime) -> Draft:
    """A new draft, not saved yet; its first version is still to be written."""
    return Draft(
        business_id=opportunity.business_id,
        opportunity=opportunity,
        contact=opportunity.contact,
        number=number,
        category=category,
        purpose=opportunity.purpose,
        created_at=now,
    )


def create_all(
    written: Sequence[tuple[Draft, str]], *, now: datetime, written_by: Mapping[str, str] = NO_MODELS
) -> None:
    """Save new drafts, each with the text of its first version. The caller made sure that their opportunities have no
    living one. written_by: the names of the models that wrote some of them, by draft id."""
    if not written:
        return
    for draft, text in written:
        draft.risk = risk_of_text(draft, text, is_template=False, now=now).value
    insert_rows([draft for draft, _ in written])
    insert_rows([
        DraftVersion(
            business_id=draft.business_id, draft=draft, number=1, text=text, author=None,
            written_by=written_by.get(draft.id, "")[:80], created_at=now,
        )
        for draft, text in written
    ])  # fmt: skip


def add_version(
    draft: Draft, *, number: int, text: str, author: Operator | None, now: datetime,
    template: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    DraftVersion.objects.create(
        business_id=draft.business_id, draft=draft, number=number, text=text, author=author, created_at=now,
        template=template,
    )  # fmt: skip


def text_of(draft: Draft) -> str:
    """The text of the current version."""
    return DraftVersion.objects.values_list("text", flat=True).get(draft=draft, number=draft.version)


def lock(draft_id: str) -> Draft | None:
    """The draft, locked until the transaction ends; None if there is none with this id."""
    return lock_all([draft_id]).get(draft_id)


def lock_all(ids: Collection[str]) -> dict[str, Draft]:
    """Drafts with opportunity, contact, number and business, by id, locked until the transaction ends."""
    return {draft.id: draft for draft in _BY_ID(ids=ids)} if ids else {}


def lock_living(opportunity_ids: Collection[str]) -> dict[str, Draft]:
    """The one first message of each opportunity that may still leave or wait, by opportunity."""
    if not opportunity_ids:
        return {}
    return {draft.opportunity_id: draft for draft in _LIVING(opportunities=opportunity_ids)}


def lock_rest(opportunity_id: str) -> list[Draft]:
    """Its answers and invitations that may still leave or wait, locked: whatever is no first message."""
    rows = _locked().filter(opportunity=opportunity_id, state__in=[state.value for state in LIVING])
    return list(rows.exclude(answers="", meeting=None))


def has_first_message(opportunity_id: str) -> bool:
    """Whether its first message waits, may still leave, or left."""
    rows = Draft.objects.filter(opportunity=opportunity_id, meeting=None, answers="")
    return rows.filter(state__in=[state.value for state in LIVING]).exists()


def _locked() -> QuerySet[Draft]:
    rows = Draft.objects.select_for_update(of=("self",))
    return rows.select_related("opportunity", "contact", "number__business").order_by("pk")


_BY_ID = Compiled(lambda ids: _locked().filter(pk__in=ids))
_LIVING = Compiled(
    lambda opportunities: _locked().filter(
        opportunity__in=opportunities, state__in=[state.value for state in LIVING], answers="", meeting=None
    )
)


def move(draft: Draft, *, to: DraftState, come_from: Iterable[DraftState], **fields: Any) -> bool:
    """Compare-and-set on state and version, only along `ALLOWED`; True if this caller moved it."""
    allowed = [state.value for state in come_from if state is to or to in ALLOWED[state]]
    if to is DraftState.AWAITING_APPROVAL:
        # Asked about anew: however long it waited before, it begins again when it is shown.
        fields = {**_WAITS_ANEW, **fields}
    rows = Draft.objects.filter(pk=draft.pk, version=draft.version, state__in=allowed)
    if rows.update(state=to.value, **fields) != 1:
        return False
    draft.state = to.value
    for name, value in fields.items():
        setattr(draft, name, value)
    return True


_WAITS_ANEW: dict[str, Any] = {
    "waits_until": None, "nudge": "", "nudge_at": None, "reminded_at": None, "escalated_at": None,
}  # fmt: skip


def wait_until(ids: Collection[str], wait: Wait) -> None:
    """How long these wait for approval, and what happens to them by the clock next."""
    Draft.objects.filter(pk__in=ids).update(waits_until=wait.until, nudge=wait.nudge.value, nudge_at=wait.at)


def approve_all(rows: Sequence[Draft], approvals: Sequence[Approval]) -> None:
    """The caller holds their locks and saw that they wait for it. Raises Overtaken."""
    if not rows:
        return
    waiting = Draft.objects.filter(pk__in=[draft.pk for draft in rows], state=DraftState.AWAITING_APPROVAL)
    if waiting.update(state=DraftState.APPROVED) != len(rows):
        raise Overtaken
    for draft in rows:
        draft.state = DraftState.APPROVED.value
    insert_rows(approvals)


def message_of(draft: Draft) -> OutboxMessage | None:
    """The newest message of the current version that was not taken back."""
    rows = OutboxMessage.objects.filter(draft=draft, draft_version=draft.version)
    return rows.exclude(state=OutboxState.SUPPRESSED).order_by("-id").first()


def reshow_when_cured(wanted: Mapping[Draft, bool]) -> None:
    """Whether each of these is shown once more when it can be approved after all."""
    for value in (True, False):
        changed = [draft for draft, wants in wanted.items() if wants is value and draft.reshow_when_cured is not value]
        if changed:
            Draft.objects.filter(pk__in=[draft.pk for draft in changed]).update(reshow_when_cured=value)
        for draft in changed:
            draft.reshow_when_cured = value


@dataclass(frozen=True, slots=True)
class Queued:
    """Messages of a draft's current version. last: the newest that was not taken back; count: with those."""

    last: OutboxMessage | None = None
    count: int = 0


def queued_of(found: Collection[Draft]) -> dict[str, Queued]:
    """The same for several, by draft; drafts without any are left out."""
    if not found:
        return {}
    versions, queued = {draft.id: draft.version for draft in found}, dict[str, Queued]()
    for row in _QUEUED(drafts=list(versions)):
        if row.draft_id is not None and row.draft_version == versions[row.draft_id]:
            before = queued.get(row.draft_id, Queued())
            last = before.last if row.state == OutboxState.SUPPRESSED else row
            queued[row.draft_id] = Queued(last, before.count + 1)
    return queued


_QUEUED = Compiled(lambda drafts: OutboxMessage.objects.filter(draft__in=drafts).order_by("id"))


def phase_of(message: OutboxMessage | None) -> OutboxPhase:
    if message is None:
        return OutboxPhase.NONE
    if message.state == OutboxState.HELD and message.hold_code in _HELD_FOR_READING:
        return OutboxPhase.HELD_BY_REPLY
    return _PHASES.get(OutboxState(message.state), OutboxPhase.LEFT)


_HELD_FOR_READING = {ReasonCode.CONTACT_REPLIED.value, ReasonCode.UNREAD_MESSAGE.value}

_PHASES = {
    OutboxState.PENDING: OutboxPhase.UNCLAIMED,
    OutboxState.HELD: OutboxPhase.HELD,
    OutboxState.SIMULATED: OutboxPhase.NOT_SENT,
    OutboxState.FAILED: OutboxPhase.NOT_SENT,
    OutboxState.UNKNOWN: OutboxPhase.UNKNOWN,
}


def revoke_approval(draft: Draft, *, now: datetime) -> None:
    """Nobody's approval of this draft stands any more, nor the first of two."""
    votes.void(draft)
    Approval.objects.filter(draft=draft, revoked_at=None).update(revoked_at=now)


def standing_approval(draft: Draft) -> Approval | None:
    return Approval.objects.filter(draft=draft, revoked_at=None).first()


def shows_current_version(draft: Draft, digest: str) -> bool:
    """True if some card with this digest showed the version that is current."""
    return Card.objects.filter(draft=draft, digest=digest, version=draft.version).exists()


def waiting_about(opportunity: Opportunity) -> list[Draft]:
    """Its drafts that wait for approval or for new words, with all that their cards show, locked."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(opportunity=opportunity, state__in=UNDECIDED)
    return list(rows.select_related("opportunity", "contact", "number__business").order_by("pk"))


def in_editing(operator: Operator, *, asked_after: datetime) -> list[Draft]:
    """Drafts for which this operator was asked for the new text since then."""
    rows = Draft.objects.filter(editor=operator, state=DraftState.EDITING, edit_asked_at__gt=asked_after)
    return list(rows.select_related("opportunity", "contact", "number"))


_NEWEST = 3


def unsent_of(opportunity: Opportunity) -> tuple[Draft, OutboxPhase] | None:
    """The newest text about it that waits for somebody, or is approved and has not left, and where its message stands.

    None if everything that was written left, or was put down. Invitations are not meant.
    """
    rows = Draft.objects.filter(opportunity=opportunity, state__in=[state.value for state in LIVING], meeting=None)
    rows = rows.select_related("opportunity", "contact", "number__business")
    for draft in rows.order_by("-created_at", "-id")[:_NEWEST]:
        phase = phase_of(message_of(draft)) if draft.state == DraftState.APPROVED else OutboxPhase.NONE
        if draft.state != DraftState.APPROVED or phase in _NOT_LEFT:
            return draft, phase
    return None


_NOT_LEFT = {OutboxPhase.UNCLAIMED, OutboxPhase.HELD, OutboxPhase.HELD_BY_REPLY}
