"""Recording a consent and correcting a number: every part of the proof is asked for, refusals say why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.web import rows
from wakeel.store.models import ConsentEventRow, ContactAlias


@pytest.fixture
def person(home: rows.House):
    return rows.contact(home)


def filled(**changed: object) -> dict[str, object]:
    at = timezone.localtime(rows.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    proof = {"wording": "أوافق على تلقي العروض", "evidence": "نموذج ورقي رقم 12"}
    return {"categories": ["marketing"], "purpose": "offers", "source": "paper", "happened_at": at, **proof, **changed}


def test_a_complete_entry_is_appended_and_shown(page, person):
    response = page.post(f"/contacts/{person.id}/consent/", filled(), follow=True)
    entry = ConsentEventRow.objects.get(contact=person)
    assert (entry.type, entry.categories, entry.source) == ("grant", ["marketing"], "paper")
    html = response.content.decode()
    assert "كُتبت الموافقة في السجل" in html
    assert "نموذج ورقي رقم 12" in html


@pytest.mark.parametrize("missing", ["categories", "source", "happened_at", "wording", "evidence"])
def test_no_part_of_the_proof_may_be_missing(page, person, missing):
    response = page.post(f"/contacts/{person.id}/consent/", filled(**{missing: ""}))
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not ConsentEventRow.objects.exists()


def test_a_consent_from_the_future_is_refused(page, person):
    tomorrow = timezone.localtime(rows.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert page.post(f"/contacts/{person.id}/consent/", filled(happened_at=tomorrow)).status_code == 422


def test_against_an_opt_out_nothing_can_be_entered(page, home, person):
    rows.opted_out(home, person)
    assert page.post(f"/contacts/{person.id}/consent/", filled()).status_code == 422
    assert list(ConsentEventRow.objects.values_list("type", flat=True)) == ["withdraw"]


def test_a_corrected_number_closes_the_old_one(page, person):
    page.post(f"/contacts/{person.id}/number/", {"number": "+966 55 555 0001"})
    assert ContactAlias.objects.get(contact=person, valid_to=None).value == "+966555550001"


@pytest.mark.parametrize("number", ["", "12", "not a number"])
def test_what_is_no_number_changes_nothing(page, person, number):
    assert page.post(f"/contacts/{person.id}/number/", {"number": number}).status_code == 422
    assert ContactAlias.objects.get(contact=person).valid_to is None
