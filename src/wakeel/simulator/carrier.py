"""Signs webhooks and carries them to the product, again and again until it answers 200."""

import asyncio
import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from wakeel.simulator.backoff import COMPRESSED, Backoff
from wakeel.simulator.batches import MOST_UPDATES, joined, together
from wakeel.simulator.bell import Bell
from wakeel.simulator.envelopes import serialise
from wakeel.simulator.fault_kinds import WebhookKind
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.tampering import spoilt
from wakeel.simulator.wire import Exchange, WireLog

ANSWER_S = 20.0
ANSWER_KEPT = 2_000
TAKEN = 200
"""The only status that counts as success. Source: Meta, "Webhooks", read 2026-11-22."""
AT_ONCE = 64
"""POSTs under way at a time. What comes meanwhile waits, and goes out in batches as Meta's backlog does."""


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """One update on its way. body: a whole webhook, the text whose ASCII bytes are signed when it travels alone.

    wamid: None unless a person's message.
    """

    body: str
    wamid: str | None = None


def sign(body: bytes, *, secret: bytes) -> str:
    """The value of X-Hub-Signature-256. Source: Meta, "Webhooks: validate payloads", read 2026-11-22."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


class Carrier:
    """Brings webhooks to one address, many at a time, in no promised order – as Meta does."""

    def __init__(
        self,
        *,
        url: str,
        secret: bytes,
        wire: WireLog,
        clock: PracticeClock,
        bell: Bell,
        taken: Callable[[str], None],
        backoff: Backoff = COMPRESSED,
    ) -> None:
        """taken: told the wamid of a person's message when the product has it."""
        self.url = url
        self.waiting = 0
        self.undelivered: list[Parcel] = []  # also those given up: the next process tries them again
        self.last_status: int | None = None
        self._secret = secret
        self._wire = wire
        self.clock = clock
        self._bell = bell
        self._taken = taken
        self._backoff = backoff
        self._queue: deque[Parcel] = deque()
        self._trying = 0
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            timeout=aiohttp.ClientTimeout(total=ANSWER_S),
            trust_env=False,
        )

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the requests; it ends with the process."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop trying and close the connections; what was not delivered stays in `undelivered`."""
        self._queue.clear()  # a hand that becomes free now must not take up anything
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def hold(self, *, held: bool) -> None:
        """Keep new and unsent webhooks back, or let all of them go: those that waited in batches."""
        if held:
            self._open.clear()
        else:
            self._open.set()
            self._start_waiting()

    def take(self, parcel: Parcel) -> None:
        """Be responsible for an update from now on, though it is not to go out yet."""
        self.undelivered.append(parcel)
        self.waiting += 1
        self._bell.ring()

    def bring(self, parcel: Parcel) -> None:
        """Deliver an update, perhaps one that the last process could not."""
        self.take(parcel)
        self.deliver(parcel)

    def deliver(self, parcel: Parcel) -> None:
        """Deliver an update that was taken, as soon as there is a free hand."""
        self._queue.append(parcel)
        self._start_waiting()

    def deliver_together(self, parcels: Sequence[Parcel]) -> None:
        """Deliver updates that were taken in as few POSTs as their fields allow."""
        rest = list(parcels)
        while rest:
            number = together([parcel.body for parcel in rest])
            self._start(rest[:number])
            rest = rest[number:]

    def deliver_copy(self, parcel: Parcel) -> None:
        """Deliver the same bytes once more, whatever becomes of the first ones."""
        self.waiting += 1
        self._start([parcel], fault=WebhookKind.DUPLICATE)

    def deliver_spoilt(self, parcel: Parcel, kind: WebhookKind) -> None:
        """Deliver an update that was taken, but spoil its first try in this way."""
        self._start([parcel], fault=kind)

    def lose(self, body: str, *, fault: WebhookKind) -> None:
        """Write down a POST that never left."""
        exchange = self._note(body.encode("ascii"), self.signature(body.encode("ascii")), fault=fault)
        exchange.answer = "lost on the way"
        self._bell.ring()

    async def deliver_in_order(self, parcels: Sequence[Parcel]) -> None:
        """Deliver updates that were taken: each is tried once before the next one."""
        for parcel in parcels:
            self._trying += 1
            if not await self._first_try([parcel]):
                self.spawn(self._keep_trying([parcel]))

    async def post_raw(self, body: bytes, *, signature: str | None, again_of: int | None = None) -> Exchange:
        """Bring any bytes to the product once. signature: None sends no header at all. again_of: see `wire`."""
        return await self._try(body, signature, again_of=again_of)

    def signature(self, body: bytes) -> str:
        """The right signature of these bytes."""
        return sign(body, secret=self._secret)

    def _start_waiting(self) -> None:
        """Give every free hand what waits; where updates are more than hands, as many as one POST holds."""
        while self._queue and self._open.is_set() and self._trying < AT_ONCE:
            number = together([parcel.body for parcel in islice(self._queue, MOST_UPDATES)])
            self._start([self._queue.popleft() for _ in range(number)])

    def _start(self, parcels: list[Parcel], *, fault: WebhookKind | None = None) -> None:
        self._trying += 1
        self.spawn(self._deliver(parcels, fault))

    async def _deliver(self, parcels: list[Parcel], fault: WebhookKind | None) -> None:
        if not await self._first_try(parcels, fault):
            await self._keep_trying(parcels)

    async def _first_try(self, parcels: list[Parcel], fault: WebhookKind | None = None) -> bool:
        """True if the product has them now. fault: of this try."""
        try:
            await self._open.wait()
            body = _body(parcels)
            if fault in {None, WebhookKind.DUPLICATE}:
                told = await self._try(body, self.signature(body), attempt=1, fault=fault or "")
                return self._settle_if_taken(parcels, told)
            await self._spoil(body, fault)
            return False
        finally:
            self._trying -= 1
            self._start_waiting()

    async def _spoil(self, body: bytes, kind: WebhookKind) -> None:
        if kind is WebhookKind.DROP:
            self.lose(body.decode("ascii"), fault=kind)
        else:
            await self._try(*spoilt(kind, body, signature=self.signature(body)), fault=kind, attempt=1)

    async def _keep_trying(self, parcels: list[Parcel]) -> None:
        body = _body(parcels)
        for attempt, wait_s in enumerate(self._backoff.waits_s, start=2):
            await self._pause(wait_s)
            await self._open.wait()
            exchange = await self._try(body, self.signature(body), attempt=attempt)
            if self._settle_if_taken(parcels, exchange):
                return
        exchange.note = "given_up"
        self.waiting -= len(parcels)
        if self._backoff.in_business_time:  # Meta forgets them; a compressed back-off would end too early for that
            self.undelivered = [parcel for parcel in self.undelivered if parcel not in parcels]
        self._bell.ring()

    async def _pause(self, seconds: float) -> None:
        if self._backoff.in_business_time:
            await self.clock.reached(self.clock.now() + seconds)
        else:
            await asyncio.sleep(seconds)

    def _settle_if_taken(self, parcels: list[Parcel], exchange: Exchange) -> bool:
        if exchange.status != TAKEN:
            return False
        for parcel in parcels:
            self._settle(parcel)
        self._bell.ring()
        return True

    def _settle(self, parcel: Parcel) -> None:
        """At the first 200; a duplicate of it changes nothing."""
        self.waiting -= 1
        if parcel in self.undelivered:
            self.undelivered.remove(parcel)
            if parcel.wamid:
                self._taken(parcel.wamid)

    def _note(self, body: bytes, signature: str | None, **more: Any) -> Exchange:
        path = urlsplit(self.url).path or "/"
        return self._wire.note(
            at=time.time(),
            towards="product",
            method="POST",
            path=path,
            body=body,
            url=self.url,
            signature=signature or "",
            **more,
        )

    async def _try(self, body: bytes, signature: str | None, **more: Any) -> Exchange:
        headers = {"Content-Type": "application/json", "User-Agent": "wakeel-simulator"}
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        exchange = self._note(body, signature, **more)
        started = time.perf_counter()
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                exchange.status = answer.status
                exchange.answer = (await answer.text(errors="replace"))[:ANSWER_KEPT]
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            exchange.answer = type(fault).__name__
        exchange.ms = round((time.perf_counter() - started) * 1000, 1)
        exchange.note = _note(exchange.status)
        self.last_status = exchange.status
        self._bell.ring()
        return exchange


def _note(status: int | None) -> str:
    """What came of a try."""
    if status is None:
        return "unanswered"
    return "taken" if status == TAKEN else "refused"


def _body(parcels: Sequence[Parcel]) -> bytes:
    """The bytes of one POST."""
    if len(parcels) == 1:
        return parcels[0].body.encode("ascii")
    return serialise(joined([parcel.body for parcel in parcels]))
