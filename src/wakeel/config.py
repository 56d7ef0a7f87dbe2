"""Everything a deployment can set, read from the environment once, typed, every fault listed together."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from wakeel import environment, policy_files
from wakeel.domain.policy import Policy
from wakeel.environment import Fault, Reader
from wakeel.whatsapp.mode import Mode, is_loopback_host, mode_of

LONGEST_UNDO_S = 600
MOST_OPEN_CARDS = 10
INGEST_PORT = 8002
"""Where `wakeel ingest` listens if no port is set; 8001 is the simulator's."""
# Meta repeats what it got no 200 for during seven days: a body must be known for longer (reference WA 3.2).
SHORTEST_RAW_DAYS = 8
LONGEST_RAW_DAYS = 3650


class Role(StrEnum):
    """What this process is started for; decides which secrets it cannot do without."""

    TOOL = "tool"  # a command that runs and ends
    WEB = "web"
    INGEST = "ingest"  # the webhook alone
    WORKER = "worker"
    SERVE = "serve"  # the supervisor: all that web and worker need


class ConfigError(Exception):
    """The settings cannot be used. faults: all of them, values first, then combinations, then what is missing."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One deployment's settings. Secrets stay out of repr(); an empty string means "not set".

    database_url: a sqlite one always holds an absolute path. app_secrets: all that may sign a webhook, newest first.
    …_file: where a secret came from, to be read again when it changes; None if it came from the environment itself.
    ingest_port: None if no process of its own is wanted for the webhook. raw_days: how long raw bodies are kept.
    keys_dir: outside the database's backup set. anchors_dir: signed statements of how the ledger stood, one file a
    business; anchor_url: where they are posted as well, '' for nowhere. policy: the sending policy that ships, with
    this deployment's changes. public_url: scheme and host by which people reach the screens, None on one machine.
    practice: set by the demo only; such a folder can never go live. caldav_url: the calendar collection that meetings
    are written to, with a slash at its end, '' for none. smtp_host: '' if nothing goes out by e-mail; smtp_security:
    `starttls`, `tls` or, on this machine only, `none`; smtp_from: the address that mails come from. llm_url: of an
    OpenAI-compatible endpoint that suggests first texts, '' for templates alone. media_hosts: where files that people
    sent are fetched from.
    """

    data_dir: Path
    database_url: str = field(repr=False)
    verify_token: str = field(repr=False)
    verify_token_file: Path | None
    app_secrets: tuple[str, ...] = field(repr=False)
    app_secret_file: Path | None
    access_token: str = field(repr=False)
    phone_number_id: str
    waba_id: str
    display_phone: str = field(repr=False)
    graph_url: str
    graph_version: str
    allow_live_send: bool
    secret_key: str = field(repr=False)
    keys_dir: Path
    anchors_dir: Path
    anchor_url: str = field(repr=False)
    caldav_url: str = field(repr=False)
    caldav_user: str = field(repr=False)
    caldav_password: str = field(repr=False)
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str = field(repr=False)
    smtp_password: str = field(repr=False)
    smtp_from: str
    llm_url: str = field(repr=False)
    llm_model: str
    llm_key: str = field(repr=False)
    media_hosts: tuple[str, ...]
    time_zone: str
    default_region: str
    policy: Policy = field(repr=False)
    undo_seconds: int
    open_cards: int
    business_name: str
    notice_url: str | None
    host: str
    port: int
    ingest_host: str
    ingest_port: int | None
    raw_days: int
    allowed_hosts: tuple[str, ...]
    public_url: str | None
    simulator_url: str | None
    practice: bool
    log_level: str

    @property
    def mode(self) -> Mode:
        """live, practice or dry; shown on every screen."""
        return mode_of(self.graph_url, allow_live_send=self.allow_live_send)

    @property
    def sqlite_path(self) -> Path | None:
        """The one database file; None when the deployment is on PostgreSQL."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @property
    def is_https(self) -> bool:
        """True if people reach the screens over TLS: cookies are then never sent without it."""
        return self.public_url is not None and self.public_url.startswith("https://")


@cache
def get() -> Config:
    """The settings of this process, read once; `get.cache_clear()` is for tests. Raises ConfigError."""
    return load(os.environ)


def load(environ: Mapping[str, str]) -> Config:
    """Settings whose values can be used; secrets may be missing. Raises ConfigError with every fault."""
    return load_strict(environ, role=Role.TOOL)


def load_strict(environ: Mapping[str, str], *, role: Role) -> Config:
    """Settings that `role` can be started with. Raises ConfigError with every fault, values and combinations alike."""
    read = Reader(environ)
    config = _read(read)
    broken = {fault.name for fault in read.faults}
    faults = (*read.faults, *_combinations(config), *_missing(config, role=role, broken=broken))
    if faults:
        raise ConfigError(faults)
    return config


def _read(read: Reader) -> Config:
    data_dir = read("WAKEEL_DATA_DIR", environment.folder, Path("data").absolute())
    return Config(
        data_dir=data_dir,
        database_url=read("DATABASE_URL", environment.database_url, f"sqlite:///{data_dir / 'wakeel.sqlite3'}"),
        verify_token=read("WHATSAPP_VERIFY_TOKEN", str, ""),
        verify_token_file=read.file_of("WHATSAPP_VERIFY_TOKEN"),
        app_secrets=read("WHATSAPP_APP_SECRET", environment.words, ()),
        app_secret_file=read.file_of("WHATSAPP_APP_SECRET"),
        access_token=read("WHATSAPP_ACCESS_TOKEN", environment.header_safe, ""),
        phone_number_id=read("WHATSAPP_PHONE_NUMBER_ID", environment.digits, ""),
        waba_id=read("WHATSAPP_WABA_ID", environment.digits, ""),
        display_phone=read("WHATSAPP_DISPLAY_PHONE", environment.phone_digits, ""),
        graph_url=read("WHATSAPP_GRAPH_URL", environment.graph_url, "https://graph.facebook.com"),
        graph_version=read("WHATSAPP_GRAPH_VERSION", environment.graph_version, "v26.0"),
        allow_live_send=read("WHATSAPP_ALLOW_LIVE_SEND", environment.true_or_false, False),  # noqa: FBT003
        secret_key=read("WAKEEL_SECRET_KEY", environment.secret_key, ""),
        keys_dir=read("WAKEEL_KEYS_DIR", environment.folder, data_dir / "keys"),
        anchors_dir=read("WAKEEL_ANCHORS_DIR", environment.folder, data_dir / "anchors"),
        anchor_url=read("WAKEEL_ANCHOR_URL", environment.anchor_url, ""),
        caldav_url=read("WAKEEL_CALDAV_URL", environment.calendar_url, ""),
        caldav_user=read("WAKEEL_CALDAV_USER", environment.login_name, ""),
        caldav_password=read("WAKEEL_CALDAV_PASSWORD", str, ""),
        smtp_host=read("WAKEEL_SMTP_HOST", environment.host_name, ""),
        smtp_port=read("WAKEEL_SMTP_PORT", environment.number(1, 65535), 587),
        smtp_security=read("WAKEEL_SMTP_SECURITY", environment.one_of("starttls", "tls", "none"), "starttls"),
        smtp_user=read("WAKEEL_SMTP_USER", environment.mail_login, ""),
        smtp_password=read("WAKEEL_SMTP_PASSWORD", environment.mail_login, ""),
        smtp_from=read("WAKEEL_SMTP_FROM", environment.mail_address, ""),
        llm_url=read("WAKEEL_LLM_URL", environment.model_url, ""),
        llm_model=read("WAKEEL_LLM_MODEL", environment.model_name, ""),
        llm_key=read("WAKEEL_LLM_KEY", environment.header_safe, ""),
        media_hosts=read("WHATSAPP_MEDIA_HOSTS", environment.host_names, ("lookaside.fbsbx.com",)),
        time_zone=read("WAKEEL_TIME_ZONE", environment.time_zone, "Asia/Riyadh"),
        default_region=read("WAKEEL_DEFAULT_REGION", environment.region, "SA"),
        policy=read("WAKEEL_POLICY", environment.policy, policy_files.load("")),
        undo_seconds=read("WAKEEL_UNDO_SECONDS", environment.number(0, LONGEST_UNDO_S), 10),
        open_cards=read("WAKEEL_OPEN_CARDS", environment.number(1, MOST_OPEN_CARDS), 3),
        business_name=read("WAKEEL_BUSINESS_NAME", str, "وكيل"),
        notice_url=read("WAKEEL_NOTICE_URL", environment.page_url, None),
        host=read("WAKEEL_HOST", str, "127.0.0.1"),
        port=read("WAKEEL_PORT", environment.number(1, 65535), 8000),
        ingest_host=read("WAKEEL_INGEST_HOST", str, "127.0.0.1"),
        ingest_port=read("WAKEEL_INGEST_PORT", environment.number(1, 65535), None),
        raw_days=read("WAKEEL_RAW_DAYS", environment.number(SHORTEST_RAW_DAYS, LONGEST_RAW_DAYS), 30),
        allowed_hosts=read("WAKEEL_ALLOWED_HOSTS", environment.words, ()),
        public_url=read("WAKEEL_PUBLIC_URL", environment.bare_url, None),
        simulator_url=read("WAKEEL_SIMULATOR_URL", environment.bare_url, None),
        practice=read("WAKEEL_PRACTICE", environment.true_or_false, False),  # noqa: FBT003
        log_level=read("WAKEEL_LOG_LEVEL", environment.log_level, "INFO"),
    )


def _combinations(config: Config) -> list[Fault]:
    """Values that are fine alone and unsafe together."""
    faults = []
    if config.practice and config.allow_live_send:
        faults.append(Fault("WHATSAPP_ALLOW_LIVE_SEND", "is true in a practice folder", "go live from another folder"))
    if config.practice and config.mode is not Mode.PRACTICE:
        faults.append(Fault("WHATSAPP_GRAPH_URL", "leaves this machine in a practice folder", "name the simulator"))
    if not is_loopback_host(config.host) and not config.allowed_hosts and config.public_url is None:
        problem = "is not set although WAKEEL_HOST listens to the network"
        faults.append(Fault("WAKEEL_PUBLIC_URL", problem, "give the https address people use"))
    if config.ingest_port == config.port and config.ingest_host == config.host:
        faults.append(Fault("WAKEEL_INGEST_PORT", "is the port of the screens", "give the webhook's process its own"))
    if config.public_url and not config.is_https and not is_loopback_host(environment.host_of(config.public_url)):
        faults.append(Fault("WAKEEL_PUBLIC_URL", "is not https", "put TLS in front: passwords travel to this address"))
    if config.llm_url and not config.llm_model:
        faults.append(Fault("WAKEEL_LLM_MODEL", "is not set although WAKEEL_LLM_URL is", "give the model's name"))
    return faults + _mail_faults(config)


def _mail_faults(config: Config) -> list[Fault]:
    """What a mail server that is set cannot do without."""
    if not config.smtp_host:
        return []
    faults = []
    if not config.smtp_from:
        faults.append(Fault("WAKEEL_SMTP_FROM", "is not set although WAKEEL_SMTP_HOST is", "give the sender's address"))
    if config.smtp_security == "none" and not is_loopback_host(config.smtp_host):
        problem = "is none although the server is not on this machine"
        faults.append(Fault("WAKEEL_SMTP_SECURITY", problem, "use starttls or tls: the password would travel openly"))
    return faults


def _missing(config: Config, *, role: Role, broken: set[str]) -> list[Fault]:
    """What `role` cannot do without; a variable that is set but broken is reported once, not twice."""
    web, worker = role in {Role.WEB, Role.SERVE}, role in {Role.WORKER, Role.SERVE}
    webhook = web or role is Role.INGEST
    live = worker and config.mode is Mode.LIVE
    key = f"at least {environment.SHORTEST_SECRET_KEY} random characters"
    needed = (
        (webhook, "WHATSAPP_VERIFY_TOKEN", config.verify_token, "the word Meta repeats when it verifies the webhook"),
        (webhook, "WHATSAPP_APP_SECRET", config.app_secrets, "the app secret that signs webhooks"),
        (live, "WHATSAPP_ACCESS_TOKEN", config.access_token, "the token that may send"),
        (live, "WHATSAPP_PHONE_NUMBER_ID", config.phone_number_id, "the id of the sending number"),
        (web or worker, "WAKEEL_SECRET_KEY", config.secret_key, key),
    )
    return [
        Fault(name, "is not set", f"give {what}, or name a file in {name}_FILE")
        for wanted, name, value, what in needed
        if wanted and not value and name not in broken
    ]
