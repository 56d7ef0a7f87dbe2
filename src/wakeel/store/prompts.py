"""Questions with buttons other than the cards of opportunities and drafts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from wakeel.domain.outbox import OutboxState
from wakeel.domain.prompts import PromptKind
from wakeel.store.models import Operator, OutboxMessage, Prompt


def keep(
    operator: Operator, kind: PromptKind, *, subject: str, digest: str, outbox: OutboxMessage, now: datetime
) -> Prompt:
    return Prompt.objects.create(
        business_id=operator.business_id,
        operator=operator,
        kind=kind.value,
        subject=subject,
        digest=digest,
        outbox=outbox,
        created_at=now,
    )


def shown_as(business_id: str, wamid: str, *, operator: Operator) -> Prompt | None:
    """The question that this message carried, if it went to this operator."""
    rows = Prompt.objects.filter(business_id=business_id, operator=operator, outbox__wamid=wamid)
    return rows.select_related("outbox").first()


def is_any_leaving(operator: Operator, *, since: datetime) -> bool:
    """True while a question to this operator is on the wire: its wamid may be the one that was just tapped."""
    leaving = [OutboxState.SENDING, OutboxState.UNKNOWN]
    rows = Prompt.objects.filter(operator=operator, outbox__state__in=leaving, outbox__wamid=None)
    return rows.filter(created_at__gte=since - timedelta(hours=24)).exists()


def open_of(operator: Operator, *kinds: PromptKind) -> list[Prompt]:
    """What waits for this operator's answer, oldest first; of these kinds, or of every kind."""
    rows = Prompt.objects.filter(operator=operator, closed_at=None)
    if kinds:
        rows = rows.filter(kind__in=[kind.value for kind in kinds])
    return list(rows.select_related("outbox").order_by("created_at", "id"))


def close(business_id: str, subject: str, *, now: datetime, kinds: Iterable[PromptKind] = ()) -> None:
    """Close the open questions about one subject, for every operator, and take back what of them has not left.

    kinds: only of these; () for every kind.
    """
    rows = Prompt.objects.filter(business_id=business_id, subject=subject, closed_at=None)
    if wanted := [kind.value for kind in kinds]:
        rows = rows.filter(kind__in=wanted)
    unsent = list(rows.filter(outbox__state=OutboxState.PENDING).values_list("outbox_id", flat=True))
    rows.update(closed_at=now, again_at=None, again_on_reply=False)
    waiting = OutboxMessage.objects.filter(pk__in=unsent, state=OutboxState.PENDING)
    waiting.update(state=OutboxState.SUPPRESSED, updated_at=now)
