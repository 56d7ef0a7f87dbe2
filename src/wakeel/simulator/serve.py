"""Runs the simulator: one process, one port, until TERM or INT or the end of its supervisor."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from wakeel.simulator import phones_file
from wakeel.simulator.guard import Guard
from wakeel.simulator.parent import Orphaned, end_with_supervisor
from wakeel.simulator.personas import NOBODY, Cast, PersonaFault, load
from wakeel.simulator.phones_file import PhonesFileFault
from wakeel.simulator.practice_clock import ClockFault, PracticeClock
from wakeel.simulator.running import Running
from wakeel.simulator.settings import Options, is_loopback_host, parse
from wakeel.simulator.snapshot import Snapshot, nothing
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.world import Taken, World

LIVE_SEND = "WHATSAPP_ALLOW_LIVE_SEND"
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
    """Serve until TERM or INT and end the process with 0. Returns 1 (and says why on stderr) if it cannot start."""
    if os.environ.get(LIVE_SEND, "").strip().lower() not in {"", "false"}:
        return _refuse(f"{LIVE_SEND} is set: unset it, nothing here ever reaches real people")
    try:
        end_with_supervisor(os.environ)
        cast = _cast(options)
        clock = PracticeClock(options.data_dir)
        past = phones_file.read(options.data_dir) if options.data_dir else nothing()
        world = World(cast.personas, kept=past.phones)
    except (Orphaned, PersonaFault, ClockFault, PhonesFileFault, OSError) as fault:
        return _refuse(str(fault))
    except Taken as fault:
        return _refuse(f"{fault}; give it another one in the personas file, or move {phones_file.FILE_NAME} away")
    if not _port_is_free(options.host, options.port):
        return _refuse(f"port {options.port} is taken by another program; stop it or choose another with --port")

    async def serve() -> int:
        board = _board(options, cast, world, clock=clock, past=past)
        return await _serve(Running(board, seed=partial(_seed, options, clock)), options)

    _leave(asyncio.run(serve()))


def _cast(options: Options) -> Cast:
    return load(options.personas) if options.personas else NOBODY


def _seed(options: Options, clock: PracticeClock) -> Switchboard:
    """As at the very first start. Raises PersonaFault and Taken."""
    cast = _cast(options)
    return _board(options, cast, World(cast.personas), clock=clock, past=nothing())


def _board(options: Options, cast: Cast, world: World, *, clock: PracticeClock, past: Snapshot) -> Switchboard:
    return Switchboard(
        options, business_name=cast.business_name, clock=clock, world=world, past=past, scripts=cast.scripts
    )


async def _serve(running: Running, options: Options) -> int:
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, running.stopping.set)
    server = _server(running, options)
    serving = asyncio.create_task(server.serve())
    await _until_listening(options, serving)
    if serving.done():
        serving.result()
        return _refuse("the server ended before it listened")
    page = f"http://localhost:{options.port}" if is_loopback_host(options.host) else options.address
    print(f"simulator ready: {page}/", flush=True)
    running.begin()
    tasks = [serving]
    if options.data_dir:
        tasks.append(asyncio.create_task(running.keep(options.data_dir, complain=_refuse)))
    await _until_stopped(running, server, tasks)
    for keeping in tasks[1:]:
        await keeping
    if not serving.done():
        _refuse("an open request did not end; leaving all the same")
        os._exit(1)
    serving.result()
    return 0


async def _until_stopped(running: Running, server: Server, tasks: list[asyncio.Task[None]]) -> None:
    """Serve until told to stop, or until a task ends by itself; then wait for the tasks and stop the postman."""
    stopping = asyncio.create_task(running.stopping.wait())
    await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    running.stopping.set()
    running.board.stopping.set()
    server.stop()
    await asyncio.wait(tasks, timeout=STOP_S)
    await running.board.postman.close()


def _server(running: Running, options: Options) -> Server:
    return Server(
        Guard(running, host=options.host),
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


def _leave(code: int) -> NoReturn:
    """End the process without the interpreter's own end: a thread of the server that is still about aborts in it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _refuse(why: str) -> int:
    print(f"simulator: {why}", file=sys.stderr, flush=True)
    return 1
