"""Stop switches: what each of them covers, what waits for it, and the history of pressing and releasing."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.stop_switches import EVERYWHERE, Scope, Stop
from wakeel.store.models import OutboxMessage, SendingNumber, StopEvent, StopSwitch

WAITS_FOR_RELEASE = (ReasonCode.KILL_SWITCH.value, ReasonCode.RESTORED.value)


def covered(stop: Stop) -> QuerySet[OutboxMessage]:
    """Every message to contacts that this switch stops; to be narrowed to one state, which few messages are in.

    The indexes of what is pending and of what is leaving begin with the business, so a number is looked for within its
    business and by no index of its own: that would read everything the number ever sent.
    """
    rows = OutboxMessage.objects.filter(audience=Audience.CONTACT.value)
    match stop.scope:
        case Scope.BUSINESS:
            return rows.filter(business_id=stop.target)
        case Scope.NUMBER:
            business = SendingNumber.objects.filter(pk=stop.target).values_list("business_id", flat=True).first()
            return rows.filter(business_id=business).alias(of=_by_no_index("number_id")).filter(of=stop.target)
        case _:
            return rows


def _by_no_index(column: str) -> Coalesce:
    return Coalesce(column, Value(""))


def switch_on(stop: Stop, *, by: str, reason: str, at: datetime) -> None:
    """Turn it on; nothing if it is on already: it is the switch of whoever was first.

    What an earlier release of it had not looked at waits for the next one, and for what is said then.
    """
    values = {"pressed_by": by, "reason": reason[:60], "pressed_at": at}
    _, made = StopSwitch.objects.get_or_create(scope=stop.scope, target=stop.target, defaults=values)
    if made:
        before = StopEvent.objects.filter(done_at=None)
        if stop != EVERYWHERE:
            before = before.filter(scope=stop.scope, target=stop.target)
        before.update(done_at=at)
        _note(StopEvent.Kind.PRESSED, stop, by=by, reason=reason[:60], at=at, done_at=at)


def note_leaving(stop: Stop, ids: Collection[str]) -> None:
    """Keep with the switch what was on the wire when it was pressed, the first time and every time after."""
    switch = StopSwitch.objects.get(scope=stop.scope, target=stop.target)
    if fresh := set(ids) - set(switch.leaving):
        StopSwitch.objects.filter(pk=switch.pk).update(leaving=[*switch.leaving, *sorted(fresh)])


def switch_off(stop: Stop, *, by: str, send: bool, at: datetime) -> StopEvent | None:
    """The release, whose messages are still to be looked at; None if the switch was not on."""
    switch = StopSwitch.objects.filter(scope=stop.scope, target=stop.target).first()
    if switch is None or not StopSwitch.objects.filter(pk=switch.pk).delete()[0]:
        return None
    return _note(StopEvent.Kind.RELEASED, stop, by=by, reason=switch.reason, send=send, at=at)


def _note(kind: StopEvent.Kind, stop: Stop, **fields: Any) -> StopEvent:
    return StopEvent.objects.create(kind=kind, scope=stop.scope, target=stop.target, **fields)


def waiting(stop: Stop, *, but_for: Stop | None = None) -> QuerySet[OutboxMessage]:
    """Messages that wait for the release of this switch and of no other one, the oldest first; of a number also those
    to operators.

    but_for: a switch to leave out of account, as if it were off.
    """
    rows = OutboxMessage.objects.filter(state=OutboxState.HELD.value, hold_code__in=WAITS_FOR_RELEASE)
    # Of all that is held, in the order of an index that holds nothing else.
    rows = rows.alias(of_business=_by_no_index("business_id"), of_number=_by_no_index("number_id")).order_by("id")
    if stop.scope is Scope.BUSINESS:
        rows = rows.filter(of_business=stop.target)
    elif stop.scope is Scope.NUMBER:
        rows = rows.filter(of_number=stop.target)
    on = {stop_of(row) for row in StopSwitch.objects.all()} - {but_for}
    if EVERYWHERE in on:
        return rows.none()
    targets = {scope: [one.target for one in on if one is not None and one.scope is scope] for scope in Scope}
    return rows.exclude(of_business__in=targets[Scope.BUSINESS]).exclude(of_number__in=targets[Scope.NUMBER])


def undone() -> list[StopEvent]:
    """Releases whose messages were not all looked at yet, the oldest first."""
    return list(StopEvent.objects.filter(done_at=None).order_by("id"))


def stop_of(row: StopEvent | StopSwitch) -> Stop:
    return Stop(Scope(row.scope), row.target)
