"""What an approved template says: its variables, its words with their values, and values proposed from a text.

Parts and limits: reference WA 1.3 (Meta, "Template components", "Template fundamentals"), read 2026-11-22.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wakeel.domain.content import OPT_OUT_LINE
from wakeel.domain.text import bare_line, measure, plain

BODY_LIMIT = 1_024
"""Of the body with its values; more is refused with 132005."""

MATCHED_VARIABLES = 3
"""With more of them, finding a template's words in a text could take long."""

NOTHING_NAMED: Mapping[str, str] = {}
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,60})\s*\}\}")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_MANY_SPACES = re.compile(r" {4,}")
_BREAKS = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Template:
    """One approved text that can be filled in. body: with `{{…}}`; header, footer: '' without one.

    variables: names or places in the body, in the order in which they stand there. buttons: what the contact can tap;
    quick_replies: the places among them, from 0, of those whose tap comes back to us with a payload of ours.
    """

    name: str
    language: str
    header: str
    body: str
    footer: str
    buttons: tuple[str, ...]
    variables: tuple[str, ...]
    quick_replies: tuple[int, ...] = ()

    @property
    def is_named(self) -> bool:
        """Values travel by name; else by their place."""
        return any(not name.isdigit() for name in self.variables)


@dataclass(frozen=True, slots=True)
class Filled:
    """Which template a request names, in which language, with which values by variable.

    payloads: what its quick replies carry, by their place among the buttons; one without a payload is left out.
    """

    name: str
    language: str
    values: Mapping[str, str]
    payloads: Mapping[int, str] = field(default_factory=dict)


class ValueRefused(StrEnum):
    """Why values do not make a template that can be sent."""

    EMPTY = "empty"
    SEVERAL_LINES = "several_lines"
    TOO_LONG = "too_long"
    UNKNOWN_NAME = "unknown_name"
    HIDDEN_MARKS = "hidden_marks"


def read_template(name: str, language: str, components: Sequence[Mapping[str, Any]]) -> Template | None:
    """The template, if it is one that can be filled in here: text only, every variable in the body; else None."""
    parts = {str(part.get("type", "")).upper(): part for part in components}
    if len(parts) != len(components) or not parts.keys() <= {"HEADER", "BODY", "FOOTER", "BUTTONS"}:
        return None
    header, body = parts.get("HEADER"), str(parts.get("BODY", {}).get("text", ""))
    if not body or (header is not None and not _is_fixed_text(header)):
        return None
    buttons = parts.get("BUTTONS", {}).get("buttons", [])
    if not all(isinstance(button, Mapping) and _is_fixed_button(button) for button in buttons):
        return None
    return Template(
        name=name,
        language=language,
        header=str(header["text"]) if header is not None else "",
        body=body,
        footer=str(parts.get("FOOTER", {}).get("text", "")),
        buttons=tuple(str(button.get("text", "")) for button in buttons),
        variables=tuple(dict.fromkeys(_VARIABLE.findall(body))),
        quick_replies=tuple(place for place, button in enumerate(buttons) if button["type"] == "QUICK_REPLY"),
    )


def _is_fixed_text(header: Mapping[str, Any]) -> bool:
    text = header.get("text")
    return header.get("format", "TEXT") == "TEXT" and isinstance(text, str) and not _VARIABLE.search(text)


def _is_fixed_button(button: Mapping[str, Any]) -> bool:
    kind = str(button.get("type", ""))
    return kind in {"QUICK_REPLY", "PHONE_NUMBER", "URL"} and not _VARIABLE.search(str(button.get("url", "")))


def filled(body: Mapping[str, Any]) -> Filled | None:
    """What a request of ours names (written by `whatsapp.template_body`); None for a request without a template."""
    if body.get("type") != "template":
        return None
    sent = body["template"]
    parts = sent.get("components", [])
    parameters = [given for part in parts if part["type"] == "body" for given in part["parameters"]]
    values = {given.get("parameter_name", str(place)): given["text"] for place, given in enumerate(parameters, start=1)}
    buttons = [part for part in parts if part["type"] == "button"]
    payloads = {int(part["index"]): part["parameters"][0]["payload"] for part in buttons}
    return Filled(sent["name"], sent["language"]["code"], values, payloads)


def rendered(template: Template, values: Mapping[str, str]) -> str:
    """What the contact will read: header, body with its values, footer."""
    return "\n".join(part for part in (template.header, _body(template, values), template.footer) if part)


def _body(template: Template, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template.body)


def says_the_same(one: Template, other: Template) -> bool:
    """Whether a person would read the same words and labels, whatever the spaces between them."""
    return _said(one) == _said(other)


def _said(template: Template) -> tuple[str, ...]:
    texts = (template.header, template.body, template.footer, *template.buttons)
    return tuple(" ".join(text.split()) for text in texts)


def refuse_values(template: Template, values: Mapping[str, str]) -> ValueRefused | None:
    """None if the values can be sent, as `tidy_values` left them.

    A wrong number of values is Meta's 132000; line breaks, tabs and many spaces in a row its 132018; a body that is too
    long with its values 132005. Marks that turn the direction would show a person other words than were read.
    """
    if not values.keys() <= set(template.variables):
        return ValueRefused.UNKNOWN_NAME
    given = [values.get(name, "") for name in template.variables]
    if not all(value.strip() for value in given):
        return ValueRefused.EMPTY
    if any(_BREAKS.search(value) or _MANY_SPACES.search(value) for value in given):
        return ValueRefused.SEVERAL_LINES
    if any(plain(value) != value for value in given):
        return ValueRefused.HIDDEN_MARKS
    return ValueRefused.TOO_LONG if measure(_body(template, values)) > BODY_LIMIT else None


def tidy_values(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """The template's values, each in one line with single spaces and without control and bidi characters."""
    return {name: bare_line(values.get(name, "")) for name in template.variables}


def components_hash(components: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) of what Meta approved, for the digest an approval is bound to."""
    said = json.dumps([dict(part) for part in components], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def speaks(language: str, *, like: str) -> bool:
    """Whether a template of this language code fits a text in that language."""
    return language.lower().startswith("ar") == bool(_ARABIC.search(like))


def proposed(
    template: Template, *, text: str, known: Sequence[str], named: Mapping[str, str] = NOTHING_NAMED
) -> dict[str, str]:
    """Values to begin with, by variable; a person looks at them before anything is approved.

    If the text says the template's own words around them, what stands between is taken. Else a place whose name is
    among `named` gets that value, and the others get `known` (the contact's name, the business's, what it is about) in
    that order, and then the text's own sentences.
    """
    matched = _matched(template, text)
    if matched is not None:
        return matched
    by_name = {name: named[name] for name in template.variables if named.get(name)}
    taken = set(by_name.values())
    pool = [*(value for value in known if value and value not in taken), *_sentences(text, without=known)]
    others = [name for name in template.variables if name not in by_name]
    in_order = {name: pool[place] if place < len(pool) else "" for place, name in enumerate(others)}
    return {name: {**by_name, **in_order}[name] for name in template.variables}


def _matched(template: Template, text: str) -> dict[str, str] | None:
    """The values with which the template says exactly this text; None if none do, or if looking would take long."""
    if len(template.variables) > MATCHED_VARIABLES or len(text) > BODY_LIMIT:
        return None
    pieces, seen, at = [], set[str](), 0
    for found in _VARIABLE.finditer(template.body):
        pieces.append(re.escape(template.body[at : found.start()]))
        pieces.append(f"(?P=v_{found[1]})" if found[1] in seen else f"(?P<v_{found[1]}>[^\\n]{{1,60}}?)")
        seen.add(found[1])
        at = found.end()
    pieces.append(re.escape(template.body[at:]))
    whole = re.fullmatch("".join(pieces), text.strip())
    return {name: whole[f"v_{name}"].strip() for name in template.variables} if whole else None


def _sentences(text: str, *, without: Iterable[str]) -> list[str]:
    """The text's lines in one piece each, without the way to stop, which the template says itself."""
    stop_lines = {line.strip() for line in (OPT_OUT_LINE.ar, OPT_OUT_LINE.en)}
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and line not in stop_lines and line not in without]
