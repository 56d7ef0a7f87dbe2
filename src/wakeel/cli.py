"""`wakeel`, the console script. Each command imports what it needs: help and the simulator start without Django."""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from wakeel.commands import doctor, imports, ledger, questions, rehearse, replay, templates
from wakeel.commands.start import EXIT_REFUSED, Command, Refused, business, configured, file_contents, set_up_django
from wakeel.processes import EXIT_SETTINGS, FolderInUse, FolderLock, watch_supervisor
from wakeel.store.key_files import KeyRefused

if TYPE_CHECKING:
    from wakeel.config import Config


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: refused, told why on stderr; 2: settings or arguments cannot be used."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments[:1] == ["simulator"]:
        return _simulator(arguments[1:])
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        return command(given)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.exit_code
    except FolderInUse as in_use:
        print(in_use, file=sys.stderr)
        return EXIT_REFUSED
    except KeyRefused as key:
        print(key, file=sys.stderr)
        return EXIT_SETTINGS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wakeel", description="A WhatsApp operator flow. Settings: environment.")
    add = parser.add_subparsers(required=True, metavar="COMMAND").add_parser

    def command(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        made = add(name, help=text, description=text)
        made.set_defaults(command=run)
        return made

    beside = "with WAKEEL_INGEST_PORT set, the webhook's own process too"
    command("serve", _serve, f"run the web and the worker process until stopped; {beside}")
    text = "take webhooks on a port of their own, without screens; as many as needed, also beside `wakeel serve`"
    command("ingest", _ingest, text)
    command("worker", _worker, "run the worker alone; PostgreSQL deployments run as many as they need")
    command("migrate", _migrate, "bring the database up to this version")
    demo = command("demo", _demo, "try everything on this machine, with simulated phones, in the folder .demo")
    # How the demo calls itself for the parts that need Django.
    demo.add_argument("--step", choices=["prepare", "welcome"], help=argparse.SUPPRESS)
    add("simulator", help="stand in for Meta's Cloud API on this machine; see `wakeel simulator --help`")
    operator = command("createoperator", _createoperator, "create a log-in, or give it a new password")
    operator.add_argument("username")
    powers = "an administrator: also resumes sending, approves fixed texts, exports and destroys people's data"
    operator.add_argument("--admin", action="store_true", help=powers)
    operator.add_argument("--name", default="", help="how the screens call this person")
    for module in (imports, questions, ledger, replay, templates, rehearse, doctor):
        module.add_to(command)
    return parser


def _serve(given: argparse.Namespace) -> int:
    config = configured("serve")
    from wakeel.worker.supervisor import Supervisor, ingest, log_to_stderr, web, worker

    log_to_stderr(config.log_level)
    with _owning(config):
        return Supervisor([web(), worker(), *([ingest()] if config.ingest_port else [])]).run()


def _ingest(given: argparse.Namespace) -> int:
    """Without the folder's lock: it only adds rows, so it may run beside `serve` on one SQLite file."""
    configured("ingest")
    from wakeel.processes import leave
    from wakeel.web.ingest import main as run_ingest

    leave(run_ingest())


def _worker(given: argparse.Namespace) -> int:
    config = configured("worker")
    with _owning(config):
        set_up_django("worker")
        from wakeel.worker.run import main as run_worker

        return run_worker()


def _migrate(given: argparse.Namespace) -> int:
    config = configured("tool")
    set_up_django("tool")
    from wakeel.flows.set_up import DatabaseTooOld, migrate

    try:
        migrate(verbosity=1)
    except DatabaseTooOld as too_old:
        raise Refused(str(too_old), exit_code=EXIT_SETTINGS) from None
    if config.phone_number_id:
        business(config)
    return 0


def _simulator(arguments: Sequence[str]) -> int:
    from wakeel.simulator.serve import main as run_simulator

    return run_simulator(arguments)


def _demo(given: argparse.Namespace) -> int:
    if given.step:
        return _demo_step(given.step)
    from wakeel.demo import CannotDemonstrate, run

    try:
        return run(Path.cwd())
    except CannotDemonstrate as reason:
        raise Refused(str(reason), exit_code=EXIT_SETTINGS) from None


def _demo_step(step: str) -> int:
    watch_supervisor()
    configured("tool")
    set_up_django("tool")
    from wakeel import demo_steps

    try:
        if step == "prepare":
            demo_steps.prepare()
        else:
            print(demo_steps.welcome(), flush=True)
    except demo_steps.StepFailed as failed:
        raise Refused(str(failed)) from None
    return 0


def _createoperator(given: argparse.Namespace) -> int:
    config = configured("tool")
    set_up_django("tool")
    from wakeel.flows.set_up import BadLogin, create_login

    password = _password()
    try:
        create_login(
            business(config), given.username, password, name=given.name or given.username, is_admin=given.admin
        )
    except BadLogin as bad:
        raise Refused("\n".join(bad.problems)) from None
    print(f"{given.username} can log in now")
    return 0


def _owning(config: "Config") -> AbstractContextManager[object]:
    """The lock of a SQLite data folder; on PostgreSQL several may run, the database keeps them apart."""
    return FolderLock(config.sqlite_path.parent) if config.sqlite_path else nullcontext()


def _password() -> str:
    """From the file named in WAKEEL_PASSWORD_FILE, a prompt (asked twice), or one line of stdin; never an argument."""
    path = os.environ.get("WAKEEL_PASSWORD_FILE", "")
    if path:
        password = file_contents(Path(path)).decode("utf-8", errors="replace").strip()
    elif sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password again: "):
            raise Refused("the two passwords differ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise Refused("the password is empty")
    return password


if __name__ == "__main__":
    sys.exit(main())
