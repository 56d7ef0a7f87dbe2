"""Commands that bring files in: import-opportunities, import-consents."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wakeel.commands.start import EXIT_REFUSED, Add, Refused, business, configured, file_contents, set_up_django

if TYPE_CHECKING:
    from wakeel.config import Config


def add_to(command: Add) -> None:
    """Add them to the console script."""
    for name, run, text in (
        ("import-opportunities", _import_opportunities, "import opportunities from a CSV or XLSX file"),
        ("import-consents", _import_consents, "import consents and withdrawals with evidence from a CSV or XLSX file"),
    ):
        importer = command(name, run, text)
        importer.add_argument("file", type=Path, metavar="FILE")
        importer.add_argument(
            "--accept-valid", action="store_true", help="import the good rows although others are bad"
        )
        importer.add_argument("--preview", action="store_true", help="say what would happen, and import nothing")


def _import_opportunities(given: argparse.Namespace) -> int:
    from_file = file_contents(given.file)
    config = configured("tool")
    set_up_django("tool")
    from wakeel.flows.import_opportunities import import_opportunities, preview_opportunities

    return _import(import_opportunities, preview_opportunities, from_file, config=config, given=given)


def _import_consents(given: argparse.Namespace) -> int:
    from_file = file_contents(given.file)
    config = configured("tool")
    set_up_django("tool")
    from wakeel.flows.import_consents import import_consents, preview_consents

    return _import(import_consents, preview_consents, from_file, config=config, given=given)


def _import(
    run: Callable[..., Any],
    preview: Callable[..., Any],
    data: bytes,
    *,
    config: "Config",
    given: argparse.Namespace,
) -> int:
    """Import, or only look, and say what happened; every bad row and every doubt on a line of its own."""
    from wakeel import clock

    if given.preview:
        seen = preview(business(config), data, now=clock.now())
        for row in seen.rows:
            print(_previewed(row))
        _tell_report(seen.report)
        print("nothing was imported: this was a preview")
        return EXIT_REFUSED if seen.report.faults else 0
    report = run(business(config), data, accept_valid=given.accept_valid, now=clock.now())
    if report.faults and not given.accept_valid:
        _tell_doubts(report)
        raise Refused("nothing was imported: correct these rows, or import the others with --accept-valid")
    _tell_report(report)
    return 0


def _previewed(row: Any) -> str:
    cells = [cell if isinstance(cell, str) else cell.en for cell in row.cells]
    note = f" ({row.note.en})" if row.note else ""
    return f"line {row.line}: {' | '.join(cell.replace(chr(10), ' ') for cell in cells)}{note}"


def _tell_doubts(report: Any) -> None:
    from wakeel.domain.text import plain

    for fault in report.faults:
        # A header is somebody else's text: no control characters on a terminal.
        place = f"line {fault.line}, column {plain(fault.column)}" if fault.column else f"line {fault.line}"
        print(f"{place}: {fault.reason.en}", file=sys.stderr)
    for warning in report.warnings:
        print(f"look at this: {warning.en}", file=sys.stderr)


def _tell_report(report: Any) -> None:
    _tell_doubts(report)
    counts = [f"{report.imported} imported, {report.updated} updated, {report.unchanged} unchanged"]
    counts += [f"{report.withdrawn} withdrawn"] if report.withdrawn else []
    counts += [f"{report.refused_lines} refused"]
    counts += [f"{report.conflicts} of them asked us to stop or were erased"] if report.conflicts else []
    print(", ".join(counts))
