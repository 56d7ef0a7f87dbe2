"""Requests about people's data on the screens: the clock, the acts, and destruction that takes an administrator."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.web import rows
from wakeel.domain.rights import CameBy, Right
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows.erase_person import HINDRANCE_WORDS, Hindrance
from wakeel.store import rights, suppressions
from wakeel.store.models import ConsentEventRow, Contact, RightsRequest, Suppression


@pytest.fixture
def person(home: rows.House) -> Contact:
    return rows.contact(home)


@pytest.fixture
def admin(home: rows.House, page):
    rows.may_be(home, "operator", "admin")
    return page


def local(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def request_of(person: Contact, right: Right = Right.ACCESS, *, days_ago: float = 0) -> RightsRequest:
    received_at = rows.now() - timedelta(days=days_ago)
    return rights.keep(person, right=right, came_by=CameBy.PHONE, words="كلمات الطلب", received_at=received_at, by="1")


def step(page, request: RightsRequest, name: str, text: str = "", **fields):
    return page.post(f"/rights/{request.id}/{name}/", {"text": text, **fields})


# the clock


def test_a_request_is_recorded_from_the_persons_page_and_its_thirty_days_run(page, person):
    page.get(f"/contacts/{person.id}/")
    values = {"right": "access", "came_by": "phone", "received_at": local(rows.now()), "words": "أريد نسخة من بياناتي"}
    html = page.post(f"/contacts/{person.id}/rights/", values, follow=True).content.decode()
    request = RightsRequest.objects.get()
    assert (request.right, request.came_by, request.state) == ("access", "phone", "open")
    assert request.due_at - request.received_at == timedelta(days=30)
    assert "أريد نسخة من بياناتي" in html
    assert "باقٍ: 29 يومًا" in html
    assert f"/rights/{request.id}/" in page.get(f"/contacts/{person.id}/").content.decode()


@pytest.mark.parametrize("missing", ["right", "came_by", "received_at"])
def test_what_is_missing_is_asked_for(page, person, missing):
    values = {"right": "access", "came_by": "phone", "received_at": local(rows.now()), missing: ""}
    assert page.post(f"/contacts/{person.id}/rights/", values).status_code == 422
    assert not RightsRequest.objects.exists()


def test_a_request_from_the_future_is_refused(page, person):
    values = {"right": "access", "came_by": "phone", "received_at": local(rows.now() + timedelta(days=1))}
    assert page.post(f"/contacts/{person.id}/rights/", values).status_code == 422


def test_the_list_has_the_most_urgent_first_and_marks_what_is_overdue(page, home, person):
    late = request_of(rows.contact(home, "ليلى", phone="+966501110001"), days_ago=33)
    soon = request_of(person, days_ago=25)
    fresh = request_of(person, Right.CORRECT)
    html = page.get("/rights/").content.decode()
    assert html.index(late.id) < html.index(soon.id) < html.index(fresh.id)
    assert "متأخر: 3 أيام" in html
    assert 'data-live="requests">3<' in html


def test_an_extension_comes_once_before_the_end_and_with_a_reason(page, person):
    request, late = request_of(person, days_ago=10), request_of(person, days_ago=31)
    assert step(page, request, "extend").status_code == 422
    assert step(page, late, "extend", "بحث طويل").status_code == 422
    assert step(page, request, "extend", "بحث طويل").status_code == 302
    request.refresh_from_db()
    assert request.extended_until == request.due_at + timedelta(days=30)
    assert step(page, request, "extend", "مرة ثانية").status_code == 422


def test_it_is_closed_only_after_the_identity_was_checked(page, person):
    request = request_of(person)
    assert step(page, request, "done", "أُرسلت النسخة").status_code == 422
    step(page, request, "identity", "اتصلنا به على رقمه المعروف")
    assert step(page, request, "done", "أُرسلت النسخة").status_code == 302
    request.refresh_from_db()
    assert (request.state, request.answer) == ("done", "أُرسلت النسخة")
    assert step(page, request, "done", "مرة ثانية").status_code == 422, "a closed request takes no more steps"


def test_only_an_administrator_refuses_and_gives_the_reason(page, admin, home, person):
    request = request_of(person)
    rows.may_be(home, "operator")
    assert step(page, request, "refuse", "تكرار بلا مبرر").status_code == 403
    rows.may_be(home, "operator", "admin")
    assert step(page, request, "refuse").status_code == 422
    assert step(page, request, "refuse", "تكرار بلا مبرر").status_code == 302
    request.refresh_from_db()
    assert request.state == "refused"


# the acts


def test_a_restriction_stands_until_its_request_is_closed(page, person):
    request = request_of(person, Right.RESTRICT)
    step(page, request, "restrict")
    assert suppressions.standing([person.id], SuppressionCause.RESTRICTED)
    assert "لا يُرسل إلى هذا الشخص شيء" in page.get(f"/rights/{request.id}/").content.decode()
    step(page, request, "identity", "بطاقته")
    step(page, request, "done", "صُحّح الاسم")
    assert not suppressions.standing([person.id], SuppressionCause.RESTRICTED)


def test_a_withdrawal_by_request_goes_into_the_ledger_once(page, home, person):
    rows.agreed(home, person)
    request = request_of(person, Right.WITHDRAW)
    for _ in range(2):
        step(page, request, "withdraw")
    [entry] = ConsentEventRow.objects.filter(type="withdraw")
    assert set(entry.categories) == {"marketing", "utility", "authentication"}
    assert (entry.source, entry.at) == ("phone_call", request.received_at)


def test_a_name_is_corrected_and_a_note_stands_beside_the_entry(page, home, person):
    rows.agreed(home, person)
    page.post(f"/contacts/{person.id}/name/", {"name": "  مريم \u202e العتيبي ", "organisation": "بيان"})
    person.refresh_from_db()
    assert (person.name, person.organisation) == ("مريم العتيبي", "بيان")
    assert page.post(f"/contacts/{person.id}/name/", {"name": "\u200f "}).status_code == 422
    request = request_of(person, Right.CORRECT)
    assert step(page, request, "note", seq="99", note="x").status_code == 422
    assert step(page, request, "note", seq="1", note="التاريخ الصحيح هو الأول من الشهر").status_code == 302
    assert ConsentEventRow.objects.filter(type="correct").count() == 1


def test_the_copy_holds_everything_and_goes_to_administrators_only(admin, page, home, person):
    rows.agreed(home, person)
    rows.draft(home, rows.opportunity(home, person))
    request_of(person)
    rows.may_be(home, "operator")
    assert page.post(f"/contacts/{person.id}/export/").status_code == 403
    rows.may_be(home, "operator", "admin")
    assert page.post(f"/contacts/{person.id}/export/").status_code == 422, "not without a reason"
    response = page.post(f"/contacts/{person.id}/export/", {"reason": "export_asked"})
    assert response["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        held = json.loads(archive.read("person.json"))
        html = archive.read("person.html").decode()
    assert held["profile"][0]["name"] == person.name
    assert held["addresses"][0]["value"] == "+966509722233"
    assert held["ledger"][0]["evidence"] == "نموذج الموقع"
    assert held["opportunities"][0]["title"] == "متابعة بعد العرض"
    assert held["drafts"][0]["text"].startswith("أهلًا مريم")
    assert held["requests"][0]["words"] == "كلمات الطلب"
    for words in (person.name, "نموذج الموقع", "+966509722233", "Consent ledger", 'dir="rtl"'):
        assert words in html


# destruction


def test_the_page_says_exactly_what_goes_and_what_stays(admin, home, person):
    rows.agreed(home, person)
    rows.draft(home, rows.opportunity(home, person))
    html = admin.get(f"/contacts/{person.id}/erase/").content.decode()
    assert "يُتلف نهائيًا" in html
    assert "يبقى" in html
    assert "رمز واحد لكل عنوان" in html


@pytest.mark.parametrize("typed", ["", "شخص آخر", "2234", "+966509722233"])
def test_without_the_name_or_the_last_digits_nothing_is_destroyed(admin, person, typed):
    values = {"reason": "erasure_on_request", "typed": typed}
    assert admin.post(f"/contacts/{person.id}/erase/", values).status_code == 422
    person.refresh_from_db()
    assert person.erased_at is None


@pytest.mark.parametrize("typed", ["مريم القحطاني", " مريم  القحطاني ", "2233"])
def test_with_them_the_data_is_gone(admin, person, typed):
    request = request_of(person, Right.DESTROY)
    response = admin.post(f"/contacts/{person.id}/erase/", {"reason": "erasure_on_request", "typed": typed})
    assert response["Location"] == "/rights/"
    person.refresh_from_db()
    assert (person.name, person.erased_at is not None) == ("", True)
    request.refresh_from_db()
    assert (request.state, request.words) == ("done", "")
    html = admin.get("/rights/").content.decode() + admin.get(f"/contacts/{person.id}/").content.decode()
    assert "القحطاني" not in html
    assert "أُتلفت بيانات هذا الشخص" in html


def test_what_stands_against_it_is_said_before_and_after(admin, person):
    request = request_of(person, Right.DESTROY)
    step(admin, request, "hold", "دعوى رقم ١٢")
    words = HINDRANCE_WORDS[Hindrance.HELD].ar
    assert words in admin.get(f"/contacts/{person.id}/erase/").content.decode()
    response = admin.post(f"/contacts/{person.id}/erase/", {"reason": "erasure_on_request", "typed": "2233"})
    assert (response.status_code, words in response.content.decode()) == (422, True)
    step(admin, request, "release")
    assert admin.post(
        f"/contacts/{person.id}/erase/", {"reason": "erasure_on_request", "typed": "2233"}
    ).status_code == 302  # fmt: skip


@pytest.mark.parametrize("path", ["erase", "readmit", "export"])
def test_nobody_but_an_administrator_destroys_hands_out_or_readmits(page, person, path):
    values = {"reason": "erasure_on_request", "typed": "2233", "text": "طلب ذلك بنفسه اليوم"}
    assert page.post(f"/contacts/{person.id}/{path}/", values).status_code == 403
    person.refresh_from_db()
    assert person.erased_at is None


def test_an_erased_person_who_wrote_again_is_let_in_by_an_administrator(admin, home, person):
    admin.post(f"/contacts/{person.id}/erase/", {"reason": "erasure_on_request", "typed": "2233"})
    again = rows.contact(home, "مريم")
    html = admin.get(f"/contacts/{again.id}/").content.decode()
    assert f"/contacts/{again.id}/readmit/" in html
    assert admin.post(f"/contacts/{again.id}/readmit/", {"text": "نعم"}).status_code == 422
    assert admin.post(f"/contacts/{again.id}/readmit/", {"text": "كتبت اليوم وطلبت عرضًا"}).status_code == 302
    assert not Suppression.objects.filter(lifted_at=None).exists()
    assert f"/contacts/{again.id}/readmit/" not in admin.get(f"/contacts/{again.id}/").content.decode()


# others


def test_requests_of_another_business_are_not_there(admin, home):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    stranger = rows.contact(other, "شخص غريب", phone="+966511111111")
    request = request_of(stranger)
    assert admin.get(f"/rights/{request.id}/").status_code == 404
    assert step(admin, request, "identity", "x").status_code == 404
    for path in ("rights", "name", "erase", "readmit"):
        assert admin.get(f"/contacts/{stranger.id}/{path}/").status_code == 404
    values = {"reason": "erasure_on_request", "typed": "1111", "name": "x", "text": "طلب ذلك بنفسه"}
    for path in ("rights", "name", "erase", "readmit", "export"):
        assert admin.post(f"/contacts/{stranger.id}/{path}/", values).status_code == 404
    assert "شخص غريب" not in admin.get("/rights/").content.decode()
    stranger.refresh_from_db()
    assert (stranger.name, stranger.erased_at) == ("شخص غريب", None)


@pytest.mark.parametrize("sample", sorted(rows.HOSTILE))
def test_outside_text_stays_text_on_every_page_and_in_the_copy(admin, home, sample):
    text = rows.HOSTILE[sample]
    person = rows.contact(home, text, organisation=text)
    rows.agreed(home, person)
    request = request_of(person)
    RightsRequest.objects.filter(pk=request.pk).update(words=text, held_because=text, identity_checked=text)
    pages = [admin.get(f"/rights/{request.id}/").content.decode(), admin.get("/rights/").content.decode()]
    pages += [admin.get(f"/contacts/{person.id}/{path}/").content.decode() for path in ("erase", "name", "rights")]
    packed = admin.post(f"/contacts/{person.id}/export/", {"reason": "export_asked"}).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        pages.append(archive.read("person.html").decode())
    for html in pages:
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="http://evil' not in html
