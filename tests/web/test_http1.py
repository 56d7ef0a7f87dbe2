"""HTTP/1.1 of the ingest process, over real sockets: framing, order, closing, and what a connection may cost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from random import Random

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from wakeel.rehearsal.ports import free_port
from wakeel.web import http1
from wakeel.web.http1 import Reader, Server, Told
from wakeel.web.webhook import Answer

WITHIN_S = 5.0


class Echo:
    """Answers a body with itself when it has come; `/later` when the test says so; `/no` before the body."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.left = 0

    def begin(self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], told: Told) -> Reader | None:
        if target == b"/broken":
            raise LookupError("words of a customer")
        if target == b"/no":
            told(Answer(403, b"no", headers=()))
            return None
        return Body(self, target, told)

    def unknown_method(self) -> Answer:
        return Answer(405)


class Body:
    def __init__(self, echo: Echo, target: bytes, told: Told) -> None:
        self._echo, self._target, self._told = echo, target, told
        self._body = b""

    def feed(self, part: bytes) -> None:
        self._body += part

    def end(self) -> None:
        answer = Answer(200, self._target + b"=" + self._body, headers=())
        if self._target == b"/later":
            self._echo.waiting.append(lambda: self._told(answer))
        else:
            self._told(answer)

    def leave(self) -> None:
        self._echo.left += 1
        self._told(None)


class Sender:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def says(self, *parts: bytes) -> None:
        self._writer.writelines(parts)

    def says_no_more(self) -> None:
        self._writer.write_eof()

    async def hears(self) -> tuple[int, bytes, dict[bytes, bytes]]:
        """Status, body and headers of the next answer."""
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), WITHIN_S)
        first, *lines = head[:-4].split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines)
        return int(first[9:12]), await self._reader.readexactly(int(headers[b"content-length"])), headers

    async def bodies(self, count: int) -> list[bytes]:
        return [(await self.hears())[1] for _ in range(count)]

    async def is_closed(self) -> bool:
        """Nothing else comes, and the server has hung up."""
        try:
            return await asyncio.wait_for(self._reader.read(), WITHIN_S) == b""
        except ConnectionError:
            return True

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


class Port:
    """A running server and how to reach it."""

    def __init__(self) -> None:
        self.echo = Echo()
        self._port = free_port()
        self.server = Server(self.echo, host="127.0.0.1", port=self._port)
        self.serving = asyncio.ensure_future(self.server.serve())
        self._senders: list[Sender] = []

    async def sender(self) -> Sender:
        while True:
            with suppress(ConnectionRefusedError):
                made = Sender(*await asyncio.open_connection("127.0.0.1", self._port))
                self._senders.append(made)
                return made
            await asyncio.sleep(0.01)

    async def stops(self) -> None:
        self.server.stop()
        await asyncio.wait_for(self.serving, WITHIN_S)

    async def end(self) -> None:
        for sender in self._senders:
            await sender.close()
        await self.stops()


@asynccontextmanager
async def opened() -> AsyncIterator[Port]:
    port = Port()
    try:
        yield port
    finally:
        await port.end()


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async with opened() as made:
        yield made


def post(target: bytes, body: bytes = b"", *headers: bytes) -> bytes:
    lines = [b"POST " + target + b" HTTP/1.1", b"Host: localhost", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunked(target: bytes, *parts: bytes) -> bytes:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))
    return b"POST " + target + b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks


async def test_a_connection_is_used_again_and_again(port: Port):
    sender = await port.sender()
    for number in range(20):
        sender.says(post(b"/a", b"%d" % number))
        status, body, headers = await sender.hears()
        assert (status, body) == (200, b"/a=%d" % number)
        assert b"date" in headers
        assert b"connection" not in headers


async def test_answers_leave_in_the_order_of_the_requests(port: Port):
    """Sent without waiting: the first takes longest."""
    sender = await port.sender()
    sender.says(post(b"/later", b"1"), post(b"/a", b"2"), post(b"/later", b"3"), post(b"/no"))
    await until(lambda: len(port.echo.waiting) == 2)
    port.echo.waiting[1]()
    port.echo.waiting[0]()
    assert await sender.bodies(4) == [b"/later=1", b"/a=2", b"/later=3", b"no"]


async def test_a_sender_of_many_requests_at_once_is_read_as_fast_as_it_is_answered(
    port: Port, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http1, "MOST_AHEAD", 4)
    sender = await port.sender()
    for _ in range(50):
        sender.says(post(b"/later", b"x" * 60_000))
    answered = 0
    while answered < 50:
        await until(lambda: bool(port.echo.waiting))
        assert len(port.echo.waiting) < 20
        port.echo.waiting.pop(0)()
        await sender.hears()
        answered += 1


REQUESTS = [post(b"/a", b"one"), chunked(b"/b", b"tw", b"o"), post(b"/c"), chunked(b"/d"), post(b"/e", b"five" * 50)]
ANSWERS = [b"/a=one", b"/b=two", b"/c=", b"/d=", b"/e=" + b"five" * 50]


@given(cuts=st.lists(st.integers(1, len(b"".join(REQUESTS)) - 1), max_size=12))
def test_wherever_the_stream_is_cut_the_answers_are_the_same(cuts: list[int]):
    """Segments know nothing of requests."""
    stream = b"".join(REQUESTS)
    ends = sorted({*cuts, len(stream)})

    async def play() -> list[bytes]:
        async with opened() as port:
            sender = await port.sender()
            for begin, end in zip([0, *ends], ends, strict=False):
                sender.says(stream[begin:end])
                await asyncio.sleep(0)
            return await sender.bodies(len(REQUESTS))

    assert uvloop.run(play()) == ANSWERS


@pytest.mark.parametrize("seed", range(4))
async def test_garbage_harms_nobody(port: Port, seed: int):
    """Real requests with some of their bytes changed: an answer, an end, or waiting for more; never a fault."""
    dice, faults = Random(seed), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    for _ in range(100):
        stream = bytearray(b"".join(dice.sample(REQUESTS, 3)))
        for _ in range(dice.randint(1, 6)):
            stream[dice.randrange(len(stream))] = dice.randrange(256)
        sender = await port.sender()
        sender.says(bytes(stream))
        await sender.close()
    honest = await port.sender()
    honest.says(post(b"/a", b"!"))
    assert await honest.bodies(1) == [b"/a=!"]
    assert not faults


async def test_a_sender_that_wants_the_connection_closed_gets_its_answer_first(port: Port):
    for request in (
        post(b"/a", b"1", b"Connection: close"),
        b"POST /a HTTP/1.0\r\nContent-Length: 1\r\n\r\n1",
        b"POST /a HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n1",
    ):
        sender = await port.sender()
        sender.says(request)
        _, body, headers = await sender.hears()
        assert (body, headers[b"connection"]) == (b"/a=1", b"close")
        assert await sender.is_closed()


async def test_a_sender_that_has_said_everything_still_hears_its_answer(port: Port):
    sender = await port.sender()
    sender.says(post(b"/later", b"1"))
    sender.says_no_more()
    await until(lambda: bool(port.echo.waiting))
    await asyncio.sleep(0.05)
    port.echo.waiting[0]()
    assert await sender.bodies(1) == [b"/later=1"]
    assert await sender.is_closed()


async def test_head_is_answered_without_a_body(port: Port):
    sender = await port.sender()
    sender.says(b"HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n", post(b"/b"))
    head = await asyncio.wait_for(sender._reader.readuntil(b"\r\n\r\n"), WITHIN_S)
    assert b"content-length: 3\r\n" in head
    assert await sender.bodies(1) == [b"/b="]


async def test_whoever_asks_before_the_body_is_told_to_go_on_or_that_it_is_not_wanted(port: Port):
    sender = await port.sender()
    head = post(b"/a", b"12", b"Expect: 100-continue")[:-2]
    sender.says(head)
    assert await sender._reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    sender.says(b"12")
    assert await sender.bodies(1) == [b"/a=12"]
    sender.says(head.replace(b"/a", b"/no"))
    assert (await sender.hears())[0] == 403


async def test_an_answer_before_the_body_reaches_a_sender_that_goes_on_sending(port: Port):
    """Hanging up at once would reset the connection and take the answer away."""
    sender = await port.sender()
    sender.says(b"POST /no HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n")
    for _ in range(20):
        sender.says(b"x" * 50_000)
        await asyncio.sleep(0.005)
    status, _, headers = await sender.hears()
    assert (status, headers[b"connection"]) == (403, b"close")
    assert await sender.is_closed()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"BREW /a HTTP/1.1\r\n\r\n", 405),
        (b"POST /a HTTP/9.1\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\nHost: localhost\n\n", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: +1\r\n\r\n1", 400),
        (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
        (post(b"/a", b"1", b"Connection: Upgrade", b"Upgrade: h2c"), 400),
        (b"CONNECT a:1 HTTP/1.1\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nX: a\x00b\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nX : a\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"GET /a HTTP/1.1\r\n" + b"X: a\r\n" * 101 + b"\r\n", 431),
        (b"GET /a HTTP/1.1\r\nX: " + b"a" * 100_000, 431),
        (b"GET /" + b"a" * 100_000, 431),
        (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 100_000, 431),
        (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"x" * 100_000, 431),
        (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_000, 431),
    ],
    ids=[
        "method", "version", "bare line ends", "two framings", "two lengths", "signed length", "chunks inside",
        "upgrade", "tunnel", "nul", "space before colon", "chunk size", "many headers", "long header", "long target",
        "long extension", "long trailer", "tiny chunks",
    ],
)  # fmt: skip
async def test_what_cannot_be_read_or_costs_too_much_is_refused_and_ends_the_connection(
    port: Port, said: bytes, status: int
):
    sender = await port.sender()
    sender.says(said)
    assert (await sender.hears())[0] == status
    assert await sender.is_closed()


async def test_a_fault_of_ours_is_500_and_one_line_that_tells_nothing_of_anybody(
    port: Port, caplog: pytest.LogCaptureFixture
):
    sender = await port.sender()
    sender.says(post(b"/broken"))
    assert (await sender.hears())[0] == 500
    assert [record.getMessage() for record in caplog.records] == ["a request could not be handled (LookupError)"]


async def test_a_target_with_its_host_is_the_same_target(port: Port):
    sender = await port.sender()
    sender.says(post(b"http://localhost/a?b=http://c/d", b"1"))
    assert await sender.bodies(1) == [b"/a?b=http://c/d=1"]


async def test_headers_behind_a_body_are_none(port: Port):
    """A signature there would have been checked too late."""
    sender = await port.sender()
    sender.says(chunked(b"/a", b"1")[:-2] + b"X-Hub-Signature-256: x\r\n\r\n", post(b"/b"))
    assert await sender.bodies(2) == [b"/a=1", b"/b="]


async def test_what_was_asked_before_the_garbage_is_answered(port: Port):
    sender = await port.sender()
    sender.says(post(b"/later", b"1"), b"\x16\x03\x01\x02\x00")
    await until(lambda: bool(port.echo.waiting))
    port.echo.waiting[0]()
    assert (await sender.hears())[:2] == (200, b"/later=1")
    assert (await sender.hears())[0] in {400, 405}
    assert await sender.is_closed()


async def test_a_sender_that_leaves_in_the_middle_is_told_to_its_reader(port: Port):
    sender = await port.sender()
    sender.says(post(b"/a", b"12")[:-1])
    await asyncio.sleep(0.05)
    await sender.close()
    await until(lambda: port.echo.left == 1)


async def test_silence_half_a_head_and_untaken_answers_are_cut_off(port: Port, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http1, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(http1, "HEAD_TIMEOUT_S", 0.2)
    monkeypatch.setattr(http1, "IDLE_TIMEOUT_S", 0.6)
    async with opened() as quick:
        began = asyncio.get_running_loop().time()
        half, silent = await quick.sender(), await quick.sender()
        waits = await quick.sender()
        half.says(b"POST /a HTTP/1.1\r\nHo")
        waits.says(post(b"/later", b"1"))
        assert await half.is_closed()
        assert asyncio.get_running_loop().time() - began < 0.55
        assert await silent.is_closed()
        await asyncio.sleep(0.3)
        quick.echo.waiting[0]()
        assert await waits.bodies(1) == [b"/later=1"], "whoever waits for the disk is not idle"


async def test_whoever_takes_no_answers_is_read_no_further_and_cut_off(port: Port, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http1, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(http1, "IDLE_TIMEOUT_S", 0.5)
    async with opened() as quick:
        greedy = await quick.sender()
        greedy._reader._transport.pause_reading()
        request = post(b"/a", b"x" * 50_000)

        async def ask() -> None:
            while True:
                greedy.says(request)
                await asyncio.wait_for(greedy._writer.drain(), 2)

        with pytest.raises((TimeoutError, ConnectionError)):
            await asyncio.wait_for(ask(), 10)


async def test_where_there_is_no_room_the_one_that_asks_nothing_for_longest_goes(
    port: Port, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http1, "MOST_CONNECTIONS", 3)
    busy, idle, used = await port.sender(), await port.sender(), await port.sender()
    busy.says(post(b"/later", b"1"))
    await until(lambda: bool(port.echo.waiting))
    used.says(post(b"/a"))
    await used.hears()
    fresh = await port.sender()
    fresh.says(post(b"/later", b"2"))
    assert await idle.is_closed()
    used.says(post(b"/later", b"3"))
    await until(lambda: len(port.echo.waiting) == 3)
    assert await (await port.sender()).is_closed(), "everybody is served: the newcomer is turned away"
    for answer in port.echo.waiting:
        answer()
    assert [await one.bodies(1) for one in (busy, fresh, used)] == [[b"/later=1"], [b"/later=2"], [b"/later=3"]]


async def test_a_stop_answers_what_was_read_whole_and_nothing_else(port: Port):
    taken, half, idle = await port.sender(), await port.sender(), await port.sender()
    taken.says(post(b"/later", b"1"))
    half.says(post(b"/a", b"12")[:-1])
    await until(lambda: bool(port.echo.waiting))
    port.server.stop()
    assert await half.is_closed()
    assert await idle.is_closed()
    assert not port.serving.done()
    port.echo.waiting[0]()
    _, body, headers = await taken.hears()
    assert (body, headers[b"connection"]) == (b"/later=1", b"close")
    assert await taken.is_closed()
    await asyncio.wait_for(port.serving, WITHIN_S)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not is_so():
            await asyncio.sleep(0.005)
