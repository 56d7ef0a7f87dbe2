"""Runs the real worker or web process with shorter leases: `python -m wakeel.rehearsal.hurried worker|web`.

A message whose worker died is in doubt for the two minutes of lease and grace. Under chaos, and where a scenario asks
for it, they are seconds, so that a short run has the whole life of such a message in it; nothing else is different.
"""

import importlib
import os
import sys
from datetime import timedelta
from typing import Any

from wakeel.processes import leave

MODULES = {"worker": "wakeel.worker.run", "web": "wakeel.web.serve"}
HURRIED = {role: ("-m", "wakeel.rehearsal.hurried", role) for role in MODULES}
"""What a household starts instead of its own processes (see `household.Wishes.entry`)."""
LEASE, GRACE = timedelta(seconds=4), timedelta(seconds=1)


def main(role: str) -> int:
    """The exit code of the process it becomes."""
    # Before any other module takes these names from it.
    outbox: Any = importlib.import_module("wakeel.domain.outbox")
    outbox.LEASE, outbox.SETTLE_GRACE = LEASE, GRACE
    os.environ["WAKEEL_ROLE"] = role
    code: int = importlib.import_module(MODULES[role]).main()
    return code


if __name__ == "__main__":
    leave(main(sys.argv[1]))
