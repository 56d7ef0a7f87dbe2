"""Signs webhooks and brings them to the product, again and again until it answers 200."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Coroutine
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


def sign(body: bytes, *, secret: bytes) -> str:
    """The value of X-Hub-Signature-256. Source: Meta, "Webhooks: validate payloads", read 2026-11-22."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


class Postman:
    """Brings webhooks to one address, many at a time, in no promised order – as Meta does."""

    def __init__(self, *, url: str, secret: bytes, wire: WireLog, faults: Faults, bell: Bell) -> None:
        self.url = url
        self.waiting = 0
        self.last_status: int | None = None
        self._secret = secret
        self._wire = wire
        self._faults = faults
        self._bell = bell
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
        """Drop what was not delivered and close the connections."""
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

    def post(self, envelope: dict[str, Any], *, delivered: Callable[[], None] | None = None) -> None:
        """Deliver one webhook. delivered: called once, at the first 200."""
        body = serialise(envelope)
        self.waiting += 1
        self._bell.ring()
        self.spawn(self._deliver(body, delivered))
        if self._faults.duplicate_webhooks:
            self.waiting += 1
            self.spawn(self._deliver(body, None))

    async def post_raw(self, body: bytes, *, signature: str | None) -> Exchange:
        """Bring any bytes to the product once. signature: None sends no header at all."""
        return await self._try(body, signature)

    def signature(self, body: bytes) -> str:
        """The right signature of these bytes."""
        return sign(body, secret=self._secret)

    async def _deliver(self, body: bytes, delivered: Callable[[], None] | None) -> None:
        try:
            for wait_s in (*BACKOFF_S, None):
                await self._open.wait()
                exchange = await self._try(body, self.signature(body))
                # Only 200 counts as success. Source: Meta, "Webhooks", read 2026-11-22.
                if exchange.status == 200:  # noqa: PLR2004
                    if delivered:
                        delivered()
                    return
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
        finally:
            self.waiting -= 1
            self._bell.ring()

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
