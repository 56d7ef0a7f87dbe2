"""Tells the business what became of its messages: sent, delivered, read, or failed."""

import asyncio
from collections.abc import Callable, Iterable

from wakeel.simulator import envelopes
from wakeel.simulator.envelopes import Sender
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.settings import Ladder
from wakeel.simulator.tariff import Tariff
from wakeel.simulator.webhooks import Postman
from wakeel.simulator.world import Message, Phone, StatusEvent, Undeliverable, World

UNDELIVERABLE = 131026


class Teller:
    """Every message climbs the ladder by itself; statuses by hand come in between.

    ladder: of messages that are accepted from now on; 0 s leaves that step to the hand.
    """

    def __init__(
        self,
        ladder: Ladder,
        *,
        clock: PracticeClock,
        tariff: Tariff,
        world: World,
        postman: Postman,
        sender: Callable[[], Sender],
        undeliverable: Iterable[Undeliverable],
    ) -> None:
        """undeliverable: messages to nobody here whose `failed` the last process still owed."""
        self.ladder = ladder
        self._clock = clock
        self._tariff = tariff
        self._world = world
        self._postman = postman
        self._sender = sender
        self._undeliverable = {lost.message.wamid: lost for lost in undeliverable}
        self._flow = asyncio.Event()
        self._flow.set()

    @property
    def undeliverable(self) -> list[Undeliverable]:
        """What nobody received and the business was not told of yet."""
        return list(self._undeliverable.values())

    def go_on(self) -> None:
        """Tell what the last process still owed."""
        for phone in self._world.phones.values():
            self.tell_owed(phone)
        for lost in self._undeliverable.values():
            self._postman.spawn(self._fail_unknown(lost))

    def hold(self, *, held: bool) -> None:
        """Keep new statuses back, or let all of them go."""
        if held:
            self._flow.clear()
        else:
            self._flow.set()

    def follow(self, phone: Phone, message: Message) -> None:
        """Tell the statuses of a message to somebody here, one after the other."""
        self._postman.spawn(self._climb(phone, message))

    def lose(self, lost: Undeliverable) -> None:
        """Tell that a message reached nobody."""
        self._undeliverable[lost.message.wamid] = lost
        self._postman.spawn(self._fail_unknown(lost))

    def report(
        self,
        phone: Phone,
        message: Message,
        status: str,
        *,
        code: int | None = None,
        details: str = "",
        at: float | None = None,
    ) -> None:
        """Send one status of a message now.

        code, details: of an error; empty details are the code's usual words. at: business time, None for now.
        """
        at = self._clock.now() if at is None else at
        costs = self._tariff.costs(phone, message, status, at=at)
        event = StatusEvent(status=status, at=at, code=code, details=details, costs=costs)
        message.add_status(event)
        self._postman.post(envelopes.status(self._sender(), phone, message, event))

    def tell_owed(self, phone: Phone) -> None:
        """Go on with every status that the person's habits kept back so far and now let through."""
        now = self._clock.now()
        for message in phone.messages:
            if message.owed() and not message.is_lost(now=now):
                self.follow(phone, message)

    def has_told(self, wamid: str, statuses: set[str]) -> bool:
        """True once the product has taken these statuses of a message, or never will get them."""
        held = self._world.holding(wamid)
        if held is None or held[1].doom is not None:
            return True
        told = {event.status for event in held[1].statuses}
        return statuses <= told and not any(wamid in parcel.body for parcel in self._postman.undelivered)

    async def _climb(self, phone: Phone, message: Message) -> None:
        if message.doom is not None:
            await self._fail(phone, message, code=message.doom)
            return
        moments_s = self._moments_s(phone)
        waited_s = 0.0
        for status in message.owed():
            if not moments_s[status]:
                continue
            await asyncio.sleep(moments_s[status] - waited_s)
            waited_s = moments_s[status]
            await self._flow.wait()
            if message.status == "failed" or not phone.persona.lets_know(status):  # a person said so by hand
                return
            if status in message.owed():  # else it was told by hand
                self.report(phone, message, status)

    def _moments_s(self, phone: Phone) -> dict[str, float]:
        """Seconds from acceptance to each status, as this person reads."""
        ladder, reads_after_s = self.ladder, phone.persona.reads_after_s
        read_s = ladder.read_s if reads_after_s is None or not ladder.read_s else ladder.delivered_s + reads_after_s
        return {"sent": ladder.sent_s, "delivered": ladder.delivered_s, "read": read_s}

    async def _fail(self, phone: Phone, message: Message, *, code: int) -> None:
        await asyncio.sleep(self.ladder.sent_s)
        await self._flow.wait()
        self.report(phone, message, "failed", code=code, details=message.doom_details)

    async def _fail_unknown(self, lost: Undeliverable) -> None:
        await asyncio.sleep(self.ladder.sent_s)
        await self._flow.wait()
        event = StatusEvent(status="failed", at=self._clock.now(), code=UNDELIVERABLE)
        del self._undeliverable[lost.message.wamid]
        self._postman.post(envelopes.failed(self._sender(), lost.message, event, recipient=lost.address))
