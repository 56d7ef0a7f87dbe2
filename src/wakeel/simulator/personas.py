"""Who holds the phones: read once from a TOML file."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from wakeel.simulator.ids import steady_bsuid

DEFAULT_BUSINESS_NAME = "مكتب وكيل"


class Role(StrEnum):
    """What the person behind a phone is to the business; Meta knows no such thing, the page does."""

    OPERATOR = "operator"  # decides by tapping cards
    CONTACT = "contact"  # the person the business writes to


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
    """One person. username is sent only when hide_phone is set; says are the page's ready sentences."""

    wa_id: str
    bsuid: str
    name: str
    role: Role = Role.CONTACT
    hide_phone: bool = False
    username: str | None = None
    writes_first: str | None = None
    says: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in a personas file, and the name the business shows on WhatsApp."""

    business_name: str
    personas: tuple[Persona, ...]


NOBODY = Cast(business_name=DEFAULT_BUSINESS_NAME, personas=())


def load(path: Path) -> Cast:
    """Read a personas file. Raises PersonaFault for anything that is not as the example file shows."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise PersonaFault(f"{path.name}: {fault}") from fault
    personas = tuple(persona_from(row) for row in table.get("phones", []))
    _refuse_doubles(personas)
    return Cast(business_name=table.get("business", {}).get("name", DEFAULT_BUSINESS_NAME), personas=personas)


def persona_from(row: object) -> Persona:
    """One persona from a table of the file or a JSON object. Raises PersonaFault."""
    if not isinstance(row, dict):
        raise PersonaFault("a phone must be a table of fields")
    wa_id = _digits(row)
    unknown = row.keys() - set(Persona.__dataclass_fields__)
    if unknown:
        raise PersonaFault(f"phone {wa_id}: unknown field {sorted(unknown)[0]}")
    try:
        role = Role(row.get("role", Role.CONTACT))
    except ValueError:
        raise PersonaFault(f"phone {wa_id}: role must be operator or contact") from None
    return Persona(
        wa_id=wa_id,
        bsuid=_text(row, "bsuid", wa_id) or steady_bsuid(wa_id),
        name=_text(row, "name", wa_id) or wa_id,
        role=role,
        hide_phone=row.get("hide_phone") is True,
        username=_text(row, "username", wa_id),
        writes_first=_text(row, "writes_first", wa_id),
        says=tuple(str(text) for text in row.get("says", ())),
        replies=tuple(_reply(reply, wa_id) for reply in row.get("replies", ())),
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
