"""Runs the simulator: one process, one port, until TERM or INT."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from starlette.applications import Starlette

from wakeel.simulator.api import GraphApi
from wakeel.simulator.control import Control
from wakeel.simulator.guard import Guard
from wakeel.simulator.page import Page
from wakeel.simulator.personas import NOBODY, Cast, PersonaFault, load
from wakeel.simulator.practice_clock import ClockFault, PracticeClock
from wakeel.simulator.settings import Options, parse
from wakeel.simulator.switchboard import Switchboard

STOP_S = 1.5
"""How long open requests may take at stop; streams and slow answers end themselves."""


def main(argv: Sequence[str]) -> int:
    """Run with the arguments of the command line. 0 after a clean stop, 1 if it cannot start, 2 for bad arguments."""
    try:
        options = parse(argv)
    except SystemExit as leaving:  # argparse has said what is wrong, or shown its help
        return int(leaving.code or 0)
    return run(options)


def run(options: Options) -> int:
    """Serve until TERM or INT. 0 after a clean stop, 1 (and one line on stderr) if it cannot start."""
    try:
        cast = load(options.personas) if options.personas else NOBODY
        clock = PracticeClock(options.data_dir)
    except (PersonaFault, ClockFault, OSError) as fault:
        return _refuse(str(fault))
    if not _port_is_free(options.host, options.port):
        return _refuse(f"port {options.port} is taken by another program; stop it or choose another with --port")
    return asyncio.run(_serve(options, cast=cast, clock=clock))


def application(board: Switchboard) -> Guard:
    """All faces behind the guard: bench and page first, so that no Graph path can hide them."""
    return Guard(Starlette(routes=[*Control(board).routes(), *Page(board).routes(), *GraphApi(board).routes()]))


async def _serve(options: Options, *, cast: Cast, clock: PracticeClock) -> int:
    board = Switchboard(options, cast=cast, clock=clock)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, board.stopping.set)
    server = Server(
        application(board),
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=1000,  # an open stream is one request in flight
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_level=LogLevels.error,
    )
    serving = asyncio.create_task(server.serve())
    await _until_listening(options, serving)
    if serving.done():
        serving.result()
        return _refuse("the server ended before it listened")
    print(f"simulator ready: http://localhost:{options.port}/", flush=True)
    if not options.quiet_personas:
        board.open_conversations()
    stopping = asyncio.create_task(board.stopping.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    board.stopping.set()
    server.stop()
    try:
        await asyncio.wait_for(asyncio.shield(serving), STOP_S)
    except TimeoutError:
        _refuse("an open request did not end; leaving all the same")
        os._exit(1)
    await board.postman.close()
    return 0


async def _until_listening(options: Options, serving: asyncio.Task[None]) -> None:
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(options.host, options.port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


def _port_is_free(host: str, port: int) -> bool:
    """True if nobody listens. The server itself shares ports silently, so it must be asked before."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _refuse(why: str) -> int:
    print(f"simulator: {why}", file=sys.stderr, flush=True)
    return 1
