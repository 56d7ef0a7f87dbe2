"""What comes after the first decision, by click."""

from decimal import Decimal
from uuid import uuid4

import pytest

from tests.web import rows
from wakeel.store.models import Contact, Decision, Opportunity, Prompt


@pytest.fixture
def person(home: rows.House) -> Contact:
    made = rows.contact(home)
    rows.agreed(home, made)
    return made


@pytest.fixture
def deal(home: rows.House, person: Contact) -> Opportunity:
    return rows.opportunity(home, person)


def form(deal: Opportunity, **more: str) -> dict[str, str]:
    deal.refresh_from_db()
    return {"key": str(uuid4()), "state": deal.state, **more}


def post(page, deal: Opportunity, verb: str, **more: str) -> str:
    """What the page says after the click."""
    return page.post(f"/i/{deal.id}/{verb}/", form(deal, **more), follow=True).content.decode()


def test_the_forms_on_the_page_are_enough(page, deal):
    """Scripts off: what stands in the HTML is all there is."""
    html = page.get(f"/i/{deal.id}/").content.decode()
    assert "احجز اجتماع" not in html, "not before accepting"
    drawn = html.split(f'action="/i/{deal.id}/snooze/"')[1].split("</form>")[0]
    values = {name: drawn.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "state")}
    assert "أُجّلت" in page.post(f"/i/{deal.id}/snooze/", {**values, "when": "hour"}, follow=True).content.decode()
    deal.refresh_from_db()
    assert deal.state == "snoozed"
    html = page.get(f"/i/{deal.id}/").content.decode()
    assert "تعود تلقائيًا" in html
    assert f'action="/i/{deal.id}/bring_back/"' in html


def test_put_off_and_brought_back(page, home, deal):
    post(page, deal, "snooze", when="tomorrow")
    assert "عادت الآن" in post(page, deal, "bring_back")
    deal.refresh_from_db()
    assert (deal.state, deal.snoozed_until, deal.owner) == ("presented", None, home.operator)


def test_a_page_that_is_older_than_the_decision_decides_nothing(page, deal):
    values = form(deal, when="hour")
    Opportunity.objects.update(state="skipped")
    html = page.post(f"/i/{deal.id}/snooze/", values, follow=True).content.decode()
    assert "سبق القرار" in html
    assert not Decision.objects.exists()


def test_research_and_facts(page, deal):
    assert "قيد البحث" in post(page, deal, "needs_research")
    assert "لم يُكتب شيء" in post(page, deal, "facts", text=" \u202e ")
    assert "أطول من 500" in post(page, deal, "facts", text="س" * 501)
    assert "أُضيف ما عرفته" in post(page, deal, "facts", text="<b>ميزانيتهم</b>\nفي يناير")
    deal.refresh_from_db()
    assert deal.state == "presented"
    assert deal.summary.splitlines()[-1] == "<b>ميزانيتهم</b> في يناير"
    assert "<b>ميزانيتهم" not in page.get(f"/i/{deal.id}/").content.decode()


def test_a_reason_after_skipping(page, deal):
    page.post(f"/i/{deal.id}/skip/", {**form(deal), "digest": rows.digest_of(deal)})
    assert not Prompt.objects.exists(), "asked on the page, not on the phone as well"
    assert "سبب التخطي" in post(page, deal, "reason", reason="2")
    deal.refresh_from_db()
    assert deal.skip_reason == "2"
    assert "الوقت غير مناسب" in page.get(f"/i/{deal.id}/").content.decode()


def test_a_result_with_its_value_and_another_value_later(page, home, deal):
    Opportunity.objects.update(state="replied", owner=home.operator)
    assert "القيمة رقم واحد" in post(page, deal, "close", outcome="won", value="كثير")
    assert "بقيمة \u20681,500\u2069" in post(page, deal, "close", outcome="won", value="١٥٠٠")
    deal.refresh_from_db()
    assert (deal.state, deal.result_value) == ("won", Decimal(1500))
    post(page, deal, "value", value="1600.50")
    deal.refresh_from_db()
    assert deal.result_value == Decimal("1600.50")
    assert "1,600.50" in page.get(f"/i/{deal.id}/").content.decode()


def test_a_meeting_is_planned_only_after_accepting(page, deal):
    assert "يُحجز الاجتماع بعد القبول" in post(page, deal, "schedule")
    page.post(f"/i/{deal.id}/accept/", {**form(deal), "digest": rows.digest_of(deal)})
    post(page, deal, "schedule")
    assert Decision.objects.filter(action="schedule", carried_out=True).count() == 1


@pytest.mark.parametrize(("verb", "more"), [("snooze", {"when": "never"}), ("reason", {"reason": "9"}), ("close", {})])
def test_a_choice_that_is_not_on_the_page_is_not_found(page, deal, verb: str, more: dict[str, str]):
    assert page.post(f"/i/{deal.id}/{verb}/", form(deal, **more)).status_code == 404


def test_another_business_and_a_get_change_nothing(page, deal):
    theirs = rows.house("أخرى", phone_number_id="105500000000009", username="other")
    foreign = rows.opportunity(theirs, rows.contact(theirs, phone="+966500000099"))
    assert page.post(f"/i/{foreign.id}/snooze/", form(foreign, when="hour")).status_code == 404
    assert page.get(f"/i/{deal.id}/snooze/").status_code == 405
    assert set(Opportunity.objects.values_list("state", flat=True)) == {"new"}
