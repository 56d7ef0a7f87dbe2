"""What Meta's news of one template adds up to: every column keeps its newest news, whatever order it came in.

Statuses and pauses: reference WA 5.5 and 8, read 2026-11-22.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from json import dumps
from typing import Any

from wakeel.domain.platform_events import (
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)

TemplateEvent = (
    TemplateStatusChanged | TemplateQualityChanged | TemplateCategoryChanged | TemplateComponentsChanged
)  # fmt: skip

APPROVED, PAUSED, DELETED = "APPROVED", "PAUSED", "DELETED"
SENDABLE = frozenset({APPROVED, "FLAGGED", "LOCKED", "REINSTATED", "UNARCHIVED"})
"""Words of a template that can be sent: quality marks and locks against editing leave it usable."""
NEEDS_A_PERSON = frozenset({"REJECTED", PAUSED, "DISABLED", "LIMIT_EXCEEDED"})
"""Words after which somebody has something to do in WhatsApp Manager."""
NOT_LISTED = "NOT_LISTED"
"""Our own word in a note: the listing did not have this template any more."""

_PAUSES = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}
"""By Meta's title of the pause. Any other is lifted by a person or by an edit, so nobody knows its end."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateState:
    """The columns of one template; meaning and None of each: `store.models.Template`."""

    template_id: str = ""
    status: str = ""
    status_note: str = ""
    paused_until: datetime | None = None
    status_at: datetime | None = None
    category: str = ""
    category_at: datetime | None = None
    pending_category: str = ""
    pending_category_at: datetime | None = None
    pending_said_at: datetime | None = None
    quality: str = ""
    quality_at: datetime | None = None
    components: tuple[Mapping[str, Any], ...] = ()
    components_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTemplate:
    """One template as a listing has it. correct_category: what it is about to become, '' for nothing announced."""

    template_id: str
    name: str
    language: str
    status: str
    category: str
    correct_category: str = ""
    quality: str = ""
    rejected_reason: str = ""
    components: tuple[Mapping[str, Any], ...] = ()


def may_be_sent(status: str) -> bool:
    """True if Meta takes messages with a template of this status."""
    return status in SENDABLE


def after(known: TemplateState, event: TemplateEvent, *, at: datetime) -> TemplateState:
    """The state with one more piece of news of `at`; the same for every order and repetition of the same news.

    News of one instant: what stops the template wins, then the later word in the alphabet, so that no order matters.
    """
    known = replace(known, template_id=_identity(known, event, at=at))
    match event:
        case TemplateStatusChanged():
            known = _with_category(known, event.category or "", at=at)
            note = " · ".join(part for part in (event.reason, event.note) if part)
            return _with_status(known, event.event, note=note, paused_until=_pause_end(event, at=at), at=at)
        case TemplateQualityChanged():
            return _with_quality(known, event.quality, at=at)
        case TemplateCategoryChanged():
            known = _with_category(known, event.category, at=at)
            return _with_pending(known, event.correct_category or "", event.effective_at, at=at)
        case TemplateComponentsChanged():
            return _with_components(known, event.components, at=at)


def listed(known: TemplateState, found: ListedTemplate, *, at: datetime) -> TemplateState:
    """The state after a listing of `at`. The same status once more keeps what was known of its end and reason."""
    if known.status_at is None or known.status_at <= at:
        known = replace(known, template_id=found.template_id)
    if found.status != known.status:
        known = _with_status(known, found.status, note=found.rejected_reason, paused_until=None, at=at)
    known = _with_category(known, found.category, at=at)
    known = _with_listed_pending(known, found, at=at)
    known = _with_quality(known, found.quality, at=at) if found.quality else known
    return _with_components(known, found.components, at=at)


def missing(known: TemplateState, *, at: datetime) -> TemplateState:
    """The state after a whole listing of `at` without it; unchanged if there is news of it since then."""
    newest = (known.status_at, known.category_at, known.quality_at, known.components_at)
    if known.status == DELETED or any(said_at is not None and said_at > at for said_at in newest):
        return known
    return _with_status(known, DELETED, note=NOT_LISTED, paused_until=None, at=at)


def _identity(known: TemplateState, event: TemplateEvent, *, at: datetime) -> str:
    """Meta's id: of the newest status, before the first status the highest that was named."""
    if isinstance(event, TemplateStatusChanged):
        if known.status_at is None or at > known.status_at:
            return event.template_id
        return max(known.template_id, event.template_id) if at == known.status_at else known.template_id
    return max(known.template_id, event.template_id) if known.status_at is None else known.template_id


def _pause_end(event: TemplateStatusChanged, *, at: datetime) -> datetime | None:
    if event.event != PAUSED:
        return None
    return next((at + length for title, length in _PAUSES.items() if title in event.note), None)


def _is_newer(known_at: datetime | None, known: object, at: datetime, news: object) -> bool:
    """known, news: what decides at one and the same instant; the greater one wins."""
    return known_at is None or (at, news) > (known_at, known)


def _with_status(
    known: TemplateState, status: str, *, note: str, paused_until: datetime | None, at: datetime
) -> TemplateState:
    before = (not may_be_sent(known.status), known.status, known.status_note, known.paused_until or _LONG_AGO)
    news = (not may_be_sent(status), status, note, paused_until or _LONG_AGO)
    if not _is_newer(known.status_at, before, at, news):
        return known
    return replace(known, status=status, status_note=note, paused_until=paused_until, status_at=at)


def _with_category(known: TemplateState, category: str, *, at: datetime) -> TemplateState:
    if not category or not _is_newer(known.category_at, known.category, at, category):
        return known
    return replace(known, category=category, category_at=at)


def _with_pending(known: TemplateState, category: str, effective_at: datetime | None, *, at: datetime) -> TemplateState:
    before = (known.pending_category, known.pending_category_at or _LONG_AGO)
    if not _is_newer(known.pending_said_at, before, at, (category, effective_at or _LONG_AGO)):
        return known
    return replace(known, pending_category=category, pending_category_at=effective_at, pending_said_at=at)


def _with_listed_pending(known: TemplateState, found: ListedTemplate, *, at: datetime) -> TemplateState:
    """A listing names no date, so an announcement that has one stands until it was confirmed otherwise."""
    pending = found.correct_category if found.correct_category != found.category else ""
    is_to_come = known.pending_category_at is not None and known.pending_category_at > at
    if pending == known.pending_category or (not pending and is_to_come):
        return known
    return _with_pending(known, pending, None, at=at)


def _with_quality(known: TemplateState, quality: str, *, at: datetime) -> TemplateState:
    if not _is_newer(known.quality_at, known.quality, at, quality):
        return known
    return replace(known, quality=quality, quality_at=at)


def _with_components(known: TemplateState, components: tuple[Mapping[str, Any], ...], *, at: datetime) -> TemplateState:
    before, news = (dumps([dict(part) for part in parts], sort_keys=True) for parts in (known.components, components))
    if not components or not _is_newer(known.components_at, before, at, news):
        return known
    return replace(known, components=components, components_at=at)
