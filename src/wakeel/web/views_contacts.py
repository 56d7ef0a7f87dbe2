"""Everybody we write to, and searching them: by name, organisation, number, title, and by what was said."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.domain.searching import Asked, ask, asks_whole_number
from wakeel.flows.may_contact import Glance, at_a_glance
from wakeel.store.screens import contacts, found, search
from wakeel.store.screens.contacts import Row, Shown
from wakeel.store.screens.people import Sight
from wakeel.store.screens.seat import Seat
from wakeel.web import guessing
from wakeel.web.seats import seated, show
from wakeel.web.sight import sight_of

SHOWN_WORDS = {
    Shown.ALL: _("All"),
    Shown.OPEN: _("Reply window open"),
    Shown.MINE: _("Mine"),
    Shown.NEW: _("Never wrote"),
}
LONGEST_QUESTION = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is drawn. glance: None while no number of ours is set up. wheres: of a search."""

    row: Row
    glance: Glance | None
    wheres: tuple[found.Where, ...] = ()


@require_safe
@seated
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Page by page, or those who have every word that was asked for; 429 for too many whole numbers."""
    return _answer(request, seat, "contacts.html", nav="contacts")


@require_safe
@seated
def searched(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same from the box of any page; without a question only the box."""
    return _answer(request, seat, "search.html", nav="")


def _answer(request: HttpRequest, seat: Seat, template: str, *, nav: str) -> HttpResponse:
    question = request.GET.get("q", "")[:LONGEST_QUESTION].strip()
    if not question:
        return show(request, seat, template, nav=nav, question="", **_page(request, seat) if nav else {"lines": ()})
    sight = sight_of(seat)
    asked = ask(question, sees_all=sight.sees_all)
    if asks_whole_number(asked) and guessing.is_too_much(request, seat):
        page = show(request, seat, template, status=429, nav=nav, question=question, slowed=guessing.SLOWED)
        page["HX-Retarget"], page["HX-Reselect"], page["HX-Reswap"] = "#found", "#found", "outerHTML"
        return page
    return show(request, seat, template, nav=nav, question=question, **_found(seat, asked, sight))


def _found(seat: Seat, asked: tuple[Asked, ...], sight: Sight) -> dict[str, Any]:
    matches = search.find(seat.business_id, asked, sight=sight, limit=search.SHOWN + 1)
    rows = contacts.found(seat.business_id, matches[: search.SHOWN], sight=sight)
    return {
        "lines": _lines(seat, rows, found.places(seat.business_id, matches[: search.SHOWN], asked)),
        "is_cut": len(matches) > search.SHOWN,
    }


def _page(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    wanted = request.GET.get("shown", "")
    shown = Shown(wanted) if wanted in set(Shown) else Shown.ALL
    page = contacts.page(
        seat.business_id, shown=shown, sight=sight_of(seat), after=request.GET.get("after", ""), now=clock.now()
    )
    further = urlencode({"shown": shown.value, "after": page.next}) if page.next else ""
    tabs = [
        (one, words, one is shown) for one, words in SHOWN_WORDS.items() if one is not Shown.MINE or seat.operator_id
    ]
    return {"lines": _lines(seat, page.rows, {}), "tabs": tabs, "shown": shown, "further": further}


def _lines(seat: Seat, rows: tuple[Row, ...], wheres: dict[str, tuple[found.Where, ...]]) -> list[Line]:
    ids = [row.person.id for row in rows]
    glances = at_a_glance(seat.business_id, ids, now=clock.now()) if ids and seat.our_phone else {}
    return [Line(row, glances.get(row.person.id), wheres.get(row.person.id, ())) for row in rows]
