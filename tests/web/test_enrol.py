"""Linking a phone on the screen: the code is seen once, and only the person who signed in makes it an operator."""

import re

import pytest

from tests.web import rows
from wakeel.domain.events import Sender
from wakeel.flows.enrol_operator import take_code
from wakeel.store.models import Operator


@pytest.fixture
def newcomer(client, home, django_user_model):
    """A signed-in person without a phone."""
    login = django_user_model.objects.create_user("new", password=rows.PASSWORD, first_name="ليلى")
    client.force_login(rows.may_be(home, "operator", user=login))
    return client


def issued(browser) -> str:
    html = browser.post("/operators/enrol/code/").content.decode()
    return re.search(r'class="enrol-code"><bdi dir="ltr">(\w+)<', html)[1]


def send(home: rows.House, code: str) -> None:
    sender = Sender(wa_id="966533334444", bsuid="SA.new", name="<b>Lee</b>")
    take_code(home.business.id, code, sender, sent_at=rows.now(), now=rows.now())


def test_the_code_is_shown_once_with_where_to_send_it(newcomer):
    html = newcomer.post("/operators/enrol/code/").content.decode()
    code = re.search(r'class="enrol-code"><bdi dir="ltr">(\w+)<', html)[1]
    assert len(code) == 8
    assert f"https://wa.me/966110000001?text={code}" in html
    assert code not in newcomer.get("/operators/enrol/").content.decode()


def test_a_phone_that_sent_the_code_waits_for_the_person_who_signed_in(newcomer, home):
    send(home, issued(newcomer))
    html = newcomer.get("/operators/enrol/").content.decode()
    assert "966533334444" not in html
    assert "•••••4444" in html
    assert "<b>Lee" not in html
    assert newcomer.post("/operators/enrol/confirm/")["Location"] == "/prove/?next=%2Fprove%2Fgo-on%2F"
    assert Operator.objects.filter(user__username="new").count() == 0
    rows.prove(newcomer, rows.User.objects.get(username="new"))
    assert newcomer.post("/operators/enrol/confirm/")["Location"] == "/"
    assert Operator.objects.get(user__username="new").name == "ليلى"


def test_the_waiting_page_asks_again_by_itself_with_and_without_scripts(newcomer):
    issued(newcomer)
    html = newcomer.get("/operators/enrol/").content.decode()
    assert 'hx-trigger="every 3s"' in html
    assert '<noscript><meta http-equiv="refresh"' in html


def test_confirming_without_a_phone_says_what_to_do(newcomer):
    rows.prove(newcomer, rows.User.objects.get(username="new"))
    response = newcomer.post("/operators/enrol/confirm/", follow=True)
    assert "لم يصل رمز صالح بعد" in response.content.decode()
