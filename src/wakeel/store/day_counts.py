"""Counting one day of a business from its rows, and keeping the count. Nothing else is kept: a day can always be
counted again.

Names of the numbers: `messages:{stage}` of every message that left; `first:{stage}` of opportunities by how far their
first message came; `failed:{code}`; `decided:{via}:{action}`; `wait:{bucket}` of decisions, by how long they took.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from wakeel.domain.numbers import REPLY_COUNTS, Stage, bucket
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store.models import Attempt, Business, Card, DayNumbers, Decision, DraftVersion, InboundMessage, Meeting

DECIDING = ("accept", "skip", "draft", "approve", "cancel")
"""What answers a question that waited; votes, edits and what follows them are not counted."""
ABOUT_TEXTS = frozenset({"approve", "cancel"})

Counts = dict[str, Counter[str]]
"""By operator id, '' for what is nobody's."""

_REACHED = {
    Stage.SENT: Q(),
    Stage.DELIVERED: Q(outbox__status__in=[MessageStatus.DELIVERED.value, MessageStatus.READ.value]),
    Stage.READ: Q(outbox__status=MessageStatus.READ.value),
}
_OWNER = "outbox__draft__opportunity__owner"
_DEAL = "outbox__draft__opportunity"


def count(business_id: str, *, start: datetime, end: datetime) -> Counts:
    """Everything of one day. start, end: its bounds, half-open, aware."""
    counts: Counts = defaultdict(Counter)
    tries = Attempt.objects.filter(business_id=business_id, claimed_at__gte=start, claimed_at__lt=end)
    tries = tries.filter(outbox__audience=Audience.CONTACT.value)
    for name, rows in (("messages", _messages(tries)), ("first", _firsts(tries, end=end))):
        for row in rows.iterator():
            _add(counts, row["owner"], {f"{name}:{stage}": row[stage] for stage in Stage if stage in row})
    for row in _failures(tries).iterator():
        _add(counts, row["owner"], {f"failed:{row['code']}": row["number_of"]})
    for operator, via, action, wait in _decisions(business_id, start=start, end=end):
        _add(counts, operator, {f"decided:{via}:{action}": 1, f"wait:{bucket(wait)}": 1})
    return counts


def _add(counts: Counts, owner: str | None, found: Mapping[str, int]) -> None:
    counts[owner or ""].update({name: number for name, number in found.items() if number})


def _messages(tries: QuerySet[Attempt]) -> QuerySet[Attempt, Any]:
    """Every message to a contact that WhatsApp took."""
    taken = tries.filter(outcome="accepted").values(owner=F(_OWNER))
    return taken.order_by().annotate(**{stage.value: Count("pk", filter=is_so) for stage, is_so in _REACHED.items()})


def _firsts(tries: QuerySet[Attempt], *, end: datetime) -> QuerySet[Attempt, Any]:
    """Opportunities by how far the message came that was written first about them; answers and invitations are none."""
    firsts = tries.filter(outcome="accepted", outbox__draft__meeting=None, outbox__draft__answers="")
    said = InboundMessage.objects.filter(contact=OuterRef("outbox__contact"), business=OuterRef("business"))
    said = said.filter(sent_at__gt=OuterRef("claimed_at"), sent_at__lt=end + REPLY_COUNTS).exclude(kind="echo")
    agreed = Meeting.objects.filter(opportunity=OuterRef(_DEAL), chosen__isnull=False).exclude(state="cancelled")
    firsts = firsts.annotate(is_answered=Exists(said), is_met=Exists(agreed))
    reached = _REACHED | {Stage.REPLIED: Q(is_answered=True) | Q(is_met=True), Stage.MEETING: Q(is_met=True)}
    counted = {stage.value: Count(_DEAL, filter=is_so, distinct=True) for stage, is_so in reached.items()}
    return firsts.values(owner=F(_OWNER)).order_by().annotate(**counted)


def _failures(tries: QuerySet[Attempt]) -> QuerySet[Attempt, Any]:
    """Messages that did not arrive as things stand now, by Meta's code or the name of our own refusal."""
    failed = Q(outcome="failed", outbox__state=OutboxState.FAILED.value, number=F("outbox__fence"))
    failed |= Q(outcome="accepted", outbox__status=MessageStatus.FAILED.value)
    code = Coalesce(Cast("outbox__failure_code", TextField()), "outbox__failure_details")
    return tries.filter(failed).values(owner=F(_OWNER), code=code).order_by().annotate(number_of=Count("pk"))


def _decisions(business_id: str, *, start: datetime, end: datetime) -> Iterator[tuple[str, str, str, timedelta]]:
    """Operator, channel, action and how long it took, of each decision."""
    asked = Card.objects.filter(opportunity=OuterRef("opportunity"), draft=None, created_at__lte=OuterRef("at"))
    written = DraftVersion.objects.filter(draft=OuterRef("draft"), number=OuterRef("version"))
    rows = Decision.objects.filter(business_id=business_id, at__gte=start, at__lt=end, carried_out=True)
    rows = rows.filter(action__in=DECIDING).annotate(
        asked_at=Subquery(asked.order_by().values("opportunity").annotate(last=Max("created_at")).values("last")),
        written_at=Subquery(written.values("created_at")[:1]),
    )
    for operator, via, action, at, asked_at, written_at, made_at in rows.values_list(
        "operator", "via", "action", "at", "asked_at", "written_at", "opportunity__created_at"
    ):
        since = written_at if action in ABOUT_TEXTS else asked_at
        yield operator, via, action, at - (since or made_at or at)


def businesses() -> list[str]:
    return list(Business.objects.order_by("pk").values_list("pk", flat=True))


def counted(business_id: str, *, since: date) -> dict[date, datetime]:
    """When each day from then on was last counted; days that never were are missing."""
    rows = DayNumbers.objects.filter(business_id=business_id, day__gte=since)
    return dict(rows.values_list("day", "counted_at"))


def keep(business_id: str, day: date, counts: Counts, *, before: datetime | None, now: datetime) -> bool:
    """Write the count of a day; False if another process was first. before: of the count it takes the place of."""
    found = {operator: dict(numbers) for operator, numbers in counts.items() if numbers}
    if before is None:
        row = DayNumbers(business_id=business_id, day=day, counts=found, counted_at=now)
        return bool(DayNumbers.objects.bulk_create([row], ignore_conflicts=True))
    rows = DayNumbers.objects.filter(business_id=business_id, day=day, counted_at=before)
    return bool(rows.update(counts=found, counted_at=now))
