"""What did not arrive or must not leave, and what came in and could not be read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from wakeel.domain.drafts import DraftAction, DraftRuling, DraftState, rule_on
from wakeel.domain.failures import Trouble
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.statuses import MessageStatus
from wakeel.store import drafts
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.models import Attempt, Business, Draft, OutboxMessage, Suppression, VerdictRow
from wakeel.store.screens import webhooks
from wakeel.store.screens.outgoing import body_text
from wakeel.store.screens.template_words import template_words

SHOWN = 25
COUNTED_TO = 1000
TAKEN_BACK_IS_NEWS = timedelta(days=7)
"""How long a message that the gate took back stays on the desk: there is nothing to settle about it."""


@dataclass(frozen=True, slots=True)
class TryLine:
    """One attempt, for whoever looks into a fault. http_status: None without an answer. wamid: '' if not accepted."""

    id: str
    number: int
    started_at: datetime
    http_status: int | None
    wamid: str


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """One message. hold_code: ReasonCode of HELD, SUPPRESSED and LATER, '' otherwise. facts: what its words name.

    failure_code, failure_details: Meta's, or of our own client. attempted_at: real time of the last try, None before.
    may_be_rewritten: the draft can still become another version, which asks for approval again. due_at: when the
    machine goes on with it, None where it does not. tries: made so far; last: the newest of them, None before.
    """

    id: str
    trouble: Trouble
    number_id: str
    contact_id: str
    name: str
    organisation: str
    opportunity_id: str | None
    draft_id: str | None
    text: str
    hold_code: str
    facts: dict[str, Any]
    failure_code: int | None
    failure_details: str
    attempted_at: datetime | None
    may_be_rewritten: bool
    at: datetime
    due_at: datetime | None
    tries: int
    last: TryLine | None


Place = tuple[datetime, str]
"""Of a message in the list: when it changed last, and its id."""

_THE_END: Place = (datetime.max.replace(tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class TroublePage:
    """rows: at most SHOWN. more: where the next page begins, None on the last one. by_itself: at most SHOWN that the
    machine goes on with, the next first; on the first page alone."""

    rows: tuple[TroubleRow, ...]
    more: Place | None
    by_itself: tuple[TroubleRow, ...] = ()


def count(business_id: str, *, now: datetime) -> int:
    """Messages and webhooks that need a look; beyond COUNTED_TO of one kind it stops counting."""
    unread_webhooks = {row_id for row_id, _, _ in webhooks.quarantined(business_id)}
    return sum(_counts.first(business=business_id, since=now - TAKEN_BACK_IS_NEWS)) + len(unread_webhooks)


@Compiled
def _counts(*, business: Any, since: Any) -> QuerySet[Business, Any]:
    kinds = (HowMany(rows.values("pk")[:COUNTED_TO]) for rows in _in_trouble(business, since))
    return Business.objects.filter(pk=business).values_list(*kinds)


def read(business_id: str, *, now: datetime, before: Place | None = None) -> TroublePage:
    """Messages to contacts that need a look, the newest first. before: where the page before this one ended."""
    at, pk = before or _THE_END
    since = now - TAKEN_BACK_IS_NEWS
    newest = [row for kind in _newest for row in kind(business=business_id, since=since, at=at, pk=pk)]
    newest.sort(reverse=True)
    places = newest[:SHOWN]
    goes_on = list(_goes_on(business=business_id)) if before is None else []
    ids = [pk for _, pk in places] + [pk for (pk,) in goes_on]
    whole = {row.id: row for row in _whole(ids=ids)} if ids else {}
    rows = [whole[pk] for pk in ids]
    facts = _facts_of([row for row in rows if row.hold_code])
    # A STOP takes back without asking the gate: what it says is when that was.
    facts |= {row.id: {"t": row.updated_at.isoformat()} for row in rows if row.hold_code == ReasonCode.OPTED_OUT}
    facts |= _causes_of([row for row in rows if row.hold_code == ReasonCode.SUPPRESSED])
    tries = {outbox: TryLine(*line) for outbox, *line in _tries(ids=[row.id for row in rows])}
    rewritable = _rewritable([row.draft for row in rows if row.draft])
    said = template_words(rows)
    shown = tuple(
        _row(row, facts.get(row.id, {}), tries.get(row.id), rewritable, text=said.get(row.id)) for row in rows
    )
    more = places[-1] if len(newest) > SHOWN else None
    return TroublePage(shown[: len(places)], more, by_itself=shown[len(places) :])


def has_unread(business_id: str) -> bool:
    """Whether a webhook holds something unread that is not another business's."""
    return bool(webhooks.quarantined(business_id))


def _in_trouble(business_id: Any, since: Any) -> tuple[QuerySet[OutboxMessage], ...]:
    """Each kind for itself, so that each is read from the end of its index.

    Without the failures a person gave up; of what the gate took back only the news that nothing has overtaken.
    """
    rows = OutboxMessage.objects.filter(business_id=business_id, audience=Audience.CONTACT.value)
    newer = OutboxMessage.objects.filter(draft=OuterRef("draft"), created_at__gt=OuterRef("created_at"))
    settled = Attempt.objects.filter(outbox=OuterRef("pk"), number=OuterRef("fence")).exclude(settled_by="")
    taken_back = rows.filter(state=OutboxState.SUPPRESSED.value, updated_at__gt=since).exclude(hold_code="")
    not_delivered = rows.filter(
        failed_at__isnull=False, status=MessageStatus.FAILED.value, state=OutboxState.ACCEPTED.value
    )
    return (
        rows.filter(state=OutboxState.HELD.value),
        rows.filter(state=OutboxState.UNKNOWN.value),
        rows.filter(~Exists(settled), state=OutboxState.FAILED.value),
        not_delivered.filter(~Exists(settled)),
        taken_back.filter(~Exists(newer)),
    )


def _newest_of(kind: int) -> Compiled:
    def build(*, business: Any, since: Any, at: Any, pk: Any) -> QuerySet[OutboxMessage, Any]:
        when = "failed_at" if kind == _NOT_DELIVERED else "updated_at"
        before = Q(**{f"{when}__lt": at}) | Q(pk__lt=pk)
        rows = _in_trouble(business, since)[kind].filter(before, **{f"{when}__lte": at})
        return rows.order_by(f"-{when}", "-id").values_list(when, "pk")[: SHOWN + 1]

    return Compiled(build)


_NOT_DELIVERED = 3
"""Its place in `_in_trouble`; kept apart by an index that no status but a failure writes to."""
_newest = tuple(_newest_of(kind) for kind in range(5))


LOOKED_AT = 500
"""Of what is pending: those the machine tries again soon are among the first to leave."""


@Compiled
def _goes_on(*, business: Any) -> QuerySet[OutboxMessage, Any]:
    """Refused and tried again, or moved to the next allowed time; the next to leave first."""
    rows = OutboxMessage.objects.filter(audience=Audience.CONTACT.value, state=OutboxState.PENDING.value)
    first = rows.filter(business_id=business).order_by("due_at", "id").values("pk")[:LOOKED_AT]
    put_off = Q(fence__gt=0, failure_code__isnull=False) | Q(hold_code=ReasonCode.QUIET_HOURS.value)
    return rows.filter(put_off, pk__in=first).order_by("due_at", "id").values_list("pk")[:SHOWN]


@Compiled
def _whole(*, ids: Any) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(pk__in=ids).select_related("contact", "draft")


@Compiled
def _tries(*, ids: Any) -> QuerySet[Attempt, Any]:
    rows = Attempt.objects.filter(outbox__in=ids).order_by("number")
    wamid = Coalesce("wamid", Value(""))
    return rows.values_list("outbox", "pk", "number", "started_at", "http_status", wamid)


@Compiled
def _verdicts(*, ids: Any) -> QuerySet[VerdictRow, Any]:
    return VerdictRow.objects.filter(outbox__in=ids).order_by("id").values_list("outbox", "facts")


def _facts_of(rows: Collection[OutboxMessage]) -> dict[str, dict[str, Any]]:
    """The facts of the last verdict on each message, by message id."""
    return dict(_verdicts(ids=[row.id for row in rows])) if rows else {}


def _causes_of(rows: Collection[OutboxMessage]) -> dict[str, dict[str, Any]]:
    """Why nothing goes to these people any more; taken back at once, before the gate was asked. By message id."""
    if not rows:
        return {}
    standing = Suppression.objects.filter(contact__in=[row.contact_id for row in rows], lifted_at=None)
    causes = dict(standing.order_by("-created_at", "-id").values_list("contact_id", "cause"))
    return {row.id: {"cause": causes[row.contact_id]} for row in rows if row.contact_id in causes}


_REWRITING = {DraftRuling.EDIT, DraftRuling.EDIT_APPROVED}


def _rewritable(found: Collection[Draft]) -> set[str]:
    """Ids of those that can become another version."""
    messages = {(row.draft_id, row.draft_version): row for row in _messages_of(drafts=[draft.id for draft in found])}
    phases = {draft.id: drafts.phase_of(messages.get((draft.id, draft.version))) for draft in found}
    return {
        draft.id
        for draft in found
        if rule_on(DraftState(draft.state), DraftAction.EDIT, phase=phases[draft.id]) in _REWRITING
    }


@Compiled
def _messages_of(*, drafts: Any) -> QuerySet[OutboxMessage]:
    """Of every version, as `drafts.message_of` reads them: the newest last, without those taken back."""
    rows = OutboxMessage.objects.filter(draft__in=drafts).exclude(state=OutboxState.SUPPRESSED.value)
    return rows.order_by("id").only("draft", "draft_version", "state", "hold_code")


def _row(
    row: OutboxMessage, facts: dict[str, Any], last: TryLine | None, rewritable: Collection[str], *,
    text: str | None,
) -> TroubleRow:  # fmt: skip
    trouble = _trouble_of(row)
    gated = trouble in {Trouble.HELD, Trouble.SUPPRESSED, Trouble.LATER}
    return TroubleRow(
        id=row.id,
        trouble=trouble,
        number_id=row.number_id,
        contact_id=row.contact_id or "",
        name=row.contact.name if row.contact else "",
        organisation=row.contact.organisation if row.contact else "",
        opportunity_id=row.draft.opportunity_id if row.draft else None,
        draft_id=row.draft_id,
        text=body_text(row.body) if text is None else text,
        hold_code=row.hold_code if gated else "",
        facts=facts,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
        attempted_at=last.started_at if last else None,
        may_be_rewritten=row.draft_id in rewritable,
        at=row.updated_at,
        due_at=row.due_at if row.state == OutboxState.PENDING else None,
        tries=row.fence,
        last=last,
    )


def _trouble_of(row: OutboxMessage) -> Trouble:
    match OutboxState(row.state):
        case OutboxState.ACCEPTED:
            return Trouble.FAILED_STATUS
        case OutboxState.PENDING:
            return Trouble.LATER if row.hold_code else Trouble.RETRYING
        case state:
            return Trouble(state)
