"""`wakeel doctor`: is this deployment ready for Meta, and what to do where it is not."""

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wakeel.commands.start import EXIT_REFUSED, Add, configured, set_up_django
from wakeel.processes import EXIT_SETTINGS

if TYPE_CHECKING:
    from wakeel.domain.checkup import Finding


def add_to(command: Add) -> None:
    """Add it to the console script."""
    adder = command("doctor", _doctor, "check settings, database, worker, webhook and Meta's side; say what to do")
    adder.add_argument("--language", choices=["ar", "en"], default="en")
    text = "send both cards to an enrolled operator's own phone and report each of the six taps"
    adder.add_argument("--live-test", action="store_true", help=text)
    adder.add_argument("--operator", default="", metavar="USERNAME", help="with --live-test: whose phone, if several")
    adder.add_argument("--minutes", type=float, default=5.0, metavar="N", help="with --live-test: wait so long")


def _doctor(given: argparse.Namespace) -> int:
    if given.live_test:
        return _live_test(given)
    from wakeel.clock import PracticeClockRefused, refuse_practice_clock
    from wakeel.config import ConfigError, Role, load_strict
    from wakeel.domain.checkup import Grade, worst
    from wakeel.domain.checkup_house import judge_faults

    try:
        config = load_strict(os.environ, role=Role.SERVE)
        refuse_practice_clock(config)
    except ConfigError as error:
        _tell(judge_faults([str(fault) for fault in error.faults]), given.language)
        return EXIT_SETTINGS
    except PracticeClockRefused as refused:
        _tell(judge_faults([str(refused)]), given.language)
        return EXIT_SETTINGS
    set_up_django("tool")
    from wakeel.commands.examine import examine

    findings = examine(config)
    _tell(findings, given.language)
    return EXIT_REFUSED if worst(findings) is Grade.FAIL else 0


def _live_test(given: argparse.Namespace) -> int:
    config = configured("tool")
    set_up_django("tool")
    from wakeel.commands.live_test import run

    return run(config, username=given.operator, minutes=given.minutes, language=given.language)


def _tell(findings: Sequence["Finding"], language: str) -> None:
    from wakeel.domain.checkup import summary

    for finding in findings:
        print("\n".join(finding.lines(language)))
    print(summary(findings, language))
