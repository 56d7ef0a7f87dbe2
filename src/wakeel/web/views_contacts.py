"""Everybody we write to, and searching them: by name, organisation, number, title, and by what was said."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.domain.roles import Act
from wakeel.domain.searching import ask
from wakeel.flows.may_contact import Glance, at_a_glance
from wakeel.store.screens import contacts, found, search
from wakeel.store.screens.contacts import Row, Shown
from wakeel.store.screens.seat import Seat
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
    """Page by page, or those who have every word that was asked for."""
    return _answer(request, seat, "contacts.html", nav="contacts")


@require_safe
@seated
def searched(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same from the box of any page; without a question only the box."""
    return _answer(request, seat, "search.html", nav="")


def _answer(request: HttpRequest, seat: Seat, template: str, *, nav: str) -> HttpResponse:
    question = request.GET.get("q", "")[:LONGEST_QUESTION].strip()
    context = _found(seat, question) if question else _page(request, seat) if nav else {"lines": ()}
    return show(request, seat, template, nav=nav, question=question, **context)


def _found(seat: Seat, question: str) -> dict[str, object]:
    asked = ask(question, sees_numbers=seat.may(Act.SEE_PHONES))
    matches = search.find(seat.business_id, asked, limit=search.SHOWN + 1)
    rows = contacts.found(seat.business_id, matches[: search.SHOWN], sight=sight_of(seat))
    return {
        "lines": _lines(seat, rows, found.places(seat.business_id, matches[: search.SHOWN], asked)),
        "is_cut": len(matches) > search.SHOWN,
    }


def _page(request: HttpRequest, seat: Seat) -> dict[str, object]:
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
