"""`wakeel rehearse`: scenario files against a fresh Wakeel and its simulator, or against a product that stands."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wakeel.commands.start import EXIT_REFUSED, Add, Refused
from wakeel.processes import EXIT_SETTINGS

if TYPE_CHECKING:
    from wakeel.rehearsal.report import Report
    from wakeel.rehearsal.run import Outcome
    from wakeel.rehearsal.scenario import Scenario

SQLITE = "sqlite"
LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def add_to(command: Add) -> None:
    """Add it to the console script."""
    text = "run scenario files against a fresh Wakeel with simulated phones; without FILE all that come with it"
    add = command("rehearse", _rehearse, text).add_argument
    add("files", nargs="*", type=Path, metavar="FILE")
    add("--list", action="store_true", help="say which scenarios there are and what each proves; run nothing")
    add("--lang", choices=["ar", "en"], default="en", help="language of the report")
    add("--database", default=SQLITE, metavar="sqlite|URL", help="sqlite, or the address of a PostgreSQL server")
    add("--keep", action="store_true", help="leave data and logs where the report says")
    add("--against", metavar="URL", help="a simulator that runs already: its phones are played, nothing is started")
    text = "instead of scenarios: people at random under many faults while processes die; the promises are checked"
    add("--chaos", type=int, metavar="SEED", help=text)
    add("--minutes", type=float, default=1.0, metavar="N", help="with --chaos: begin new rounds for so long")


def _rehearse(given: argparse.Namespace) -> int:
    if given.chaos is not None:
        return _chaos(given)
    from wakeel.rehearsal.scenario import load, shipped
    from wakeel.rehearsal.yaml_reader import ScenarioFaults

    try:
        scenarios = load(given.files or shipped())
    except ScenarioFaults as faults:
        raise Refused(str(faults), exit_code=EXIT_SETTINGS) from None
    if given.list:
        _list(scenarios, language=given.lang)
        return 0
    if given.against:
        return _against(scenarios, given)
    return _at_home(scenarios, given)


def _list(scenarios: Sequence["Scenario"], *, language: str) -> None:
    for scenario in scenarios:
        title = scenario.head.title.en if language == "en" else scenario.head.title.ar
        print(f"{scenario.name}: {title}")
        for proven in scenario.head.proves:
            print(f"    {proven}")


def _at_home(scenarios: Sequence["Scenario"], given: argparse.Namespace) -> int:
    from wakeel.rehearsal.databases import CannotMigrate
    from wakeel.rehearsal.run import Runner, homes

    server = _server(given)
    runnable, samples = _with_samples(scenarios)
    keep = Path(tempfile.mkdtemp(prefix="wakeel-rehearsal-")) if given.keep else None
    report = _report(runnable, given)
    try:
        with homes(server=server, keep=keep, samples=samples) as room:
            outcomes = Runner(report, room).run(runnable)
    except CannotMigrate as cannot:
        raise Refused(str(cannot), exit_code=EXIT_SETTINGS) from None
    return _verdict(report, outcomes, kept=keep is not None)


def _server(given: argparse.Namespace) -> str:
    """The address of a PostgreSQL server; '' for SQLite."""
    server: str = "" if given.database == SQLITE else given.database
    if server and not server.startswith(("postgresql://", "postgres://")):
        raise Refused(f"--database: {SQLITE}, or postgresql://…", exit_code=EXIT_SETTINGS)
    return server


def _chaos(given: argparse.Namespace) -> int:
    from wakeel.domain.words import Language
    from wakeel.rehearsal.bench import BenchRefused
    from wakeel.rehearsal.chaos.command import chaos
    from wakeel.rehearsal.clerk_line import ClerkGone
    from wakeel.rehearsal.crew import DidNotStart
    from wakeel.rehearsal.databases import CannotMigrate
    from wakeel.rehearsal.household import NotInTime

    if given.files or given.against:
        raise Refused("--chaos plays no scenario files and starts its own Wakeel", exit_code=EXIT_SETTINGS)
    keep = Path(tempfile.mkdtemp(prefix="wakeel-chaos-")) if given.keep else None
    try:
        code = chaos(
            given.chaos, minutes=given.minutes, server=_server(given), language=Language(given.lang), keep=keep
        )
    except (CannotMigrate, DidNotStart, NotInTime, BenchRefused, ClerkGone) as cannot:
        raise Refused(str(cannot), exit_code=EXIT_SETTINGS) from None
    if keep is not None:
        print(keep)
    return code


def _with_samples(scenarios: Sequence["Scenario"]) -> tuple[list["Scenario"], Path | None]:
    """What can run here, and where the demo's sample files are: only a checkout has them."""
    samples = Path.cwd() / "examples"
    if (samples / "personas.toml").is_file():
        return list(scenarios), samples
    for scenario in scenarios:
        if scenario.head.start == "demo":
            print(f"left out: {scenario.name} begins as the demo does and needs the examples of a checkout")
    return [scenario for scenario in scenarios if scenario.head.start != "demo"], None


def _against(scenarios: Sequence["Scenario"], given: argparse.Namespace) -> int:
    from wakeel.rehearsal.bench import Bench
    from wakeel.rehearsal.run import Runner

    parts = urlsplit(given.against)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK or parts.port is None:
        raise Refused("--against: http://127.0.0.1:PORT of a simulator", exit_code=EXIT_SETTINGS)
    for scenario in scenarios:
        if needs := scenario.needs_product():
            why = f"{scenario.path}: `{needs}` needs a Wakeel of its own; run it without --against"
            raise Refused(why, exit_code=EXIT_SETTINGS)
    bench = Bench(parts.port)
    try:
        bench.state()
    except OSError:
        raise Refused(f"--against: nobody answers at {given.against}", exit_code=EXIT_SETTINGS) from None
    report = _report(scenarios, given)
    return _verdict(report, Runner(report, None, bench).run(scenarios), kept=False)


def _report(scenarios: Sequence["Scenario"], given: argparse.Namespace) -> "Report":
    from wakeel.rehearsal.report import Report

    return Report(given.lang, sys.stdout, live=sys.stdout.isatty(), total=len(scenarios))


def _verdict(report: "Report", outcomes: Sequence["Outcome"], *, kept: bool) -> int:
    report.close(outcomes, kept=kept)
    return EXIT_REFUSED if any(outcome.failure for outcome in outcomes) else 0
