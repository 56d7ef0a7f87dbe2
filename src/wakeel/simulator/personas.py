"""Who holds the phones: read once from a TOML file."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from wakeel.simulator.ids import steady_bsuid
from wakeel.simulator.script_book import BUILT_IN
from wakeel.simulator.scripts import Dialect, Script, ScriptFault, script_from

DEFAULT_BUSINESS_NAME = "مكتب وكيل"

_Word = TypeVar("_Word", bound=StrEnum)


class Role(StrEnum):
    """What the person behind a phone is to the business; Meta knows no such thing, the page does."""

    OPERATOR = "operator"  # decides by tapping cards
    CONTACT = "contact"  # the person the business writes to


class Reads(StrEnum):
    """What the business hears of a message that reached the phone."""

    READ = "read"  # delivered, then read
    DELIVERED = "delivered"  # never read, or read receipts are off
    OFF = "off"  # the phone is off: sent, and the rest once it is on again


class PersonaFault(Exception):
    """The personas file has a mistake; the message names the phone and the field."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a persona answers when a message from the business contains some words."""

    contains: str
    answer: str
    after_s: float


@dataclass(frozen=True, slots=True)
class Persona:
    """One person. username is sent only when hide_phone is set; says are the page's ready sentences.

    reads_after_s: seconds from delivery to `read`; None for the ladder's own. script: a name of `scripts`; None for
    nobody's. replies go before the script.
    """

    wa_id: str
    bsuid: str
    name: str
    role: Role = Role.CONTACT
    hide_phone: bool = False
    username: str | None = None
    writes_first: str | None = None
    says: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    speaks: Dialect = Dialect.GULF
    reads: Reads = Reads.READ
    reads_after_s: float | None = None
    script: str | None = None

    def lets_know(self, status: str) -> bool:
        """Whether the business hears this status of a message to this person."""
        match self.reads:
            case Reads.READ:
                return True
            case Reads.DELIVERED:
                return status != "read"
            case Reads.OFF:
                return status == "sent"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in a personas file, their scripts, and the name the business shows on WhatsApp."""

    business_name: str
    personas: tuple[Persona, ...]
    scripts: tuple[Script, ...] = ()


NOBODY = Cast(business_name=DEFAULT_BUSINESS_NAME, personas=())


def load(path: Path) -> Cast:
    """Read a personas file. Raises PersonaFault for anything that is not as the example file shows."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise PersonaFault(f"{path.name}: {fault}") from fault
    try:
        scripts = tuple(script_from(row) for row in table.get("scripts", []))
    except ScriptFault as fault:
        raise PersonaFault(f"{path.name}: {fault}") from fault
    names = {script.name for script in (*BUILT_IN, *scripts)}
    personas = tuple(persona_from(row, scripts=names) for row in table.get("phones", []))
    _refuse_doubles(personas)
    business_name = table.get("business", {}).get("name", DEFAULT_BUSINESS_NAME)
    return Cast(business_name=business_name, personas=personas, scripts=scripts)


def persona_from(row: object, *, scripts: Collection[str] = ()) -> Persona:
    """One persona from a table of the file or a JSON object. scripts: names that are known. Raises PersonaFault."""
    if not isinstance(row, dict):
        raise PersonaFault("a phone must be a table of fields")
    wa_id = _digits(row)
    unknown = row.keys() - set(Persona.__dataclass_fields__)
    if unknown:
        raise PersonaFault(f"phone {wa_id}: unknown field {sorted(unknown)[0]}")
    script = _text(row, "script", wa_id)
    if script is not None and script not in scripts:
        raise PersonaFault(f"phone {wa_id}: there is no script {script}")
    return Persona(
        wa_id=wa_id,
        bsuid=_text(row, "bsuid", wa_id) or steady_bsuid(wa_id),
        name=_text(row, "name", wa_id) or wa_id,
        role=_word(row, "role", Role.CONTACT, wa_id),
        hide_phone=row.get("hide_phone") is True,
        username=_text(row, "username", wa_id),
        writes_first=_text(row, "writes_first", wa_id),
        says=tuple(str(text) for text in row.get("says", ())),
        replies=tuple(_reply(reply, wa_id) for reply in row.get("replies", ())),
        speaks=_word(row, "speaks", Dialect.GULF, wa_id),
        reads=_word(row, "reads", Reads.READ, wa_id),
        reads_after_s=_seconds(row, "reads_after_s", wa_id),
        script=script,
    )


def _digits(row: dict[str, Any]) -> str:
    wa_id = row.get("wa_id")
    if not isinstance(wa_id, str) or not (wa_id.isascii() and wa_id.isdigit()):
        raise PersonaFault("every phone needs wa_id: a text of digits without +")
    return wa_id


def _text(row: dict[str, Any], field: str, wa_id: str) -> str | None:
    value = row.get(field)
    if value is not None and (not isinstance(value, str) or not value):
        raise PersonaFault(f"phone {wa_id}: {field} must be a text with at least one letter")
    return value


def _word(row: dict[str, Any], field: str, default: _Word, wa_id: str) -> _Word:
    """One of the words of a kind; the default when the field is absent."""
    try:
        return type(default)(row.get(field, default))
    except ValueError:
        raise PersonaFault(f"phone {wa_id}: {field} must be one of {', '.join(type(default))}") from None


def _seconds(row: dict[str, Any], field: str, wa_id: str) -> float | None:
    value = row.get(field)
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value < 0:
        raise PersonaFault(f"phone {wa_id}: {field} must be a number from 0 up")
    return float(value)


def _reply(row: dict[str, Any], wa_id: str) -> Reply:
    try:
        return Reply(contains=str(row["contains"]), answer=str(row["answer"]), after_s=float(row.get("after_s", 2)))
    except (KeyError, TypeError, ValueError):
        raise PersonaFault(f"phone {wa_id}: a reply needs contains, answer and a number after_s") from None


def _refuse_doubles(personas: tuple[Persona, ...]) -> None:
    for field in ("wa_id", "bsuid"):
        seen: set[str] = set()
        for persona in personas:
            value = getattr(persona, field)
            if value in seen:
                raise PersonaFault(f"two phones share the {field} {value}")
            seen.add(value)
