"""How each bar of the screens is measured. Run holds what they share; a measure says what one bar came to."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

from playwright.sync_api import Browser

from benchmarks import bars_decide, bars_static, live, search
from benchmarks.bars_actions import Actions
from benchmarks.bars_browser import Chromium, FirstLoad, launched
from benchmarks.bars_desk import Desk, open_desk
from benchmarks.bars_newcomer import first_approved_s
from benchmarks.bars_tests import held
from benchmarks.ingest_deployment import POSTGRESQL, SQLITE


@dataclass(frozen=True, slots=True)
class Measured:
    """What one bar came to. value: in words; detail: what is wrong, the first few."""

    value: str
    is_ok: bool
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """What one database came to."""

    streams: live.Streams
    on_screen: live.OnScreen
    tabs: live.Tabs


class Run:
    """What the measuring functions share: made when the first of them asks, put away at the end."""

    def __init__(self, stack: ExitStack, *, browser_runs: int) -> None:
        self._stack = stack
        self.browser_runs = browser_runs

    @cached_property
    def desk(self) -> Desk:
        return self._stack.enter_context(open_desk())

    @cached_property
    def browser(self) -> Browser:
        return self._stack.enter_context(launched())

    @cached_property
    def chromium(self) -> Chromium:
        return Chromium(self.browser, self.desk)

    @cached_property
    def first_load(self) -> FirstLoad:
        return self.chromium.first_load()

    @cached_property
    def paint(self) -> dict[str, float]:
        return self.chromium.paint()

    @cached_property
    def actions(self) -> Actions:
        return Actions(self.chromium)

    @cached_property
    def live(self) -> dict[str, Live]:
        """On each database, in deployments of their own: the writer changes what the other bars decide."""
        found = {}
        for database in (SQLITE, POSTGRESQL):
            with open_desk(database) as desk:
                who = live.people(desk, live.STREAMS)
                streams = live.streams(desk, who)
                chromium = Chromium(self.browser, desk)
                found[database] = Live(streams, live.on_screen(chromium, who[0]), live.tabs(chromium, who[1]))
        return found

    @cached_property
    def at_once(self) -> bars_decide.AtOnce:
        """In a deployment of its own, as `undone`: each decides every draft of the practice data."""
        with open_desk() as desk:
            return bars_decide.decide_at_once(desk)

    @cached_property
    def undone(self) -> bars_decide.Undone:
        with open_desk() as desk:
            return bars_decide.approve_and_undo(desk)


Measure = Callable[[Run], Measured]


def faults_of(*kinds: str) -> Measure:
    """None on any page in any look."""

    def measure(run: Run) -> Measured:
        found = [fault for kind in kinds for fault in run.chromium.of(kind)]
        pages = len(run.chromium.pages)
        return Measured(f"{len(found)} on {pages} pages x 8 looks", not found, tuple(map(str, found[:20])))

    return measure


def tests(*paths: str) -> Measure:
    """All of these pass."""

    def measure(run: Run) -> Measured:
        found = held(*paths)
        return Measured(f"{found.passed} of {found.all} tests", found.is_whole)

    return measure


def contrasts(run: Run) -> Measured:
    text, edge = bars_static.least_text_contrast(), bars_static.least_edge_contrast()
    return Measured(f"{text:.1f}:1 / {edge:.1f}:1", text >= 4.5 and edge >= 3)


def weight(run: Run) -> Measured:
    load = run.first_load
    words = f"{load.all / 1000:.1f} KB, {load.requests} requests; JS {load.js / 1000:.1f}, CSS {load.css / 1000:.1f} KB"
    return Measured(words, load.all <= 60_000 and load.requests <= 10 and load.js <= 25_000 and load.css <= 10_000)


def paint(run: Run) -> Measured:
    seen = run.paint
    words = f"{seen['lcp'] / 1000:.2f} s, {seen['tbt']:.0f} ms, {seen['cls']:.3f}"
    return Measured(words, seen["lcp"] <= 1800 and seen["tbt"] <= 250 and seen["cls"] <= 0.02)


def usable(run: Run) -> Measured:
    took = run.chromium.usable_s()
    return Measured(f"{took:.2f} s", took <= 3)


def on_screen(run: Run) -> Measured:
    found = {database: one.on_screen for database, one in run.live.items()}
    words = "; ".join(
        f"{name} p95 {one.latency.p95:.0f}, p99 {one.latency.p99:.0f} ms, {one.busy:.0%}, {one.latency.missing} lost"
        for name, one in found.items()
    )
    is_ok = all(
        one.latency.p95 <= 500 and one.latency.p99 <= 1000 and one.busy <= 0.15 and not one.latency.missing
        for one in found.values()
    )
    return Measured(words, is_ok)


def stolen(run: Run) -> Measured:
    found = [what for one in run.live.values() for what in one.on_screen.stolen]
    return Measured(f"{len(found)} in {live.SECONDS:.0f} s on each database", not found, tuple(found))


def many_tabs(run: Run) -> Measured:
    found = {database: one.tabs for database, one in run.live.items()}
    words = "; ".join(f"{name} {one.count}, {one.after_leader_s:.2f} s" for name, one in found.items())
    return Measured(words, all(one.count == 12 and one.after_leader_s <= 2 for one in found.values()))


def many_streams(run: Run) -> Measured:
    found = {database: one.streams for database, one in run.live.items()}
    words = "; ".join(f"{name} {one.core:.0%}, p95 {one.latency.p95:.0f} ms" for name, one in found.items())
    is_ok = all(
        one.count == 20 and one.core <= 0.3 and one.latency.p95 <= 500 and not one.latency.missing
        for one in found.values()
    )
    return Measured(words, is_ok)


def searching(run: Run) -> Measured:
    """Of issue 8, paragraph 8."""
    found = {name: search.measure(name)["search"]["p95"] for name in (SQLITE, POSTGRESQL)}
    words = "; ".join(f"{name} p95 {p95:.1f} ms" for name, p95 in found.items())
    return Measured(words, all(p95 <= search.LIMIT_MS for p95 in found.values()))


def approving(run: Run) -> Measured:
    return Measured(f"{run.undone.approve_p95_ms} ms", run.undone.approve_p95_ms <= 150)


def undoing(run: Run) -> Measured:
    seen = run.undone
    words = f"{seen.suppressed} of {seen.approved} taken back, {seen.left} left"
    return Measured(words, seen.approved > 0 and seen.suppressed == seen.approved and seen.left == 0)


def at_once(run: Run) -> Measured:
    seen = run.at_once
    words = f"one won {seen.one_won} of {seen.pairs}, the other told {seen.told} of {seen.pairs}"
    return Measured(words, seen.pairs > 0 and seen.one_won == seen.told == seen.pairs)


def approving_actions(run: Run) -> Measured:
    found = (run.actions.approve_by_key(), run.actions.approve_by_mouse(), run.actions.approve_on_a_phone())
    return Measured(f"{found[0]} key / {found[1]} click / {found[2]} taps / 1 tap (by test)", found == (1, 1, 2))


def other_actions(run: Run) -> Measured:
    found = (run.actions.skip_with_reason(), run.actions.schedule(), run.actions.approve_after_edit())
    return Measured("; ".join(map(str, found)) + " + typing", found == (2, 2, 2))


def closed_window(run: Run) -> Measured:
    count = run.actions.fix_closed_window()
    return Measured(f"{count} taps", count is not None and count <= 3)


def stopping(run: Run) -> Measured:
    """After the other bars of this desk: nothing leaves it any more."""
    count, seconds = run.actions.stop_everything()
    return Measured(f"{count} actions, {seconds:.2f} s", count == 2 and seconds <= 1)


def physical(run: Run) -> Measured:
    plural, found = held("tests/web/test_formats.py", "tests/web/test_catalogue.py"), bars_static.physical_directions()
    return Measured(f"{plural.passed} of {plural.all} tests; {len(found)}", plural.is_whole and not found, tuple(found))


def newcomer(_: Run) -> Measured:
    took = first_approved_s()
    return Measured(f"2 commands (git clone, make demo), {took:.0f} s once the environment is there", took <= 120)


def suite(run: Run) -> Measured:
    found = [held("tests/browser", processes=2, profile="soak") for _ in range(run.browser_runs)]
    whole = sum(one.is_whole for one in found)
    slowest = max(one.seconds for one in found)
    return Measured(f"{slowest:.0f} s, {whole} of {len(found)} runs whole", slowest <= 180 and whole == len(found))


def lines(run: Run) -> Measured:
    found = bars_static.own_lines()
    return Measured(f"{found['js']} JS, {found['css']} CSS", found["js"] <= 400 and found["css"] <= 1500)
