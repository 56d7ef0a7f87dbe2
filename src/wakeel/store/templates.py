"""Templates as Meta reports them: one row a business, account, name and language."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from wakeel.domain.templates import (
    DELETED,
    SENDABLE,
    ListedTemplate,
    TemplateEvent,
    TemplateState,
    after,
    listed,
    missing,
)
from wakeel.store.models import SendingNumber, Template

_COLUMNS = tuple(TemplateState.__dataclass_fields__)
_LENGTHS = {"template_id": 32, "status": 40, "category": 40, "pending_category": 40, "quality": 20}


def apply(business_id: str, event: TemplateEvent, *, at: datetime) -> bool:
    """Take one piece of news into its row, made if there is none; False if newer news had said otherwise."""
    row, _ = Template.objects.get_or_create(
        business_id=business_id, waba_id=event.waba_id, name=event.name, language=event.language
    )
    row = Template.objects.select_for_update().get(pk=row.pk)
    known = state_of(row)
    fresh = after(known, event, at=at)
    if fresh == known:
        return False
    _write(row, fresh)
    row.save(update_fields=_COLUMNS)
    return True


def state_of(row: Template) -> TemplateState:
    values = {column: getattr(row, column) for column in _COLUMNS}
    return TemplateState(**{**values, "components": tuple(row.components)})


def _write(row: Template, state: TemplateState) -> None:
    for column in _COLUMNS:
        value = getattr(state, column)
        setattr(row, column, value[: _LENGTHS[column]] if column in _LENGTHS else value)
    row.components = [dict(part) for part in state.components]


def take_listed(
    business_id: str, waba_id: str, found: Sequence[ListedTemplate], *, at: datetime, real_now: datetime
) -> None:
    """Take a slice of a listing. at: when the listing began; real_now: real time of it."""
    rows = Template.objects.select_for_update().filter(business_id=business_id, waba_id=waba_id)
    known = {(row.name, row.language): row for row in rows.filter(name__in={one.name for one in found}).order_by("id")}
    made = []
    for one in found:
        row = known.get((one.name, one.language))
        if row is None:
            row = Template(business_id=business_id, waba_id=waba_id, name=one.name, language=one.language)
            made.append(row)
        _write(row, listed(state_of(row), one, at=at))
        row.pulled_at = real_now
    Template.objects.bulk_create(made)
    old = [row for row in known.values() if row.pulled_at == real_now]
    Template.objects.bulk_update(old, [*_COLUMNS, "pulled_at"], batch_size=100)


def note_missing(business_id: str, waba_id: str, *, at: datetime, real_now: datetime) -> int:
    """What the whole listing of `real_now` did not have is deleted at Meta; returns how many were found so."""
    rows = Template.objects.select_for_update().filter(business_id=business_id, waba_id=waba_id)
    rows = rows.filter(Q(pulled_at=None) | Q(pulled_at__lt=real_now)).exclude(status=DELETED)
    count = 0
    for row in rows.order_by("id"):
        known = state_of(row)
        fresh = missing(known, at=at)
        if fresh != known:
            _write(row, fresh)
            row.save(update_fields=_COLUMNS)
            count += 1
    return count


def of_account(business_id: str, waba_id: str) -> list[Template]:
    return list(Template.objects.filter(business_id=business_id, waba_id=waba_id).order_by("name", "language"))


def note_refused(
    number: SendingNumber, name: str, language: str, *, status: str, code: int | None, at: datetime
) -> None:
    """Meta refused a message for its template's sake: it is not sent again before Meta says something newer of it."""
    rows = Template.objects.filter(business_id=number.business_id, waba_id=number.waba_id, name=name, language=language)
    sendable = rows.filter(Q(status_at=None) | Q(status_at__lte=at), status__in=SENDABLE)
    sendable.update(status=status, status_note=f"{code}", status_at=at, paused_until=None)
