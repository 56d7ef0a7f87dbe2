"""The load generator: one process, bare `asyncio.Protocol`, requests signed before the clock starts.

    python -m benchmarks.ingest_load --port N --bodies FILE --answers FILE (--rate N | --closed SECONDS)

Open loop (`--rate`): every request has its time beforehand (arrivals of a Poisson process of that rate, the seed fixes
them) and its latency counts from that time, whether or not a connection was free: a server that stands still is charged
for everybody who would have come meanwhile. Closed loop (`--closed`): every connection sends its next request when the
last is answered; the first WARM_UP_S are not counted. A closed loop has no times to be late for; it is valid while the
generator itself takes no more than half a core, so that the server and not the generator is what was measured.

It prints `ready`, waits for a line on stdin, and prints one JSON line (`ingest_figures.LoadRun`). `--answers` gets one
byte a body: 0 never sent or never answered, 1 answered with 200, 2 with anything else.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from benchmarks.ingest_bodies import read_bodies, request
from benchmarks.ingest_figures import centile, spread_ms

TICK_S = 0.001
WARM_UP_S = 0.5
PATIENCE_S = 30.0
"""After the last arrival; what is unanswered then is broken."""
UNANSWERED, OK, REFUSED = 0, 1, 2
BRAVER = -10
"""Niceness, where it is allowed: the load comes when it was said to, as from another machine."""


class Load:
    """One run over a fixed list of requests."""

    def __init__(self, requests: list[bytes], *, arrivals: list[float] | None) -> None:
        """arrivals: seconds after the start, ascending; None for a closed loop."""
        self.requests, self.arrivals = requests, arrivals
        self.answers = bytearray(len(requests))
        self.latencies = [0.0] * len(requests)
        self.ended_at = [0.0] * len(requests)
        self.lateness: list[float] = []
        self.idle: list[Caller] = []
        self.waiting: deque[int] = deque()
        self.next = 0
        self.open = 0
        self.broken = 0
        self.started = 0.0
        self.closing = False
        self.all_answered = asyncio.Event()

    def begin(self) -> None:
        self.started = time.perf_counter()
        if self.arrivals is None:
            callers, self.idle = self.idle, []
            for caller in callers:
                self.give(caller)
        else:
            self._tick()

    def _tick(self) -> None:
        """Send everything whose time has come."""
        arrivals, now = self.arrivals or [], time.perf_counter() - self.started
        while self.next < len(arrivals) and arrivals[self.next] <= now:
            self.lateness.append(now - arrivals[self.next])
            if self.idle:
                self._send(self.idle.pop(), self.next)
            else:
                self.waiting.append(self.next)
            self.next += 1
        if self.next < len(arrivals):
            asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def _send(self, caller: "Caller", place: int) -> None:
        self.open += 1
        caller.send(place, self.requests[place])

    def give(self, caller: "Caller") -> None:
        """The next thing to do for a connection that is free."""
        if self.arrivals is not None:
            if self.waiting:
                self._send(caller, self.waiting.popleft())
            else:
                self.idle.append(caller)
        elif not self.closing and self.next < len(self.requests):
            self.next += 1
            self._send(caller, self.next - 1)

    def answered(self, place: int, *, sent_at: float, is_ok: bool) -> None:
        now = time.perf_counter()
        begun = sent_at if self.arrivals is None else self.started + self.arrivals[place]
        self.latencies[place], self.ended_at[place] = now - begun, now - self.started
        self.answers[place] = OK if is_ok else REFUSED
        self._one_less()

    def lost(self, place: int) -> None:
        """The connection ended before the answer did."""
        self.broken += 1
        self._one_less()

    def _one_less(self) -> None:
        self.open -= 1
        is_last = self.next >= len(self.requests) and not self.waiting
        if self.open == 0 and (is_last or self.closing):
            self.all_answered.set()


class Caller(asyncio.Protocol):
    """One connection: a request at a time, kept open, opened again when the server closed it."""

    __slots__ = ("_buffer", "_load", "_opening", "_place", "_port", "_sent_at", "_transport")

    def __init__(self, load: Load, port: int) -> None:
        self._load, self._port = load, port
        self._transport: asyncio.Transport | None = None
        self._place, self._sent_at, self._buffer = -1, 0.0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._load.started:
            self._load.give(self)
        else:
            self._load.idle.append(self)

    def send(self, place: int, wire: bytes) -> None:
        assert self._transport is not None
        self._place, self._sent_at = place, time.perf_counter()
        self._transport.write(wire)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        if not is_whole(data):
            self._buffer = data
            return
        self._buffer = b""
        place, self._place = self._place, -1
        self._load.answered(place, sent_at=self._sent_at, is_ok=data.startswith(b"HTTP/1.1 200"))
        self._load.give(self)

    def connection_lost(self, fault: Exception | None) -> None:
        self._buffer = b""
        with suppress(ValueError):
            self._load.idle.remove(self)
        if self._place >= 0:
            place, self._place = self._place, -1
            self._load.lost(place)
        if not self._load.closing:
            self._opening = asyncio.ensure_future(self._again())

    async def _again(self) -> None:
        while not self._load.closing:
            try:
                await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def is_whole(data: bytes) -> bool:
    """True if `data` holds one whole answer: head, and as many bytes as Content-Length says (none said: no body)."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return False
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return len(body) >= (int(rest.partition(b"\r\n")[0]) if found else 0)


def arrivals_of(count: int, *, rate: float, seed: int) -> list[float]:
    """`count` moments of a Poisson process of `rate` a second, ascending."""
    dice = random.Random(seed)
    return sorted(dice.uniform(0, count / rate) for _ in range(count))


async def run(given: argparse.Namespace) -> dict[str, object]:
    requests = [request(body, path=given.path) for body in read_bodies(given.bodies)]
    arrivals = arrivals_of(len(requests), rate=given.rate, seed=given.seed) if given.rate else None
    load = Load(requests, arrivals=arrivals)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    callers = [Caller(load, given.port) for _ in range(given.connections)]
    for caller in callers:
        await asyncio.get_running_loop().create_connection(lambda caller=caller: caller, "127.0.0.1", given.port)  # type: ignore[misc]
    gc.collect()
    gc.freeze()
    gc.disable()
    cpu = time.process_time()
    load.begin()
    wait_s = WARM_UP_S + given.closed if arrivals is None else arrivals[-1] + PATIENCE_S
    with suppress(TimeoutError):
        await asyncio.wait_for(load.all_answered.wait(), wait_s)
    load.closing = True
    if arrivals is None and load.open:
        # The time is over: what is on its way is waited for, nothing new begins.
        load.all_answered.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(load.all_answered.wait(), PATIENCE_S)
    wall = time.perf_counter() - load.started
    cores = (time.process_time() - cpu) / wall
    for caller in callers:
        caller.close()
    given.answers.write_bytes(load.answers)
    return _told(load, given, cores=cores, wall=wall)


def _told(load: Load, given: argparse.Namespace, *, cores: float, wall: float) -> dict[str, object]:
    if given.rate:
        counted = [place for place, answer in enumerate(load.answers) if answer == OK]
        seconds = wall
    else:
        ends = WARM_UP_S + given.closed
        counted = [n for n, answer in enumerate(load.answers) if answer == OK and WARM_UP_S <= load.ended_at[n] < ends]
        # A short list of bodies ends before the time is over.
        seconds = min(ends, max((load.ended_at[n] for n in counted), default=ends)) - WARM_UP_S
    taken = [load.latencies[place] for place in counted]
    return {
        "offered": len(load.requests) if given.rate else load.next,
        "answered": len(counted),
        "refused": load.answers.count(REFUSED),
        "broken": load.broken + load.open,
        "seconds": round(seconds, 3),
        "cores": round(cores, 3),
        "late_p99_ms": round(centile(sorted(load.lateness), 0.99) * 1000, 2) if given.rate else None,
        "latency": spread_ms(taken),
        "over_1s": sum(one > 1 for one in taken),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Webhooks at a rate, or as fast as they are answered.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/webhook")
    parser.add_argument("--bodies", type=Path, required=True)
    parser.add_argument("--answers", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--rate", type=float, default=0.0)
    how.add_argument("--closed", type=float, default=0.0)
    given = parser.parse_args()
    with suppress(PermissionError):
        os.nice(BRAVER)
    print(json.dumps(asyncio.run(run(given))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
