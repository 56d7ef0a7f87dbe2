"""What ends with the process that started it."""

import subprocess
import sys
import time

import pytest

STARTS = """
import subprocess, sys
from wakeel.processes import bound
print(subprocess.Popen(bound("/bin/sleep", "60")).pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_bound_child_is_the_command_itself_and_ends_with_whoever_started_it():
    with subprocess.Popen([sys.executable, "-c", STARTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        until(lambda: command(child).startswith("/bin/sleep"))
        parent.kill()
    until(lambda: not command(child))


def command(pid: int) -> str:
    """'' once it is gone, or waits only to be taken note of."""
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return file.read().replace("\0", " ")
    except FileNotFoundError:
        return ""


def until(is_so) -> None:
    ends = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.01)
