"""The bars of the screens: what each may be at most, and what it is: `make bars`.

    python -m benchmarks.bars [--only N …] [--browser-runs N]

One line a bar: its number, the limit, what was measured, `ok`, `SHORT` or `open: reason`. The last line is one JSON
object. Exit 1 if a bar is short. A bar that nothing here measures prints no value and says so.
Source of the bars: reference "operator UI", section 11.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass

from playwright.sync_api import Error as PlaywrightError

from benchmarks import bars_measures as by
from benchmarks.bars_measures import Measure, Measured, Run
from benchmarks.ingest import commit, machine
from benchmarks.ingest_deployment import end_cleanly_when_told
from wakeel.rehearsal.screens import NotOnThePage


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. measure: None if nothing here measures it; is_open: why this machine cannot."""

    number: str
    what: str
    limit: str
    measure: Measure | None = None
    is_open: str = ""


BARS = (
    Bar("1", "axe violations, every page x ar, en x 320, 1440 px x light, dark", "0", by.faults_of("axe")),
    Bar("2", "contrast of text / of edges and focus", "4.5:1 / 3:1", by.contrasts),
    Bar("3", "sideways scroll at 320 px and at 400 % zoom", "none", by.faults_of("scroll")),
    Bar("4", "targets", ">= 44 px primary, >= 24 px all", by.faults_of("target")),
    Bar("5", "first load of the queue, cold", "<= 60 KB, <= 10 requests; JS <= 25, CSS <= 10 KB", by.weight),
    Bar("6", "other hosts contacted by any page", "0", by.faults_of("host")),
    Bar("7", "Lighthouse mobile", ">= 95 / 100 / 100", is_open="Lighthouse needs Node, which this product does not"),
    Bar("8", "LCP, total blocking time, layout shift", "<= 1.8 s, <= 250 ms, <= 0.02", by.paint),
    Bar("9", "usable with 4x CPU, 1.6 Mbit/s, 150 ms", "<= 3.0 s", by.usable),
    Bar("10", "live update at 1,000 a minute, commit to screen", "p95 <= 500 ms, p99 <= 1 s, main thread <= 15 %",
        by.on_screen),
    Bar("11", "live update steals focus, scroll or text, or reorders", "0 in 60 s", by.stolen),
    Bar("12", "tabs open at once, all updating; leader closed", "12; others fresh within 2 s", by.many_tabs),
    Bar("13", "20 operators' streams at 1,000 a minute", "<= 30 % of a core, p95 <= 500 ms", by.many_streams),
    Bar("14", "approve round trip, server p95", "<= 150 ms", by.approving),
    Bar("15", "approve the open draft: key / mouse / phone / WhatsApp", "1 / 1 / 2 / 1", by.approving_actions),
    Bar("16", "skip with reason; schedule; approve after an edit", "2; 2; 2 + typing", by.other_actions),
    Bar("17", "fix a closed window from the failures page", "<= 3 taps, what failed not offered", by.closed_window),
    Bar("18", "stop all sending from any page", "2 actions, <= 1 s", by.stopping),
    Bar("19", "undo within the hold: nothing is sent", "all", by.undoing),
    Bar("20", "two decide at once", "one wins, the other is told, all", by.at_once),
    Bar("21", "scripts off: sign in, list, open, approve, skip, edit", "works",
        by.tests("tests/browser/test_walk.py::test_without_scripts_everything_can_be_decided")),
    Bar("22", "whole flow by keyboard, Latin and Arabic layout", "works",
        by.tests("tests/browser/test_walk.py::test_the_whole_flow_by_keyboard_alone")),
    Bar("23", "policy violations, inline script or style", "0", by.faults_of("policy", "error")),
    Bar("24", "strings untranslated, fuzzy or raw", "0",
        by.tests("tests/web/test_catalogue.py", "tests/web/test_every_page.py")),
    Bar("25", "Arabic plurals; left and right in our styles", "all; 0", by.physical),
    Bar("26", "mirrored screenshots reviewed by a native reader", "pass", is_open="no native reader was available"),
    Bar("27", "outside text wrapped for direction", "100 %", by.tests("tests/web/test_direction.py")),
    Bar("28", "every page has its states, each with a test", "100 %", by.tests("tests/web/test_states.py")),
    Bar("29", "every failure row shows its step", "100 %", by.tests("tests/web/test_failure_table.py")),
    Bar("30", "simulator: types, taps, faults through HTTP", "100 %",
        by.tests("tests/simulator/test_drawing.py", "tests/simulator/test_acts.py", "tests/simulator/test_faults.py")),
    Bar("31", "disturbed runs end like the undisturbed one", "50 of 50",
        is_open="twenty minutes a database: `make soak-chaos` measures it"),
    Bar("32", "newcomer: to the first approved message", "<= 3 commands, <= 2 min", by.newcomer),
    Bar("33", "browser tests", "<= 3 min, no flake in 20 runs", by.suite),
    Bar("34", "own browser code", "<= 400 lines JS, <= 1,500 CSS", by.lines),
    Bar("search", "search among 100,000 contacts (issue 8)", "p95 <= 50 ms", by.searching),
    Bar("people", "three people who have not seen it, unaided", "< 5 min", is_open="no people were available"),
)  # fmt: skip


def main() -> int:
    given = _arguments()
    end_cleanly_when_told()
    told: dict[str, dict[str, object]] = {}
    with ExitStack() as stack:
        run = Run(stack, browser_runs=given.browser_runs)
        for bar in BARS:
            if not given.only or bar.number in given.only:
                told[bar.number] = _told(bar, run)
    short = [number for number, one in told.items() if one["state"] == "SHORT"]
    print(json.dumps({"commit": commit(), "machine": machine(), "bars": told, "short": short}, ensure_ascii=False))
    return 1 if short else 0


def _told(bar: Bar, run: Run) -> dict[str, object]:
    """Measure one bar and say it."""
    found, state = None, f"open: {bar.is_open}" if bar.is_open else "no measuring function"
    if bar.measure is not None:
        found = _measured(bar.measure, run)
        state = "ok" if found.is_ok else "SHORT"
    value = found.value if found else ""
    print(f"{bar.number:>6}  {bar.what}\n        limit {bar.limit} | {value or '-'} | {state}", flush=True)
    for line in found.detail if found else ():
        print(f"          {line}", flush=True)
    return {"limit": bar.limit, "measured": value or None, "state": state}


def _measured(measure: Measure, run: Run) -> Measured:
    """A page that does not come, or has not got what it should, is short of its bar; the others are measured."""
    try:
        return measure(run)
    except (PlaywrightError, NotOnThePage, AssertionError, OSError) as error:
        return Measured(f"not done: {str(error).splitlines()[0]}", is_ok=False)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The bars of the screens.")
    parser.add_argument("--only", nargs="+", default=[], help="these bars alone")
    parser.add_argument("--browser-runs", type=int, default=1, help="of bar 33; 20 before a release")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
