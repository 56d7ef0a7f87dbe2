"""Lists of drafts that one operator may approve together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.drafts import DraftState
from wakeel.domain.prompts import BatchState
from wakeel.store import cards, questions
from wakeel.store.models import Batch, Card, Draft, Operator


@dataclass(frozen=True, slots=True)
class OnPhone:
    """A draft that waits for approval, and the digest of what its card on the phone shows."""

    draft: Draft
    digest: str


def on_phone(operator: Operator) -> list[OnPhone]:
    """What waits for this operator and whose whole text has reached their phone, the oldest first."""
    waiting = [card for card in cards.open_cards(operator) if card.kind == Card.Kind.APPROVAL]
    shown = [one for one in questions.seen(waiting) if one.rendering is None or one.rendering.wamid is not None]
    digests = {one.card.draft_id or "": one.card.digest for one in shown}
    rows = Draft.objects.filter(pk__in=digests, state=DraftState.AWAITING_APPROVAL)
    found = {row.id: row for row in rows.select_related("opportunity", "contact", "number__business")}
    return [OnPhone(found[pk], digest) for pk, digest in digests.items() if pk in found]


def keep(operator: Operator, drafts: Sequence[Mapping[str, Any]], *, now: datetime) -> Batch:
    """drafts: as listed, each with id, version and digest."""
    return Batch.objects.create(
        business_id=operator.business_id, operator=operator, drafts=[dict(one) for one in drafts], created_at=now
    )


def lock(operator: Operator, batch_id: str) -> Batch | None:
    """This operator's list, locked until the transaction ends; None if they have no such list."""
    rows = Batch.objects.select_for_update(of=("self",))
    return rows.filter(pk=batch_id, business_id=operator.business_id, operator=operator).first()


def close(batch: Batch, state: BatchState) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=state.value)
