"""Signs of life for machines and people, and the stop switch."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests.web import rows
from wakeel import clock
from wakeel.domain.stop_switches import EVERYWHERE
from wakeel.flows import count_prices, note_run, stop_sending
from wakeel.store import heartbeat
from wakeel.store.models import (
    DatabaseRun,
    Heartbeat,
    InboxRow,
    OutboxMessage,
    PlatformEventRow,
    PriceCount,
    SendingNumber,
    StopSwitch,
    Template,
)


def beat(*, ago_s: float) -> None:
    at = rows.now() - timedelta(seconds=ago_s)
    Heartbeat.objects.create(role="worker", pid=1, started_at=at, at=at)


@pytest.mark.parametrize(("ago_s", "status"), [(0, 200), (29, 200), (31, 503)])
def test_ready_while_the_worker_lives(client, db, ago_s, status):
    beat(ago_s=ago_s)
    response = client.get("/readyz")
    assert response.status_code == status
    assert response.json()["database"] == "ok"
    assert abs(response.json()["worker_heartbeat_age_s"] - ago_s) < 5


def test_not_ready_without_a_worker_and_nothing_else_is_told(client, db):
    InboxRow.objects.create(digest=b"1" * 32, body=b"{}", received_at=rows.now() - timedelta(seconds=7))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert set(response.json()) == {"database", "worker_heartbeat_age_s", "oldest_received_age_s"}
    assert response.json()["worker_heartbeat_age_s"] is None
    assert 7 <= response.json()["oldest_received_age_s"] < 20


def test_any_operator_presses_and_every_page_says_so(page, home):
    page.post("/stop/press/")
    assert StopSwitch.objects.filter(target=home.business.id).exists()
    assert "الإرسال موقوف منذ" in page.get("/outbox/").content.decode()


def test_only_an_administrator_releases_and_says_what_becomes_of_what_waits(page, home):
    page.post("/stop/press/")
    values = {"held": "keep"}
    assert page.post("/stop/release/", values).status_code == 403
    rows.may_be(home, "operator", "admin")
    assert page.post("/stop/release/").status_code == 422
    assert StopSwitch.objects.exists()
    assert page.post("/stop/release/", values).status_code == 302
    assert not StopSwitch.objects.exists()


def test_a_stopped_business_approves_and_keeps_without_sending(page, home):
    person = rows.contact(home)
    rows.agreed(home, person)
    deal = rows.opportunity(home, person)
    rows.draft(home, deal)
    page.post("/stop/press/")
    assert "اعتماد وحفظ دون إرسال" in page.get(f"/i/{deal.id}/").content.decode()


def test_the_health_page_names_what_is_red(page, home):
    html = page.get("/health/").content.decode()
    assert "wakeel serve" in html
    beat(ago_s=1)
    assert "wakeel serve" not in page.get("/health/").content.decode()


def test_a_notice_of_an_unknown_kind_is_shown_and_escaped(page):
    InboxRow.objects.create(
        digest=b"u" * 32,
        body=b"{}",
        received_at=clock.real_now(),
        state="done",
        errors=[{"kind": "unrecognised", "path": "entry[0].changes[0]", "error": "flows: <b>flow</b>"}],
    )
    html = page.get("/health/").content.decode()
    assert "entry[0].changes[0]" in html
    assert "&lt;b&gt;flow&lt;/b&gt;" in html


def test_an_old_unread_webhook_says_that_contacts_wait(page):
    waiting = "تنتظر الرسائل إلى جهات الاتصال"
    assert waiting not in page.get("/health/").content.decode()
    InboxRow.objects.create(digest=b"w" * 32, body=b"{}", received_at=clock.real_now() - timedelta(seconds=6))
    assert waiting in page.get("/health/").content.decode()


@pytest.mark.parametrize(("faults", "words"), [(0, "سليم"), (3, "wakeel ledger-verify")])
def test_the_last_check_of_the_ledger_is_shown(page, faults, words):
    assert "لم يجرِ بعد" in page.get("/health/").content.decode()
    heartbeat.note_ledger_check(entries=12, faults=faults, pid=1, started_at=rows.now(), real_now=rows.now())
    html = page.get("/health/").content.decode()
    assert words in html
    assert "12 قيدًا" in html


def news(home: rows.House, **facts: object) -> None:
    at = rows.now() - timedelta(minutes=3)
    PlatformEventRow.objects.create(
        business=home.business, key=str(facts)[:64], webhook_field="account_update", kind=facts.pop("kind"),
        facts=facts, at=at, recorded_at=at,
    )  # fmt: skip


def test_a_restriction_of_the_account_stands_on_the_page_with_its_word_and_its_end(page, home):
    assert "لا قيود" in page.get("/health/").content.decode()
    until = rows.now() + timedelta(days=2)
    SendingNumber.objects.update(account_state="ACCOUNT_RESTRICTION", account_at=rows.now(), account_until=until)
    stop_sending.press(home.business.id, "whatsapp", now=rows.now(), reason="ACCOUNT_RESTRICTION")
    html = page.get("/health/").content.decode()
    assert "لا قيود" not in html
    # In the tile of the account and in the one of the switch.
    assert html.count("قيّد واتساب الحساب") == 2
    assert html.count('<bdi dir="ltr"><code>ACCOUNT_RESTRICTION</code></bdi>') == 2
    assert until.isoformat()[:16] in html


def test_the_numbers_quality_and_limit_are_shown(page, home):
    SendingNumber.objects.update(quality="RED", messaging_limit=2000, throughput_mps=1000, verified_name="<b>أفق</b>")
    html = page.get("/health/").content.decode()
    assert "منخفضة" in html
    assert "<code>RED</code>" in html
    assert "<dd>2000</dd>" in html
    assert "<dd>1000</dd>" in html
    assert "&lt;b&gt;أفق&lt;/b&gt;" in html


def test_news_is_told_in_words_beside_whatsapps_own_and_never_of_another_business(page, home):
    news(home, kind="SecurityChanged", event="PIN_RESET_REQUEST", display_phone="966110000001")
    news(home, kind="SomethingNewer", event="X", more="<i>")
    news(
        rows.house("أخرى", phone_number_id="9", username="b"), kind="AccountUpdated", event="ACCOUNT_DELETED", a=1, b=2
    )
    html = page.get("/health/").content.decode()
    assert "طُلب إلغاء رمز التحقق بخطوتين للرقم" in html
    assert "<code>PIN_RESET_REQUEST</code>" in html
    assert "خبر من واتساب" in html
    assert "ACCOUNT_DELETED" not in html
    page.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Somebody asked to reset" in page.get("/health/").content.decode()


def test_templates_are_shown_with_what_keeps_them_from_being_sent(page, home):
    assert "wakeel templates pull" in page.get("/health/").content.decode()
    about = {"business": home.business, "waba_id": home.number.waba_id, "language": "ar"}
    until = rows.now() + timedelta(hours=2)
    Template.objects.create(name="a_good", status="FLAGGED", category="UTILITY", quality="YELLOW", **about)
    Template.objects.create(name="paused", status="PAUSED", paused_until=until, status_note="<FIRST_PAUSE>", **about)
    Template.objects.create(name="odd", status="NEW_WORD", category="ODD", pending_category="MARKETING", **about)
    Template.objects.create(name="gone", status="DELETED", status_note="NOT_LISTED", **about)
    html = page.get("/health/").content.decode()
    assert "3 قوالب" in html
    assert "الصالح للإرسال: 1" in html
    assert until.isoformat()[:16] in html
    assert "&lt;FIRST_PAUSE&gt;" in html
    assert html.count("NEW_WORD") == 2
    assert "يصبح تسويق" in html
    assert "لم يعد في قائمة واتساب" in html
    assert html.index(">paused<") < html.index(">a_good<")


def administrator(home: rows.House) -> None:
    rows.may_be(home, "operator", "admin")


def test_one_number_is_stopped_and_released_by_itself(page, home):
    administrator(home)
    page.post("/stop/press/", {"scope": "number", "target": home.number.pk})
    assert StopSwitch.objects.get().target == home.number.pk
    html = page.get("/health/").content.decode()
    assert "الإرسال من رقم واحد موقوف منذ" in html
    assert "الإرسال موقوف منذ" not in html
    values = {"held": "keep", "scope": "number", "target": home.number.pk}
    assert page.post("/stop/release/", values).status_code == 302
    assert not StopSwitch.objects.exists()


def test_a_number_of_another_business_is_nobodys_to_stop(page, home):
    rows.house("أخرى", phone_number_id="9", username="b")
    assert page.post("/stop/press/", {"scope": "number", "target": "9"}).status_code == 404
    assert page.post("/stop/press/", {"scope": "odd"}).status_code == 404
    assert not StopSwitch.objects.exists()


def test_only_an_administrator_stops_every_business(page, home):
    assert page.post("/stop/press/", {"scope": "global"}).status_code == 403
    assert not StopSwitch.objects.exists()
    administrator(home)
    page.post("/stop/press/", {"scope": "global"})
    assert StopSwitch.objects.get().scope == "global"
    assert "الإرسال موقوف منذ" in page.get("/").content.decode()


def on_its_way(home: rows.House) -> OutboxMessage:
    person = rows.contact(home, "منى <b>")
    rows.agreed(home, person)
    return rows.message(home, rows.draft(home, rows.opportunity(home, person)), state="sending")


def test_what_was_on_its_way_at_the_press_is_named_with_what_became_of_it(page, home):
    message = on_its_way(home)
    pressed = page.post("/stop/press/", follow=True).content.decode()
    assert "رسائل كانت في طريقها لحظتها: 1" in pressed
    assert "منى &lt;b&gt;" in pressed
    OutboxMessage.objects.filter(pk=message.pk).update(state="accepted", status="delivered", lease_until=None)
    assert "منى &lt;b&gt;</bdi></a> · وصلت" in page.get("/health/").content.decode()


def test_the_release_says_first_what_would_leave(page, home):
    administrator(home)
    message = on_its_way(home)
    page.post("/stop/press/")
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code="KILL_SWITCH", lease_until=None)
    assert "تخرج 1، ويُسأل من جديد عن 0" in page.get("/health/").content.decode()


def test_a_restored_database_is_told_with_what_to_do(page, home, tmp_path):
    administrator(home)
    on_its_way(home)
    for _ in range(3):
        note_run.begin(tmp_path / "run", now=rows.now(), real_now=rows.now())
    assert "نسخة احتياطية" not in page.get("/health/").content.decode()
    DatabaseRun.objects.update(number=1)
    note_run.begin(tmp_path / "run", now=rows.now(), real_now=rows.now())
    html = page.get("/health/").content.decode()
    assert "أُعيدت قاعدة البيانات من نسخة احتياطية" in html
    assert "wakeel replay" in html
    assert "العدّ في الملف 3 · في القاعدة 1" in html
    values = {"held": "keep", "scope": EVERYWHERE.scope, "target": ""}
    assert page.post("/stop/release/", values).status_code == 302
    assert not StopSwitch.objects.exists()


def test_the_months_messages_are_shown_by_what_they_are_charged_as(page, home):
    assert "لم يُحتسب شيء هذا الشهر بعد" in page.get("/health/").content.decode()
    month = count_prices.month_of(clock.now(), zone=settings.TIME_ZONE)
    about = {"business": home.business, "number": home.number, "month": month}
    PriceCount.objects.create(category="marketing", pricing_type="regular", messages=7, **about)
    PriceCount.objects.create(category="service", pricing_type="free_customer_service", messages=12, **about)
    PriceCount.objects.create(category="new_<i>", pricing_type="odd", messages=1, **about)
    html = page.get("/health/").content.decode()
    assert "بمقابل: 8 · مجانًا: 12" in html
    assert "new_&lt;i&gt;" in html
    assert "مجانية: رد في نافذة الخدمة" in html
