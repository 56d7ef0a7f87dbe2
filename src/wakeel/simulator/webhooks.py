"""Signs webhooks and brings them to the product, again and again until it answers 200."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from wakeel.simulator.bell import Bell
from wakeel.simulator.envelopes import serialise
from wakeel.simulator.faults import Faults
from wakeel.simulator.wire import Exchange, WireLog

BACKOFF_S = (0.2, 0.5, 1.0, 2.0) + (4.0,) * 30
"""Waits between tries, about two minutes in all. Meta tries for days; a rehearsal need not."""

ANSWER_S = 20.0
ANSWER_KEPT = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """One webhook on its way. body: the text whose ASCII bytes are signed; wamid: None unless a person's message."""

    body: str
    wamid: str | None = None


def sign(body: bytes, *, secret: bytes) -> str:
    """The value of X-Hub-Signature-256. Source: Meta, "Webhooks: validate payloads", read 2026-11-22."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


class Postman:
    """Brings webhooks to one address, many at a time, in no promised order – as Meta does."""

    def __init__(
        self, *, url: str, secret: bytes, wire: WireLog, faults: Faults, bell: Bell, taken: Callable[[str], None]
    ) -> None:
        """taken: told the wamid of a person's message when the product has it."""
        self.url = url
        self.waiting = 0
        self.undelivered: list[Parcel] = []  # also those given up: the next process tries them again
        self.last_status: int | None = None
        self._secret = secret
        self._wire = wire
        self._faults = faults
        self._bell = bell
        self._taken = taken
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64), timeout=aiohttp.ClientTimeout(total=ANSWER_S), trust_env=False
        )

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the requests; it ends with the process."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop trying and close the connections; what was not delivered stays in `undelivered`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def hold(self, *, held: bool) -> None:
        """Keep new and unsent webhooks back, or let all of them go."""
        if held:
            self._open.clear()
        else:
            self._open.set()

    def post(self, envelope: dict[str, Any], *, wamid: str | None = None) -> None:
        """Deliver one webhook. wamid: of the person's message in it."""
        parcel = Parcel(serialise(envelope).decode("ascii"), wamid)
        self.bring(parcel)
        if self._faults.duplicate_webhooks:
            self.waiting += 1
            self.spawn(self._deliver(parcel))

    def bring(self, parcel: Parcel) -> None:
        """Deliver a webhook that is ready, perhaps one that the last process could not."""
        self.undelivered.append(parcel)
        self.waiting += 1
        self._bell.ring()
        self.spawn(self._deliver(parcel))

    async def post_raw(self, body: bytes, *, signature: str | None) -> Exchange:
        """Bring any bytes to the product once. signature: None sends no header at all."""
        return await self._try(body, signature)

    def signature(self, body: bytes) -> str:
        """The right signature of these bytes."""
        return sign(body, secret=self._secret)

    async def _deliver(self, parcel: Parcel) -> None:
        body = parcel.body.encode("ascii")
        try:
            for wait_s in (*BACKOFF_S, None):
                await self._open.wait()
                exchange = await self._try(body, self.signature(body))
                # Only 200 counts as success. Source: Meta, "Webhooks", read 2026-11-22.
                if exchange.status == 200:  # noqa: PLR2004
                    self._settle(parcel)
                    return
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
        finally:
            self.waiting -= 1
            self._bell.ring()

    def _settle(self, parcel: Parcel) -> None:
        """At the first 200; a duplicate of it changes nothing."""
        if parcel in self.undelivered:
            self.undelivered.remove(parcel)
            if parcel.wamid:
                self._taken(parcel.wamid)

    async def _try(self, body: bytes, signature: str | None) -> Exchange:
        headers = {"Content-Type": "application/json", "User-Agent": "wakeel-simulator"}
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        path = urlsplit(self.url).path or "/"
        exchange = self._wire.note(at=time.time(), towards="product", method="POST", path=path, body=body)
        started = time.perf_counter()
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                exchange.status = answer.status
                exchange.answer = (await answer.text(errors="replace"))[:ANSWER_KEPT]
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            exchange.answer = type(fault).__name__
        exchange.ms = round((time.perf_counter() - started) * 1000, 1)
        self.last_status = exchange.status
        self._bell.ring()
        return exchange
