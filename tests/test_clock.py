"""Business time is real time, moved forward in practice mode only."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wakeel import clock, config
from wakeel.clock import PracticeClockRefused, boottime, now, real_now, refuse_practice_clock

PRACTICE = "http://127.0.0.1:9"
ALMOST = timedelta(seconds=2)


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Point this process at an empty data folder and a Graph URL; returns the path of the clock file."""

    def point(graph_url: str) -> Path:
        monkeypatch.setenv("WAKEEL_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("WHATSAPP_GRAPH_URL", graph_url)
        config.get.cache_clear()
        return tmp_path / clock.FILE_NAME

    yield point
    config.get.cache_clear()


def write(path: Path, text: str) -> None:
    """As the simulator does: another file in its place."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


def offset() -> timedelta:
    return now() - real_now()


def test_business_time_is_real_time_and_aware(set_up: Callable[[str], Path]):
    set_up(PRACTICE)
    assert abs(now() - datetime.now(UTC)) < ALMOST
    assert now().tzinfo is UTC


def test_practice_time_follows_the_file_without_a_restart(set_up: Callable[[str], Path]):
    path = set_up(PRACTICE)
    write(path, "3600\n")
    assert abs(offset() - timedelta(hours=1)) < ALMOST
    write(path, "90000\n")
    assert abs(offset() - timedelta(hours=25)) < ALMOST


def test_practice_time_never_goes_back_within_a_process(set_up: Callable[[str], Path]):
    """A window that closed must not open again by a smaller number, by nonsense, or by a missing file."""
    path = set_up(PRACTICE)
    write(path, "3600\n")
    assert offset() > timedelta(minutes=59)
    for text in ("0\n", "-5\n", "soon\n", "9" * 30, ""):
        write(path, text)
        assert abs(offset() - timedelta(hours=1)) < ALMOST
    path.unlink()
    assert abs(offset() - timedelta(hours=1)) < ALMOST


def test_outside_practice_the_file_is_not_read_and_a_start_is_refused(set_up: Callable[[str], Path]):
    """Rows of a deployment that once practised are dated in a time that never was."""
    path = set_up("https://graph.facebook.com")
    write(path, "3600\n")
    assert abs(offset()) < ALMOST
    with pytest.raises(PracticeClockRefused):
        refuse_practice_clock(config.get())
    path.unlink()
    refuse_practice_clock(config.get())


def test_in_practice_the_file_is_welcome(set_up: Callable[[str], Path]):
    write(set_up(PRACTICE), "60\n")
    refuse_practice_clock(config.get())


def test_boottime_only_grows():
    assert boottime() <= boottime()
