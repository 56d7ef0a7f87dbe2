"""The table of the bars: none is forgotten, and none that was not measured is called met."""

import json
import sys

import pytest

from benchmarks import bars
from benchmarks.bars_measures import Measured


def test_every_bar_of_the_reference_has_its_row():
    assert [bar.number for bar in bars.BARS] == [*map(str, range(1, 35)), "search", "people"]
    assert {bar.number for bar in bars.BARS if bar.is_open} == {"7", "26", "31", "people"}
    assert all((bar.measure is None) == bool(bar.is_open) for bar in bars.BARS)


@pytest.mark.parametrize(("is_ok", "exit_code"), [(True, 0), (False, 1)])
def test_a_bar_that_is_short_fails_the_run_and_an_open_one_says_why(monkeypatch, capsys, is_ok, exit_code):
    rows = (
        bars.Bar("1", "x", "0", lambda _: Measured("3 on 2 pages", is_ok)),
        bars.Bar("2", "y", "0", is_open="no people"),
        bars.Bar("3", "z", "0"),
    )
    monkeypatch.setattr(bars, "BARS", rows)
    monkeypatch.setattr(sys, "argv", ["bars"])
    assert bars.main() == exit_code
    *lines, last = capsys.readouterr().out.splitlines()
    told = json.loads(last)["bars"]
    assert [told[number]["state"] for number in "123"] == [
        "ok" if is_ok else "SHORT", "open: no people", "no measuring function",
    ]  # fmt: skip
    assert told["2"]["measured"] is told["3"]["measured"] is None
    assert any("3 on 2 pages" in line for line in lines)
