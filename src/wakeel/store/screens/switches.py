"""The stop switches that touch a business: which are on, who pressed them, what was on its way then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.platform_words import stopped_words
from wakeel.domain.runs import DOUBTFUL, WHAT_HAPPENED, WHAT_TO_DO, RunFinding
from wakeel.domain.stop_switches import EVERYWHERE, Scope, Stop
from wakeel.domain.words import Text
from wakeel.store import stops
from wakeel.store.models import Operator, OutboxMessage, SendingNumber, StopEvent, StopSwitch
from wakeel.store.screens.seat import switches_of

LEAVING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class LeavingLine:
    """One message that was on its way when the switch was pressed, as it stands now. status: '' before any."""

    name: str
    opportunity_id: str
    state: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchLine:
    """One switch that is on. phone: of a number's switch, '' otherwise. pressed_by: a name, where we know it.

    why: what made us stop, None if a person pressed; reason: its word. what_to_do: None where nothing special is.
    leaving_count: of the messages on their way then; leaving: the first of those of this business.
    """

    stop: Stop
    phone: str
    pressed_by: str
    pressed_at: datetime
    reason: str
    why: Text | None
    what_to_do: Text | None
    leaving: tuple[LeavingLine, ...]
    leaving_count: int

    @property
    def scope(self) -> str:
        return self.stop.scope.value

    @property
    def target(self) -> str:
        return self.stop.target


@dataclass(frozen=True, slots=True)
class NumberChoice:
    """A number of ours that can be stopped by itself. phone: digits."""

    phone_number_id: str
    phone: str
    is_stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """is_all_stopped: nothing goes to contacts, by this business's switch or the one for everything.

    still_releasing: messages of a release that the worker goes on with.
    """

    on: tuple[SwitchLine, ...]
    numbers: tuple[NumberChoice, ...]
    still_releasing: int

    @property
    def is_all_stopped(self) -> bool:
        return any(line.stop.scope is not Scope.NUMBER for line in self.on)

    @property
    def is_everything_stopped(self) -> bool:
        return any(line.stop == EVERYWHERE for line in self.on)


def read(business_id: str) -> Switches:
    pressed = list(switches_of(business_id))
    numbers = SendingNumber.objects.filter(business_id=business_id).order_by("phone_number_id")
    phones = dict(numbers.values_list("phone_number_id", "display_phone"))
    names = _names([row.pressed_by for row in pressed])
    left = _leaving(business_id, pressed)
    stopped = {row.target for row in pressed if row.scope == Scope.NUMBER}
    return Switches(
        on=tuple(_line(row, phones, names, left) for row in pressed),
        numbers=tuple(NumberChoice(pk, phone, pk in stopped) for pk, phone in phones.items()),
        still_releasing=_still_releasing(business_id, phones),
    )


def _line(row: StopSwitch, phones: dict[str, str], names: dict[str, str], left: dict[str, LeavingLine]) -> SwitchLine:
    finding = RunFinding(row.reason) if row.reason in DOUBTFUL else None
    why = WHAT_HAPPENED[finding] if finding else stopped_words(row.reason) if row.reason else None
    return SwitchLine(
        stop=stops.stop_of(row),
        phone=phones.get(row.target, ""),
        pressed_by=names.get(row.pressed_by, row.pressed_by),
        pressed_at=row.pressed_at,
        reason=row.reason,
        why=why,
        what_to_do=WHAT_TO_DO[finding] if finding else None,
        leaving=tuple(left[pk] for pk in row.leaving if pk in left)[:LEAVING_SHOWN],
        leaving_count=len(row.leaving),
    )


def _names(pressed_by: Collection[str]) -> dict[str, str]:
    return dict(Operator.objects.filter(pk__in=pressed_by).values_list("pk", "name"))


def _leaving(business_id: str, pressed: list[StopSwitch]) -> dict[str, LeavingLine]:
    ids = {pk for row in pressed for pk in row.leaving[:LEAVING_SHOWN]}
    if not ids:
        return {}
    rows = OutboxMessage.objects.filter(business_id=business_id, pk__in=ids).select_related("contact", "draft")
    return {
        row.id: LeavingLine(
            row.contact.name if row.contact else "", row.draft.opportunity_id if row.draft else "", row.state,
            row.status or "",
        )
        for row in rows
    }  # fmt: skip


def _still_releasing(business_id: str, phones: Collection[str]) -> int:
    ours = {"", business_id, *phones}
    undone = StopEvent.objects.filter(done_at=None, target__in=ours).order_by("id")
    return sum(stops.waiting(stops.stop_of(row)).filter(business_id=business_id).count() for row in undone)
