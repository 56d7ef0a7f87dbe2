"""The page for an opportunity by hand: every fault beside its field, what was typed kept, nothing for another house."""

from uuid import uuid4

from tests.web import rows
from wakeel.store.models import Contact, Opportunity, OutboxMessage

FIELDS = {"name": "سعد", "phone": "0501234567", "title": "تجديد", "purpose": "offers"}


def form(**changed: str) -> dict[str, str]:
    return {"key": str(uuid4()), **FIELDS, **changed}


def test_the_form_makes_it_and_opens_it(page):
    drawn = page.get("/i/new/").content.decode()
    assert "فرصة جديدة" in drawn
    key = drawn.split('name="key" value="')[1].split('"')[0]
    response = page.post("/i/new/", form(key=key), follow=True)
    made = Opportunity.objects.get()
    assert response.redirect_chain == [(f"/i/{made.id}/", 302)]
    assert "سُجّلت الفرصة" in response.content.decode()
    assert OutboxMessage.objects.filter(audience="operator").count() == 1, "its card, and no answer on the phone"
    assert page.post("/i/new/", form(key=key)).headers["Location"] == f"/i/{made.id}/"
    assert Opportunity.objects.count() == 1


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(page):
    response = page.post("/i/new/", form(phone="12", title="<b>عنوان</b>"))
    html = response.content.decode()
    assert response.status_code == 422
    phone = html.split('name="phone"')[1].split("</div>")[0]
    assert "رقم غير صالح" in phone
    assert "&lt;b&gt;عنوان&lt;/b&gt;" in html
    assert page.post("/i/new/", form(title="")).status_code == 422
    assert not Contact.objects.exists()


def test_hostile_words_are_kept_as_words(page):
    for name in rows.HOSTILE:
        page.post("/i/new/", form(name=rows.HOSTILE[name][:200], title=rows.HOSTILE[name][:300]))
    html = page.get("/").content.decode()
    assert "<script>alert(1)</script>" not in html
    assert "\u202e" not in html


def test_whoever_has_no_linked_phone_records_nothing(page, home):
    home.operator.state = "suspended"
    home.operator.save()
    assert page.post("/i/new/", form()).headers["Location"] == "/operators/enrol/"
    assert not Opportunity.objects.exists()


def test_the_same_number_in_another_house_is_another_person(page, home):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    stranger = rows.contact(other, "شخص غريب", phone="+966501234567")
    page.post("/i/new/", form(name=""))
    assert not Opportunity.objects.exists(), "nobody of ours is known by it, so a name is needed"
    page.post("/i/new/", form())
    assert Opportunity.objects.get().contact_id != stranger.id
