"""`python -m wakeel.web.serve`: the web process. Granian embedded, because its stop and its signals are then ours.

The ingest process (`wakeel.web.ingest`) is started, checked and stopped by the same code.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server as Granian

from wakeel.clock import PracticeClockRefused, refuse_practice_clock
from wakeel.config import Config, ConfigError, Role, load_strict
from wakeel.processes import (
    EXIT_SETTINGS,
    leave,
    leave_alone_what_is_loaded,
    port_is_free,
    told_to_stop,
    watch_supervisor,
)
from wakeel.web.intake import Intake
from wakeel.web.stopping import stopping

log = logging.getLogger(__name__)

# Requests in flight; an open event stream is one. Beyond it connections wait in the backlog.
BACKPRESSURE = 1000
BACKLOG = 1024
HEADER_TIMEOUT_MS = 10_000
STOP_WITHIN_S = 8.0


class Server(Protocol):
    """serve: until `stop`, and until what is in hand is answered."""

    def serve(self) -> Coroutine[Any, Any, None]: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server process. address: host and port, and the variables they come from. prepare: before the port is opened,
    with Django set up. loop: makes the event loop it runs in.
    """

    role: Role
    address: Callable[[Config], tuple[str, int]]
    variables: tuple[str, str]
    prepare: Callable[[], None]
    server: Callable[[Config, Intake], Server]
    loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop


def main() -> int:
    """The web process: the screens, with `/webhook` on the same port. Exit codes: see `run`."""
    return run(
        Service(
            role=Role.WEB,
            address=lambda config: (config.host, config.port),
            variables=("WAKEEL_HOST", "WAKEEL_PORT"),
            prepare=_static_files,
            server=_screens,
        ),
        os.environ,
    )


def _static_files() -> None:
    from wakeel.web.static_files import build_if_stale  # noqa: PLC0415  (needs Django set up)

    build_if_stale()


def _screens(config: Config, intake: Intake) -> Server:
    from wakeel.web.asgi import build  # noqa: PLC0415  (its middleware reads the static files just built)

    return Granian(
        build(intake),
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        websockets=False,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        log_dictconfig=settings.LOGGING,
        log_level=LogLevels.error,  # it warns at every start that embedding is experimental
    )


def run(service: Service, environ: Mapping[str, str]) -> int:
    """Serve until TERM or INT. 0: stopped cleanly; 1: a fault, worth another try; 2: cannot run as it is set up."""
    watch_supervisor()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    os.environ["WAKEEL_ROLE"] = service.role
    try:
        config = load_strict(environ, role=service.role)
        refuse_practice_clock(config)
    except (ConfigError, PracticeClockRefused) as refused:
        print(refused, file=sys.stderr)
        return EXIT_SETTINGS
    django.setup()
    try:
        return _refusal(service, config) or _run(service, config)
    finally:
        _close_pool()


def _run(service: Service, config: Config) -> int:
    with asyncio.Runner(loop_factory=service.loop) as runner:
        return runner.run(_serve(service, config))


def _refusal(service: Service, config: Config) -> int:
    """0 when everything needed for serving is there, else the exit code; the reason is printed."""
    try:
        code = _port_taken(service, config) or _database_behind() or _keys_refused()
    finally:
        connection.close()
    if not code:
        service.prepare()
    return code


def _port_taken(service: Service, config: Config) -> int:
    (host, port), (host_variable, port_variable) = service.address(config), service.variables
    try:
        if port_is_free(host, port):
            return 0
        print(f"port {port} is taken: stop the other server or set {port_variable}", file=sys.stderr)
    except OSError:
        print(f"{host_variable} is not an address of this machine", file=sys.stderr)
    return EXIT_SETTINGS


def _database_behind() -> int:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        print(f"the database does not answer ({type(error).__name__})", file=sys.stderr)
        return 1
    if waiting:
        print(f"the database lacks {len(waiting)} migrations: run `wakeel migrate`", file=sys.stderr)
        return EXIT_SETTINGS
    return 0


def _keys_refused() -> int:
    from wakeel.store.keyring import KeyRefused, keyring  # noqa: PLC0415  (needs Django set up)

    try:
        keyring()
    except KeyRefused as refused:
        print(refused, file=sys.stderr)
        return EXIT_SETTINGS
    return 0


async def _serve(service: Service, config: Config) -> int:
    from wakeel.store.raw_bodies import seal  # noqa: PLC0415  (needs Django set up)

    stop = told_to_stop()
    intake = Intake(config, seal())
    server = service.server(config, intake)
    await intake.start()
    try:
        return await _until_told(server, stop)
    finally:
        # Whatever went wrong: the writer's thread would keep a process alive that serves nobody.
        await intake.stop()


async def _until_told(server: Server, stop: asyncio.Event) -> int:
    leave_alone_what_is_loaded()
    serving = asyncio.create_task(server.serve())
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        log.error("the server ended by itself: %s", serving.exception() or "no reason given")
        return 1
    stopping.set()
    server.stop()
    await asyncio.wait({serving}, timeout=STOP_WITHIN_S)
    if not serving.done():
        # Some request does not end; what was acknowledged is stored, the rest is told by the broken connection.
        log.error("stopped hard after %.0f s: a request did not end", STOP_WITHIN_S)
        leave(1)
    serving.result()
    return 0


def _close_pool() -> None:
    """PostgreSQL's pool has threads of its own that the interpreter would wait for; SQLite's has none."""
    close: Callable[[], None] | None = getattr(connection, "close_pool", None)
    if close:
        close()


if __name__ == "__main__":
    leave(main())
