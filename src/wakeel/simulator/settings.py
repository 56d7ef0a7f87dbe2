"""The simulator's options. Secrets come from files; every address is on this machine unless the network is allowed."""

import argparse
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wakeel.simulator.durations import DAY_S
from wakeel.simulator.rules.book import RuleMistake, wish_of


@dataclass(frozen=True, slots=True)
class Ladder:
    """Seconds from acceptance to each status of a delivered message."""

    sent_s: float
    delivered_s: float
    read_s: float

    @property
    def pace(self) -> float:
        """How long anything takes on phones, against its time in a normal rehearsal."""
        return self.read_s / NORMAL_READ_S


MOST_REVIEW_S = DAY_S
NORMAL_READ_S = 4.0
NORMAL_LADDER = Ladder(sent_s=0.3, delivered_s=1.0, read_s=NORMAL_READ_S)
FAST_LADDER = Ladder(sent_s=0.02, delivered_s=0.05, read_s=0.1)


@dataclass(frozen=True, slots=True)
class Options:
    """What one simulator process was started with.

    host: an IP address. host, webhook_url: on loopback unless the network was allowed.
    product_url: on loopback; None when no product screens exist.
    display_phone: digits without `+`, as Meta writes `display_phone_number`.
    personas: None means that the file names nobody. data_dir: None means that clock and chats are forgotten at stop.
    rules: changes of their defaults. real_backoff: webhooks are retried as long as Meta does, in business time.
    reset_file: written at a reset, and gone once the product has gone back too; None when nobody waits for it.
    recorded_start: what a recorded scenario names as its beginning, `home` or `demo`.
    review_s: real seconds until a new template is approved; None leaves it to the bench.
    """

    host: str
    port: int
    webhook_url: str
    app_secret: bytes
    phone_number_id: str
    waba_id: str
    display_phone: str
    personas: Path | None
    data_dir: Path | None
    product_url: str | None
    time_zone: str
    ladder: Ladder
    quiet_personas: bool
    rules: Mapping[str, Any] = field(default_factory=dict)
    real_backoff: bool = False
    reset_file: Path | None = None
    review_s: float | None = 2.0
    recorded_start: str = "home"

    @property
    def address(self) -> str:
        """Where this process listens, as the addresses it hands out begin."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def is_loopback_host(host: str) -> bool:
    """True for the literals 127.0.0.0/8 and ::1 and for exactly `localhost`; no name is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """True for an http(s) address on this machine that carries no user name."""
    return _is_plain_url(url) and is_loopback_host(urlsplit(url).hostname or "")


def _is_plain_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.username is None and bool(parts.hostname)


def parse(argv: Sequence[str]) -> Options:
    """Options of the command line; argparse prints the fault and raises SystemExit(2) when one is wrong."""
    parser = _parser()
    given = parser.parse_args(argv)
    if not given.allow_network and (far := _far(given)):
        parser.error(f"{far} is not on this machine (127.0.0.1, ::1 or localhost); --allow-network permits it")
    return Options(
        host=given.host,
        port=given.port,
        webhook_url=given.webhook_url,
        app_secret=given.app_secret_file,
        phone_number_id=given.phone_number_id,
        waba_id=given.waba_id,
        display_phone=given.display_phone,
        personas=given.personas,
        data_dir=given.data_dir,
        product_url=given.product_url,
        time_zone=given.time_zone,
        ladder=FAST_LADDER if given.fast_statuses else NORMAL_LADDER,
        quiet_personas=given.quiet_personas,
        rules={name: value for wish in given.rule for name, value in wish.items()},
        real_backoff=given.real_backoff,
        reset_file=given.reset_file,
        review_s=given.review_seconds,
        recorded_start=given.recorded_start,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wakeel simulator",
        description="A stand-in for Meta's Cloud API on this machine. Nothing reaches WhatsApp.",
    )
    add = parser.add_argument
    add("--port", type=_port, default=8001)
    add("--host", type=_host, default="127.0.0.1", help="a loopback address")
    add("--webhook-url", type=_url, required=True, help="the product's webhook, on this machine")
    network = "permit a --host and a --webhook-url beyond this machine; whoever reaches us drives the phones"
    add("--allow-network", action="store_true", help=network)
    add("--app-secret-file", type=_secret, required=True, metavar="FILE", help="holds the secret that signs webhooks")
    add("--phone-number-id", type=_digits, default="105500000000002")
    add("--waba-id", type=_digits, default="215500000000001")
    add("--display-phone", type=_digits, default="966110000001")
    add("--personas", type=_file, metavar="FILE.toml", help="who holds the phones")
    add("--data-dir", type=_folder, metavar="DIR", help="keeps the clock and the chats for the next start")
    add("--product-url", type=_loopback_url, help="the product's screens, linked from the phones page")
    add("--time-zone", default="Asia/Riyadh", help="how the phones show the time")
    add("--fast-statuses", action="store_true", help="sent, delivered and read within 0.1 s, for tests")
    add("--quiet-personas", action="store_true", help="nobody writes first")
    add("--rule", type=_rule, action="append", default=[], metavar="NAME=VALUE", help="such as pair_rate=off")
    add("--real-backoff", action="store_true", help="retry webhooks for 7 days of business time, as Meta does")
    add("--reset-file", type=Path, metavar="FILE", help="written at a reset; its removal says that the product is back")
    start = "what a recorded scenario begins with when it is run again: an empty house, or the demo"
    add("--recorded-start", choices=["home", "demo"], default="home", help=start)
    add("--review-seconds", type=_review_s, default=2.0, metavar="N", help="until a template is approved, or 'never'")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:  # noqa: PLR2004  (the range of TCP ports)
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return port


def _far(given: argparse.Namespace) -> str | None:
    """The option that leaves this machine; None if none does."""
    if not is_loopback_host(given.host):
        return f"--host {given.host}"
    return None if is_loopback_url(given.webhook_url) else f"--webhook-url {given.webhook_url}"


def _host(text: str) -> str:
    """One address: the addresses that this process hands out begin with it."""
    if text == "localhost":
        return "127.0.0.1"
    try:
        if not ipaddress.ip_address(text).is_unspecified:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text} is not the IP address of one network card")


def _url(text: str) -> str:
    if not _is_plain_url(text):
        raise argparse.ArgumentTypeError(f"{text} is not an http address without a user name")
    return text


def _loopback_url(text: str) -> str:
    if not is_loopback_url(text):
        raise argparse.ArgumentTypeError(f"{text} is not an http address on this machine (127.0.0.1, ::1 or localhost)")
    return text


def _rule(text: str) -> dict[str, Any]:
    try:
        return wish_of([text])
    except RuleMistake as mistake:
        raise argparse.ArgumentTypeError(str(mistake)) from None


def _review_s(text: str) -> float | None:
    if text == "never":
        return None
    seconds = float(text)
    if not 0 <= seconds <= MOST_REVIEW_S:
        raise argparse.ArgumentTypeError(f"{text} must be from 0 to {MOST_REVIEW_S}, or never")
    return seconds


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text} must be digits only")
    return text


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return path


def _secret(text: str) -> bytes:
    secret = _file(text).read_bytes().strip()
    if not secret:
        raise argparse.ArgumentTypeError(f"the file {text} is empty; it must hold the app secret")
    return secret
