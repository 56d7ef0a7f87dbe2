"""`python -m wakeel.web.ingest`: the webhook alone, in a process that no screen can keep from its work."""

import os
import sys

import uvloop

from wakeel.config import INGEST_PORT, Config, Role
from wakeel.processes import leave
from wakeel.web.http1 import Reader, Server, Told
from wakeel.web.intake import Intake
from wakeel.web.serve import Service, run
from wakeel.web.webhook import Answer, Post, head_of

NOT_FOUND = Answer(404)
# The writer's thread has the next commit to begin while the loop has a hundred answers to say: it asks for the
# interpreter's lock this often, instead of every 5 ms.
SWITCH_S = 0.001


def main() -> int:
    """Serve `/webhook` and `/healthz` on its own port. Exit codes: see `wakeel.web.serve.run`."""
    sys.setswitchinterval(SWITCH_S)
    return run(
        Service(
            role=Role.INGEST,
            address=_address,
            variables=("WAKEEL_INGEST_HOST", "WAKEEL_INGEST_PORT"),
            prepare=lambda: None,
            server=_server,
            loop=uvloop.new_event_loop,
        ),
        os.environ,
    )


def _address(config: Config) -> tuple[str, int]:
    return config.ingest_host, config.ingest_port or INGEST_PORT


def _server(config: Config, intake: Intake) -> Server:
    host, port = _address(config)
    return Server(Requests(intake), host=host, port=port)


class Requests:
    """`/webhook` and `/healthz`, nothing else, no Django view."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def begin(self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], told: Told) -> Reader | None:
        path, _, query = target.partition(b"?")
        match path, method:
            case b"/webhook", b"POST":
                post = Post(self._intake.webhook, told)
                post.begin(head_of(headers))
                return post
            case b"/webhook", b"GET":
                told(self._intake.webhook.verify(query))
            case b"/webhook", _:
                told(self.unknown_method())
            case b"/healthz", _:
                told(self._intake.health())
            case _:
                told(NOT_FOUND)
        return None

    def unknown_method(self) -> Answer:
        return self._intake.webhook.unknown_method()


if __name__ == "__main__":
    leave(main())
