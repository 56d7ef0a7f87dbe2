"""The breakers of numbers: opened by unanswered sends or a word of Meta's, closed by an answer or a person.

A number that answers has no row, so that the claim and the record of every good message cost one look at an almost
empty table. All verbs stand inside the caller's transaction; times are real time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.breakers import UNKNOWNS_TO_OPEN, BreakerState, Cause, probe_wait
from wakeel.store.compiled import Compiled
from wakeel.store.models import Breaker, SendingNumber

_NOT_CLOSED = (BreakerState.OPEN.value, BreakerState.PROBING.value)


@dataclass(frozen=True, slots=True)
class Shut:
    """What the claim leaves alone, by phone_number_id.

    numbers: nothing leaves. contacts: nothing leaves to contacts. probing: one single message leaves, whatever it is;
    its attempt is named with `note_probe` in the same transaction.
    """

    numbers: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    probing: frozenset[str] = frozenset()


def shut(*, real_now: datetime) -> Shut:
    """What no claim may take now; a probe that is due makes its number `probing` instead of shut."""
    rows = _not_closed(states=_NOT_CLOSED)
    if not rows:
        return Shut()
    due = {row.pk for row in rows if _probe_is_due(row, real_now)}
    return Shut(
        numbers=frozenset(row.pk for row in rows if row.pk not in due and not row.contacts_only),
        contacts=frozenset(row.pk for row in rows if row.pk not in due and row.contacts_only),
        probing=frozenset(due),
    )


@Compiled
def _not_closed(*, states: Any) -> "QuerySet[Breaker]":
    return Breaker.objects.filter(state__in=states)


def _probe_is_due(row: Breaker, real_now: datetime) -> bool:
    return row.state == BreakerState.OPEN and row.probe_at is not None and row.probe_at <= real_now


def note_probe(number_id: str, attempt_id: str) -> bool:
    """This attempt is the probe; False if another worker's is on its way: then this message stays where it is."""
    rows = Breaker.objects.filter(pk=number_id, state=BreakerState.OPEN, probe_at__isnull=False)
    return rows.update(state=BreakerState.PROBING, probe_id=attempt_id) == 1


def answered(number_ids: Collection[str]) -> list[str]:
    """Meta answered clearly, with yes or no: outages of these numbers are over. Returns those that may send again."""
    if not _in_trouble(numbers=number_ids):
        return []
    rows = Breaker.objects.select_for_update(of=("self",)).filter(pk__in=number_ids).exclude(cause=Cause.REFUSED)
    found = list(rows)
    if found:
        Breaker.objects.filter(pk__in=[row.pk for row in found]).exclude(cause=Cause.REFUSED).delete()
    return [row.pk for row in found if row.state != BreakerState.CLOSED]


@Compiled
def _in_trouble(*, numbers: Any) -> "QuerySet[Breaker, Any]":
    return Breaker.objects.filter(pk__in=numbers).values_list("pk")


def unanswered(number: SendingNumber, attempt_id: str, *, real_now: datetime) -> bool:
    """One more send without a clear answer; True if that opened the breaker just now.

    The probe's own silence keeps it open and makes the next wait longer.
    """
    Breaker.objects.get_or_create(number=number, defaults={"business_id": number.business_id})
    row = Breaker.objects.select_for_update(of=("self",)).get(pk=number.pk)
    row.unknowns = min(row.unknowns + 1, UNKNOWNS_TO_OPEN)
    opened = row.state == BreakerState.CLOSED and row.unknowns >= UNKNOWNS_TO_OPEN
    if opened:
        row.state, row.cause, row.opened_at = BreakerState.OPEN.value, Cause.NO_ANSWER.value, real_now
        row.probe_at = real_now + probe_wait(0)
    elif row.state == BreakerState.PROBING and row.probe_id == attempt_id:
        _probe_failed(row, real_now=real_now)
    row.save()
    return opened


def _probe_failed(row: Breaker, *, real_now: datetime) -> None:
    row.state, row.probe_id, row.probes = BreakerState.OPEN.value, "", min(row.probes + 1, 1_000)
    row.probe_at = real_now + probe_wait(row.probes)


def give_back_probe(attempt_ids: Iterable[str], *, real_now: datetime) -> None:
    """These attempts were never written to the wire, so they say nothing: the next message may be the probe."""
    rows = Breaker.objects.filter(state=BreakerState.PROBING, probe_id__in=list(attempt_ids))
    rows.update(state=BreakerState.OPEN, probe_id="", probe_at=real_now)


def refuse(number: SendingNumber, code: int, *, contacts_only: bool, real_now: datetime) -> bool:
    """Meta named a cause that a person must settle with them; True if the number was still sending.

    What stops more wins over what stops less: a lock of the account is not narrowed by a later payment problem.
    """
    Breaker.objects.get_or_create(number=number, defaults={"business_id": number.business_id})
    row = Breaker.objects.select_for_update(of=("self",)).get(pk=number.pk)
    if row.cause == Cause.REFUSED and (contacts_only or not row.contacts_only):
        return False
    row.state, row.cause, row.failure_code = BreakerState.OPEN.value, Cause.REFUSED.value, code
    row.contacts_only, row.opened_at = contacts_only, real_now
    row.probe_at, row.probe_id = None, ""
    row.save()
    return True


def release(business_id: str, number_id: str) -> bool:
    """A person settled it: the number sends again; False if there was nothing to release."""
    return Breaker.objects.filter(business_id=business_id, pk=number_id, state__in=_NOT_CLOSED).delete()[0] > 0


def of_business(business_id: str) -> list[Breaker]:
    """The open ones, with their numbers."""
    rows = Breaker.objects.filter(business_id=business_id, state__in=_NOT_CLOSED).select_related("number")
    return list(rows.order_by("number"))
