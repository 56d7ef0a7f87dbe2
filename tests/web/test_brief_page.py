"""Everybody sets their own daily brief, and sees whether it can reach them."""

from datetime import timedelta

import pytest

from tests.web import rows
from wakeel.flows.make_template import take_starters
from wakeel.store.models import Operator, PriceCount, Template, TemplateText

WANTED = {"is_wanted": "on", "at": "07:30", "days": ["7", "1"], "time_zone": "Asia/Dubai"}


def test_an_operator_sets_hour_days_and_zone_and_hears_when_the_next_one_comes(page, home):
    assert 'href="/brief/"' in page.get("/operators/enrol/").content.decode()
    assert 'value="08:00"' in page.get("/brief/").content.decode()
    answer = page.post("/brief/", WANTED, follow=True)
    assert "حُفظ. الملخص التالي:" in answer.content.decode()
    assert "7:30 ص" in answer.content.decode()
    operator = Operator.objects.get(pk=home.operator.id)
    assert (operator.brief_minute, operator.brief_days, operator.time_zone) == (450, "71", "Asia/Dubai")
    page.post("/brief/", {key: value for key, value in WANTED.items() if key != "is_wanted"})
    operator.refresh_from_db()
    assert operator.brief_minute is None
    assert "لا ملخص." in page.get("/brief/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("at", "25:00"), ("at", ""), ("days", []), ("days", ["8"]), ("time_zone", "Riyadh")]
)
def test_what_makes_no_sense_is_refused_at_its_field(page, home, field, value):
    answer = page.post("/brief/", WANTED | {field: value})
    assert answer.status_code == 422
    assert f'name="{field}"' in answer.content.decode().split('class="field wrong"')[1].split('<div class="field')[0]
    assert Operator.objects.get(pk=home.operator.id).brief_minute == 480


def test_whoever_has_no_phone_here_is_asked_to_link_one(page, home):
    Operator.objects.update(state="suspended")
    assert page.get("/brief/").headers["Location"] == "/operators/enrol/"
    assert page.post("/brief/", WANTED).headers["Location"] == "/operators/enrol/"
    assert Operator.objects.get().brief_minute == 480


def test_a_closed_window_that_nothing_can_open_is_said_here_and_on_health(page, home):
    """Until the template that ships is submitted and approved."""
    Operator.objects.update(last_inbound_at=rows.now() - timedelta(days=2))
    assert "ولا قالب معتمدًا يفتحها" in page.get("/brief/").content.decode()
    health = page.get("/health/").content.decode()
    assert "القالب الذي يفتح نافذة المشغّل" in health
    assert "غير معتمد" in health
    assert "هذا موجز عملك" in health.partition("<details><summary>عرض النص</summary>")[2], "long: folded"
    Operator.objects.update(last_inbound_at=rows.now())
    soon_shut = page.get("/brief/").content.decode()
    assert ("لا قالب معتمدًا يفتح نافذتك" in soon_shut, "هذا موجز عملك" in soon_shut) == (True, True)
    take_starters(home.business.id, now=rows.now())
    assert 'href="/templates/operator_brief/ar/"' in page.get("/health/").content.decode()
    TemplateText.objects.all().delete()
    _approve(home)
    Operator.objects.update(last_inbound_at=rows.now() - timedelta(days=2))
    assert "يصل بدل الملخص قالب" in page.get("/brief/").content.decode()
    assert "غير معتمد" not in page.get("/health/").content.decode()


def test_free_form_messages_are_counted_against_the_thousand_that_are_free(page, home):
    month = rows.now().date().replace(day=1)
    for kind, messages in (("free_customer_service", 990), ("regular", 15)):
        PriceCount.objects.create(
            business=home.business, number=home.number, month=month, category="service", pricing_type=kind,
            messages=messages,
        )  # fmt: skip
    html = page.get("/health/").content.decode()
    assert "المجاني منها لكل رقم 1" in html
    assert '<span class="chip warn"><bdi dir="ltr">1005 / 1000</bdi></span>' in html


def _approve(home: rows.House) -> None:
    components = [{"type": "BODY", "text": "{{name}}: {{digest}}."}, {"type": "BUTTONS", "buttons": [
        {"type": "QUICK_REPLY", "text": "الفرص"},
    ]}]  # fmt: skip
    TemplateText.objects.create(
        business=home.business, name="operator_brief", meta_name="operator_brief_v1", language="ar",
        category="UTILITY", components=components, payloads=["brief:show_opportunities"], created_at=rows.now(),
    )  # fmt: skip
    Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name="operator_brief_v1", language="ar",
        status="APPROVED", category="UTILITY", components=components,
    )  # fmt: skip
