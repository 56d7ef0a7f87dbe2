"""The four verbs against a real CalDAV server, and what is made of one that misbehaves."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.worker import radicale
from wakeel.flows.calendar_file import Fingerprint
from wakeel.flows.write_calendar import Event, Outcome, Written
from wakeel.worker.calendar import CalendarClient, CalendarOptions

BEGINS = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
_FILE = (
    "BEGIN:VCALENDAR\r\nPRODID:-//Wakeel//Meetings//EN\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
    "DTSTAMP:20261122T090000Z\r\nSEQUENCE:{sequence}\r\nDTSTART:{begins}\r\nDTEND:{ends}\r\nSUMMARY:تجديد العقد\r\n"
    "STATUS:{status}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def event(uid: str = "evt_1@wakeel", *, begins: datetime = BEGINS, sequence: int = 0) -> Event:
    ends, status = begins + timedelta(minutes=30), "CONFIRMED" if sequence else "TENTATIVE"
    file = _FILE.format(uid=uid, sequence=sequence, begins=f"{begins:%Y%m%dT%H%M%SZ}", ends=f"{ends:%Y%m%dT%H%M%SZ}",
                        status=status)  # fmt: skip
    return Event("biz_1", "mtg_1", uid, file.encode(), Fingerprint(uid, sequence, begins, status), begins, ends)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[radicale.Server]:
    folder: Path = tmp_path_factory.mktemp("radicale")
    with radicale.running(folder) as running:
        yield running


def carried_out(url: str, *events: Event, password: str = radicale.PASSWORD) -> list[Outcome]:
    async def all_of_them() -> list[Outcome]:
        async with CalendarClient(CalendarOptions(url, radicale.USER, password)) as client:
            return [await client.carry_out(one) for one in events]

    return asyncio.run(all_of_them())


def test_an_event_is_written_once_moved_and_taken_out(server: radicale.Server) -> None:
    """A repeated try meets 412, finds its own event and leaves it; a changed meeting replaces it."""
    first = event()
    assert carried_out(server.url, first, first) == [Outcome(Written.DONE), Outcome(Written.DONE)]
    assert len(server.files()) == 1
    moved = event(begins=BEGINS + timedelta(days=1), sequence=2)
    assert carried_out(server.url, moved) == [Outcome(Written.DONE)]
    (stands,) = server.files()
    assert "DTSTART:20261130T070000Z" in stands
    assert "STATUS:CONFIRMED" in stands
    gone = replace(moved, file=None)
    assert carried_out(server.url, gone, gone) == [Outcome(Written.DONE), Outcome(Written.DONE)]
    assert server.files() == []


def test_an_event_at_a_taken_time_is_written_and_said_to_be(server: radicale.Server) -> None:
    other, ours = event("theirs@elsewhere"), event("evt_2@wakeel", begins=BEGINS + timedelta(minutes=15))
    beside = event("evt_3@wakeel", begins=BEGINS + timedelta(minutes=30))
    outcomes = carried_out(server.url, other, beside, ours, replace(other, file=None))
    assert [one.written for one in outcomes] == [Written.DONE, Written.DONE, Written.DONE_BUSY, Written.DONE]
    assert len(server.files()) == 2


def test_a_wrong_password_and_a_missing_calendar_are_for_a_person(server: radicale.Server) -> None:
    elsewhere = server.url.replace("/meetings/", "/nowhere/")
    assert carried_out(server.url, event("evt_4@wakeel"), password="wrong") == [
        Outcome(Written.REFUSED, "unauthorised")
    ]
    assert carried_out(elsewhere, event("evt_4@wakeel")) == [Outcome(Written.REFUSED, "not_found")]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (503, Outcome(Written.NO_ANSWER, "unreachable")),
        (429, Outcome(Written.NO_ANSWER, "unreachable")),
        (507, Outcome(Written.REFUSED, "full")),
        (302, Outcome(Written.REFUSED, "refused")),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(status: int, expected: Outcome) -> None:
    """A redirect is never followed: name and password go to the configured address alone."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere/"})

    async def walk() -> Outcome:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", answer)
        async with (
            TestServer(app) as server,
            CalendarClient(CalendarOptions(str(server.make_url("/cal/")), "a", "b")) as client,
        ):
            return await client.carry_out(event())

    assert asyncio.run(walk()) == expected
    assert all(path.startswith("/cal/") for path in asked)


def test_nobody_listening_is_tried_again() -> None:
    assert carried_out("http://127.0.0.1:9/cal/", event()) == [Outcome(Written.NO_ANSWER, "unreachable")]


def test_an_event_moved_to_a_taken_time_is_said_to_be(server: radicale.Server) -> None:
    """Our own event at the time it was is no other one."""
    quiet, taken = BEGINS + timedelta(days=5), BEGINS + timedelta(days=6)
    first, other = event("evt_5@wakeel", begins=quiet), event("other@elsewhere", begins=taken)
    moved = event("evt_5@wakeel", begins=taken + timedelta(minutes=15), sequence=2)
    agreed = event("evt_5@wakeel", begins=taken + timedelta(minutes=15), sequence=4)
    outcomes = carried_out(server.url, first, other, moved, agreed)
    assert [one.written for one in outcomes] == [Written.DONE, Written.DONE, Written.DONE_BUSY, Written.DONE]
    carried_out(server.url, replace(first, file=None), replace(other, file=None))
