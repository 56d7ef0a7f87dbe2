"""What ends with the process that started it, and how one that is told to stop goes on to its end."""

import signal
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


STOPS = """
import asyncio, sys
from wakeel.processes import told_to_stop
async def serve():
    stop = told_to_stop()
    print("ready", flush=True)
    await stop.wait()
    print("stopping", flush=True)
asyncio.run(serve())
print("loop closed", flush=True)
sys.stdin.read()
print("done", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_told_to_stop_again_and_again_still_ends_by_itself(number: signal.Signals):
    """At every moment: when its loop is closing, when it is gone, and when the interpreter itself ends."""
    argv = [sys.executable, "-c", STOPS]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(200):
            process.send_signal(number)
            time.sleep(0.001)
        process.stdin.close()
        while process.poll() is None:
            process.send_signal(number)
        assert process.stdout.read().split("\n") == ["stopping", "loop closed", "done", ""]
    assert process.returncode == 0


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
