"""Fixed texts are approved by administrators who read them; a guess about a stop is decided on the person's page."""

from datetime import timedelta

import pytest

from tests.web import rows
from wakeel.domain.fixed_texts import FIXED_TEXTS, Intent
from wakeel.flows import fixed_text
from wakeel.flows.withdraw_consent import OFFERS, withdraw
from wakeel.store.models import Attempt, ConsentEventRow, FixedTextApproval

SENTENCE = "وقفوا هذي الرسايل <script>"


@pytest.fixture
def admin(home):
    rows.may_be(home, "operator", "admin")


def guess(home: rows.House, person) -> ConsentEventRow:
    withdraw(
        [person], OFFERS, at=rows.now() - timedelta(minutes=5), source="inferred_text", occurrence="w",
        evidence=SENTENCE, now=rows.now() - timedelta(minutes=5),
    )  # fmt: skip
    return ConsentEventRow.objects.get(source="inferred_text")


def hashes(home: rows.House, intent: Intent) -> str:
    """What the form of this text posts."""
    found = [version.content_hash for version in fixed_text.versions(home.business.id) if version.intent is intent]
    return " ".join(found)


def test_an_administrator_reads_every_text_in_both_languages(page, home, admin):
    html = page.get("/texts/").content.decode()
    for text in FIXED_TEXTS.values():
        for language in ("ar", "en"):
            first = text.say(language, business="أفق", notice_url=None).split("\n")[0]
            assert first in html
    assert "لا شكرًا" in html
    assert html.count("ينتظر الاعتماد") == 2 * len(Intent)
    assert 'href="/texts/"' in html


def test_approving_takes_both_languages_exactly_as_shown(page, home, admin):
    page.post("/texts/help/approve/", {"shown": hashes(home, Intent.HELP)})
    assert FixedTextApproval.objects.filter(intent="help", approved_by=home.user.username).count() == 2
    page.post("/texts/opt_in_question/approve/", {"shown": hashes(home, Intent.HELP)})
    assert not FixedTextApproval.objects.filter(intent="opt_in_question").exists()


def test_nobody_else_sees_or_approves_them(page, home):
    assert page.get("/texts/").status_code == 403
    assert page.post("/texts/help/approve/", {"shown": hashes(home, Intent.HELP)}).status_code == 403
    assert not FixedTextApproval.objects.exists()
    assert 'href="/texts/"' not in page.get("/").content.decode()


def test_a_text_there_is_not_is_not_found(page, home, admin):
    assert page.post("/texts/sale/approve/", {"shown": "x"}).status_code == 404


def test_the_health_page_says_that_texts_wait(page, home, admin):
    assert "قراءتها واعتمادها" in page.get("/health/").content.decode()
    for intent in Intent:
        fixed_text.approve(home.business.id, intent, by="admin", now=rows.now())
    assert "قراءتها واعتمادها" not in page.get("/health/").content.decode()


def test_a_guess_is_shown_with_their_words_and_cancelled_with_a_reason(page, home):
    person = rows.contact(home)
    entry = guess(home, person)
    html = page.get(f"/contacts/{person.id}/").content.decode()
    assert "وقفوا هذي الرسايل &lt;script&gt;" in html
    path = f"/contacts/{person.id}/stops/{entry.id}"
    assert f"{path}/cancel/" in html
    page.post(f"{path}/cancel/", {"reason": ""})
    assert not ConsentEventRow.objects.filter(type="resume").exists()
    page.post(f"{path}/cancel/", {"reason": "سأل عن غيرنا"})
    assert ConsentEventRow.objects.get(type="resume").withdraw_id == entry.id
    assert f"{path}/cancel/" not in page.get(f"/contacts/{person.id}/").content.decode()


def test_a_guess_is_confirmed_for_everything(page, home):
    person = rows.contact(home)
    entry = guess(home, person)
    path = f"/contacts/{person.id}/stops/{entry.id}/confirm/"
    assert page.post(path, {"scope": "nonsense"}).status_code == 400
    assert ConsentEventRow.objects.count() == 1
    page.post(path, {"scope": "all"})
    assert ConsentEventRow.objects.get(source="user_request").categories == ["marketing", "utility"]
    assert page.post(path, {"scope": "all"}).status_code == 404


def test_what_was_sent_before_we_knew_stays_on_the_persons_page(page, home):
    person = rows.contact(home)
    made = rows.message(home, rows.draft(home, rows.opportunity(home, person)), state="accepted")
    rows.attempt(made, outcome="accepted")
    Attempt.objects.update(claimed_at=rows.now() - timedelta(minutes=4))
    assert "بعد طلبه الإيقاف" not in page.get(f"/contacts/{person.id}/").content.decode()
    guess(home, person)
    ConsentEventRow.objects.update(recorded_at=rows.now())
    assert "خرجت إليه رسالة واحدة بعد طلبه الإيقاف" in page.get(f"/contacts/{person.id}/").content.decode()


def test_nobody_decides_about_another_businesss_guess(page, home):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    person = rows.contact(other, phone="+966511111111")
    entry = guess(other, person)
    path = f"/contacts/{person.id}/stops/{entry.id}"
    assert page.post(f"{path}/cancel/", {"reason": "x"}).status_code == 404
    assert page.post(f"{path}/confirm/", {"scope": "all"}).status_code == 404
    assert ConsentEventRow.objects.count() == 1
