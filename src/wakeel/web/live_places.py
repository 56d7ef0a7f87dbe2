"""What stands in a live place: from what changed to HTML, once for each way of looking (`View`).

Places of this kind hold states and numbers, never a name, a text or a phone number: everybody who may see the pages of
the business gets the same ones. What needs a person's own rights is asked for again by the page itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape

from wakeel.domain.digits import Digits
from wakeel.domain.live import News, Noun
from wakeel.domain.words import Language
from wakeel.store.screens import live
from wakeel.store.screens.live import Change, DealNow, MessageNow
from wakeel.store.screens.seat import Seat
from wakeel.web import chips
from wakeel.web.digits import written_in
from wakeel.web.templatetags.desk import clock_time, counted
from wakeel.web.templatetags.live import chip_html

MANY = 200
"""Rows of one business in one batch that are named and drawn; with more, pages ask for themselves again."""


@dataclass(frozen=True, slots=True)
class View:
    """How somebody looks: what is drawn for one is drawn for all who look alike."""

    business_id: str
    language: str
    digits: Digits
    time_zone: str


@dataclass(frozen=True, slots=True)
class Touched:
    """What one batch changed in one business, and how that stands now. keys: of everything, `*` if too much changed.

    came: opportunities that wait since now. moves_counts: numbers of the navigation may be others.
    """

    keys: frozenset[str]
    deals: Mapping[str, DealNow] = field(default_factory=dict)
    messages: Mapping[str, MessageNow] = field(default_factory=dict)
    came: frozenset[str] = frozenset()
    moves_counts: bool = False


_WITHOUT_ID = frozenset({Noun.TEMPLATE})
"""A page shows what is written here; of what WhatsApp has of it the number may be younger than the page."""
_COUNTED = frozenset({Noun.OPPORTUNITY, Noun.MESSAGE, Noun.REQUEST, Noun.STOP})


def look(business_id: str, changes: Iterable[Change]) -> Touched:
    """Read how the rows of these changes stand now; the last state of each row is all that counts."""
    named: dict[str, dict[str, None]] = {noun: {} for noun in Noun}
    came: set[str] = set()
    for change in changes:
        named[change.noun][change.subject] = None
        if change.news == News.CAME:
            came.add(change.subject)
    is_too_much = sum(map(len, named.values())) > MANY
    messages = live.messages(business_id, list(named[Noun.MESSAGE])[:MANY])
    people = [*named[Noun.CONTACT]][:MANY]
    deals = dict.fromkeys(
        [
            *named[Noun.OPPORTUNITY],
            *(message.opportunity_id for message in messages.values() if message.opportunity_id),
            *live.deals_of(business_id, people),
        ]
    )
    found = live.deals(business_id, list(deals)[:MANY])
    keys = {live.key(noun, "" if noun in _WITHOUT_ID else pk) for noun in Noun for pk in named[noun]}
    keys |= {live.key(Noun.OPPORTUNITY, pk) for pk in deals}
    written_to = {message.contact_id for message in messages.values() if message.contact_id}
    keys |= {live.key(Noun.CONTACT, pk) for pk in written_to | {deal.contact_id for deal in found.values()}}
    return Touched(
        keys=frozenset({"*"} if is_too_much else keys),
        deals=found,
        messages=messages,
        came=frozenset(came),
        moves_counts=any(named[noun] for noun in _COUNTED),
    )


def draw(touched: Touched, view: View, *, now: datetime) -> dict[str, str]:
    """HTML by key."""
    with translation.override(view.language), timezone.override(ZoneInfo(view.time_zone) if view.time_zone else None):
        drawn = {
            live.key(Noun.OPPORTUNITY, pk): chips.of_deal(deal, language=view.language, now=now)
            for pk, deal in touched.deals.items()
        } | {
            live.key(Noun.MESSAGE, pk): chips.of_message(message, language=view.language, now=now)
            for pk, message in touched.messages.items()
        }
        return {key: _written(chip_html(chip, now=now), view) for key, chip in drawn.items()}


def draw_counts(seat: Seat, view: View, *, now: datetime) -> dict[str, str]:
    """The numbers of the navigation and the stop band, of one person."""
    with translation.override(view.language), timezone.override(ZoneInfo(view.time_zone) if view.time_zone else None):
        numbers = {"queue": seat.queue_count, "failures": seat.failure_count, "requests": seat.request_count}
        drawn = {key: escape(counted(number)) if number else "" for key, number in numbers.items()}
        drawn["stop"] = render_to_string("web/_stop_words.html", {"seat": seat, "now": now})
        return {key: _written(html, view) for key, html in drawn.items()}


def time_of(view: View, *, now: datetime) -> str:
    """`12:07 م`: what is on the page is as of then."""
    with translation.override(view.language), timezone.override(ZoneInfo(view.time_zone) if view.time_zone else None):
        return _written(clock_time(now), view)


def _written(html: str, view: View) -> str:
    return written_in(view.digits, html) if view.language == Language.AR else html
