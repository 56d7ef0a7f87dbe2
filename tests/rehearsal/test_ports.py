"""Ports of one's own, between processes that know nothing of each other."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from wakeel.rehearsal.ports import BEHIND_LAST, EPHEMERAL, FIRST, Claims, NoPortLeft, candidates, free_port

OTHER = """
import sys
from pathlib import Path
from wakeel.rehearsal.ports import Claims
claims = Claims(Path(sys.argv[1]), map(int, sys.argv[2:]))
print(claims.claim(), claims.claim(), flush=True)
sys.stdin.read()
"""


def test_a_port_is_claimed_once_and_free_again_when_its_process_is_gone(tmp_path: Path):
    four = [free_port() for _ in range(4)]
    argv = [sys.executable, "-c", OTHER, str(tmp_path / "ports"), *map(str, four)]
    other = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    try:
        theirs = [int(port) for port in other.stdout.readline().split()]
        claims = Claims(tmp_path / "ports", four + theirs)
        ours = [claims.claim(), claims.claim()]
        assert sorted(ours + theirs) == sorted(four)
    finally:
        other.kill()
        other.wait()
    assert sorted([claims.claim(), claims.claim()]) == sorted(theirs)
    with pytest.raises(NoPortLeft):
        claims.claim()


def test_a_port_that_somebody_listens_on_is_passed_over(tmp_path: Path):
    taken, good = free_port(), free_port()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", taken))
        listener.listen()
        assert Claims(tmp_path / "ports", [taken, good]).claim() == good


@pytest.mark.skipif(not EPHEMERAL.exists(), reason="only Linux says what it gives to outgoing connections")
def test_no_outgoing_connection_takes_one():
    lowest = int(EPHEMERAL.read_text().split()[0])
    if lowest <= FIRST:
        pytest.skip("this machine gives out every port")
    assert max(candidates()) < min(lowest, BEHIND_LAST)
