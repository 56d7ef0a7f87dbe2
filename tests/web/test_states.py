"""States of every page: empty with one step, waiting, an error that says what was saved, offline, stopped."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.web import rows
from wakeel.store import heartbeat
from wakeel.store.models import OutboxMessage, StopSwitch, Template, TemplateOut
from wakeel.store.screens import health
from wakeel.web import counters, views_outgoing
from wakeel.web.permissions import RULES

EMPTY = {
    "/": "لا شيء ينتظر قرارك الآن",
    "/outbox/": "لا شيء في الطريق",
    "/failures/": "لا أعطال",
    "/meetings/": "لا اجتماعات بعد",
    "/templates/": "لم يُكتب أي قالب هنا بعد",
}
"""Each list of this part with nothing in it; the step is a link in the same box."""
TYPED = "نص طويل كُتب على مهل ولا يجوز أن يضيع"


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_page_says_so_and_names_one_step(path: str, page: Client):
    html = page.get(path).content.decode()
    [box] = re.findall(r'<div class="empty">(.*?)</div>', html, re.S)
    assert EMPTY[path] in box
    assert re.search(r'<a href="|<code>', box)


def test_every_page_can_wait_be_answered_and_be_offline(page: Client, home: rows.House):
    """States of the frame; whose task a page is says `test_permissions`. Every address that needs no id is walked."""
    rows.may_be(home, "operator", "supervisor", "auditor", "admin")
    walked = 0
    for name in RULES:
        try:
            answer = page.get(reverse(name))
        except NoReverseMatch:
            continue
        if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        html, walked = answer.content.decode(), walked + 1
        for piece in ('class="loading"', 'id="answer" role="status" aria-live="polite"', '<template id="no-answer">',
                      "data-live-lost", "<h1"):  # fmt: skip
            assert piece in html, (name, piece)
    assert walked > 20


def test_a_fault_of_ours_says_what_is_saved_and_shows_what_was_typed(home: rows.House, monkeypatch: pytest.MonkeyPatch):
    client = Client(raise_request_exception=False)
    client.force_login(home.user)

    def breaks(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(views_outgoing.outgoing, "read", breaks)
    answer = client.get("/outbox/")
    html = answer.content.decode()
    assert answer.status_code == 500
    for words in ("لم يُحفظ القرار إلا إذا ظهر", "saved only if its item shows it", 'href="/outbox/"'):
        assert words in html
    assert "<script" not in html


def test_what_was_typed_survives_an_old_form_an_ended_session_and_a_page_that_is_gone(home: rows.House):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(home.user)
    stranger, signed_in = Client(), Client()
    signed_in.force_login(home.user)
    form = {"text": TYPED, "password": "never shown again"}
    for client, path, status in (
        (strict, "/d/none/text/", 403),
        (stranger, "/d/none/text/", 403),
        (signed_in, "/no/such/page/", 404),
    ):
        answer = client.post(path, form)
        html = answer.content.decode()
        assert answer.status_code == status
        assert TYPED in html
        assert "لم يُرسل شيء" in html
        assert "never shown again" not in html


def test_two_actions_stop_everything_from_any_page_and_the_band_says_so(page: Client, home: rows.House):
    html = page.get("/meetings/").content.decode()
    [form] = re.findall(r'<details class="stop-ask">.*?</details>', html, re.S)
    assert f'action="{reverse("desk:press")}"' in form
    assert 'name="next" value="/meetings/"' in form
    answer = page.post(reverse("desk:press"), {"next": "/meetings/"})
    assert (answer.status_code, answer["Location"]) == (302, "/meetings/")
    assert StopSwitch.objects.exists()
    for path in ("/meetings/", "/", "/outbox/"):
        html = page.get(path).content.decode()
        assert "الإرسال موقوف منذ" in html
        assert "stop-ask" not in html, "there is nothing more to stop"
    rows.may_be(home, "auditor")
    StopSwitch.objects.all().delete()
    assert "stop-ask" not in page.get("/").content.decode()


def test_what_is_on_its_way_stands_by_how_far_it_has_come(page: Client, home: rows.House):
    stages = {
        "undo": {"due_in_s": 9}, "scheduled": {"due_in_s": 90_000}, "sending": {"state": "sending"},
        "confirming": {"state": "accepted", "wamid": "w1", "status": "sent"}, "uncertain": {"state": "unknown"},
        "held": {"state": "held", "hold_code": "NO_CONSENT"}, "retry": {"failure_code": 131056},
    }  # fmt: skip
    made = {}
    for serial, (stage, fields) in enumerate(stages.items()):
        person = rows.contact(home, stage, phone=f"+96650978{serial:04d}")
        made[stage] = rows.message(home, rows.draft(home, rows.opportunity(home, person, key=stage)), **fields)
        if stage in {"confirming", "uncertain", "retry"}:
            rows.attempt(made[stage], outcome="accepted" if stage == "confirming" else "failed")
    arrived = rows.contact(home, "arrived", phone="+966509780099")
    seen = rows.message(
        home, rows.draft(home, rows.opportunity(home, arrived, key="there")), state="accepted", status="read",
        wamid="w2",
    )  # fmt: skip
    rows.attempt(seen, outcome="accepted")
    found = {row.id: stage for stage, _, lines in page.get("/outbox/").context["stages"] for row, *_ in lines}
    assert found == {message.id: stage for stage, message in made.items()}
    html = page.get("/outbox/").content.decode()
    assert html.count('data-live="message:') == len(made)
    assert 'data-words="sends"' in html


def test_health_names_token_signatures_and_what_is_late(page: Client, home: rows.House):
    html = page.get("/health/").content.decode()
    assert "لم يُقرأ بعد" in html
    assert "لا تأخير" in html
    now = rows.now()
    heartbeat.note_token(is_valid=True, expires_at=now + timedelta(days=5, hours=1), real_now=now)
    heartbeat.add_webhook_counts(wrong=2, not_verified=1, is_verified=True, real_now=now)
    heartbeat.add_webhook_counts(wrong=3, not_verified=0, is_verified=False, real_now=now - timedelta(days=2))
    late = rows.message(home, rows.draft(home, rows.opportunity(home, rows.contact(home))), due_in_s=-90)
    html = page.get("/health/").content.decode()
    assert "المتبقي منه: 5 أيام" in html
    assert "WHATSAPP_ACCESS_TOKEN" in html, "two weeks are left to renew it"
    assert "توقيعات خاطئة خلال 24 ساعة: <b>2</b>" in html
    assert "WHATSAPP_APP_SECRET" in html
    assert "WHATSAPP_VERIFY_TOKEN" in html
    assert health.read(home.business.id, now=now, real_now=now).oldest_due_s > 80
    OutboxMessage.objects.filter(pk=late.pk).update(state="accepted")
    heartbeat.note_token(is_valid=False, expires_at=None, real_now=now)
    assert "غير صالح" in page.get("/health/").content.decode()


async def test_what_the_webhook_refuses_is_kept_beside_the_log():
    """One word for each outcome, given away once."""
    kept: list[dict[str, int]] = []
    counted = counters.Counters(lambda counts: kept.append(dict(counts)))
    counted.refused("signature_wrong")
    counted.refused("signature_wrong")
    counted.verified()
    counted.flush()
    counted.flush()
    assert kept == [{"signature_wrong": 2, "verified": 1}]


def test_a_supervisor_takes_a_template_out_of_use_and_an_administrator_reads_them_anew(page: Client, home: rows.House):
    Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name="season", language="ar", status="APPROVED",
        category="MARKETING", components=[{"type": "BODY", "text": "أهلًا {{1}}، عرض الموسم. للإيقاف أرسل: إيقاف",
                                           "example": {"body_text": [["مريم"]]}}],
    )  # fmt: skip
    url = reverse("desk:template", args=["season", "ar"])
    use, pull = reverse("desk:template_use", args=["season", "ar"]), reverse("desk:templates_pull")
    html = page.get(url).content.decode()
    assert "عرض الموسم" in html
    assert '<dd dir="auto">مريم</dd>' in html
    assert use not in html
    assert page.post(use, {"use": "off"}).status_code == 403
    rows.may_be(home, "supervisor")
    assert page.post(use, {"use": "off"}).status_code == 302
    assert TemplateOut.objects.get().name == "season"
    assert "موقوف الاستعمال" in page.get(url).content.decode()
    assert page.post(pull).status_code == 403
    rows.may_be(home, "supervisor", "admin")
    page.post(use, {"use": "on"})
    assert not TemplateOut.objects.exists()
    assert page.post(pull).status_code == 302
    assert heartbeat.take_listing_wish()
    assert not heartbeat.take_listing_wish()
    assert page.post(reverse("desk:template_use", args=["nobody", "ar"])).status_code == 404
