"""`wakeel`, the console script. Each command imports what it needs: help and the simulator start without Django."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wakeel.processes import EXIT_SETTINGS, FolderInUse, FolderLock, watch_supervisor

if TYPE_CHECKING:
    from wakeel.config import Config
    from wakeel.domain.ids import BusinessId

EXIT_REFUSED = 1
# The largest file an import takes (design section 10).
LARGEST_FILE = 10 * 1024 * 1024

Command = Callable[[argparse.Namespace], int]


class Refused(Exception):
    """The command cannot be carried out. exit_code: 1 for what was asked, 2 for how it is set up."""

    def __init__(self, reason: str, *, exit_code: int = EXIT_REFUSED) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wakeel", description="A WhatsApp operator flow. Settings: environment.")
    add = parser.add_subparsers(required=True, metavar="COMMAND").add_parser

    def command(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        made = add(name, help=text, description=text)
        made.set_defaults(command=run)
        return made

    command("serve", _serve, "run the web and the worker process until stopped")
    command("worker", _worker, "run the worker alone; PostgreSQL deployments run as many as they need")
    command("migrate", _migrate, "bring the database up to this version")
    demo = command("demo", _demo, "try everything on this machine, with simulated phones, in the folder .demo")
    # How the demo calls itself for the parts that need Django.
    demo.add_argument("--step", choices=["prepare", "welcome"], help=argparse.SUPPRESS)
    add("simulator", help="stand in for Meta's Cloud API on this machine; see `wakeel simulator --help`")
    operator = command("createoperator", _createoperator, "create a log-in, or give it a new password")
    operator.add_argument("username")
    operator.add_argument("--admin", action="store_true", help="this person may also release the stop switch")
    operator.add_argument("--name", default="", help="how the screens call this person")
    for name, run, text in (
        ("import-opportunities", _import_opportunities, "import opportunities from a CSV file"),
        ("import-consents", _import_consents, "import consent evidence from a CSV file"),
    ):
        importer = command(name, run, text)
        importer.add_argument("file", type=Path, metavar="FILE")
        importer.add_argument(
            "--accept-valid", action="store_true", help="import the good rows although others are bad"
        )
    return parser


def _serve(given: argparse.Namespace) -> int:
    config = _configured("serve")
    from wakeel.worker.supervisor import Supervisor, log_to_stderr, web, worker

    log_to_stderr(config.log_level)
    with _owning(config):
        return Supervisor([web(), worker()]).run()


def _worker(given: argparse.Namespace) -> int:
    config = _configured("worker")
    with _owning(config):
        _set_up_django("worker")
        from wakeel.worker.run import main as run_worker

        return run_worker()


def _migrate(given: argparse.Namespace) -> int:
    config = _configured("tool")
    _set_up_django("tool")
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)
    if config.phone_number_id:
        _business(config)
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
    _configured("tool")
    _set_up_django("tool")
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
    _configured("tool")
    _set_up_django("tool")
    from wakeel.flows.set_up import BadLogin, create_login

    try:
        create_login(given.username, _password(), name=given.name or given.username, is_admin=given.admin)
    except BadLogin as bad:
        raise Refused("\n".join(bad.problems)) from None
    print(f"{given.username} can log in now")
    return 0


def _import_opportunities(given: argparse.Namespace) -> int:
    from_file = _file_contents(given.file)
    config = _configured("tool")
    _set_up_django("tool")
    from wakeel.flows.import_opportunities import import_opportunities

    return _import(import_opportunities, from_file, config=config, accept_valid=given.accept_valid)


def _import_consents(given: argparse.Namespace) -> int:
    from_file = _file_contents(given.file)
    config = _configured("tool")
    _set_up_django("tool")
    from wakeel.flows.import_consents import import_consents

    return _import(import_consents, from_file, config=config, accept_valid=given.accept_valid)


def _import(run: Callable[..., Any], data: bytes, *, config: "Config", accept_valid: bool) -> int:
    """Import and say what happened; every bad row on a line of its own."""
    from wakeel import clock

    report = run(_business(config), data, accept_valid=accept_valid, now=clock.now())
    for fault in report.faults:
        place = f"line {fault.line}, column {fault.column}" if fault.column else f"line {fault.line}"
        print(f"{place}: {fault.reason.en}", file=sys.stderr)
    if report.faults and not accept_valid:
        raise Refused("nothing was imported: correct these rows, or import the others with --accept-valid")
    counts = f"{report.imported} imported, {report.updated} updated, {report.unchanged} unchanged"
    print(f"{counts}, {len(report.faults)} refused")
    return 0


def _business(config: "Config") -> "BusinessId":
    """The deployment's business, made on first use."""
    from wakeel.flows.set_up import PracticeMixed, ensure_business

    try:
        return ensure_business(config)
    except PracticeMixed as mixed:
        raise Refused(str(mixed), exit_code=EXIT_SETTINGS) from None


def _configured(role: str) -> "Config":
    """Settings good enough for `role`; every fault is told at once."""
    from wakeel.clock import PracticeClockRefused, refuse_practice_clock
    from wakeel.config import ConfigError, Role, load_strict

    try:
        config = load_strict(os.environ, role=Role(role))
        refuse_practice_clock(config)
    except (ConfigError, PracticeClockRefused) as error:
        raise Refused(str(error), exit_code=EXIT_SETTINGS) from None
    return config


def _owning(config: "Config") -> AbstractContextManager[object]:
    """The lock of a SQLite data folder; on PostgreSQL several may run, the database keeps them apart."""
    return FolderLock(config.sqlite_path.parent) if config.sqlite_path else nullcontext()


def _set_up_django(role: str) -> None:
    os.environ["WAKEEL_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    import django

    django.setup()


def _password() -> str:
    """From the file named in WAKEEL_PASSWORD_FILE, a prompt (asked twice), or one line of stdin; never an argument."""
    path = os.environ.get("WAKEEL_PASSWORD_FILE", "")
    if path:
        password = _file_contents(Path(path)).decode("utf-8", errors="replace").strip()
    elif sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password again: "):
            raise Refused("the two passwords differ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise Refused("the password is empty")
    return password


def _file_contents(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(f"{path} is larger than {LARGEST_FILE // 2**20} MB: split it")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
