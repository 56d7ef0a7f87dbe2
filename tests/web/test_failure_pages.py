"""The failure desk, the page of templates and stopped numbers, as a person sees and uses them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.web import rows
from wakeel.domain.failures import AFTER_ATTENTION, NUMBER_WAITS
from wakeel.store import breakers
from wakeel.store.models import Attempt, Breaker, DraftVersion, OutboxMessage, Template

BODY = "أهلًا {{1}}، معك {{2}}. هل يناسبك اتصال؟ لإيقاف الرسائل أرسل: إيقاف"


def failed(home: rows.House, code: int, *, key: str = "k-1", phone: str = "+966509722233", **fields: object):
    person = rows.contact(home, phone=phone)
    rows.agreed(home, person)
    deal = rows.opportunity(home, person, key=key)
    made = rows.message(home, rows.draft(home, deal), **{"state": "failed", "failure_code": code, **fields})
    rows.attempt(made, failure_code=code, outcome="unknown" if made.state == "unknown" else "failed",
                 started_ago=timedelta(minutes=5))  # fmt: skip
    return made


def template(home: rows.House, body: str = BODY) -> Template:
    return Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name="follow_up", language="ar", status="APPROVED",
        category="MARKETING", components=[{"type": "BODY", "text": body}, {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "مهتم"}]}],
    )  # fmt: skip


def html_of(page: Client, url: str) -> str:
    answer = page.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_desk_says_what_happens_by_itself_and_links_to_the_templates_that_fit(page: Client, home: rows.House):
    made = failed(home, 131047)
    assert reverse("desk:reengage", args=[made.draft.opportunity_id]) not in html_of(page, reverse("desk:failures"))
    template(home)
    html = html_of(page, reverse("desk:failures"))
    assert reverse("desk:reengage", args=[made.draft.opportunity_id]) in html
    assert "إذا كتبت جهة الاتصال" in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_template_is_filled_in_and_becomes_the_next_version(page: Client, home: rows.House, settings, language: str):
    made = failed(home, 131047)
    row = template(home)
    page.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    url = reverse("desk:reengage", args=[made.draft.opportunity_id])
    html = html_of(page, url)
    assert ('dir="rtl"' in html) is (language == "ar")
    assert '<bdi dir="ltr"><code>follow_up</code></bdi>' in html
    form = {"key": str(uuid.uuid4()), "version": "1", "template": str(row.pk), "value:1": "مريم"}
    refused = page.post(url, form | {"value:2": ""})
    assert refused.status_code == 422
    assert 'value="مريم"' in refused.content.decode(), "what was typed is kept"
    assert page.post(url, form | {"value:2": "أفق"}).status_code == 302
    version = DraftVersion.objects.get(draft=made.draft, number=2)
    assert version.text == BODY.replace("{{1}}", "مريم").replace("{{2}}", "أفق")
    assert version.template == {
        "name": "follow_up",
        "language": "ar",
        "values": {"1": "مريم", "2": "أفق"},
        "payloads": [""],
    }
    assert version.text in html_of(page, reverse("desk:item", args=[made.draft.opportunity_id]))


def test_a_message_sent_as_a_template_shows_its_words(page: Client, home: rows.House):
    made = failed(home, 132015)
    DraftVersion.objects.filter(draft=made.draft).update(text="كلمات القالب")
    OutboxMessage.objects.filter(pk=made.pk).update(
        body={"type": "template", "template": {"name": "follow_up", "language": {"code": "ar"}}}
    )
    assert "كلمات القالب" in html_of(page, reverse("desk:failures"))


def test_hostile_words_of_a_template_stay_words(page: Client, home: rows.House):
    made = failed(home, 131047)
    template(home, body="أهلًا {{1}}، <script>alert(1)</script> معك {{2}}. لإيقاف الرسائل أرسل: إيقاف")
    html = html_of(page, reverse("desk:reengage", args=[made.draft.opportunity_id]))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


@pytest.mark.parametrize("made_up", [{"template": "abc"}, {"template": "9" * 30}, {"version": "x"}, {}])
def test_a_made_up_form_changes_nothing(page: Client, home: rows.House, made_up: dict[str, str]):
    made = failed(home, 131047)
    template(home)
    form = {"key": str(uuid.uuid4()), **made_up}
    assert page.post(reverse("desk:reengage", args=[made.draft.opportunity_id]), form).status_code == 302
    assert not DraftVersion.objects.filter(number=2).exists()


def test_another_businesss_opportunity_has_no_page(page: Client, home: rows.House):
    other = rows.house("أخرى", phone_number_id="105500000000009", username="other")
    made = failed(other, 131047)
    url = reverse("desk:reengage", args=[made.draft.opportunity_id])
    assert page.get(url).status_code == 404
    assert page.post(url, {"key": str(uuid.uuid4())}).status_code == 404


def test_a_stopped_number_is_shown_and_an_administrator_resumes_it(page: Client, home: rows.House):
    failed(home, 131031)
    breakers.refuse(home.number, 131031, contacts_only=False, real_now=rows.now())
    resume = reverse("desk:resume_number", args=[home.number.pk])
    for url in (reverse("desk:failures"), reverse("desk:health")):
        html = html_of(page, url)
        assert "131031" in html
        assert resume not in html, "an administrator's right"
    assert NUMBER_WAITS.ar in html_of(page, reverse("desk:failures"))
    assert page.post(resume).status_code == 403
    assert Breaker.objects.exists()
    rows.may_be(home, "operator", "admin")
    assert resume in html_of(page, reverse("desk:health"))
    assert page.post(resume).status_code == 302
    assert not Breaker.objects.exists()
    html = html_of(page, reverse("desk:failures"))
    assert AFTER_ATTENTION.ar in html
    assert 'value="retry"' in html


def test_an_outage_may_be_tried_by_anybody_and_somebody_elses_number_by_nobody(page: Client, home: rows.House):
    other = rows.house("أخرى", phone_number_id="105500000000009", username="other")
    for number in (home.number, other.number):
        for serial in range(5):
            breakers.unanswered(number, f"att_{serial}", real_now=rows.now())
    assert page.post(reverse("desk:resume_number", args=[home.number.pk])).status_code == 302
    assert page.post(reverse("desk:resume_number", args=[other.number.pk])).status_code == 302
    assert list(Breaker.objects.values_list("pk", flat=True)) == [other.number.pk]


def test_what_one_outage_left_unanswered_is_decided_in_one_click(page: Client, home: rows.House):
    rows.may_be(home, "supervisor")
    made = [
        failed(home, 0, key=f"k-{serial}", phone=f"+96650972{serial:04d}", state="unknown", failure_code=None)
        for serial in range(3)
    ]
    html = html_of(page, reverse("desk:failures"))
    [url] = set(re.findall(r'action="(/m/[\w-]+/settle-outage/)"', html))
    assert re.findall(r'settle-outage/".*?name="verb" value="(\w+)"', html) == ["it_arrived", "send_again", "give_up"]
    assert page.post(url, {"key": str(uuid.uuid4()), "verb": "it_arrived"}).status_code == 302
    assert {OutboxMessage.objects.get(pk=one.pk).state for one in made} == {"accepted"}
    assert page.post(url, {"key": str(uuid.uuid4()), "verb": "retry"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome": "accepted", "message_status": "held_for_quality_assessment", "wamid": "w"}, "لفحص الجودة"),
        ({"outcome": "accepted", "message_status": "paused", "wamid": "w"}, "والقالب موقوف مؤقتًا"),
        ({"outcome": "accepted", "details": "proved_late", "wamid": "w"}, "ثبت متأخرًا أنها خرجت"),
    ],
)
def test_what_whatsapp_holds_back_and_what_was_proved_late_stand_in_the_timeline(
    page: Client, home: rows.House, fields: dict[str, str], words: str
):
    made = failed(home, 131000, state="accepted", failure_code=None)
    Attempt.objects.filter(outbox=made).update(**fields)
    assert words in html_of(page, reverse("desk:item", args=[made.draft.opportunity_id]))
