"""Posts what Meta would post now; faults that wait for an update decide what becomes of it."""

import asyncio
from collections.abc import Callable
from typing import Any

from wakeel.simulator.carrier import Carrier, Parcel
from wakeel.simulator.envelopes import serialise
from wakeel.simulator.fault_kinds import Only, WebhookFault, WebhookKind
from wakeel.simulator.faults import Faults
from wakeel.simulator.gathering import Gathering
from wakeel.simulator.tampering import very_large, with_unknown_fields

Json = dict[str, Any]

CHANGED: dict[WebhookKind, Callable[[Json], Json]] = {
    WebhookKind.UNKNOWN_FIELDS: with_unknown_fields,
    WebhookKind.VERY_LARGE: very_large,
}
"""Faults that are another body, rightly signed and delivered as usual."""

PEOPLE = ("from", "from_user_id", "recipient_id", "recipient_user_id")


class Postman(Carrier):
    """A carrier that meets faults."""

    def __init__(self, *, faults: Faults, **carrier: Any) -> None:
        """carrier: what a Carrier needs."""
        super().__init__(**carrier)
        self._faults = faults
        self._gathering: Gathering[Parcel] | None = None
        self.subscribed = True

    def post(self, envelope: Json, *, wamid: str | None = None) -> None:
        """Deliver one update, unless the business unsubscribed its app. wamid: of the person's message in it."""
        if not self.subscribed:
            return
        if self._gathering and not self._gathering.is_over:
            self._gather(self._gathering, _parcel(envelope, wamid))
            return
        kind, people = _about(envelope)
        fault = self._faults.take_webhook(kind, people=people)
        if fault is None or fault.kind in CHANGED:
            change = CHANGED.get(fault.kind) if fault else None
            self._send(_parcel(change(envelope) if change else envelope, wamid))
        else:
            self._send_faulty(_parcel(envelope, wamid), fault)

    def _send(self, parcel: Parcel) -> None:
        self.bring(parcel)
        if self._faults.duplicate_webhooks:
            self.deliver_copy(parcel)

    def _send_faulty(self, parcel: Parcel, fault: WebhookFault) -> None:
        match fault.kind:
            case WebhookKind.LOSE:
                self.lose(parcel.body, fault=fault.kind)
            case WebhookKind.DUPLICATE:
                self.bring(parcel)
                self.spawn(self._copy_later(parcel, after_s=fault.seconds))
            case WebhookKind.REORDER | WebhookKind.BATCH:
                release = self._backwards if fault.kind is WebhookKind.REORDER else self.deliver_together
                self._gathering = Gathering(count=fault.count, within_s=fault.seconds, release=release)
                self._gather(self._gathering, parcel)
            case WebhookKind.DELAY | WebhookKind.LATE:
                self.take(parcel)
                self.spawn(self._deliver_later(parcel, fault))
            case _:
                self.take(parcel)
                self.deliver_spoilt(parcel, fault.kind)

    def _gather(self, gathering: Gathering[Parcel], parcel: Parcel) -> None:
        self.take(parcel)
        gathering.add(parcel)

    def _backwards(self, parcels: list[Parcel]) -> None:
        self.spawn(self.deliver_in_order(parcels[::-1]))

    async def _copy_later(self, parcel: Parcel, *, after_s: float) -> None:
        await self.clock.reached(self.clock.now() + after_s)
        self.deliver_copy(parcel)

    async def _deliver_later(self, parcel: Parcel, fault: WebhookFault) -> None:
        """A delay passes in real time; six days must not."""
        if fault.kind is WebhookKind.LATE:
            await self.clock.reached(self.clock.now() + fault.seconds)
        else:
            await asyncio.sleep(fault.seconds)
        self.deliver(parcel)


def _parcel(envelope: Json, wamid: str | None) -> Parcel:
    return Parcel(serialise(envelope).decode("ascii"), wamid)


def _about(envelope: Json) -> tuple[Only, set[str]]:
    """What kind of update this is, and every number and user id in it."""
    values = [change["value"] for entry in envelope["entry"] for change in entry["changes"]]
    for kind in (Only.MESSAGES, Only.STATUSES):
        if rows := [row for value in values for row in value.get(kind, [])]:
            return kind, {str(row[name]) for row in rows for name in PEOPLE if name in row}
    return Only.MANAGEMENT, set()
