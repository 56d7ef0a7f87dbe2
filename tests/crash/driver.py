"""Runs the real worker or web process with one fault point: `driver.py worker|web [name=value …]`.

die_before_post, die_after_post: the address to whose message SIGKILL comes; everything else is sent as usual.
lease_s, grace_s: shorter than the product's, so that a test need not wait two minutes.
"""

import importlib
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django

MODULES = {"worker": "wakeel.worker.run", "web": "wakeel.web.serve"}


def main(role: str, wishes: Mapping[str, str]) -> int:
    # Before anything else imports these names from their module.
    outbox: Any = importlib.import_module("wakeel.domain.outbox")
    if "lease_s" in wishes:
        outbox.LEASE = timedelta(seconds=float(wishes["lease_s"]))
    if "grace_s" in wishes:
        outbox.SETTLE_GRACE = timedelta(seconds=float(wishes["grace_s"]))
    os.environ["WAKEEL_ROLE"] = role
    django.setup()
    _set_fault_points(wishes)
    code: int = importlib.import_module(MODULES[role]).main()
    return code


def _set_fault_points(wishes: Mapping[str, str]) -> None:
    client: Any = importlib.import_module("wakeel.whatsapp.client")
    send = client.CloudApi.send

    async def send_or_die(api: Any, phone_number_id: str, body: Mapping[str, Any], *, attempt_id: str) -> Any:
        if body["to"] == wishes.get("die_before_post"):
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = await send(api, phone_number_id, body, attempt_id=attempt_id)
        if body["to"] == wishes.get("die_after_post"):
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    client.CloudApi.send = send_or_die


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], dict(wish.split("=", 1) for wish in sys.argv[2:])))
