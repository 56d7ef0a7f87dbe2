"""Selecting many at once: the same people that the ledger says, and nobody who is suppressed."""

from datetime import datetime

import pytest
from django.test.utils import CaptureQueriesContext

from tests import rows
from tests.rows import DAY, HOUR, T0
from wakeel.domain.consent import state_of
from wakeel.domain.suppression import SuppressionCause
from wakeel.store import audience, contacts, person_facts, subjects, suppressions
from wakeel.store.consent import refresh_standing
from wakeel.store.entries import as_event
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentPayload, Contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> rows.Firm:
    return rows.firm()


def person(firm: rows.Firm, number: int, *, granted: bool = True, **fields: object) -> Contact:
    made = rows.contact(firm, f"ش{number}", phone=f"+9665000003{number:02d}")
    if granted:
        rows.grant(made, **fields)
    return made


def selected(firm: rows.Firm, *, purpose: str = "offers", now: datetime = T0) -> set[str]:
    return set(audience.active(firm.business.id, category="marketing", purpose=purpose, now=now))


def computed(firm: rows.Firm, *, now: datetime = T0) -> set[str]:
    return set(audience.computed(firm.business.id, category="marketing", purpose="offers", now=now))


def mixed(firm: rows.Firm) -> list[Contact]:
    """One of each kind; the first two may be selected at T0."""
    people = [person(firm, 1), person(firm, 2, expires_at=T0 + HOUR)]
    people.append(person(firm, 3, expires_at=T0 - HOUR))
    people.append(person(firm, 4, granted=False))
    people.append(person(firm, 5, categories=["utility"]))
    people.append(person(firm, 6, needs_confirmation=True))
    people.append(person(firm, 7))
    rows.withdrawal(people[-1])
    people.append(person(firm, 8, explicit=False))
    people.append(person(firm, 9, purposes=["orders"]))
    other = rows.firm("ثانية", phone_number_id="105500000000009")
    rows.grant(rows.contact(other, phone="+966500000399"))
    return people


def test_only_people_with_an_active_consent_for_that_purpose_are_selected(firm: rows.Firm):
    people = mixed(firm)
    assert selected(firm) == {people[0].id, people[1].id}
    assert selected(firm, purpose="orders") == {people[8].id}
    assert selected(firm, now=T0 + 2 * HOUR) == {people[0].id}, "a consent that ended since is not selected any more"


def test_the_ledger_computed_anew_selects_the_same_people(firm: rows.Firm):
    mixed(firm)
    for now in (T0, T0 + 2 * HOUR):
        assert computed(firm, now=now) == selected(firm, now=now)


def test_nobody_suppressed_is_selected(firm: rows.Firm):
    """Themselves, by their address, or by a record that was merged into theirs."""
    people = [person(firm, number) for number in range(1, 6)]
    business_id, said = firm.business.id, {"actor": "user:1", "now": T0}
    suppressions.add(business_id, cause=SuppressionCause.COMPLAINT, contact_id=people[0].id, **said)
    token = keyring().address_token("+966500000302")
    suppressions.add(business_id, cause=SuppressionCause.ERASED, address_token=token, **said)
    joined = person(firm, 6, granted=False)
    Contact.objects.filter(pk=joined.pk).update(merged_into=people[2])
    suppressions.add(business_id, cause=SuppressionCause.LEGAL, contact_id=joined.id, **said)
    lifted = suppressions.add(business_id, cause=SuppressionCause.MANUAL, contact_id=people[3].id, **said)
    suppressions.lift(lifted.id, by="user:1", note="", now=T0)
    assert selected(firm) == {people[3].id, people[4].id}


def test_merged_and_erased_records_are_not_selected(firm: rows.Firm):
    kept, joined, erased = (person(firm, number) for number in range(1, 4))
    Contact.objects.filter(pk=joined.pk).update(merged_into=kept)
    Contact.objects.filter(pk=erased.pk).update(erased_at=T0)
    assert selected(firm) == {kept.id}


def test_slices_join_without_a_gap(firm: rows.Firm, monkeypatch: pytest.MonkeyPatch):
    people = [person(firm, number) for number in range(1, 8)]
    for size in (1, 2, 3, 7, 8):
        monkeypatch.setattr(audience, "SLICE", size)
        monkeypatch.setattr(audience, "COMPUTED_SLICE", size)
        found = list(audience.active(firm.business.id, category="marketing", purpose="offers", now=T0))
        assert found == sorted(one.id for one in people)
        assert computed(firm) == set(found)


def test_the_number_of_queries_does_not_grow_with_the_people(firm: rows.Firm):
    from django.db import connection

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            selected(firm)
            computed(firm)
        return len(queries)

    person(firm, 1)
    few = asked()
    for number in range(2, 12):
        person(firm, number)
    assert asked() == few


def test_the_lean_reading_and_the_gates_reading_are_the_same(firm: rows.Firm):
    """One for a claim, one for a million; both as the models say it."""
    people = mixed(firm)
    rows.withdrawal(people[0], at=None, recorded_at=T0, categories=["*"], channel="*")
    rows.withdrawal(people[1], purposes=["orders"], address="*", withdraw_id=None)
    contacts.open_alias(people[4], contacts.BSUID, "SA.five", now=T0 - DAY)
    Contact.objects.filter(pk=people[5].pk).update(merged_into=people[6])
    refresh_standing([people[5].id, people[6].id], now=T0)
    ids = [one.id for one in people]
    lean, full = subjects.read(ids), person_facts.people(ids)
    for pk in ids:
        assert lean[pk].events == full[pk].events
        told = ConsentPayload.objects.filter(event__in=[event.id for event in full[pk].events])
        rows_of_it = told.select_related("event").order_by("event__seq")
        assert full[pk].events == tuple(as_event(payload.event) for payload in rows_of_it)
        assert lean[pk].subject == full[pk].subject
        assert lean[pk].ledger_seq == full[pk].ledger_seq
        for category in ("marketing", "utility"):
            ask = {"category": category, "purpose": "offers", "as_of": T0}
            assert state_of(lean[pk].events, subject=lean[pk].subject, **ask) == state_of(
                full[pk].events, subject=full[pk].subject, **ask
            )
