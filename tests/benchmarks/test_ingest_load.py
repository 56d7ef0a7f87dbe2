"""The load generator against small servers: latency from the scheduled time, answers in pieces, lost connections."""

import asyncio
import os
from collections.abc import Callable

from benchmarks.ingest_deployment import tree_cpu_s
from benchmarks.ingest_load import OK, REFUSED, UNANSWERED, Caller, Load, arrivals_of, is_whole

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
BUSY = b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"


class Server(asyncio.Protocol):
    """Answers request n with what `answer(n)` says: pieces to write, or None to hang up; `stall_s` before the first."""

    served = 0

    def __init__(self, answer: Callable[[int], list[bytes] | None], stall_s: float) -> None:
        self._answer, self._stall_s = answer, stall_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        number, Server.served = Server.served, Server.served + 1
        asyncio.get_running_loop().call_later(self._stall_s if number == 0 else 0, self._write, number)

    def _write(self, number: int) -> None:
        pieces = self._answer(number)
        if pieces is None:
            self._transport.close()
            return
        for place, piece in enumerate(pieces):
            asyncio.get_running_loop().call_later(place * 0.01, self._transport.write, piece)


def run(
    requests: int, *, arrivals: list[float] | None, answer: Callable[[int], list[bytes] | None] = lambda _: [FINE],
    connections: int = 1, stall_s: float = 0.0,
) -> Load:  # fmt: skip
    async def all_of_it() -> Load:
        Server.served = 0
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Server(answer, stall_s), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        load = Load([b"x"] * requests, arrivals=arrivals)
        callers = [Caller(load, port) for _ in range(connections)]
        for caller in callers:
            await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)
        load.begin()
        await asyncio.wait_for(load.all_answered.wait(), 5)
        load.closing = True
        for caller in callers:
            caller.close()
        server.close()
        return load

    return asyncio.run(all_of_it())


def test_whoever_would_have_come_while_the_server_stood_still_is_charged_for_it():
    """No coordinated omission: the second request had its time at 10 ms, the one connection was free after 300."""
    load = run(2, arrivals=[0.0, 0.01], stall_s=0.3)
    assert load.latencies[1] > 0.25
    assert max(load.lateness) < 0.2


def test_a_closed_loop_sends_everything_and_counts_from_the_sending():
    load = run(20, arrivals=None, connections=4)
    assert load.answers.count(OK) == 20
    assert max(load.latencies) < 1


def test_an_answer_in_pieces_is_one_answer():
    load = run(3, arrivals=None, answer=lambda _: [FINE[:20], FINE[20:-1], FINE[-1:]])
    assert load.answers.count(OK) == 3
    assert min(load.latencies) > 0.015


def test_only_a_200_is_an_acknowledgement():
    load = run(3, arrivals=None, answer=lambda n: [BUSY] if n == 1 else [FINE])
    assert list(load.answers) == [OK, REFUSED, OK]


def test_a_connection_that_ends_leaves_its_request_unanswered_and_the_others_go_on():
    load = run(3, arrivals=[0.0, 0.01, 0.02], answer=lambda n: None if n == 1 else [FINE])
    assert list(load.answers) == [OK, UNANSWERED, OK]
    assert load.broken == 1


def test_an_answer_is_whole_with_the_bytes_its_length_says():
    assert is_whole(FINE)
    assert is_whole(BUSY)
    assert not is_whole(FINE[:-1])
    assert not is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n")


def test_arrivals_keep_the_rate_and_their_seed():
    times = arrivals_of(1000, rate=500, seed=3)
    assert times == sorted(times) == arrivals_of(1000, rate=500, seed=3)
    assert times[0] >= 0
    assert times[-1] <= 2
    assert times != arrivals_of(1000, rate=500, seed=4)


def test_the_cpu_of_a_process_that_is_gone_is_nothing():
    assert tree_cpu_s(os.getpid()) > 0
    assert tree_cpu_s(2**30) == 0.0
