"""Our own templates with their versions, and what WhatsApp says of each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.template_texts import Template as Text
from wakeel.domain.template_texts import read_template
from wakeel.domain.template_wording import NewTemplate, QuickReply
from wakeel.domain.templates import DELETED
from wakeel.store import template_use
from wakeel.store.models import OutboxMessage, Template, TemplateText
from wakeel.store.screens.platform import Named, TemplateLine, category_named, template_line
from wakeel.store.template_texts import says_what_was_written

LOOKED_AT, FAILURES_SHOWN = 200, 5
SHOWN = 500
"""Versions on one page; a business has a few dozen."""


class OwnState(StrEnum):
    HERE = "here"  # written, nobody asked for its submission
    ASKED = "asked"  # to be submitted by the worker
    REFUSED = "refused"  # Meta did not take it
    SUBMITTED = "submitted"  # Meta has it, what it says of it is not read yet
    AT_META = "at_meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version. wording: as it was written. category: ours; at_meta: None before Meta said anything of it.

    author: a log-in; '' for what ships. refused: Meta's words, '' for none. is_whole: what Meta has says what was
    written here, so that messages can be made of it; has_other_words: it says something else.
    """

    id: int
    version: int
    meta_name: str
    wording: NewTemplate
    category: Named | None
    state: OwnState
    refused: str
    author: str
    created_at: datetime
    asked_at: datetime | None
    submitted_at: datetime | None
    at_meta: TemplateLine | None
    is_whole: bool
    has_other_words: bool

    @property
    def is_usable(self) -> bool:
        return self.at_meta is not None and self.at_meta.is_usable and self.is_whole

    @property
    def may_be_asked(self) -> bool:
        """Its submission can be asked for."""
        return self.state in {OwnState.HERE, OwnState.REFUSED}


@dataclass(frozen=True, slots=True)
class TemplateGroup:
    """One template in one language. versions: the newest first, never empty. is_out: a person took it out of use."""

    name: str
    language: str
    versions: tuple[VersionLine, ...]
    is_out: bool = False

    @property
    def newest(self) -> VersionLine:
        return self.versions[0]

    @property
    def in_use(self) -> VersionLine | None:
        """The version that messages are made of; None if none can be sent."""
        return next((version for version in self.versions if version.is_usable), None)


def read(business_id: str) -> tuple[TemplateGroup, ...]:
    """All of them, by name and language. Two queries."""
    rows = TemplateText.objects.filter(business_id=business_id).order_by("name", "language", "-version")
    return _groups(business_id, rows[:SHOWN])


def one(business_id: str, name: str, language: str) -> TemplateGroup | None:
    """One of them; None if the business has none of that name and language."""
    rows = TemplateText.objects.filter(business_id=business_id, name=name, language=language).order_by("-version")
    return next(iter(_groups(business_id, rows[:SHOWN])), None)


def _groups(business_id: str, rows: Iterable[TemplateText]) -> tuple[TemplateGroup, ...]:
    found, out = list(rows), template_use.out_of_use([business_id])
    at_meta = Template.objects.filter(business_id=business_id, name__in={row.meta_name for row in found})
    known = {(row.name, row.language): row for row in at_meta.order_by("waba_id")}
    return tuple(
        TemplateGroup(
            name,
            language,
            tuple(_line(row, known.get((row.meta_name, row.language))) for row in versions),
            is_out=(business_id, name, language) in out,
        )
        for (name, language), versions in groupby(found, key=lambda row: (row.name, row.language))
    )


@dataclass(frozen=True, slots=True)
class ElsewhereLine:
    """A template of the account that was not written here. text: None if it cannot be filled in here. samples: by
    variable. is_out: a person took it out of use."""

    at_meta: TemplateLine
    text: Text | None
    samples: dict[str, str]
    is_out: bool


def elsewhere(business_id: str) -> tuple[ElsewhereLine, ...]:
    """What the account has and was not written here, by name and language."""
    ours = TemplateText.objects.filter(business=business_id).values("meta_name")
    rows = Template.objects.filter(business=business_id).exclude(name__in=ours).exclude(status=DELETED)
    return _elsewhere(business_id, rows.order_by("name", "language")[:SHOWN])


def one_elsewhere(business_id: str, name: str, language: str) -> ElsewhereLine | None:
    """None if the account has none of that name and language."""
    rows = Template.objects.filter(business=business_id, name=name, language=language)
    return next(iter(_elsewhere(business_id, rows[:1])), None)


def _elsewhere(business_id: str, rows: Iterable[Template]) -> tuple[ElsewhereLine, ...]:
    out = template_use.out_of_use([business_id])
    return tuple(
        ElsewhereLine(
            template_line(row), read_template(row.name, row.language, row.components), _samples_in(row.components),
            (business_id, row.name, row.language) in out,
        )
        for row in rows
    )  # fmt: skip


def _samples_in(components: Sequence[dict[str, Any]]) -> dict[str, str]:
    body = next((part for part in components if str(part.get("type", "")).upper() == "BODY"), {})
    example = body.get("example")
    return _samples(example) if isinstance(example, dict) else {}


@dataclass(frozen=True, slots=True)
class TemplateFailure:
    """One message that was refused, or not delivered, as this template. at: of the news of it, business time."""

    opportunity_id: str
    failure_code: int | None
    failure_details: str
    at: datetime


def last_failures(business_id: str, names: Collection[str], language: str) -> tuple[TemplateFailure, ...]:
    """The newest few of the failures that are looked at. names: as WhatsApp knows them."""
    rows = OutboxMessage.objects.filter(business=business_id, audience=Audience.CONTACT.value, draft__isnull=False)
    refused = rows.filter(state=OutboxState.FAILED.value).order_by("-updated_at")
    undelivered = rows.filter(failed_at__isnull=False).order_by("-failed_at")
    shape = ("draft__opportunity_id", "failure_code", "failure_details", "updated_at", "body")
    found = [line for kind in (refused, undelivered) for line in kind.values_list(*shape)[:LOOKED_AT]]
    of_it = {TemplateFailure(*line) for *line, body in found if _is_of(body, names, language)}
    return tuple(sorted(of_it, key=lambda one: one.at, reverse=True)[:FAILURES_SHOWN])


def _is_of(body: dict[str, Any], names: Collection[str], language: str) -> bool:
    template = body.get("template", {})
    return template.get("name") in names and template.get("language", {}).get("code") == language


def _line(row: TemplateText, at_meta: Template | None) -> VersionLine:
    # Before a listing, or of a webhook alone, nobody knows its words.
    components = at_meta.components if at_meta is not None else []
    is_whole = bool(components) and says_what_was_written(row, components)
    return VersionLine(
        id=row.pk,
        version=row.version,
        meta_name=row.meta_name,
        wording=_wording(row),
        category=category_named(row.category),
        state=_state(row, at_meta),
        refused=row.refused,
        author=row.author,
        created_at=row.created_at,
        asked_at=row.asked_at,
        submitted_at=row.submitted_at,
        at_meta=template_line(at_meta) if at_meta is not None else None,
        is_whole=is_whole,
        has_other_words=bool(components) and not is_whole,
    )


def _state(row: TemplateText, at_meta: Template | None) -> OwnState:
    if at_meta is not None and at_meta.status:
        return OwnState.AT_META
    if row.submitted_at is not None:
        return OwnState.SUBMITTED
    if row.refused:
        return OwnState.REFUSED
    return OwnState.HERE if row.asked_at is None else OwnState.ASKED


def _wording(row: TemplateText) -> NewTemplate:
    """Read back from its components, which were made of it."""
    parts: dict[str, dict[str, Any]] = {part["type"]: part for part in row.components}
    labels = [button["text"] for button in parts.get("BUTTONS", {}).get("buttons", [])]
    return NewTemplate(
        name=row.name,
        language=row.language,
        category=row.category,
        header=parts.get("HEADER", {}).get("text", ""),
        body=parts["BODY"]["text"],
        footer=parts.get("FOOTER", {}).get("text", ""),
        buttons=tuple(QuickReply(label, payload) for label, payload in zip(labels, row.payloads, strict=False)),
        samples=_samples(parts["BODY"].get("example", {})),
    )


def _samples(example: dict[str, Any]) -> dict[str, str]:
    """By variable; Meta's own may have any shape."""
    named = example.get("body_text_named_params")
    if isinstance(named, list):
        pairs = [(each.get("param_name"), each.get("example")) for each in named if isinstance(each, dict)]
        return {name: sample for name, sample in pairs if isinstance(name, str) and isinstance(sample, str)}
    rows = example.get("body_text") or [[]]
    placed: list[object] = rows[0] if isinstance(rows, list) and isinstance(rows[0], list) else []
    return {str(place): str(sample) for place, sample in enumerate(placed, start=1)}
