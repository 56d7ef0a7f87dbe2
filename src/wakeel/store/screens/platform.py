"""What WhatsApp says of the account: its numbers, its templates, and the newest news in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Max, Value, When

from wakeel.domain.consent import Category
from wakeel.domain.consent_words import CATEGORY_WORDS
from wakeel.domain.platform_words import NOT_LISTED_WORDS, QUALITY_WORDS, headline, stopped_words, subject, word_of
from wakeel.domain.reason_values import STATUS_WORDS
from wakeel.domain.sending_limits import OwnLimits
from wakeel.domain.templates import DELETED, NOT_LISTED, SENDABLE, may_be_sent
from wakeel.domain.words import Text
from wakeel.store.models import PlatformEventRow, SendingNumber, Template

NEWS_SHOWN = 20
TEMPLATES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Named:
    """Meta's word, and what it means; the word itself for one that nobody knows."""

    word: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """One number of ours. id: Meta's. phone: digits; quality, stop: None if there is none.

    limit: people a day, None without one. stop: why Meta does not let it send, since stopped_at until stopped_until
    (None: no known end).
    """

    id: str
    phone: str
    name: str
    quality: Named | None
    limit: int | None
    throughput: int | None
    stop: Named | None
    stopped_at: datetime | None
    stopped_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLine:
    """pending: the category it is about to get at pending_at, None for none. note: Meta's words or ours."""

    name: str
    language: str
    status: Named | None
    is_usable: bool
    note: Text
    paused_until: datetime | None
    category: Named | None
    pending: Named | None
    pending_at: datetime | None
    quality: Named | None


@dataclass(frozen=True, slots=True)
class NewsLine:
    """about: a template, a number, '' for the account. word: Meta's own, '' where it gave none."""

    at: datetime
    what: Text
    about: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSigns:
    """templates: those that cannot be sent first. read_at: real time of the last listing, None before the first."""

    numbers: tuple[NumberLine, ...]
    templates: tuple[TemplateLine, ...]
    template_count: int
    usable_count: int
    read_at: datetime | None
    news: tuple[NewsLine, ...]

    @property
    def is_stopped(self) -> bool:
        return any(number.stop is not None for number in self.numbers)


def read(business_id: str) -> PlatformSigns:
    templates = Template.objects.filter(business_id=business_id)
    present = templates.exclude(status=DELETED)
    place = Case(When(status__in=SENDABLE, then=Value(1)), default=Value(0), output_field=IntegerField())
    shown = templates.order_by(place, "name", "language")[:TEMPLATES_SHOWN]
    numbers = SendingNumber.objects.filter(business_id=business_id).order_by("phone_number_id")
    news = PlatformEventRow.objects.filter(business_id=business_id).order_by("-at", "-id")[:NEWS_SHOWN]
    return PlatformSigns(
        numbers=tuple(_number(row) for row in numbers),
        templates=tuple(template_line(row) for row in shown),
        template_count=present.count(),
        usable_count=templates.filter(status__in=SENDABLE).count(),
        read_at=templates.aggregate(at=Max("pulled_at"))["at"],
        news=tuple(
            NewsLine(row.at, headline(row.kind, row.facts), subject(row.facts), word_of(row.kind, row.facts))
            for row in news
        ),
    )


def own_limits(business_id: str, number_id: str) -> tuple[str, OwnLimits] | None:
    """A number's phone in digits, and what we allow it; None if the business has no such number."""
    row = SendingNumber.objects.filter(business_id=business_id, pk=number_id).first()
    if row is None:
        return None
    pair_interval_s = row.pair_interval_ms / 1000
    return row.display_phone, OwnLimits(row.own_limit_mps, pair_interval_s, row.operator_burst, row.contact_burst)


def _number(row: SendingNumber) -> NumberLine:
    return NumberLine(
        id=row.pk,
        phone=row.display_phone,
        name=row.verified_name,
        quality=_quality(row.quality),
        limit=row.messaging_limit,
        throughput=row.throughput_mps,
        stop=Named(row.account_state, stopped_words(row.account_state)) if row.account_state else None,
        stopped_at=row.account_at,
        stopped_until=row.account_until,
    )


def template_line(row: Template) -> TemplateLine:
    """One template as a table shows it."""
    is_pending = row.pending_category not in {"", row.category}
    return TemplateLine(
        name=row.name,
        language=row.language,
        status=Named(row.status, STATUS_WORDS.get(row.status, _as_it_is(row.status))) if row.status else None,
        is_usable=may_be_sent(row.status),
        note=NOT_LISTED_WORDS if row.status_note == NOT_LISTED else _as_it_is(row.status_note),
        paused_until=row.paused_until,
        category=category_named(row.category),
        pending=category_named(row.pending_category) if is_pending else None,
        pending_at=row.pending_category_at if is_pending else None,
        quality=_quality(row.quality),
    )


def _quality(word: str) -> Named | None:
    return Named(word, QUALITY_WORDS.get(word, _as_it_is(word))) if word else None


def category_named(word: str) -> Named | None:
    """A category in words; None for ''."""
    known = word.lower() in set(Category)
    return Named(word, CATEGORY_WORDS[Category(word.lower())] if known else _as_it_is(word)) if word else None


def _as_it_is(word: str) -> Text:
    return Text(word, word)
