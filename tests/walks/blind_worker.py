"""A worker that is wrong about its mode, for the guard below it: run with the port that every name leads to.

The gate takes the deployment for live, and every host resolves to this machine, where something listens.
"""

import socket
import sys
from functools import partial
from typing import Any

import django
from aiohttp.abc import AbstractResolver, ResolveResult


class EveryNameIsHere(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        here = {"hostname": host, "host": "127.0.0.1", "port": int(sys.argv[1]), "family": socket.AF_INET}
        return [ResolveResult(**here, proto=0, flags=socket.AI_NUMERICHOST)]  # type: ignore[typeddict-item]

    async def close(self) -> None:
        return


def main() -> int:
    django.setup()
    from wakeel.flows import dispatch_outbox
    from wakeel.whatsapp import client
    from wakeel.worker import run

    dispatch_outbox.sends_live = lambda: True  # type: ignore[attr-defined]
    client.CloudApi = partial(client.CloudApi, resolver=EveryNameIsHere())  # type: ignore[assignment,misc]
    return run.main()


if __name__ == "__main__":
    sys.exit(main())
