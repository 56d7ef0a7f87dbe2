"""How fast a number may send: administrators say so, within what WhatsApp allows."""

import pytest

from tests.web import rows
from wakeel.store.models import SendingNumber

GIVEN = {"a_second": "20", "pair_interval_s": "3.5", "operator_burst": "12", "contact_burst": "2"}


def path(home) -> str:
    return f"/numbers/{home.number.pk}/limits/"


@pytest.fixture
def admin(home):
    rows.may_be(home, "operator", "admin")


def test_an_administrator_changes_the_speed_of_a_number(page, home, admin):
    assert path(home) in page.get("/health/").content.decode()
    assert 'value="6.0"' in page.get(path(home)).content.decode()
    assert page.post(path(home), GIVEN).status_code == 302
    number = SendingNumber.objects.get(pk=home.number.pk)
    assert (number.own_limit_mps, number.pair_interval_ms) == (20, 3500)
    assert (number.operator_burst, number.contact_burst) == (12, 2)
    assert page.post(path(home), GIVEN | {"a_second": ""}).status_code == 302
    number.refresh_from_db()
    assert number.own_limit_mps is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("a_second", "0"),
        ("a_second", "1001"),
        ("pair_interval_s", "-1"),
        ("operator_burst", "46"),
        ("contact_burst", ""),
    ],
)
def test_what_whatsapp_would_not_allow_is_refused_at_its_field(page, home, admin, field, value):
    answer = page.post(path(home), GIVEN | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}"' in answer.content.decode().split('class="field wrong"')[1].split("</div>")[0]
    assert SendingNumber.objects.get(pk=home.number.pk).own_limit_mps is None


def test_nobody_else_changes_it_and_no_number_of_others(page, home, admin):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    assert page.post(path(other), GIVEN).status_code == 404
    rows.may_be(home, "operator")
    assert path(home) not in page.get("/health/").content.decode()
    assert page.get(path(home)).status_code == 403
    assert page.post(path(home), GIVEN).status_code == 403
    assert not SendingNumber.objects.filter(own_limit_mps__isnull=False).exists()
