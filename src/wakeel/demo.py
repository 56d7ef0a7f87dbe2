"""`wakeel demo`: the whole of it on one machine, with simulated phones, in the folder `.demo`.

The environment's own settings are not read, nothing can leave the machine, and what was done yesterday is still there.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wakeel.processes import SUPERVISOR_VARIABLE, FolderLock, port_is_free
from wakeel.worker.supervisor import Command, Supervisor, log_to_stderr, web, worker

FOLDER = ".demo"
POLICY = "policy.toml"
SECRETS = ("app_secret", "verify_token", "access_token", "secret_key")
LOG_IN = "log_in"
PHONE_NUMBER_ID, WABA_ID, DISPLAY_PHONE = "105500000000002", "215500000000001", "966110000001"
FIRST_PORT, LAST_PORT = 8000, 8099
# Every variable the product reads begins with one of these; whatever they hold is somebody's real deployment.
FOREIGN = ("WAKEEL_", "WHATSAPP_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PG")


class CannotDemonstrate(Exception):
    """The demo cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the demo's parts are. examples: the sample files of a checkout."""

    folder: Path
    examples: Path
    web_port: int
    simulator_port: int

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def policy(self) -> Path:
        """The demo's own copy: whoever tries out other hours edits it."""
        return self.folder / POLICY

    def secret(self, name: str) -> Path:
        return self.folder / "secrets" / name


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
        places = Places(folder, examples, next(free), next(free))
        _make_secrets(places)
        if not places.policy.exists():
            shutil.copy(places.examples / POLICY, places.policy)
        environ = environment(places)
        _take_environment(environ)
        log_to_stderr("WARNING")
        prepared = subprocess.run([sys.executable, "-m", "wakeel.cli", "demo", "--step", "prepare"], check=False)
        return prepared.returncode or Supervisor(_commands(places)).run()


def environment(places: Places) -> dict[str, str]:
    """All that the demo's processes are told; secrets by file only."""
    return {
        "WAKEEL_DATA_DIR": str(places.folder),
        "WAKEEL_PRACTICE": "true",
        "WAKEEL_PORT": str(places.web_port),
        "WAKEEL_SIMULATOR_URL": places.simulator_url,
        "WAKEEL_LOG_LEVEL": "WARNING",
        "WAKEEL_BUSINESS_NAME": "مكتب وكيل",
        "WAKEEL_DEMO_EXAMPLES": str(places.examples),
        "WAKEEL_POLICY_FILE": str(places.policy),
        "WAKEEL_SECRET_KEY_FILE": str(places.secret("secret_key")),
        "WAKEEL_PASSWORD_FILE": str(places.secret(LOG_IN)),
        "WHATSAPP_APP_SECRET_FILE": str(places.secret("app_secret")),
        "WHATSAPP_VERIFY_TOKEN_FILE": str(places.secret("verify_token")),
        "WHATSAPP_ACCESS_TOKEN_FILE": str(places.secret("access_token")),
        "WHATSAPP_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
        "WHATSAPP_WABA_ID": WABA_ID,
        "WHATSAPP_DISPLAY_PHONE": DISPLAY_PHONE,
        "WHATSAPP_GRAPH_URL": places.simulator_url,
    }


def _commands(places: Places) -> list[Command]:
    simulator = [
        sys.executable, "-m", "wakeel.cli", "simulator",
        "--port", str(places.simulator_port),
        "--webhook-url", f"{places.web_url}/webhook",
        "--product-url", places.web_url,
        "--app-secret-file", str(places.secret("app_secret")),
        "--phone-number-id", PHONE_NUMBER_ID,
        "--waba-id", WABA_ID,
        "--display-phone", DISPLAY_PHONE,
        "--personas", str(places.examples / "personas.toml"),
        "--data-dir", str(places.folder),
    ]  # fmt: skip
    welcome = [sys.executable, "-m", "wakeel.cli", "demo", "--step", "welcome"]
    return [web(), worker(), Command("simulator", simulator), Command("welcome", welcome, once=True)]


def _refuse_live_flag() -> None:
    """Somebody who exported the live flag may believe that this reaches people."""
    if os.environ.get("WHATSAPP_ALLOW_LIVE_SEND", "false").strip().lower() not in {"", "false"}:
        raise CannotDemonstrate("WHATSAPP_ALLOW_LIVE_SEND is set: unset it, the demo never sends to real people")


def _free_ports() -> Iterator[int]:
    yield from (port for port in range(FIRST_PORT, LAST_PORT + 1) if port_is_free("127.0.0.1", port))
    raise CannotDemonstrate(f"no two ports from {FIRST_PORT} to {LAST_PORT} are free: stop another program")


def _make_secrets(places: Places) -> None:
    """The secrets once, the password at every start; files that only their owner reads."""
    places.secret("x").parent.mkdir(mode=0o700, exist_ok=True)
    for name in SECRETS:
        if not places.secret(name).exists():
            _write_secret(places.secret(name), secrets.token_hex(32))
    _write_secret(places.secret(LOG_IN), secrets.token_urlsafe(12))


def _write_secret(path: Path, text: str) -> None:
    """In one step: a demo stopped in the middle leaves no half secret."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    os.replace(fresh, path)


def _take_environment(environ: dict[str, str]) -> None:
    """This process and its children see the demo's settings and no others."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) and name != SUPERVISOR_VARIABLE]:
        del os.environ[name]
    os.environ.update(environ)
