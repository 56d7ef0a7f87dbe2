"""Bodies put into the inbox by hand, as the webhook would have: for replay and for tests."""

import subprocess
from pathlib import Path

import pytest

from tests.deployment import end, make_deployment

PUT = """
import sys
import django
django.setup()
from wakeel.flows.receive_webhook import receive_webhook
receive_webhook(*(argument.encode() for argument in sys.argv[1:]))
"""


@pytest.mark.processes
def test_each_body_is_stored_once_however_often_it_is_put(tmp_path: Path):
    """On the deployment's own database, by a process of its own: the writer brings its own connection."""
    with make_deployment(tmp_path) as deployment:
        for bodies in (["{}", "[]"], ["{}", "{}"]):
            process: subprocess.Popen[bytes] = deployment.run("-c", PUT, *bodies)
            assert process.wait(20) == 0
            end(process)
        assert deployment.query("SELECT count(*), min(state), max(state) FROM inbox") == [(2, "received", "received")]
