"""One variable of the environment at a time: NAME or the file named in NAME_FILE, parsed or reported as a fault."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS

from wakeel import policy_files
from wakeel.domain.mail_addresses import is_mail_address
from wakeel.domain.policy import Policy, PolicyFault
from wakeel.whatsapp.mode import BadGraphUrl, is_loopback_host, parse_graph_url

SHORTEST_SECRET_KEY = 32
LONGEST_PAGE_URL = 300
"""It stands in a WhatsApp message of at most 1,024 characters."""
DATABASE_SCHEMES = {"postgres", "postgresql", "sqlite"}
LOG_LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR"}

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong setting. Never holds the value: it may be a secret."""

    name: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name} {self.problem}: {self.remedy}"


class Unusable(ValueError):
    """A value that cannot be used; says why and what to do, never the value itself."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}: {remedy}")
        self.problem = problem
        self.remedy = remedy


class SeveralUnusable(ValueError):
    """A value with several faults inside, each told on a line of its own."""

    def __init__(self, faults: tuple[Unusable, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Reader:
    """Reads variables and collects what cannot be used, so that all of it is told at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[Fault] = []

    def __call__(self, name: str, parse: Callable[[str], T], default: D) -> T | D:
        """The parsed value; `default` when the variable is absent, empty, or reported as a fault."""
        try:
            text = self._text(name)
            return parse(text) if text else default
        except Unusable as unusable:
            self.faults.append(Fault(name, unusable.problem, unusable.remedy))
            return default
        except SeveralUnusable as several:
            self.faults.extend(Fault(name, fault.problem, fault.remedy) for fault in several.faults)
            return default

    def file_of(self, name: str) -> Path | None:
        """The file a variable is read from; None if it is given itself, or not at all."""
        path = self._environ.get(f"{name}_FILE", "").strip()
        return Path(path).absolute() if path else None

    def _text(self, name: str) -> str:
        given, path = self._environ.get(name, "").strip(), self._environ.get(f"{name}_FILE", "").strip()
        if given and path:
            raise Unusable(f"is set twice, also by {name}_FILE", "keep one of the two")
        if not path:
            return given
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise Unusable(f"cannot be read from the file named in {name}_FILE", "give a readable text file") from None


def host_of(url: str) -> str:
    """The host name of an address that `bare_url` accepted."""
    return urlsplit(url).hostname or ""


def words(text: str) -> tuple[str, ...]:
    """Comma-separated words, empty ones dropped."""
    return tuple(word for part in text.split(",") if (word := part.strip()))


def digits(text: str) -> str:
    """One of Meta's ids."""
    if not re.fullmatch(r"[0-9]{1,32}", text):
        raise Unusable("is not an id of Meta's", "give the digits shown in the App Dashboard")
    return text


def phone_digits(text: str) -> str:
    """Phone digits without `+`, spaces and dashes."""
    plain = re.sub(r"[\s()+-]", "", text)
    if not re.fullmatch(r"[0-9]{7,15}", plain):
        raise Unusable("is not an international phone number", "give country code and number, 7 to 15 digits")
    return plain


def header_safe(text: str) -> str:
    """A token that can stand in an HTTP header."""
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise Unusable("holds a space, a line break or a letter that no token has", "copy the token again")
    return text


def true_or_false(text: str) -> bool:
    """Exactly `true` or `false`; anything else would be guessing."""
    if text not in {"true", "false"}:
        raise Unusable("is neither true nor false", "write one of the two words, in small letters")
    return text == "true"


def number(lowest: int, highest: int) -> Callable[[str], int]:
    """A parser for whole numbers, both ends included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise Unusable("is out of range", f"give a whole number from {lowest} to {highest}")
        return int(text)

    return parse


def folder(text: str) -> Path:
    """A folder's absolute path; it need not exist yet."""
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise Unusable("names something that is not a folder", "give a folder")
    return path


def secret_key(text: str) -> str:
    """A key long enough to sign sessions with."""
    if len(text) < SHORTEST_SECRET_KEY:
        raise Unusable("is too short", f"give at least {SHORTEST_SECRET_KEY} random characters")
    return text


def time_zone(text: str) -> str:
    """A name of the IANA time zone database."""
    if text not in available_timezones():
        raise Unusable("is not a known time zone", "give an IANA name such as Asia/Riyadh")
    return text


def region(text: str) -> str:
    """A country in whose national form phone numbers may be written."""
    if text not in SUPPORTED_REGIONS:
        raise Unusable("is not a country of phone numbers", "give two capital letters such as SA")
    return text


def policy(text: str) -> Policy:
    """Changes to the sending policy that ships, as TOML."""
    try:
        return policy_files.load(text)
    except PolicyFault as fault:
        faults = tuple(Unusable(f"has a fault at {one.path}", one.problem) for one in fault.faults)
        raise SeveralUnusable(faults) from None


def graph_version(text: str) -> str:
    """Meta's version word, `v26.0`."""
    if not re.fullmatch(r"v[1-9][0-9]?\.[0-9]", text):
        raise Unusable("is not a Graph API version", "write it as Meta does, for example v26.0")
    return text


def log_level(text: str) -> str:
    """One of Python's level names."""
    if text.upper() not in LOG_LEVELS:
        raise Unusable("is not a log level", f"give one of {', '.join(sorted(LOG_LEVELS))}")
    return text.upper()


def database_url(text: str) -> str:
    """`sqlite:////absolute/path`, `sqlite:///relative/path` or `postgresql://…`."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Unusable("is not an address", "write postgresql://user:password@host/name or sqlite:////path") from None
    if parts.scheme not in DATABASE_SCHEMES:
        raise Unusable("is of an unknown kind", "write postgresql://user:password@host/name or sqlite:////path")
    if parts.scheme != "sqlite":
        return text
    if parts.netloc or len(parts.path) < len("/x"):
        raise Unusable("names no file", "write sqlite:////absolute/path or sqlite:///relative/path")
    return f"sqlite:///{Path(parts.path[1:]).absolute()}"


def page_url(text: str) -> str:
    """The https address of a page that people outside open."""
    if not re.fullmatch(r"https://[^\s/?#@]+(?:[/?#]\S*)?", text) or len(text) > LONGEST_PAGE_URL:
        raise Unusable("is not the address of a page", "write it as https://example.com/privacy, without spaces")
    return text


def bare_url(text: str) -> str:
    """Scheme, host and port, without a trailing slash."""
    return _bare(text).geturl().rstrip("/")


def graph_url(text: str) -> str:
    """The one place the access token goes to: https, or plain http on this machine only. No slash at its end."""
    try:
        url = parse_graph_url(text)
    except BadGraphUrl as bad:
        raise Unusable(bad.why, "write it as https://graph.facebook.com") from None
    if url.scheme == "http" and not url.is_loopback:
        raise Unusable("is not https", "the token would travel in the open; only a loopback address may be http")
    return text.rstrip("/")


def anchor_url(text: str) -> str:
    """Where anchors are posted: https, or plain http on this machine only. May hold a path and a query."""
    remedy = "write it as https://host/path"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises on a port that is none)
    except ValueError:
        raise Unusable("is not an address", remedy) from None
    if not re.fullmatch(r"[\x21-\x7e]+", text) or "\\" in text:
        raise Unusable("holds a character that no address has", remedy)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment or "@" in parts.netloc:
        raise Unusable("is not an http address without name, password and fragment", remedy)
    if parts.scheme == "http" and not is_loopback_host(parts.hostname):
        raise Unusable("is not https", "only a loopback address may be http")
    return text


def calendar_url(text: str) -> str:
    """The address of one CalDAV calendar: https, or plain http on this machine only. A slash at its end."""
    url = anchor_url(text)
    if "?" in url:
        raise Unusable("holds a query", "write it as https://host/user/calendar/")
    return url.rstrip("/") + "/"


def model_url(text: str) -> str:
    """The base of an OpenAI-compatible endpoint, such as https://host/v1; plain http on this machine only."""
    url = anchor_url(text)
    if "?" in url:
        raise Unusable("holds a query", "write it as https://host/v1, and give the key in WAKEEL_LLM_KEY")
    return url


def model_name(text: str) -> str:
    """A model's name as its endpoint knows it; people are shown it."""
    if not re.fullmatch(r"[A-Za-z0-9][\w.:/@+-]{0,79}", text, re.ASCII):
        raise Unusable("is not a model's name", "write it as the endpoint does, at most 80 letters")
    return text


def host_names(text: str) -> tuple[str, ...]:
    """Comma-separated hosts, in lower case."""
    return tuple(host_name(word).lower() for word in words(text))


def login_name(text: str) -> str:
    """A name for HTTP's basic log-in, which ends at its first colon (RFC 7617)."""
    if ":" in text or not text.isprintable():
        raise Unusable("holds a colon or a control character", "give the name without its password")
    return text


def mail_login(text: str) -> str:
    """A name or a password for a mail server: `smtplib` logs in with ASCII only."""
    if not text.isascii() or not text.isprintable():
        raise Unusable("holds a letter that is not ASCII", "have the mail server use another one")
    return text


def host_name(text: str) -> str:
    """A host without scheme, port and path."""
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}", text) or "//" in text:
        raise Unusable("is not a host", "write it as mail.example.com")
    return text


def mail_address(text: str) -> str:
    """One bare e-mail address."""
    if not is_mail_address(text):
        raise Unusable("is not an e-mail address", "write it as name@example.com")
    return text


def one_of(*words_allowed: str) -> Callable[[str], str]:
    """A parser for one of these words."""

    def parse(text: str) -> str:
        if text not in words_allowed:
            raise Unusable("is none of the words it may be", f"give one of {', '.join(words_allowed)}")
        return text

    return parse


def _bare(text: str) -> SplitResult:
    remedy = "write it as https://host or http://127.0.0.1:port"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises on a port that is none)
    except ValueError:
        raise Unusable("is not an address", remedy) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unusable("is not an http address", remedy)
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise Unusable("holds more than scheme, host and port", remedy)
    return parts
