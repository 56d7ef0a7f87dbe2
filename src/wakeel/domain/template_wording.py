"""A template as people write it, every rule it must keep before it is submitted, and its components for Meta's API.

Limits and rules: reference WA 1.3 (Meta, "Template components", "Template review", "Template fundamentals"), read
2026-11-22. How many variables a text may carry is not published: three words for each are asked for here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from wakeel.domain.content import has_opt_out
from wakeel.domain.template_faults import Fault, WordingFault
from wakeel.domain.template_payloads import PayloadRefused, refuse_payloads
from wakeel.domain.template_texts import BODY_LIMIT, read_template
from wakeel.domain.text import fits, plain

HEADER_LIMIT = FOOTER_LIMIT = 60
BUTTONS_LIMIT = 10
LABEL_LIMIT = 25
NAME_LIMIT = 400
"""Of 512 at Meta: the number of the version is put behind it."""
SAMPLE_LIMIT = 200
WORDS_A_VARIABLE = 3
MARKETING, UTILITY = "MARKETING", "UTILITY"
CATEGORIES = (UTILITY, MARKETING)
"""Authentication templates carry no text of their own."""

VARIABLE = re.compile(r"\{\{([a-z][a-z0-9_]{0,59}|[1-9][0-9]?)\}\}")
_NAME = re.compile(r"[a-z0-9_]+", re.ASCII)
_VERSIONED = re.compile(r"_v[0-9]+\Z", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?", re.ASCII)
_MANY_SPACES = re.compile(r" {4,}")


@dataclass(frozen=True, slots=True)
class QuickReply:
    """payload: what a tap brings back, '' for the label itself; `{meeting_id}` and such are filled in at the send."""

    label: str
    payload: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplate:
    """One wording in one language. name: ours, without a version. samples: by variable of the body, for Meta's review.

    header, footer: fixed texts, '' without one. category: in Meta's letters.
    """

    name: str
    language: str
    category: str
    body: str
    header: str = ""
    footer: str = ""
    buttons: tuple[QuickReply, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """Each once, in the order in which they stand in the body."""
        return tuple(dict.fromkeys(VARIABLE.findall(self.body)))

    @property
    def is_named(self) -> bool:
        return any(not name.isdigit() for name in self.variables)


def faults_of(new: NewTemplate) -> tuple[WordingFault, ...]:
    """Every rule that it breaks, in the order of the fields; () if it can be submitted."""
    return (*_identity(new), *_fixed("header", new.header), *_body(new), *_fixed("footer", new.footer), *_rest(new))


def components_of(new: NewTemplate) -> list[dict[str, Any]]:
    """As Meta's API takes them; only after `faults_of` found nothing."""
    parts: list[dict[str, Any]] = []
    if new.header:
        parts.append({"type": "HEADER", "format": "TEXT", "text": new.header})
    parts.append({"type": "BODY", "text": new.body, **_example(new)})
    if new.footer:
        parts.append({"type": "FOOTER", "text": new.footer})
    if new.buttons:
        parts.append({"type": "BUTTONS", "buttons": _as_buttons(new)})
    return parts


def payloads_of(new: NewTemplate) -> list[str]:
    """What its quick replies carry, in their order."""
    return [button.payload for button in new.buttons]


def _example(new: NewTemplate) -> dict[str, Any]:
    if not new.variables:
        return {}
    if new.is_named:
        named = [{"param_name": name, "example": new.samples[name]} for name in new.variables]
        return {"example": {"body_text_named_params": named}}
    return {"example": {"body_text": [[new.samples[name] for name in sorted(new.variables, key=int)]]}}


def _identity(new: NewTemplate) -> Iterator[WordingFault]:
    if not _NAME.fullmatch(new.name) or len(new.name) > NAME_LIMIT or _VERSIONED.search(new.name):
        yield WordingFault("name", Fault.NAME)
    if not _LANGUAGE.fullmatch(new.language):
        yield WordingFault("language", Fault.LANGUAGE)
    if new.category not in CATEGORIES:
        yield WordingFault("category", Fault.CATEGORY)


def _fixed(name: str, text: str) -> Iterator[WordingFault]:
    """A header or a footer."""
    if not text:
        return
    if not fits(text, limit=HEADER_LIMIT):
        yield WordingFault(name, Fault.TOO_LONG, HEADER_LIMIT)
    if "\n" in text or "*" in text:
        yield WordingFault(name, Fault.ONE_LINE)
    elif plain(text) != text:
        yield WordingFault(name, Fault.HIDDEN_MARKS)
    if "{{" in text or "}}" in text:
        yield WordingFault(name, Fault.NO_VARIABLES)


def _body(new: NewTemplate) -> Iterator[WordingFault]:
    text = new.body
    if not text.strip():
        yield WordingFault("body", Fault.EMPTY)
        return
    if not fits(text, limit=BODY_LIMIT):
        yield WordingFault("body", Fault.TOO_LONG, BODY_LIMIT)
    if plain(text, keep_newlines=True) != text or _MANY_SPACES.search(text):
        yield WordingFault("body", Fault.HIDDEN_MARKS)
    yield from (WordingFault("body", fault) for fault in _places(text))
    if new.variables and len(text.split()) < WORDS_A_VARIABLE * len(new.variables):
        yield WordingFault("body", Fault.TOO_MANY_VARIABLES, WORDS_A_VARIABLE)
    if new.category == MARKETING and not has_opt_out("\n".join((new.header, text, new.footer))):
        yield WordingFault("body", Fault.NO_OPT_OUT)


def _places(text: str) -> Iterator[Fault]:
    """How variables stand in a body."""
    between = VARIABLE.split(text.strip())[::2]
    if any("{{" in words or "}}" in words for words in between):
        yield Fault.BRACES
    if len(between) == 1:
        return
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    numbers = [int(name) for name in names if name.isdigit()]
    if numbers and len(numbers) < len(names):
        yield Fault.MIXED
    elif numbers and sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield Fault.ORDER
    if not between[0].strip() or not between[-1].strip():
        yield Fault.EDGES
    if any(not words.strip() for words in between[1:-1]):
        yield Fault.ADJACENT


def _rest(new: NewTemplate) -> Iterator[WordingFault]:
    if len(new.buttons) > BUTTONS_LIMIT:
        yield WordingFault("buttons", Fault.TOO_MANY_BUTTONS, BUTTONS_LIMIT)
    labels = [button.label for button in new.buttons]
    if any(not _is_label(label) for label in labels):
        yield WordingFault("buttons", Fault.LABEL, LABEL_LIMIT)
    elif any(one == other for one, other in pairwise(sorted(labels))):
        yield WordingFault("buttons", Fault.EQUAL_LABELS)
    else:
        yield from _payloads(new)
    samples = {name: sample for name, sample in new.samples.items() if _is_sample(sample)}
    if set(samples) != set(new.variables) or len(samples) != len(new.samples):
        yield WordingFault("samples", Fault.SAMPLE)


def _payloads(new: NewTemplate) -> Iterator[WordingFault]:
    """What the buttons carry, asked of the template as it will be read back."""
    if not new.buttons:
        return
    parts: list[dict[str, Any]] = [{"type": "BODY", "text": "."}, {"type": "BUTTONS", "buttons": _as_buttons(new)}]
    template = read_template(new.name, new.language, parts)
    refused = refuse_payloads(template, payloads_of(new), at_send=False) if template is not None else None
    if refused is PayloadRefused.STOP_WITHOUT:
        yield WordingFault("buttons", Fault.STOP_WITHOUT)
    elif refused is not None:
        yield WordingFault("buttons", Fault.PAYLOAD)


def _as_buttons(new: NewTemplate) -> list[dict[str, str]]:
    return [{"type": "QUICK_REPLY", "text": button.label} for button in new.buttons]


def _is_label(label: str) -> bool:
    is_written = bool(label) and label == plain(label).strip() and "{{" not in label
    return is_written and fits(label, limit=LABEL_LIMIT)


def _is_sample(sample: str) -> bool:
    return bool(sample.strip()) and plain(sample) == sample and fits(sample, limit=SAMPLE_LIMIT)
