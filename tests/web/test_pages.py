"""Every page, in both languages, on real rows."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from tests.web import rows
from wakeel import clock
from wakeel.store import pending_imports
from wakeel.store.models import ConsentEventRow, Heartbeat, InboundMessage, InboxRow, OutboxMessage, VerdictRow

ARABIC_PAGES = {
    "queue": "ينتظر قرارك",
    "item": "هكذا ستصل إلى جهة الاتصال",
    "outbox": "في الطريق",
    "failures": "ما تعثّر",
    "contact": "سجل الموافقات",
    "consent": "تسجيل موافقة",
    "number": "تصحيح الرقم",
    "withdrawal": "طلب منّا الإيقاف",
    "gave_number": "أعطانا رقمه",
    "receipt": "إيصال الموافقة",
    "renew": "تجديد الموافقة",
    "end": "إنهاء الموافقة",
    "import": "استيراد ملف",
    "import_preview": "معاينة الملف",
    "health": "عامل الإرسال",
    "enrol": "هاتفي",
}
ENGLISH_PAGES = {
    "queue": "Waiting for you",
    "item": "What the contact will see",
    "outbox": "On its way",
    "failures": "Needs fixing",
    "contact": "Consent ledger",
    "consent": "Record consent",
    "number": "Correct the number",
    "withdrawal": "They told us to stop",
    "gave_number": "They gave us their number",
    "receipt": "Consent receipt",
    "renew": "Renew the consent",
    "end": "End the consent",
    "import": "Import a file",
    "import_preview": "Look at the file",
    "health": "Worker",
    "enrol": "My phone",
}


@pytest.fixture
def addresses(home: rows.House) -> dict[str, str]:
    """A house with one of everything, and where its pages are."""
    person = rows.contact(home)
    rows.agreed(home, person)
    deal = rows.opportunity(home, person)
    rows.draft(home, deal)
    for number, (state, fields) in enumerate(
        [("pending", {}), ("unknown", {}), ("failed", {"failure_code": 131047}), ("held", {"hold_code": "NO_CONSENT"}),
         ("accepted", {"status": "failed", "failure_code": 131026}), ("suppressed", {"hold_code": "OPTED_OUT"})]
    ):  # fmt: skip
        other = rows.contact(home, f"شخص {number}", phone=f"+96650000000{number}")
        made = rows.message(
            home, rows.draft(home, rows.opportunity(home, other, key=f"m{number}")), state=state, **fields
        )
        rows.attempt(made, outcome="unknown" if state == "unknown" else "failed", started_ago=timedelta(minutes=5))
    InboundMessage.objects.create(
        business=home.business, wamid="w1", contact=person, kind="text", text="كم السعر؟", sent_at=rows.now(),
        recorded_at=rows.now(),
    )  # fmt: skip
    InboxRow.objects.create(
        digest=b"1" * 32, body=b'{"secret": "of a contact"}', received_at=rows.now(), state="quarantined",
        errors=[{"path": "entry[0].changes[0]", "error": "timestamp is not a number"}],
    )  # fmt: skip
    Heartbeat.objects.create(role="worker", pid=1, started_at=rows.now(), at=rows.now())
    grant = ConsentEventRow.objects.filter(payload__contact=person).latest("seq").id
    waiting = pending_imports.keep(
        home.business.id, home.user.pk, kind="opportunities", name="قائمة.csv", real_now=clock.real_now(),
        data="title,phone\nتجديد,0509722299\n,12\n".encode(),
    )  # fmt: skip
    return {
        "queue": "/",
        "item": reverse("desk:item", args=[deal.id]),
        "outbox": "/outbox/",
        "failures": "/failures/",
        "contact": reverse("desk:contact", args=[person.id]),
        "consent": reverse("desk:consent", args=[person.id]),
        "number": reverse("desk:number", args=[person.id]),
        "withdrawal": reverse("desk:withdrawal", args=[person.id]),
        "gave_number": reverse("desk:gave_number", args=[person.id]),
        "receipt": reverse("desk:receipt", args=[grant]),
        "renew": reverse("desk:renew", args=[grant]),
        "end": reverse("desk:end", args=[grant]),
        "import": "/import/",
        "import_preview": reverse("desk:import_preview", args=[waiting]),
        "health": "/health/",
        "enrol": "/operators/enrol/",
    }


@pytest.mark.parametrize("name", ARABIC_PAGES)
def test_each_page_speaks_arabic_from_right_to_left(name, page, addresses):
    html = page.get(addresses[name]).content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert ARABIC_PAGES[name] in html
    assert "وضع تجريبي" in html, "the mode is shown on every page"


@pytest.mark.parametrize("name", ENGLISH_PAGES)
def test_each_page_speaks_english_after_the_switch(name, page, addresses):
    page.post("/language/", {"language": "en", "next": "/"})
    html = page.get(addresses[name]).content.decode()
    assert '<html lang="en" dir="ltr">' in html
    assert ENGLISH_PAGES[name] in html


@pytest.mark.parametrize("name", ARABIC_PAGES)
def test_no_page_needs_what_the_policy_forbids(name, page, addresses):
    """The policy is constant and strict; an inline script or style would simply not work."""
    response = page.get(addresses[name])
    html = response.content.decode()
    assert "script-src 'self'; style-src 'self'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:", html)
    assert all('src="' in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.parametrize("name", ARABIC_PAGES)
def test_looking_changes_no_row(name, page, addresses):
    before = everything()
    assert page.get(addresses[name]).status_code == 200
    assert page.head(addresses[name]).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("name", [*ARABIC_PAGES, "unknown"])
def test_without_a_login_every_page_asks_for_one(name, client, addresses):
    response = client.get(addresses.get(name, "/i/none/"))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


def test_an_id_nobody_has_is_not_found(page):
    for path in ("/i/none/", "/contacts/none/", "/contacts/none/consent/", "/contacts/none/number/"):
        response = page.get(path)
        assert response.status_code == 404
        assert "لا شيء هنا" in response.content.decode()


def test_the_failure_page_says_why_with_code_and_never_shows_a_raw_body(page, addresses):
    html = page.get("/failures/").content.decode()
    for code in ("131047", "131026", "NO_CONSENT", "OPTED_OUT"):
        assert code in html
    assert "نافذة الرد مغلقة" in html
    assert "لا توجد موافقة لهذا الغرض" in html
    assert "/webhooks/" in html, "what could not be read is settled there"
    assert "timestamp is not a number" not in html
    assert "secret" not in html


def test_a_failed_status_offers_no_retry_that_would_be_refused(page, addresses):
    """WhatsApp accepted it once; the row cannot leave a second time."""
    failed_status = OutboxMessage.objects.get(status="failed")
    html = page.get("/failures/").content.decode()
    form = html.split(f"/m/{failed_status.id}/settle/")[1].split("</form>")[0]
    assert 'value="give_up"' in form
    assert 'value="retry"' not in form


def test_a_number_is_masked_until_its_opportunity_is_ours(page, home):
    person = rows.contact(home, phone="+966509722233")
    deal = rows.opportunity(home, person)
    html = page.get(reverse("desk:item", args=[deal.id])).content.decode()
    assert "+966509722233" not in html
    assert "•••••2233" in html
    rows.draft(home, deal)
    assert "+966509722233" in page.get(reverse("desk:item", args=[deal.id])).content.decode()


def test_cards_behind_the_operators_own_closed_window_are_told(page, home):
    home.operator.last_inbound_at = rows.now() - timedelta(hours=25)
    home.operator.save()
    OutboxMessage.objects.create(
        business=home.business, number=home.number, audience="operator", operator=home.operator, address="+9665",
        lane=1, body={}, category="utility", request_key="card:1", due_at=rows.now(), created_at=rows.now(),
        updated_at=rows.now(),
    )  # fmt: skip
    html = page.get("/").content.decode()
    assert "نافذة واتساب لهاتفك مغلقة: بطاقة واحدة تنتظر" in html
    assert "+966110000001" in html


def test_the_queue_puts_the_closing_window_first_and_counts_both_kinds(page, home):
    late = rows.opportunity(home, rows.contact(home, "بعيد", phone="+966500000001", wrote_ago=None), key="a", score=10)
    soon = rows.opportunity(
        home, rows.contact(home, "قريب", phone="+966500000002", wrote_ago=timedelta(hours=22)), key="b", score=10
    )
    rows.draft(home, rows.opportunity(home, rows.contact(home, "مسودة", phone="+966500000003"), key="c", score=0))
    html = page.get("/").content.decode()
    assert html.index(f"/i/{soon.id}/") < html.index(f"/i/{late.id}/")
    assert "مسودات <b>1</b>" in html
    assert "فرص <b>2</b>" in html
    assert "مسودة</bdi>" not in page.get("/?tab=opportunities").content.decode()


def test_an_empty_queue_names_one_step(page):
    assert "لا شيء ينتظر قرارك الآن" in page.get("/").content.decode()


def test_the_timeline_shows_what_the_gate_said(page, home):
    deal = rows.opportunity(home, rows.contact(home))
    VerdictRow.objects.create(
        business=home.business, draft=rows.draft(home, deal), phase="plan", answer="hold", code="NO_CONSENT",
        facts={"purpose": "offers"}, policy_version="1", ledger_seq=0, at=rows.now(),
    )  # fmt: skip
    html = page.get(reverse("desk:item", args=[deal.id])).content.decode()
    assert "الفحص عند الاعتماد:" in html
    assert "لا توجد موافقة لهذا الغرض (عروض)" in html


def test_a_login_without_any_business_is_told_so(client: Client, db, django_user_model):
    client.force_login(django_user_model.objects.create_user("alone"))
    response = client.get("/")
    assert response.status_code == 403
    assert "لا منشأة بعد" in response.content.decode()


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of ours, as values."""
    models = apps.get_app_config("store").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}
