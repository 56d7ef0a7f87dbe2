"""HTTP/1.1 for the ingest process: one thread, no task a request. `httptools` parses; what is here keeps the order of
the answers and what a connection may cost.

Source: RFC 9112 (framing, order, closing), RFC 9110 (dates, methods); llhttp's strict rules as in httptools 0.9.
Why no server of the shelf: decision 0024.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol, cast

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserInvalidMethodError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from wakeel.web.webhook import Answer

log = logging.getLogger(__name__)

# Few enough for the 1,024 descriptors that a process customarily has.
MOST_CONNECTIONS = 900
BACKLOG = 1024
HEAD_TIMEOUT_S = 10.0
# Longer than a proxy keeps a connection to us that nobody uses: else it would be about to use what we close.
IDLE_TIMEOUT_S = 75.0
# How long a sender that was answered too early may go on before it is cut off: a reset would take its answer away.
LINGER_S = 2.0
LOOK_EVERY_S = 1.0
MOST_HEADERS = 100
# Of one request, everything that is no body: its head, and the marks of chunks.
LARGEST_FRAME = 64 * 1024
# Requests of one connection that wait for their answers.
MOST_AHEAD = 16

UNREADABLE = Answer(400)
FRAME_TOO_LARGE = Answer(431)
FAULT = Answer(500)

Told = Callable[[Answer | None], None]


class Reader(Protocol):
    """Takes the body of one request, as `wakeel.web.webhook.Post` does."""

    def feed(self, part: bytes) -> None: ...
    def end(self) -> None: ...
    def leave(self) -> None: ...


class Handler(Protocol):
    """What requests are for. `told` is given the answer once, now or later; None: nobody is there to be answered."""

    def begin(self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], told: Told) -> Reader | None:
        """A head has come. target: path and query. None: its body does not matter."""

    def unknown_method(self) -> Answer:
        """To a method that HTTP does not know, or to no HTTP at all."""


class Server:
    """Every connection of one port."""

    def __init__(self, handler: Handler, *, host: str, port: int) -> None:
        self.handler = handler
        self._host, self._port = host, port
        self._connections: set[Connection] = set()
        self._told_to_stop = asyncio.Event()
        self._is_empty = asyncio.Event()
        self._wires: dict[Answer, bytes] = {}

    async def serve(self) -> None:
        """Until `stop`, and until everything that was read whole is answered."""
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: Connection(self), self._host, self._port, backlog=BACKLOG)
        looking = asyncio.create_task(self._look())
        await self._told_to_stop.wait()
        listening.close()
        for connection in tuple(self._connections):
            connection.finish()
        if self._connections:
            await self._is_empty.wait()
        looking.cancel()

    def stop(self) -> None:
        self._told_to_stop.set()

    def opened(self, connection: "Connection") -> None:
        """Room for it is taken from whoever asks nothing for longest; where everybody is served it is turned away."""
        self._connections.add(connection)
        if self._told_to_stop.is_set():
            # Accepted before the port was closed, told to us after.
            connection.finish()
        elif len(self._connections) > MOST_CONNECTIONS:
            min(self._connections, key=lambda one: (one.is_busy, one.since)).cut()

    def closed(self, connection: "Connection") -> None:
        self._connections.discard(connection)
        if self._told_to_stop.is_set() and not self._connections:
            self._is_empty.set()

    def wire(self, answer: Answer) -> bytes:
        """The answer as it leaves on a connection that stays open; made once a second, for its date."""
        wire = self._wires.get(answer)
        if wire is None:
            wire = self._wires[answer] = _wire(answer)
        return wire

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self._wires.clear()
            now = asyncio.get_running_loop().time()
            for connection in tuple(self._connections):
                connection.look(now)


class _Exchange:
    """A request and its answer, in its place among those of its connection."""

    __slots__ = ("answer", "connection", "has_body", "reader", "stays")

    def __init__(self, connection: "Connection", *, stays: bool, has_body: bool) -> None:
        """stays: the connection may be used again. has_body: of the answer; HEAD wants none."""
        self.connection = connection
        self.stays, self.has_body = stays, has_body
        self.answer: Answer | None = None
        self.reader: Reader | None = None

    def told(self, answer: Answer | None) -> None:
        if self.answer is None:
            self.answer = answer
            self.connection.answered(is_gone=answer is None)


class Connection(asyncio.Protocol):
    """One sender's. Its parser calls the methods named `on_`."""

    __slots__ = (
        "_frame", "_headers", "_in_head", "_is_feeding", "_is_held", "_is_last", "_is_over", "_is_unread", "_loop",
        "_parser", "_reading", "_server", "_target", "_transport", "_unanswered", "since"
    )  # fmt: skip

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(self)
        self._unanswered: deque[_Exchange] = deque()
        self._reading: _Exchange | None = None
        self._target, self._headers = b"", list[tuple[bytes, bytes]]()
        self._in_head = self._is_feeding = self._is_held = self._is_last = self._is_over = self._is_unread = False
        self._frame = 0
        # The loop's time of the last thing that its time-outs count from.
        self.since = self._loop.time()
        self._transport: asyncio.Transport

    @property
    def is_busy(self) -> bool:
        """Somebody waits for an answer."""
        return bool(self._unanswered)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server.opened(self)

    def connection_lost(self, fault: Exception | None) -> None:
        self._is_over = True
        if self._reading is not None and self._reading.reader is not None:
            self._reading.reader.leave()
        self._unanswered.clear()
        self._server.closed(self)

    def eof_received(self) -> bool:
        """True: it has said everything, and waits for the answers."""
        self._is_last = True
        return bool(self._unanswered) and self._reading is None and not self._is_over

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            return
        self._is_feeding, self._frame = True, self._frame + len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserInvalidMethodError:
            self._give_up(self._server.handler.unknown_method())
        except HttpParserCallbackError as fault:
            # The class alone: its text may hold what was sent.
            log.error("a request could not be handled (%s)", type(fault.__context__).__name__)  # noqa: TRY400
            self._give_up(FAULT)
        except (HttpParserError, HttpParserUpgrade):
            self._give_up(UNREADABLE)
        self._is_feeding = False
        if self._frame > LARGEST_FRAME:
            self._give_up(FRAME_TOO_LARGE)
        self._go_on()

    def pause_writing(self) -> None:
        self._is_unread = True
        self._hold()

    def resume_writing(self) -> None:
        self._is_unread = False
        self._hold()

    def answered(self, *, is_gone: bool) -> None:
        """One of its requests is; what the parser is in the middle of comes first. is_gone: nobody wants an answer."""
        if is_gone:
            self.cut()
        elif not self._is_feeding and not self._is_over:
            self._go_on()

    def finish(self) -> None:
        """The server stops. What was read whole is answered; the sender repeats the rest."""
        self._is_last = True
        self._go_on()

    def look(self, now: float) -> None:
        """Once a second: whoever says nothing, or half a head, or takes no answer, is cut off. A body's time is its
        reader's, an answer's the disk's.
        """
        if self._is_over:
            within = LINGER_S
        elif self._in_head:
            within = HEAD_TIMEOUT_S
        elif self._unanswered:
            return
        else:
            within = IDLE_TIMEOUT_S
        if now - self.since > within:
            self.cut()

    def cut(self) -> None:
        self._transport.abort()

    def on_message_begin(self) -> None:
        self._in_head, self.since = True, self._loop.time()
        self._target, self._headers = b"", []

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """What follows a body in chunks is no header any more."""
        if self._in_head:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._parser.should_upgrade():
            # Nothing else is spoken here, and the parser leaves out the body of whoever wants to.
            return
        method = self._parser.get_method()
        stays = self._parser.should_keep_alive() and self._parser.get_http_version() == "1.1"
        exchange = self._reading = _Exchange(self, stays=stays, has_body=method != b"HEAD")
        self._unanswered.append(exchange)
        if len(self._headers) > MOST_HEADERS:
            exchange.answer, exchange.stays = FRAME_TOO_LARGE, False
        else:
            exchange.reader = self._server.handler.begin(method, _path(self._target), self._headers, exchange.told)
        if exchange.answer is None and _is_asking(self._headers):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, part: bytes) -> None:
        self._frame -= len(part)
        if self._reading is not None and self._reading.reader is not None:
            self._reading.reader.feed(part)

    def on_message_complete(self) -> None:
        reading, self._reading = self._reading, None
        self._frame = 0
        if reading is not None and reading.reader is not None:
            reading.reader.end()

    def _give_up(self, answer: Answer) -> None:
        """What it says cannot be understood, or is not worth listening to."""
        reading = self._reading
        if reading is None:
            reading = self._reading = _Exchange(self, stays=False, has_body=True)
            self._unanswered.append(reading)
        reading.answer = reading.answer or answer
        if reading.reader is not None:
            reading.reader.leave()

    def _go_on(self) -> None:
        """Say what can be said, in order; end if it was the last."""
        while self._unanswered and (answer := self._unanswered[0].answer) is not None:
            first = self._unanswered.popleft()
            stays = first.stays and first is not self._reading and not (self._is_last and not self._unanswered)
            self._say(answer, stays=stays, has_body=first.has_body)
            if not stays:
                self._end(is_read=first is not self._reading)
                return
        if self._is_last and (not self._unanswered or self._unanswered[0] is self._reading):
            self._end(is_read=True)
            return
        self._hold()

    def _say(self, answer: Answer, *, stays: bool, has_body: bool) -> None:
        self.since = self._loop.time()
        if stays and has_body:
            self._transport.write(self._server.wire(answer))
        else:
            self._transport.write(_wire(answer, stays=stays, has_body=has_body))

    def _end(self, *, is_read: bool) -> None:
        """No more is said here. is_read: nothing of a request is on its way that would meet a closed door."""
        self._is_over = True
        self._unanswered.clear()
        if is_read:
            self._transport.close()
        else:
            self._transport.write_eof()

    def _hold(self) -> None:
        """Read on, or not: whoever takes no answers, or has enough of them to wait for, is not listened to."""
        is_held = self._is_unread or len(self._unanswered) >= MOST_AHEAD
        if is_held != self._is_held and not self._is_over:
            self._is_held = is_held
            (self._transport.pause_reading if is_held else self._transport.resume_reading)()


def _path(target: bytes) -> bytes:
    """Without the scheme and host that a proxy may leave in front."""
    return target if target.startswith(b"/") else b"/" + target.partition(b"://")[2].partition(b"/")[2]


def _is_asking(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether it sends the body only when told to."""
    return any(name.lower() == b"expect" and value.lower() == b"100-continue" for name, value in headers)


def _wire(answer: Answer, *, stays: bool = True, has_body: bool = True) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        *(f"{name}: {value}" for name, value in answer.headers),
        f"content-length: {len(answer.body)}",
        f"date: {formatdate(usegmt=True)}",
        *(() if stays else ("connection: close",)),
        "\r\n",
    ]
    return "\r\n".join(lines).encode("latin-1") + (answer.body if has_body else b"")
