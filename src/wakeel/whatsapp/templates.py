"""News of one template in one language: its status, quality, category or components. Reference WA 3.7, 2026-11-22."""

import re
from collections.abc import Iterator
from typing import Any, TypedDict

import msgspec

from wakeel.domain.platform_events import (
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)
from wakeel.whatsapp import wire_platform as shapes
from wakeel.whatsapp.news import Common, moment_or_none, news_word, optional_word
from wakeel.whatsapp.reading import Unreadable, read, text_of

_ID = re.compile(r"[0-9]{0,32}", re.ASCII)
_NAME = re.compile(r"\S{1,512}")
_LANGUAGE = re.compile(r"[A-Za-z_-]{1,20}", re.ASCII)
_NO_REASON = "NONE"


class _Of(TypedDict):
    template_id: str
    name: str
    language: str


def template_status(raw: msgspec.Raw, common: Common) -> TemplateStatusChanged | TemplateQualityChanged:
    """Approved, rejected, paused …; Meta's own sample of a quality update stands under this field too."""
    if read(raw, shapes.Keys).new_quality_score is not None:
        return template_quality(raw, common)
    value = read(raw, shapes.TemplateStatus)
    reason = optional_word(value.reason, "reason")
    return TemplateStatusChanged(
        **common,
        **_of(value),
        event=news_word(value.event, "event"),
        category=optional_word(value.category, "category") or None,
        reason="" if reason == _NO_REASON else reason,
        note=": ".join(_notes(value)),
    )


def template_quality(raw: msgspec.Raw, common: Common) -> TemplateQualityChanged:
    """The quality it has now, and the one before."""
    value = read(raw, shapes.TemplateQuality)
    return TemplateQualityChanged(
        **common,
        **_of(value),
        quality=news_word(value.new_quality_score, "new_quality_score"),
        previous=optional_word(value.previous_quality_score, "previous_quality_score"),
    )


def template_category(raw: msgspec.Raw, common: Common) -> TemplateCategoryChanged:
    """Announced a day ahead, or done."""
    value = read(raw, shapes.TemplateCategory)
    return TemplateCategoryChanged(
        **common,
        **_of(value),
        category=news_word(value.new_category, "new_category"),
        previous=optional_word(value.previous_category, "previous_category"),
        correct_category=optional_word(value.correct_category, "correct_category") or None,
        effective_at=moment_or_none(value.category_update_timestamp),
    )


def template_components(raw: msgspec.Raw, common: Common) -> TemplateComponentsChanged:
    """Its text and buttons as they are now."""
    value = read(raw, shapes.TemplateComponents)
    return TemplateComponentsChanged(**common, **_of(value), components=tuple(_components(value)))


def _of(value: shapes.Template) -> _Of:
    identity: _Of = {"template_id": text_of(value.id), "name": value.name, "language": value.language}
    for name, pattern in (("template_id", _ID), ("name", _NAME), ("language", _LANGUAGE)):
        if not pattern.fullmatch(identity[name]):  # type: ignore[literal-required]
            raise Unreadable(f"{name} of a template is none")
    return identity


def _notes(value: shapes.TemplateStatus) -> Iterator[str]:
    """Title and words of a pause, reason and advice of a rejection, day of a disabling: whichever is there."""
    for info, names in (
        (value.other_info, ("title", "description")),
        (value.rejection_info, ("reason", "recommendation")),
        (value.disable_info, ("disable_date",)),
    ):
        if isinstance(info, dict):
            yield from (found for name in names if (found := text_of(info.get(name))))


def _components(value: shapes.TemplateComponents) -> Iterator[dict[str, Any]]:
    """In the order and with the names that the listing of templates has."""
    if value.title:
        yield {"type": "HEADER", "format": "TEXT", "text": value.title}
    yield {"type": "BODY", "text": value.element}
    if value.footer:
        yield {"type": "FOOTER", "text": value.footer}
    if value.buttons:
        yield {"type": "BUTTONS", "buttons": [_button(button) for button in value.buttons]}


def _button(button: shapes.TemplateButton) -> dict[str, str]:
    more = {"url": button.url, "phone_number": button.phone_number}
    return {"type": button.type, "text": button.text} | {name: found for name, found in more.items() if found}
