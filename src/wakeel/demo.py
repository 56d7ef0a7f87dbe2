"""`wakeel demo`: the whole of it on one machine, with simulated phones, in the folder `.demo`.

The environment's own settings are not read, nothing can leave the machine, and what was done yesterday is still there.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from wakeel.demo_reset import RESET, Reset, Seed, prepare
from wakeel.processes import SUPERVISOR_VARIABLE, FolderLock, port_is_free
from wakeel.rehearsal.places import POLICY, Places, cleaned, environment, make_secrets, simulator_arguments
from wakeel.worker.supervisor import Command, Supervisor, log_to_stderr, web, worker

FOLDER = ".demo"
SIMULATOR = "simulator"
PHONES = "phones.json"  # the simulator's own: it is there once something ran
FIRST_PORT, LAST_PORT = 8000, 8099


class CannotDemonstrate(Exception):
    """The demo cannot start; the message says what to do."""


def run(checkout: Path) -> int:
    """Set up what is missing, then serve until stopped. 0: stopped cleanly; 2: cannot start here.

    Raises CannotDemonstrate, and FolderInUse while another demo runs on the same folder.
    """
    _refuse_live_flag()
    examples = checkout / "examples"
    if not (examples / "personas.toml").is_file():
        raise CannotDemonstrate(f"there is no {examples / 'personas.toml'}: run the demo in a checkout of Wakeel")
    folder = checkout / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    with FolderLock(folder):
        free = _free_ports()
        places = Places(folder, next(free), next(free))
        make_secrets(places)
        if not places.policy.exists():
            shutil.copy(examples / POLICY, places.policy)
        _take_environment(told(places, examples))
        log_to_stderr("WARNING")
        return _serve(places, examples)


def _serve(places: Places, examples: Path) -> int:
    """Prepare what is missing, then run until stopped; the exit code."""
    commands = _commands(places, examples)
    reset = Reset(Seed(places.folder), [command.name for command in commands if command.name != SIMULATOR])
    is_new = not (places.folder / PHONES).exists()
    reset.finish()
    if code := prepare():
        return code
    if is_new:
        reset.seed.keep()
    return Supervisor(commands, tend=reset.tend).run()


def told(places: Places, examples: Path) -> dict[str, str]:
    """All that the demo's processes are told. examples: the sample files of a checkout."""
    return environment(places) | {"WAKEEL_DEMO_EXAMPLES": str(examples)}


def _commands(places: Places, examples: Path) -> list[Command]:
    cli = [sys.executable, "-m", "wakeel.cli"]
    simulator = [*cli, "simulator", *simulator_arguments(places), "--personas", str(examples / "personas.toml")]
    simulator += ["--reset-file", str(places.folder / RESET), "--recorded-start", "demo"]
    # The scenario of the demo lets them write, when the product knows them.
    simulator += ["--quiet-personas"]
    welcome = [*cli, "demo", "--step", "welcome"]
    return [web(), worker(), Command(SIMULATOR, simulator), Command("welcome", welcome, once=True)]


def _refuse_live_flag() -> None:
    """Somebody who exported the live flag may believe that this reaches people."""
    if os.environ.get("WHATSAPP_ALLOW_LIVE_SEND", "false").strip().lower() not in {"", "false"}:
        raise CannotDemonstrate("WHATSAPP_ALLOW_LIVE_SEND is set: unset it, the demo never sends to real people")


def _free_ports() -> Iterator[int]:
    yield from (port for port in range(FIRST_PORT, LAST_PORT + 1) if port_is_free("127.0.0.1", port))
    raise CannotDemonstrate(f"no two ports from {FIRST_PORT} to {LAST_PORT} are free: stop another program")


def _take_environment(environ: dict[str, str]) -> None:
    """This process and its children see the demo's settings and no others."""
    kept = cleaned(os.environ, kept=frozenset({SUPERVISOR_VARIABLE}))
    for name in os.environ.keys() - kept.keys():
        del os.environ[name]
    os.environ.update(environ)
