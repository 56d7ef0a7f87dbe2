"""Signing in: slowed after wrong passwords, back only to our own pages, one language switch for everybody."""

import pytest
from django.test import Client

from tests.web import rows
from wakeel.web import throttle


def sign_in(browser: Client, password: str = rows.PASSWORD, **more: str):
    return browser.post("/login/", {"username": "sara", "password": password, **more})


def test_the_right_password_opens_the_queue(client, home):
    assert sign_in(client)["Location"] == "/"
    assert client.get("/").status_code == 200


def test_signing_out_is_a_post(page):
    assert page.get("/logout/").status_code == 405
    assert page.post("/logout/")["Location"] == "/login/"
    assert page.get("/").status_code == 302


def test_five_wrong_passwords_make_even_the_right_one_wait(client, home):
    for _ in range(throttle.LIMIT):
        assert "غير صحيحة" in sign_in(client, "wrong").content.decode()
    response = sign_in(client)
    assert response.status_code == 422
    assert "بعد 15 دقيقة" in response.content.decode()


def test_the_wait_is_for_one_name_from_one_address(client, home):
    for _ in range(throttle.LIMIT):
        sign_in(client, "wrong")
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(elsewhere).status_code == 302


def test_the_right_password_forgets_earlier_slips(client, home):
    for _ in range(throttle.LIMIT - 1):
        sign_in(client, "wrong")
    sign_in(client)
    client.post("/logout/")
    assert sign_in(client, "wrong").status_code == 422
    assert sign_in(client).status_code == 302


@pytest.mark.parametrize(
    ("asked", "given"), [("/health/", "/health/"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_next_is_followed_only_to_our_own_pages(client, home, asked, given):
    assert sign_in(client, next=asked)["Location"] == given


@pytest.mark.parametrize(("asked", "given"), [("/health/", "/health/"), ("https://evil.example/", "/")])
def test_the_language_switch_is_a_post_and_comes_back_to_our_pages(client, db, asked, given):
    response = client.post("/language/", {"language": "en", "next": asked})
    assert response["Location"] == given
    assert 'lang="en" dir="ltr"' in client.get("/login/").content.decode()
