"""The bars that tests hold: how many of the named tests ran, and how many of them passed."""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Held:
    """passed of all; seconds: of wall."""

    passed: int
    all: int
    seconds: float

    @property
    def is_whole(self) -> bool:
        return 0 < self.all == self.passed


def held(*paths: str, processes: int = 0, profile: str = "") -> Held:
    """Run these tests; a skipped one has not passed, a path without tests has none. processes: 0 for none beside.

    profile: of Hypothesis; with `soak` nothing is left out.
    """
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        started = time.monotonic()
        spread = ["-n", str(processes), "--dist", "loadfile"] if processes else ["-n0"]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *spread]
        environ = {**os.environ, "HYPOTHESIS_PROFILE": profile} if profile else None
        command += [f"--junitxml={report.name}", *paths]
        subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
        seconds = time.monotonic() - started
        try:
            cases = list(ET.parse(report.name).getroot().iter("testcase"))
        except ET.ParseError:
            cases = []
    return Held(sum(len(list(case)) == 0 or _passed(case) for case in cases), len(cases), seconds)


def _passed(case: ET.Element) -> bool:
    return not any(child.tag in {"failure", "error", "skipped"} for child in case)
