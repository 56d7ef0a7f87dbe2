"""The stop switch of a business: pressing is easy, releasing takes an administrator and says what would leave."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.account_state import note_resumed
from wakeel.flows.ask_again import ask_again
from wakeel.flows.release_held import release_held
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage, StopSwitch
from wakeel.store.retry import whole_transaction


@whole_transaction
def press(business_id: str, pressed_by: str, *, now: datetime, reason: str = "") -> None:
    """Stop every message to contacts of this business; answers to operators still go. Pressing twice is one stop.

    reason: WhatsApp's word when it made us stop.
    """
    with transaction.atomic():
        StopSwitch.objects.get_or_create(
            scope=StopSwitch.Scope.BUSINESS,
            target=business_id,
            defaults={"pressed_by": str(pressed_by), "reason": reason[:60], "pressed_at": now},
        )
        rows = OutboxMessage.objects.filter(business_id=business_id, audience="contact")
        rows.filter(state=OutboxState.PENDING).update(
            state=OutboxState.HELD, hold_code=ReasonCode.KILL_SWITCH, updated_at=now
        )
        # Last: the update before waits for a claim that goes on, and what that took is leaving then.
        outbox_verbs.recall(rows, now=now)


@whole_transaction
def release(business_id: str, *, send: bool, now: datetime) -> tuple[int, int]:
    """Release the switch; returns how many messages leave and how many are asked again.

    send: True sends what is unchanged and still approved; False asks again for every one. Fixed texts, about which
    nobody can be asked, leave with it or are taken back.
    """
    with transaction.atomic():
        StopSwitch.objects.filter(scope=StopSwitch.Scope.BUSINESS, target=business_id).delete()
        leaving = asked = 0
        for message in _held(business_id).select_related(
            "draft__opportunity__owner", "draft__contact", "draft__number"
        ):
            if send:
                leaving_again = release_held(message, now=now)
                leaving, asked = leaving + leaving_again, asked + (not leaving_again)
            else:
                asked += ask_again(message, now=now)
        texts = OutboxMessage.objects.filter(
            business_id=business_id, state=OutboxState.HELD, hold_code=ReasonCode.KILL_SWITCH
        ).exclude(intent="")
        if send:
            leaving += texts.update(state=OutboxState.PENDING, hold_code="", due_at=now, updated_at=now)
        else:
            outbox_verbs.take_back(texts, code=ReasonCode.KILL_SWITCH, now=now)
        note_resumed(business_id, now=now)
        return leaving, asked


def _held(business_id: str) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        business_id=business_id, state=OutboxState.HELD, hold_code=ReasonCode.KILL_SWITCH, draft__isnull=False
    )
