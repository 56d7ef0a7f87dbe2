"""`python -m wakeel.web.ingest`: the webhook alone, in a process that no screen can keep from its work."""

import os

from granian.constants import Interfaces

from wakeel.config import INGEST_PORT, Role
from wakeel.processes import leave
from wakeel.web.rsgi import Application
from wakeel.web.serve import Service, run


def main() -> int:
    """Serve `/webhook` and `/healthz` on its own port. Exit codes: see `wakeel.web.serve.run`."""
    return run(
        Service(
            role=Role.INGEST,
            address=lambda config: (config.ingest_host, config.ingest_port or INGEST_PORT),
            variables=("WAKEEL_INGEST_HOST", "WAKEEL_INGEST_PORT"),
            interface=Interfaces.RSGI,
            prepare=lambda: None,
            build=Application,
        ),
        os.environ,
    )


if __name__ == "__main__":
    leave(main())
