"""Signing in: slowed after wrong passwords, a second step for who has one; asked again before what cannot be undone."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from tests.web import rows
from wakeel.store.models import AuditEntry, Operator, Profile, StopSwitch

LIMIT = 5


def sign_in(browser: Client, password: str = rows.PASSWORD, **more: str):
    return browser.post("/login/", {"username": "sara", "password": password, **more})


def said(response) -> str:
    return response.content.decode()


@pytest.fixture
def clock(monkeypatch):
    """The clock of codes and proofs; `clock(30)` is half a minute later."""
    passed = [0.0]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])

    def later(seconds: float) -> None:
        passed[0] += seconds

    return later


def app_of(page: Client) -> str:
    """The person of this browser sets up an authenticator app; its secret."""
    shown = said(page.get("/settings/security/app/"))
    secret = re.search(r'class="code secret">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    assert page.post("/settings/security/app/", {"code": code_of(secret)})["Location"] == "/settings/security/codes/"
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def recovery_codes(page: Client) -> list[str]:
    return re.findall(r'class="code secret">(\d{8})<', said(page.get("/settings/security/codes/")))


def test_the_right_password_opens_the_queue(client, home):
    assert sign_in(client)["Location"] == "/"
    assert client.get("/").status_code == 200


def test_signing_out_is_a_post(page):
    assert page.get("/logout/").status_code == 405
    assert page.post("/logout/")["Location"] == "/login/"
    assert page.get("/").status_code == 302


@pytest.mark.parametrize("store", ["in the process", "in the database"])
def test_five_wrong_passwords_make_even_the_right_one_wait_and_only_from_there(client, home, store):
    """In the database, because a second web process would count anew; once for each so that both are known to work."""
    where = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tally"}
    with override_settings(CACHES={"default": where} if store == "in the database" else settings.CACHES):
        for _ in range(LIMIT):
            assert "غير صحيحة" in said(sign_in(client, "wrong"))
        response = sign_in(client)
        assert response.status_code == 422
        assert "بعد 15 دقيقة" in said(response)
        assert sign_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302


def test_the_right_password_is_no_try(client, home):
    for _ in range(LIMIT - 1):
        sign_in(client, "wrong")
    sign_in(client)
    client.post("/logout/")
    assert sign_in(client, "wrong").status_code == 422
    assert "بعد 15 دقيقة" in said(sign_in(client))


def test_over_ipv6_a_network_is_one_address(client, home):
    """Whoever has one address there has 18 trillion of them."""
    for number in range(LIMIT):
        assert "غير صحيحة" in said(sign_in(Client(REMOTE_ADDR=f"2a01:4f8:1:2::{number}"), "wrong"))
    assert "بعد 15 دقيقة" in said(sign_in(Client(REMOTE_ADDR="2a01:4f8:1:2:ffff::9")))
    assert sign_in(Client(REMOTE_ADDR="2a01:4f8:1:3::1")).status_code == 302


def test_ipv4_addresses_that_come_as_ipv6_are_not_one_network(client, home):
    for _ in range(LIMIT):
        sign_in(Client(REMOTE_ADDR="::ffff:9.9.9.9"), "wrong")
    assert "بعد 15 دقيقة" in said(sign_in(Client(REMOTE_ADDR="9.9.9.9")))
    assert sign_in(Client(REMOTE_ADDR="::ffff:9.9.9.8")).status_code == 302


def guess_names(browser: Client, number: int) -> None:
    for guess in range(number):
        browser.post("/login/", {"username": f"name{guess}", "password": "wrong"})


def test_sixty_wrong_tries_on_whatever_names_make_a_public_address_wait(client, home):
    stranger = Client(REMOTE_ADDR="9.9.9.9")
    guess_names(stranger, 59)
    assert sign_in(stranger).status_code == 302, "the right password is no try"
    stranger.post("/logout/")
    guess_names(stranger, 1)
    assert "بعد 15 دقيقة" in said(sign_in(stranger))
    assert sign_in(Client(REMOTE_ADDR="9.9.9.8")).status_code == 302


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.2"])
def test_a_proxys_address_never_keeps_everybody_out(home, address):
    guess_names(Client(REMOTE_ADDR=address), 61)
    assert sign_in(Client(REMOTE_ADDR=address)).status_code == 302


def test_a_strangers_wrong_tries_do_not_hold_up_a_signed_in_persons_proof(client, home):
    client.force_login(home.user)
    stranger = Client()
    for _ in range(LIMIT):
        sign_in(stranger, "wrong")
    assert "بعد 15 دقيقة" in said(sign_in(stranger))
    assert client.post("/prove/?next=%2Fhealth%2F", {"password": rows.PASSWORD})["Location"] == "/health/"


def test_wrong_proofs_are_counted_in_their_session(client, home):
    client.force_login(home.user)
    for _ in range(LIMIT):
        assert client.post("/prove/", {"password": "wrong"}).status_code == 422
    assert "بعد 15 دقيقة" in said(client.post("/prove/", {"password": rows.PASSWORD}))
    other = Client()
    other.force_login(home.user)
    assert other.post("/prove/?next=%2Fhealth%2F", {"password": rows.PASSWORD})["Location"] == "/health/"


def test_a_closed_login_answers_as_a_wrong_password_does(client, home):
    rows.User.objects.update(is_active=False)
    response = sign_in(client)
    assert (response.status_code, "الاسم أو كلمة المرور غير صحيحة" in said(response)) == (422, True)


@pytest.mark.parametrize(
    ("asked", "given"), [("/health/", "/health/"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_next_is_followed_only_to_our_own_pages(client, home, asked, given):
    assert sign_in(client, next=asked)["Location"] == given


@pytest.mark.parametrize(("asked", "given"), [("/health/", "/health/"), ("https://evil.example/", "/")])
def test_the_language_switch_is_a_post_and_comes_back_to_our_pages(client, db, asked, given):
    response = client.post("/language/", {"language": "en", "next": asked})
    assert response["Location"] == given
    assert 'lang="en" dir="ltr"' in said(client.get("/login/"))


def test_the_language_of_a_person_comes_with_them_to_the_next_browser(page, home):
    page.post("/language/", {"language": "en"})
    page.post("/language/", {"language": "fr"})
    elsewhere = Client()
    assert 'lang="ar"' in said(elsewhere.get("/login/"))
    sign_in(elsewhere)
    response = elsewhere.get("/")
    assert 'lang="en" dir="ltr"' in said(response)
    assert response["Content-Language"] == "en"


def test_nobody_signs_up_and_nothing_of_the_library_is_open_that_we_do_not_use(client, home):
    for path in ("signup", "email", "confirm-email", "password/reset", "password/set", "2fa", "3rdparty", "inactive"):
        assert client.get(f"/{path}/").status_code == 404


def test_with_an_app_the_password_alone_opens_nothing(page, home, clock):
    secret = app_of(page)
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True))), "kept sealed"
    clock(30)
    browser = Client()
    assert sign_in(browser, next="/health/")["Location"] == "/login/code/"
    assert browser.get("/")["Location"].startswith("/login/"), "half a sign-in is none"
    assert browser.post("/login/code/", {"code": "000000"}).status_code == 422
    arabic = code_of(secret).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert browser.post("/login/code/", {"code": f"{arabic[:3]} {arabic[3:]}"})["Location"] == "/health/"
    assert browser.get("/health/").status_code == 200


def test_a_code_opens_once_even_while_its_time_lasts(page, home, clock):
    """The library forgets a used code after one step; with half a minute of grace it would open again."""
    secret = app_of(page)
    clock(60)
    code = code_of(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    clock(31)
    cache.delete(f"allauth.mfa.totp.used?user={home.user.pk}&code={code}")
    assert second.post("/login/code/", {"code": code}).status_code == 422


def test_a_recovery_code_opens_once_and_wrong_codes_are_counted(page, home, clock):
    app_of(page)
    codes = recovery_codes(page)
    assert len(codes) == 10
    browser = Client()
    sign_in(browser)
    assert browser.post("/login/code/", {"code": codes[0]}).status_code == 302
    assert len(recovery_codes(page)) == 9
    other = Client()
    sign_in(other)
    for _ in range(LIMIT):
        assert other.post("/login/code/", {"code": codes[0]}).status_code == 422
    response = other.post("/login/code/", {"code": codes[1]})
    assert (response.status_code, "محاولات خاطئة كثيرة" in said(response)) == (422, True)


def test_without_its_key_no_code_fits_and_nothing_breaks(page, home, clock):
    """A guessable secret in its place would open every login."""
    app_of(page)
    Authenticator.objects.filter(type="totp").update(data={"secret": "bm90aGluZyBvZiBvdXJz"})
    browser = Client()
    sign_in(browser)
    empty = totp.format_hotp_value(totp.hotp_value("", int(time.time()) // 30))
    assert browser.post("/login/code/", {"code": empty}).status_code == 422


def test_what_is_hard_to_take_back_asks_who_sits_there_and_is_sent_again_by_them(client, home):
    rows.may_be(home, "admin")
    client.force_login(home.user)
    client.post("/stop/press/")
    sent = {"held": "keep", "scope": "business", "target": home.business.id, "csrfmiddlewaretoken": "x"}
    asked = client.post("/stop/release/", sent)
    assert asked["Location"] == "/prove/?next=%2Fprove%2Fgo-on%2F"
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    assert StopSwitch.objects.exists()
    proven = client.post(asked["Location"], {"password": rows.PASSWORD, "next": "/prove/go-on/"}, follow=True)
    html = said(proven)
    assert '<form method="post" action="/stop/release/">' in html
    assert 'name="held" value="keep"' in html
    assert StopSwitch.objects.exists(), "nothing is done in somebody's stead"
    assert "keep" not in json.dumps(dict(client.session)), "it is not kept longer than needed"
    assert client.post("/stop/release/", sent)["Location"] == "/health/"
    assert not StopSwitch.objects.exists()
    assert "لا شيء ينتظر هنا" in said(client.get("/prove/go-on/"))


def test_a_proof_is_good_for_five_minutes_and_for_this_browser(page, home, clock):
    rows.may_be(home, "admin")
    assert page.get("/settings/security/app/").status_code == 200
    other = Client()
    other.force_login(home.user)
    assert other.get("/settings/security/app/")["Location"] == "/prove/?next=%2Fsettings%2Fsecurity%2Fapp%2F"
    htmx = other.post("/stop/release/", headers={"HX-Request": "true"})
    assert htmx["HX-Redirect"].startswith("/prove/")
    clock(301)
    assert page.post("/settings/security/app/")["Location"].startswith("/prove/")
    assert page.post("/stop/release/")["Location"].startswith("/prove/")


def test_the_app_proves_it_too_and_goes_with_its_codes(page, home, clock):
    secret = app_of(page)
    clock(400)
    asked = page.get("/settings/security/app/remove/")["Location"]
    assert "/prove/code/" in said(page.get(asked))
    way = asked.replace("/prove/", "/prove/code/")
    assert page.post(way, {"code": code_of(secret)})["Location"] == "/settings/security/app/remove/"
    assert page.post("/settings/security/app/remove/")["Location"] == "/settings/security/"
    assert not Authenticator.objects.exists()
    assert sign_in(Client())["Location"] == "/"


def test_sessions_are_listed_and_ended_by_their_owner(page, home):
    rows.house("أخرى", phone_number_id="9", username="b")
    others, stranger = [Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130"}), Client()], Client()
    for browser in others:
        sign_in(browser)
        browser.get("/")
    stranger.force_login(rows.User.objects.get(username="b"))
    html = said(page.get("/settings/security/"))
    assert html.count("الخروج هناك") == 2
    assert "Chrome · Windows" in html
    keys = list(Session.objects.values_list("session_key", flat=True))
    assert not any(key in html for key in keys), "a key opens its session"
    name = re.findall(r"/settings/security/sessions/(\w{16})/end/", html)[0]
    assert stranger.post(f"/settings/security/sessions/{name}/end/").status_code == 302
    assert Session.objects.count() == len(keys)
    page.post(f"/settings/security/sessions/{name}/end/")
    assert sum(browser.get("/").status_code == 200 for browser in others) == 1
    page.post("/settings/security/sessions/end/")
    assert [browser.get("/").status_code for browser in others] == [302, 302]
    assert (page.get("/").status_code, stranger.get("/").status_code) == (200, 200)


def test_a_new_password_ends_the_other_sessions(page, home):
    elsewhere = Client()
    sign_in(elsewhere)
    fields = {"password1": "another long password", "password2": "another long password"}
    assert page.post("/password/", fields | {"oldpassword": "wrong"}).status_code == 422
    fields |= {"oldpassword": rows.PASSWORD}
    assert page.post("/password/", fields | {"password1": "short", "password2": "short"}).status_code == 422
    assert page.post("/password/", fields)["Location"] == "/settings/security/"
    assert page.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert said(page.get("/settings/security/")).count("الخروج هناك") == 0


def test_the_profile_changes_the_screens_and_nothing_of_others(page, home):
    wanted = {
        "name": "سارة العتيبي", "language": "en", "digits": "arabic", "time_zone": "Asia/Dubai",
    }  # fmt: skip
    assert page.post("/settings/profile/", wanted | {"time_zone": "Asia/Atlantis"}).status_code == 422
    assert not Profile.objects.exists()
    html = said(page.post("/settings/profile/", wanted, follow=True))
    assert "Your settings are kept." in html
    kept = Profile.objects.get()
    assert (kept.language, kept.digits, kept.has_shortcuts) == ("en", "arabic", False)
    operator = Operator.objects.get()
    assert (operator.name, operator.time_zone) == ("سارة العتيبي", "Asia/Dubai")
    page.post("/settings/profile/", wanted | {"has_shortcuts": "on", "language": "ar"})
    assert Profile.objects.get().has_shortcuts


def test_what_becomes_of_a_login_stands_in_the_audit_log(page, home, clock, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        secret = app_of(page)
    codes = recovery_codes(page)
    browser = Client()
    sign_in(browser, "wrong")
    browser.post("/login/", {"username": "no such name", "password": "x"})
    sign_in(browser)
    browser.post("/login/code/", {"code": "000000"})
    browser.post("/login/code/", {"code": codes[0]})
    browser.get("/")
    page.post("/settings/security/sessions/end/")
    page.post("/settings/security/app/remove/")
    page.post("/logout/")
    kept = [(row.action, row.by, json.loads(row.after or "{}")) for row in AuditEntry.objects.order_by("seq")]
    me = f"user:{home.user.pk}"
    assert kept == [
        ("factor_added", me, {"factor": "totp"}), ("factor_added", me, {"factor": "codes"}),
        ("sign_in_refused", "", {}), ("sign_in_refused", "", {"factor": "code"}),
        ("signed_in", me, {"ways": ["password", "recovery_codes"]}), ("session_revoked", me, {"sessions": 1}),
        ("factor_removed", me, {"factor": "totp"}), ("factor_removed", me, {"factor": "codes"}),
        ("signed_out", me, {}),
    ]  # fmt: skip
    assert secret not in str(kept)
