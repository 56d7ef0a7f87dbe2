"""The team's pages: who is in it, its rules, somebody who leaves, work that changes hands."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from tests.web import rows
from tests.web.test_pages import everything
from wakeel.flows.make_template import take_starters
from wakeel.store.models import Business, Operator, Opportunity, TeamEvent, TemplateText, Vote

RULES = {
    "quorum_from": "high", "high_value": "50000", "days_low": "1", "days_normal": "3", "days_high": "2",
    "tone": "formal",
}  # fmt: skip


@pytest.fixture
def admin(home):
    rows.may_be(home, "operator", "admin")


@pytest.fixture
def fahd(home) -> Operator:
    other = rows.User.objects.create_user("fahd", password=rows.PASSWORD, first_name="فهد")
    rows.may_be(home, "operator", user=other)
    return Operator.objects.create(
        business=home.business, number=home.number, user=other, name=rows.HOSTILE["script"], wa_id="966500000077",
        bsuid="SA.fahd", last_inbound_at=rows.now(), enrolled_at=rows.now(),
    )  # fmt: skip


def give(page, deal: Opportunity, to: str):
    return page.post(f"/i/{deal.id}/assign/", {"key": str(uuid4()), "to": to}, follow=True)


def test_the_rules_are_an_administrators_and_every_change_is_kept(page, home, admin):
    assert page.get("/team/rules/").status_code == 200
    assert page.post("/team/rules/", RULES).status_code == 302
    kept = Business.objects.get(pk=home.business.pk)
    assert (kept.quorum_from, kept.tone, kept.high_value) == ("high", "formal", Decimal(50_000))
    assert kept.expiry_days == {"low": 1, "normal": 3, "high": 2}
    page.post("/team/rules/", RULES)
    event = TeamEvent.objects.get()
    assert (event.kind, event.by) == ("rules", "sara")
    assert (event.before["quorum_from"], event.after["quorum_from"]) == ("", "high")
    html = page.get("/team/").content.decode()
    assert "ما كانت خطورته عالية" in html
    assert "تغيّرت القواعد" in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("quorum_from", "highest"), ("days_low", "0"), ("days_high", "31"), ("tone", ""), ("high_value", "-1")],
)
def test_a_rule_that_means_nothing_is_refused_at_its_field(page, home, admin, field, value):
    answer = page.post("/team/rules/", RULES | {field: value})
    assert answer.status_code == 422
    assert f'name="{field}"' in answer.content.decode().split('class="field wrong"')[1].split('class="field')[0]
    assert not TeamEvent.objects.exists()


def test_whoever_is_no_administrator_sees_the_team_and_changes_nothing(page, home, fahd):
    html = page.get("/team/").content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html
    assert "966500000077" not in html
    assert "/leave/" not in html
    for path in ("/team/rules/", f"/team/{fahd.id}/leave/", f"/team/{fahd.id}/return/"):
        assert page.post(path).status_code == 403
    fahd.refresh_from_db()
    assert fahd.state == "active"


def test_no_setting_of_anybody_is_changed_by_an_operator_who_is_no_administrator(page, home, fahd):
    """Whatever they post where an administrator decides, and however complete it is."""
    person, number = rows.contact(home), home.number.pk
    take_starters(home.business.id, now=rows.now())
    [template] = TemplateText.objects.order_by("pk")[:1]
    page.get(f"/contacts/{person.id}/")
    before = everything()
    posts = {
        "/team/rules/": RULES, f"/team/{fahd.id}/leave/": {"may_leave_nobody": "on"},
        f"/team/{fahd.id}/return/": {}, "/texts/opt_out_confirmation/approve/": {"shown": "x"},
        "/templates/new/": {"name": "x", "language": "ar", "category": "utility", "body": "أهلًا"},
        "/templates/starters/": {}, f"/templates/{template.pk}/submit/": {},
        f"/templates/{template.name}/{template.language}/": {"category": "utility", "body": "أهلًا"},
        f"/numbers/{number}/limits/": {"messages_per_second": "80"}, "/stop/press/": {"scope": "global"},
        "/stop/release/": {"scope": "business", "target": home.business.id, "how": "send"},
        f"/contacts/{person.id}/erase/": {}, f"/contacts/{person.id}/export/": {},
        f"/contacts/{person.id}/lift/": {"note": "نعم"},
    }  # fmt: skip
    for path, fields in posts.items():
        assert (path, page.post(path, {"key": str(uuid4())} | fields).status_code) == (path, 403)
    assert everything() == before


def test_the_team_is_changed_by_nobody_else_s_page_and_by_no_link(page, home, admin, fahd):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(home.user)
    deal = rows.opportunity(home, rows.contact(home))
    before = everything()
    for path in ("/team/rules/", f"/team/{fahd.id}/leave/", f"/team/{fahd.id}/return/", f"/i/{deal.id}/assign/"):
        fields = RULES | {"to": fahd.id, "key": str(uuid4())}
        assert strict.post(path, fields).status_code == 403
        assert page.get(path, fields).status_code == (200 if path.endswith(("rules/", "leave/")) else 405)
        assert page.put(path).status_code == 405
    assert everything() == before


def test_who_may_come_back_reads_that_a_phone_must_be_linked_and_nothing_else(page, home, admin, fahd):
    page.post(f"/team/{fahd.id}/leave/")
    page.post(f"/team/{fahd.id}/return/")
    theirs = Client()
    assert theirs.login(username="fahd", password=rows.PASSWORD)
    html = theirs.get("/").content.decode()
    assert "لا هاتف مربوطًا بهذا الحساب بعد" in html
    assert "تغيّرت هوية هاتفك" not in html


def test_who_leaves_is_asked_about_and_may_come_back(page, home, admin, fahd):
    path = f"/team/{fahd.id}/leave/"
    assert "لا فرصة لديه الآن" in page.get(path).content.decode()
    rows.opportunity(home, rows.contact(home))
    Opportunity.objects.update(owner=fahd, state="accepted")
    asked = page.get(path).content.decode()
    assert "فرصة واحدة لديه تنتقل إلى:" in asked
    assert "<bdi>سارة</bdi>" in asked
    assert page.post(path).status_code == 302
    fahd.refresh_from_db()
    assert (fahd.state, rows.User.objects.get(pk=fahd.user_id).is_active) == ("inactive", False)
    assert "غادر الفريق" in page.get("/team/").content.decode()
    assert page.post(f"/team/{fahd.id}/return/").status_code == 302
    assert rows.User.objects.get(pk=fahd.user_id).is_active
    assert [event.kind for event in TeamEvent.objects.order_by("id")] == ["left", "may_return"]


def test_a_signed_in_person_who_leaves_is_out_at_the_next_click(page, home, admin, fahd):
    theirs = Client()
    theirs.force_login(fahd.user)
    assert theirs.get("/team/").status_code == 200
    page.post(f"/team/{fahd.id}/leave/")
    assert theirs.get("/team/").status_code == 302
    assert not theirs.login(username="fahd", password=rows.PASSWORD)


def test_nobody_ends_themselves_and_the_last_one_only_if_it_is_meant(page, home, admin, fahd):
    own = page.post(f"/team/{home.operator.id}/leave/")
    assert own.status_code == 422
    assert "مسؤول آخر" in own.content.decode()
    Operator.objects.filter(pk=home.operator.pk).update(state="inactive")
    path = f"/team/{fahd.id}/leave/"
    assert "may_leave_nobody" in page.get(path).content.decode()
    assert page.post(path).status_code == 422
    assert Operator.objects.get(pk=fahd.pk).state == "active"
    assert page.post(path, {"may_leave_nobody": "on"}).status_code == 302
    assert Operator.objects.get(pk=fahd.pk).state == "inactive"


def test_an_opportunity_is_given_away_and_taken_back_on_its_page(page, home, fahd):
    rows.may_be(home, "supervisor")
    deal = rows.opportunity(home, rows.contact(home))
    before = page.get(f"/i/{deal.id}/").content.decode()
    assert f'value="{home.operator.id}"' in before
    assert f'value="{fahd.id}"' in before
    assert "صارت الفرصة لدى" in give(page, deal, fahd.id).content.decode()
    assert Opportunity.objects.get().owner == fahd
    assert f'value="{fahd.id}"' not in page.get(f"/i/{deal.id}/").content.decode()
    assert "الفرصة لك الآن" in give(page, deal, home.operator.id).content.decode()
    assert Opportunity.objects.get().owner == home.operator
    assert "إسناد" in page.get(f"/i/{deal.id}/").content.decode()


def test_two_who_must_approve_are_shown_with_who_has(page, home, fahd):
    Business.objects.update(quorum_from="low")
    draft = rows.draft(home, rows.opportunity(home, rows.contact(home)))
    assert "يلزم اعتماد شخصين." in page.get(f"/i/{draft.opportunity_id}/").content.decode()
    rows.agreed(home, draft.contact)
    post = {"key": str(uuid4()), "digest": rows.digest_of(draft)}
    said = page.post(f"/d/{draft.id}/approve/", post, follow=True).content.decode()
    assert "يلزم اعتماد شخص ثانٍ" in said
    assert "واعتمدها حتى الآن: <bdi>سارة</bdi>" in said
    assert Vote.objects.get().operator == home.operator


def test_nothing_of_another_business_is_found(page, home):
    rows.may_be(home, "supervisor", "admin")
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    deal = rows.opportunity(other, rows.contact(other, phone="+966511111111"))
    assert give(page, deal, home.operator.id).status_code == 404
    for verb in ("leave", "return"):
        assert page.post(f"/team/{other.operator.id}/{verb}/").status_code == 404
    assert other.operator.id not in page.get("/team/").content.decode()
    mine = rows.opportunity(home, rows.contact(home))
    give(page, mine, other.operator.id)
    assert Opportunity.objects.get(pk=mine.pk).owner is None
