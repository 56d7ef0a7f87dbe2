"""Questions with buttons other than the cards of opportunities and drafts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from wakeel.domain.outbox import OutboxState
from wakeel.domain.prompts import PromptKind
from wakeel.store.compiled import Compiled
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Operator, OutboxMessage, Prompt


def keep(
    operator: Operator, kind: PromptKind, *, subject: str, digest: str, outbox: OutboxMessage, now: datetime
) -> Prompt:
    prompt = made(operator, kind, subject=subject, digest=digest, outbox=outbox, now=now)
    keep_all([prompt])
    return prompt


def made(
    operator: Operator, kind: PromptKind, *, subject: str, outbox: OutboxMessage, now: datetime, digest: str = ""
) -> Prompt:
    """One question, not saved yet."""
    return Prompt(
        business_id=operator.business_id,
        operator=operator,
        kind=kind.value,
        subject=subject,
        digest=digest,
        outbox=outbox,
        created_at=now,
    )


def keep_all(rows: Sequence[Prompt]) -> None:
    insert_rows(rows)


def shown_as(business_id: str, wamid: str, *, operator: Operator) -> Prompt | None:
    """The question that this message carried, if it went to this operator."""
    rows = Prompt.objects.filter(business_id=business_id, operator=operator, outbox__wamid=wamid)
    return rows.select_related("outbox").first()


def is_any_leaving(operator: Operator, *, since: datetime) -> bool:
    """True while a question to this operator is on the wire: its wamid may be the one that was just tapped."""
    leaving = [OutboxState.SENDING, OutboxState.UNKNOWN]
    rows = Prompt.objects.filter(operator=operator, outbox__state__in=leaving, outbox__wamid=None)
    return rows.filter(created_at__gte=since - timedelta(hours=24)).exists()


def asked_since(operator: Operator, since: datetime) -> list[Prompt]:
    """What reached this operator since then, waits for an answer and was not put off, oldest first. Most questions are
    never answered: those from before are not read."""
    rows = _open_of(operator).filter(created_at__gte=since, outbox__wamid__isnull=False)
    rows = rows.filter(again_at=None, again_on_reply=False)
    return list(rows.select_related("outbox").order_by("created_at", "id"))


def open_on(operator: Operator, subjects: Collection[str]) -> list[Prompt]:
    """What this operator was asked about these and has not answered, oldest first."""
    rows = _open_of(operator).filter(subject__in=subjects)
    return list(rows.select_related("outbox").order_by("created_at", "id"))


def _open_of(operator: Operator) -> QuerySet[Prompt]:
    return Prompt.objects.filter(business_id=operator.business_id, operator=operator, closed_at=None)


def close_of(operator: Operator, kind: PromptKind, *, now: datetime, but: Prompt | None = None) -> None:
    """Close this operator's open questions of one kind. but: the newer one that takes their place."""
    rows = Prompt.objects.filter(business_id=operator.business_id, operator=operator, kind=kind.value, closed_at=None)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    rows.update(closed_at=now, again_at=None, again_on_reply=False)


def take_back_knocks(operator: Operator, *, now: datetime) -> list[str]:
    """Suppress the templates that were to ask this operator to open their window and have not left; the subjects."""
    rows = Prompt.objects.filter(business_id=operator.business_id, operator=operator, closed_at=None)
    rows = rows.filter(kind=PromptKind.BRIEF.value, outbox__state=OutboxState.PENDING).select_related("outbox")
    found = {row.outbox_id: row.subject for row in rows if row.outbox.body.get("type") == "template"}
    return list(found.values()) if _suppress(found, now=now) else []


def newest_about(operator: Operator, subject: str, *, since: datetime) -> Prompt | None:
    """The newest open question about this, if it was put since then."""
    rows = Prompt.objects.filter(business_id=operator.business_id, subject=subject, operator=operator, closed_at=None)
    return rows.filter(created_at__gte=since).select_related("outbox").order_by("-created_at", "-id").first()


def close(business_id: str, subject: str, *, now: datetime, kinds: Iterable[PromptKind] = ()) -> None:
    """Close the open questions about one subject, for every operator, and take back what of them has not left.

    kinds: only of these; () for every kind.
    """
    rows = Prompt.objects.filter(business_id=business_id, subject=subject, closed_at=None)
    if wanted := [kind.value for kind in kinds]:
        rows = rows.filter(kind__in=wanted)
    unsent = list(rows.filter(outbox__state=OutboxState.PENDING).values_list("outbox_id", flat=True))
    rows.update(closed_at=now, again_at=None, again_on_reply=False)
    _suppress(unsent, now=now)


def open_about(
    operator_ids: Collection[str], subjects: Collection[str], kind: PromptKind
) -> dict[tuple[str, str], list[Prompt]]:
    """Open questions of one kind, by operator and subject, each with its message; the oldest first."""
    found: dict[tuple[str, str], list[Prompt]] = defaultdict(list)
    if operator_ids and subjects:
        for prompt in _OPEN_ABOUT(operators=operator_ids, subjects=subjects, kind=kind.value):
            found[prompt.operator_id, prompt.subject].append(prompt)
    return found


_OPEN_ABOUT = Compiled(
    lambda operators, subjects, kind: (
        Prompt.objects.filter(operator__in=operators, subject__in=subjects, kind=kind, closed_at=None)
        .select_related("outbox")
        .order_by("created_at", "id")
    )
)


def take_back(unsent: Iterable[Prompt], *, now: datetime) -> None:
    """These are asked no more; what of them has not left stays here."""
    rows = list(unsent)
    Prompt.objects.filter(pk__in=[prompt.pk for prompt in rows]).update(closed_at=now)
    _suppress([prompt.outbox_id for prompt in rows], now=now)


def _suppress(outbox_ids: Collection[str], *, now: datetime) -> int:
    """Those of these messages that have not left do not leave; how many."""
    waiting = OutboxMessage.objects.filter(pk__in=outbox_ids, state=OutboxState.PENDING)
    return waiting.update(state=OutboxState.SUPPRESSED, updated_at=now)


def end(business_id: str, subject: str, *kinds: PromptKind, now: datetime) -> None:
    """Nobody waits for an answer to these any more; what has not left still says what it answers."""
    rows = Prompt.objects.filter(business_id=business_id, subject=subject, closed_at=None)
    rows.filter(kind__in=[kind.value for kind in kinds]).update(closed_at=now, again_at=None, again_on_reply=False)
