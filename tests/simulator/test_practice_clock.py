"""The file practice-clock, which the product reads."""

import time
from pathlib import Path

import pytest

from wakeel.simulator.practice_clock import ClockFault, PracticeClock


def test_the_offset_grows_and_survives_a_restart(tmp_path: Path):
    clock = PracticeClock(tmp_path)
    assert (tmp_path / "practice-clock").read_text() == "0\n"
    clock.advance(3600)
    clock.advance(60)
    assert (tmp_path / "practice-clock").read_text() == "3660\n"
    again = PracticeClock(tmp_path)
    assert again.offset_s == 3660
    assert again.now() == pytest.approx(time.time() + 3660, abs=1)
    assert [path.name for path in tmp_path.iterdir()] == ["practice-clock"]


@pytest.mark.parametrize("seconds", [0, -1])
def test_the_clock_never_goes_back(tmp_path: Path, seconds: int):
    clock = PracticeClock(tmp_path)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(seconds)
    assert (tmp_path / "practice-clock").read_text() == "0\n"


@pytest.mark.parametrize("text", ["", "-5", "1.5", "غداً", "5 6"])
def test_a_file_we_did_not_write_is_refused(tmp_path: Path, text: str):
    (tmp_path / "practice-clock").write_text(text, encoding="utf-8")
    with pytest.raises(ClockFault, match="practice-clock"):
        PracticeClock(tmp_path)
