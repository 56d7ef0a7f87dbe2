"""A small fake of Meta's POST /messages on a bare `asyncio.Protocol`; it keeps what it saw.

    python -m benchmarks.send_graph --port N [--latency-ms 50]

Every request is answered after the same time, as `answer` says: with an acceptance, with a refusal, or with nothing,
which cuts the connection. `GET /seen` gives what was posted so far, `GET /cost` the process's own CPU seconds; any
other GET lists nothing, as an account without templates. Shapes: reference "WhatsApp Cloud API", section 2.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass

import msgspec

LATENCY_S = 0.05
TICK_S = 0.001
BRAVER = -10
"""Niceness, where it is allowed: answers come when they are due, as from another machine."""
CUT = b""
"""No answer: the connection ends."""


class _Request(msgspec.Struct):
    """What a message says of itself. to: digits, `+` before them or not."""

    to: str
    biz_opaque_callback_data: str = ""


_DECODE = msgspec.json.Decoder(_Request).decode


@dataclass(frozen=True, slots=True)
class Posted:
    """One request that was read to its end. at: Unix seconds, when it was."""

    to: str
    attempt: str
    at: float


Answer = Callable[[Posted], bytes | None]
"""What goes back; None: nothing, and the connection stays open."""


def wamid_of(attempt: str) -> str:
    """One attempt has one wamid; as long as Meta's are."""
    return f"wamid.HBgMOTY2NTAwMDAwMDAxFQIAERgS{attempt}AA=="


def http(status: int, body: bytes) -> bytes:
    """A whole HTTP/1.1 answer on a connection that is kept."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def accepted(posted: Posted) -> bytes:
    """As Meta takes a message."""
    body = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": posted.to, "wa_id": posted.to.removeprefix("+")}],
        "messages": [{"id": wamid_of(posted.attempt), "message_status": "accepted"}],
    }
    return http(200, json.dumps(body).encode())


def refused(code: int, *, status: int = 400) -> bytes:
    """As Meta refuses one."""
    error = {"message": f"(#{code}) refused", "type": "OAuthException", "code": code, "error_data": {"details": "x"}}
    return http(status, json.dumps({"error": error}).encode())


class Graph:
    """What was posted, and the answers that are still to come, in the order in which they are due."""

    def __init__(self, *, answer: Answer = accepted, latency_s: float = LATENCY_S) -> None:
        self.seen: list[Posted] = []
        self._answer, self._latency_s = answer, latency_s
        self._due: deque[tuple[float, asyncio.Transport, bytes]] = deque()
        self._ticking = False

    def post(self, transport: asyncio.Transport, body: bytes) -> None:
        """One message: kept at once, answered when the latency is over."""
        request = _DECODE(body)
        posted = Posted(request.to, request.biz_opaque_callback_data, time.time())
        self.seen.append(posted)
        wire = self._answer(posted)
        if wire is None:
            return
        self._due.append((time.monotonic() + self._latency_s, transport, wire))
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(self._latency_s, self._tick)

    def _tick(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, transport, wire = self._due.popleft()
            if wire == CUT:
                transport.close()
            elif not transport.is_closing():
                transport.write(wire)
        self._ticking = bool(self._due)
        if self._ticking:
            asyncio.get_running_loop().call_later(max(TICK_S, self._due[0][0] - now), self._tick)

    def get(self, path: str) -> bytes:
        if path == "/cost":
            return http(200, json.dumps({"cpu_s": time.process_time()}).encode())
        if path == "/seen":
            return http(200, json.dumps([asdict(one) for one in self.seen]).encode())
        return http(200, b'{"data": []}')


class Connection(asyncio.Protocol):
    """One kept-alive connection of the worker: a request at a time."""

    __slots__ = ("_buffer", "_graph", "_transport")

    def __init__(self, graph: Graph) -> None:
        self._graph, self._buffer = graph, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = length_of(head)
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        method, _, line = head.partition(b" ")
        if method == b"POST":
            self._graph.post(self._transport, rest[:length])
        else:
            self._transport.write(self._graph.get(line.partition(b" ")[0].decode()))


def length_of(head: bytes) -> int:
    """Content-Length of a request, 0 if it says none."""
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def serve(graph: Graph, port: int) -> asyncio.Server:
    """Listening on 127.0.0.1."""
    return await asyncio.get_running_loop().create_server(lambda: Connection(graph), "127.0.0.1", port, backlog=512)


async def _run(port: int, latency_s: float) -> None:
    await serve(Graph(latency_s=latency_s), port)
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    await asyncio.Event().wait()


def main() -> int:
    parser = argparse.ArgumentParser(description="Takes every message, after a while.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--latency-ms", type=float, default=LATENCY_S * 1000)
    given = parser.parse_args()
    with suppress(PermissionError):
        os.nice(BRAVER)
    asyncio.run(_run(given.port, given.latency_ms / 1000))
    return 0


if __name__ == "__main__":
    sys.exit(main())
