"""Who may come in: invited by a link, given roles, closed and opened; and somebody is always left who administers."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.web import rows
from wakeel import clock
from wakeel.domain.roles import Role
from wakeel.store import roles
from wakeel.store.models import Invitation

LONG = "a password of my own"
CHOSEN = {"name": "نورة", "username": "noura", "password": LONG, "again": LONG}


@pytest.fixture
def admin(home):
    rows.may_be(home, "operator", "admin")


@pytest.fixture
def fahd(home):
    return rows.may_be(home, "auditor", user=rows.User.objects.create_user("fahd", first_name=rows.HOSTILE["script"]))


def said(response) -> str:
    return response.content.decode()


def link(page, *wanted: str) -> str:
    """An invitation's path, as the page shows it once."""
    html = said(page.post("/settings/people/invite/", {"name": "نورة العتيبي", "roles": wanted}))
    return re.search(r"http://testserver(/invitation/[\w-]{43}/)<", html)[1]


def test_an_invited_person_chooses_name_and_password_once(page, home, admin):
    path = link(page, "auditor", "supervisor")
    stored = list(Invitation.objects.values().get().values())
    assert path.split("/")[2] not in map(str, stored), "the link stands nowhere"
    assert "نورة العتيبي" in said(page.get("/settings/people/"))
    visitor = Client()
    html = said(visitor.get(path))
    assert "مشرف، مدقّق" in html
    for wrong in ({"again": "x"}, {"password": "short", "again": "short"}, {"username": "SARA"}, {"username": "a b"}):
        assert visitor.post(path, CHOSEN | wrong).status_code == 422
    assert visitor.post(path, CHOSEN)["Location"] == "/login/"
    assert (visitor.get(path).status_code, visitor.post(path, CHOSEN | {"username": "b"}).status_code) == (404, 404)
    noura = rows.User.objects.get(username="noura")
    assert roles.of(home.business.id, noura.pk) == {Role.SUPERVISOR, Role.AUDITOR}
    assert visitor.post("/login/", {"username": "noura", "password": LONG})["Location"] == "/"
    kept = Invitation.objects.get()
    assert (kept.name, kept.user, kept.state) == ("", noura, "used")


def test_a_link_ends_by_itself_by_being_withdrawn_and_with_its_maker(page, home, admin, fahd, monkeypatch):
    visitor, now = Client(), clock.real_now()
    late, taken_back, orphan = (link(page, "operator") for _ in range(3))
    [newest, *_] = Invitation.objects.order_by("-made_at")
    for end, answer in ((timedelta(hours=72, seconds=-5), 200), (timedelta(hours=72, seconds=5), 404)):
        with monkeypatch.context() as patch:
            patch.setattr(clock, "real_now", lambda end=end: now + end)
            assert visitor.get(late).status_code == answer
    second = Invitation.objects.order_by("made_at")[1]
    assert page.post(f"/settings/people/invitations/{second.id}/withdraw/").status_code == 302
    assert [visitor.get(path).status_code for path in (taken_back, orphan)] == [404, 200]
    assert newest.id != second.id
    rows.may_be(home, "admin", user=fahd)
    rows.may_be(home, "operator")
    assert visitor.get(orphan).status_code == 404


def test_roles_change_at_once_and_never_leave_nobody_who_administers(page, home, admin, fahd):
    theirs = Client()
    theirs.force_login(fahd)
    assert theirs.get("/settings/people/").status_code == 403
    path = f"/settings/people/{fahd.pk}/roles/"
    html = said(page.get(path))
    assert "&lt;script&gt;alert(1)" in html
    assert re.search(r'value="auditor"[^>]* checked', html)
    assert page.post(path, {"roles": ["admin", "auditor"]}).status_code == 302
    assert theirs.get("/settings/people/").status_code == 200
    own = page.post(f"/settings/people/{home.user.pk}/roles/", {"roles": ["operator"]})
    assert (own.status_code, "هذا حسابك" in said(own)) == (422, True)
    assert page.post(path, {}).status_code == 422
    assert page.post(path, {"roles": ["auditor"]}).status_code == 302
    assert roles.of(home.business.id, fahd.pk) == {Role.AUDITOR}
    assert roles.of(home.business.id, home.user.pk) == {Role.OPERATOR, Role.ADMIN}


def test_a_closed_login_ends_at_once_and_opens_with_its_roles(page, home, admin, fahd):
    theirs = Client()
    theirs.force_login(fahd)
    assert page.post(f"/settings/people/{fahd.pk}/close/").status_code == 302
    assert theirs.get("/").status_code == 302
    assert "الحساب مغلق" in said(page.get("/settings/people/"))
    page.post(f"/settings/people/{fahd.pk}/open/")
    assert theirs.get("/").status_code == 302, "the session of before does not wake up"
    theirs.force_login(rows.User.objects.get(pk=fahd.pk))
    assert theirs.get("/").status_code == 200
    page.post(f"/settings/people/{home.user.pk}/close/")
    assert rows.User.objects.get(pk=home.user.pk).is_active
    leaving = page.post(f"/settings/people/{home.user.pk}/close/")
    assert leaving["Location"] == f"/team/{home.operator.id}/leave/", "an operator's work is handed on first"


def test_a_lost_second_factor_is_taken_away_with_its_sessions(page, home, admin, fahd):
    theirs = Client()
    theirs.force_login(fahd)
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=fahd, type=kind, data={"secret": "", "seed": "", "used_mask": 0})
    assert "عامل ثانٍ" in said(page.get("/settings/people/"))
    page.post(f"/settings/people/{fahd.pk}/second-factor/remove/")
    assert not Authenticator.objects.exists()
    assert theirs.get("/").status_code == 302


def test_a_login_that_another_business_has_too_is_not_closed_for_both(page, home, admin, fahd):
    other = rows.house("أخرى", phone_number_id="9", username="b")
    roles.replace(other.business.id, fahd.pk, {Role.ADMIN}, by="", now=rows.now())
    Authenticator.objects.create(user=fahd, type="totp", data={"secret": ""})
    for verb in ("close", "second-factor/remove"):
        told = page.post(f"/settings/people/{fahd.pk}/{verb}/", follow=True)
        assert "لمنشأة أخرى" in said(told)
    fahd.refresh_from_db()
    assert fahd.is_active
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("name", ["1", "opr_01m84xksr672jp3waj2w"])
def test_nobody_is_called_like_an_id_of_the_audit_log(page, home, admin, name):
    visitor, path = Client(), link(page, "operator")
    told = visitor.post(path, {"name": "ن", "username": name, "password": rows.PASSWORD, "again": rows.PASSWORD})
    assert told.status_code == 422
    assert "معرّف داخلي" in said(told)
    assert not rows.User.objects.filter(username=name).exists()


def test_people_of_another_business_are_nobodys_to_change(page, home, admin):
    other = rows.house("أخرى", phone_number_id="9", username="b")
    for verb in ("roles", "close", "open", "second-factor/remove"):
        assert page.post(f"/settings/people/{other.user.pk}/{verb}/", {"roles": "admin"}).status_code == 404
    assert roles.of(other.business.id, other.user.pk) == {Role.OPERATOR}
    assert f'<bdi dir="ltr">{other.user.username}</bdi>' not in said(page.get("/settings/people/"))
