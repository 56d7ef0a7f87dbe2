"""Where one practising Wakeel has its parts, the secrets it makes for itself, and all that its processes are told."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

POLICY = "policy.toml"
LOG_IN = "log_in"
SECRETS = ("app_secret", "verify_token", "access_token", "secret_key")
PHONE_NUMBER_ID, WABA_ID, DISPLAY_PHONE = "105500000000002", "215500000000001", "966110000001"
BUSINESS_NAME = "مكتب وكيل"
# Every variable the product reads begins with one of these; whatever they hold is somebody's real deployment.
FOREIGN = ("WAKEEL_", "WHATSAPP_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PG")


@dataclass(frozen=True, slots=True)
class Places:
    """One data folder and the ports beside it. ingest_port: None if the web process takes the webhooks."""

    folder: Path
    web_port: int
    simulator_port: int
    ingest_port: int | None = None

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def webhook_url(self) -> str:
        """Where the simulator brings its webhooks."""
        return f"http://127.0.0.1:{self.ingest_port or self.web_port}/webhook"

    @property
    def policy(self) -> Path:
        """The folder's own copy: whoever tries out other hours edits it."""
        return self.folder / POLICY

    def secret(self, name: str) -> Path:
        return self.folder / "secrets" / name


def environment(places: Places) -> dict[str, str]:
    """Every setting of the product, on top of an environment that is `cleaned`; secrets by file only."""
    told = {
        "WAKEEL_DATA_DIR": str(places.folder),
        "WAKEEL_PRACTICE": "true",
        "WAKEEL_PORT": str(places.web_port),
        "WAKEEL_SIMULATOR_URL": places.simulator_url,
        "WAKEEL_LOG_LEVEL": "WARNING",
        "WAKEEL_BUSINESS_NAME": BUSINESS_NAME,
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
    return told if places.ingest_port is None else told | {"WAKEEL_INGEST_PORT": str(places.ingest_port)}


def simulator_arguments(places: Places) -> list[str]:
    """What every simulator of these places is started with, behind `wakeel simulator`."""
    return [
        "--port", str(places.simulator_port),
        "--webhook-url", places.webhook_url,
        "--product-url", places.web_url,
        "--app-secret-file", str(places.secret("app_secret")),
        "--phone-number-id", PHONE_NUMBER_ID,
        "--waba-id", WABA_ID,
        "--display-phone", DISPLAY_PHONE,
        "--data-dir", str(places.folder),
    ]  # fmt: skip


def cleaned(environ: Mapping[str, str], *, kept: frozenset[str] = frozenset()) -> dict[str, str]:
    """An environment without any setting of the product's. kept: names that stay all the same."""
    return {name: value for name, value in environ.items() if name in kept or not name.startswith(FOREIGN)}


def make_secrets(places: Places) -> None:
    """The secrets once, the password at every start; files that only their owner reads."""
    places.secret("x").parent.mkdir(mode=0o700, exist_ok=True)
    for name in SECRETS:
        if not places.secret(name).exists():
            _write_secret(places.secret(name), secrets.token_hex(32))
    _write_secret(places.secret(LOG_IN), secrets.token_urlsafe(12))


def _write_secret(path: Path, text: str) -> None:
    """In one step: a start that is stopped in the middle leaves no half secret."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    os.replace(fresh, path)
