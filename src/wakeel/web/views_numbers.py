"""The numbers of a period: charts, each with its table, and the table as a file."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.domain.numbers import Period, days_of
from wakeel.domain.roles import Act
from wakeel.flows.table_report import as_csv
from wakeel.store.screens import costs
from wakeel.store.screens import numbers as screen
from wakeel.store.screens.numbers import Numbers
from wakeel.store.screens.seat import Seat
from wakeel.web import number_tables as tables
from wakeel.web.number_tables import Name, Table
from wakeel.web.queue_place import NOBODY
from wakeel.web.seats import language, seated, show

PERIOD_WORDS = {
    Period.WEEK: _("7 days"),
    Period.DAYS_30: _("30 days"),
    Period.DAYS_90: _("90 days"),
    Period.MONTH: _("This month"),
}


@require_safe
@seated
def numbers(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every table; of one operator for whoever sees their own work only."""
    period = _period(request)
    found = _read(seat, period)
    return show(
        request, seat, "numbers.html", nav="numbers", period=period, periods=PERIOD_WORDS.items(), numbers=found,
        tables=[_table(name, request, seat, found) for name in Name if _is_theirs(name, seat)],
        is_own=not seat.may(Act.SEE_ALL), first=found.days[0].day, last=found.days[-1].day,
    )  # fmt: skip


@require_safe
@seated
def as_file(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """One table as CSV."""
    wanted = Name(name)
    if not _is_theirs(wanted, seat):
        raise Http404
    period = _period(request)
    table = _table(wanted, request, seat, _read(seat, period))
    headers = {"Content-Disposition": f'attachment; filename="{wanted}-{period}.csv"'}
    data = as_csv(table.head, tables.as_rows(table))
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


def _period(request: HttpRequest) -> Period:
    asked = request.GET.get("period", "")
    return Period(asked) if asked in set(Period) else Period.DAYS_30


def _read(seat: Seat, period: Period) -> Numbers:
    days = days_of(period, today=timezone.localtime(clock.now()).date())
    operator_id = None if seat.may(Act.SEE_ALL) else seat.operator_id or NOBODY
    return screen.read(seat.business_id, days, operator_id=operator_id)


def _is_theirs(name: Name, seat: Seat) -> bool:
    """What WhatsApp charges is nobody's own."""
    return name is not Name.COSTS or seat.may(Act.SEE_ALL)


def _table(name: Name, request: HttpRequest, seat: Seat, found: Numbers) -> Table:
    mirrored, words = get_language_bidi(), language(request)
    makers: dict[Name, Callable[[], Table]] = {
        Name.FUNNEL: lambda: tables.funnel(found, mirrored=mirrored),
        Name.MESSAGES: lambda: tables.messages(found, mirrored=mirrored),
        Name.FAILURES: lambda: tables.failures(found, language=words, mirrored=mirrored),
        Name.TIMES: lambda: tables.times(found, mirrored=mirrored),
        Name.CHANNELS: lambda: tables.channels(found, language=words, mirrored=mirrored),
        Name.COSTS: lambda: tables.month_costs(_costs(seat), language=words, mirrored=mirrored),
    }
    return makers[name]()


def _costs(seat: Seat) -> costs.Costs:
    return costs.read(seat.business_id, month=timezone.localtime(clock.now()).date().replace(day=1))
