"""`python -m wakeel.web.serve`: the web process. Granian embedded, because its stop and its signals are then ours."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from wakeel.clock import PracticeClockRefused, refuse_practice_clock
from wakeel.config import Config, ConfigError, Role, load_strict
from wakeel.processes import EXIT_SETTINGS, port_is_free, watch_supervisor
from wakeel.web.stopping import stopping

log = logging.getLogger(__name__)

# Requests in flight; an open event stream is one. Beyond it connections wait in the backlog.
BACKPRESSURE = 1000
BACKLOG = 1024
HEADER_TIMEOUT_MS = 10_000
STOP_WITHIN_S = 8.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main() -> int:
    """Serve until TERM or INT. 0: stopped cleanly; 1: a fault, worth another try; 2: cannot run as it is set up."""
    watch_supervisor()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    os.environ["WAKEEL_ROLE"] = Role.WEB
    try:
        config = load_strict(os.environ, role=Role.WEB)
        refuse_practice_clock(config)
    except (ConfigError, PracticeClockRefused) as refused:
        print(refused, file=sys.stderr)
        return EXIT_SETTINGS
    django.setup()
    try:
        return _prepared(config) or asyncio.run(_serve(config))
    finally:
        # The loop's handlers are gone with the loop: being told twice must not turn a clean stop into a death.
        for name in STOP_SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        _close_pool()


def _prepared(config: Config) -> int:
    """0 when everything needed for serving is there, else the exit code; the reason is printed."""
    from wakeel.store.keyring import KeyRefused, keyring  # noqa: PLC0415  (needs Django set up)
    from wakeel.web.static_files import build_if_stale  # noqa: PLC0415

    try:
        if not port_is_free(config.host, config.port):
            print(
                f"port {config.port} is taken: stop the other server or set WAKEEL_PORT",
                file=sys.stderr,
            )
            return EXIT_SETTINGS
    except OSError:
        print("WAKEEL_HOST is not an address of this machine", file=sys.stderr)
        return EXIT_SETTINGS
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        print(f"the database does not answer ({type(error).__name__})", file=sys.stderr)
        return 1
    finally:
        connection.close()
    if waiting:
        print(f"the database lacks {len(waiting)} migrations: run `wakeel migrate`", file=sys.stderr)
        return EXIT_SETTINGS
    try:
        keyring()
    except KeyRefused as refused:
        print(refused, file=sys.stderr)
        return EXIT_SETTINGS
    finally:
        connection.close()
    build_if_stale()
    return 0


async def _serve(config: Config) -> int:
    from wakeel.web.asgi import build  # noqa: PLC0415  (its middleware reads the static files just built)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in STOP_SIGNALS:
        loop.add_signal_handler(name, stop.set)
    server = Server(
        build(config),
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        websockets=False,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        log_dictconfig=settings.LOGGING,
        log_level=LogLevels.error,  # it warns at every start that embedding is experimental
    )
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
        logging.shutdown()
        os._exit(1)
    serving.result()
    return 0


def _close_pool() -> None:
    """PostgreSQL's pool has threads of its own that the interpreter would wait for; SQLite has none."""
    close: Callable[[], None] | None = getattr(connection, "close_pool", None)
    if close:
        close()


if __name__ == "__main__":
    sys.exit(main())
