"""One person's page: may they be written to, what is known about them, and what an operator can say about them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web import rows
from wakeel.domain.consent import ConsentType
from wakeel.store import consent, contacts
from wakeel.store.consent import NewFile
from wakeel.store.models import ConsentEventRow, Contact, ContactAlias, Suppression

PHONE = "+966509722233"


@pytest.fixture
def person(home: rows.House) -> Contact:
    return rows.contact(home, phone=PHONE)


def html(page: Client, person: Contact, path: str = "") -> str:
    response = page.get(f"/contacts/{person.id}/{path}")
    assert response.status_code == 200
    return str(response.content.decode())


def entry(home: rows.House, person: Contact, **fields: Any) -> ConsentEventRow:
    at = rows.now() - timedelta(days=2)
    values = {
        "type": ConsentType.GRANT, "address": PHONE, "at": at, "recorded_at": at, "source": "paper",
        "actor": home.operator.id, "categories": ["marketing"], "purposes": ["offers"], "explicit": True, **fields,
    }  # fmt: skip
    return consent.append(home.business.id, contact_id=person.id, **values)


# may they be written to


def test_the_three_lines_stand_at_the_top_with_the_steps_that_help(page, home, person):
    rows.agreed(home, person)
    shown = html(page, person)
    lines = re.findall(r"<b>([^<]+):</b> ([^.]+)\.", shown)
    assert lines == [("الرد على رسالته", "نعم، الآن"), ("تحديثات (عروض)", "نعم، الآن"), ("تسويق (عروض)", "نعم، الآن")]
    assert "الموافقة: عروض، منذ" in shown
    assert shown.index("هل تجوز مراسلته الآن؟") < shown.index("سجل الموافقات")


def test_a_refusal_draws_the_step_as_a_link_that_works(page, person):
    shown = html(page, person)
    assert "NO_CONSENT" in shown
    assert f'href="/contacts/{person.id}/consent/"' in shown
    assert page.get(f"/contacts/{person.id}/consent/").status_code == 200


def test_the_lines_are_in_english_too(page, home, person):
    rows.opted_out(home, person)
    page.post("/language/", {"language": "en", "next": "/"})
    shown = html(page, person)
    assert "May they be written to now?" in shown
    assert "<b>Marketing (offers):</b> no. Asked us to stop on" in shown


# the ledger


def test_an_entry_says_what_when_how_and_by_whom(page, home, person):
    entry(home, person, wording="أوافق على تلقي العروض من أفق", evidence="نموذج ورقي رقم 12")
    ledger = html(page, person).split('class="ledger"')[1]
    for words in ("موافقة مسجّلة", "تسويق", "(عروض)", "نموذج ورقي", "سارة", "«أوافق على تلقي العروض من أفق»"):
        assert words in ledger
    assert "<summary>الدليل</summary>" in ledger
    assert "+966•••••2233" in ledger
    assert PHONE not in ledger


def test_what_was_learnt_late_shows_both_times(page, home, person):
    entry(home, person, recorded_at=rows.now())
    assert "عُلم به" in html(page, person)
    other = rows.contact(home, "أخرى", phone="+966500000055")
    entry(home, other, address="+966500000055")
    assert "عُلم به" not in html(page, other)


def test_an_entry_of_another_record_at_the_same_number_shows_no_words_of_theirs(page, home, person):
    """A stop counts for the address, whoever wrote it; what they wrote is not this person's."""
    other = rows.contact(home, "غيرها", phone="+966500000055")
    entry(home, other, type=ConsentType.WITHDRAW, categories=["marketing", "utility"], purposes=None, evidence="سر خاص")
    shown = html(page, person)
    assert "من الرقم نفسه، في سجل آخر" in shown
    assert "سر خاص" not in shown


def test_an_evidence_file_is_handed_out_as_a_file_to_save(page, home, person):
    row = entry(home, person, evidence_file=NewFile("image/png", b"\x89PNG the scan", "form.png"))
    assert f"/contacts/{person.id}/evidence/{row.proof_ref}/" in html(page, person)
    response = page.get(f"/contacts/{person.id}/evidence/{row.proof_ref}/")
    assert response.content == b"\x89PNG the scan"
    assert response["Content-Disposition"] == f'attachment; filename="{row.proof_ref}.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    someone = rows.contact(home, "أخرى", phone="+966500000055")
    assert page.get(f"/contacts/{someone.id}/evidence/{row.proof_ref}/").status_code == 404
    assert page.get(f"/contacts/{person.id}/evidence/evf_none/").status_code == 404


def test_every_purpose_that_was_ever_granted_has_its_state(page, home, person):
    entry(home, person, purposes=["meetings"])
    shown = html(page, person)
    assert re.search(r"<dt>تسويق \(مواعيد\)</dt>\s*<dd><span class=\"good\">سارية", shown)
    assert re.search(r"<dt>تحديثات \(تحديثات الطلبات\)</dt>\s*<dd>لا توجد", shown)


# what an operator can say


def say(page: Client, person: Contact, act: str, **fields: str) -> Any:
    return page.post(f"/contacts/{person.id}/{act}/", fields, follow=True)


def test_never_write_to_them_is_said_with_a_reason_and_shown(page, person):
    response = say(page, person, "stop", cause="complaint", note="اشتكى هاتفيًا")
    shown = response.content.decode()
    assert "سُجّل منع المراسلة" in shown
    assert "لا يُراسل أبدًا: شكوى. <bdi>اشتكى هاتفيًا</bdi> · <bdi>سارة</bdi>" in shown
    assert "SUPPRESSED" in shown


def test_what_was_taken_back_says_why_where_failures_are_shown(page, home, person):
    rows.agreed(home, person)
    rows.message(home, rows.draft(home, rows.opportunity(home, person)))
    say(page, person, "stop", cause="legal", note="خطاب من المحكمة")
    assert "موقوف نهائيًا: سبب نظامي." in page.get("/failures/").content.decode()


@pytest.mark.parametrize(
    "fields", [{"cause": "complaint", "note": ""}, {"cause": "", "note": "x"}, {"cause": "erased", "note": "x"}]
)
def test_a_stop_without_cause_or_reason_is_asked_again(page, person, fields):
    assert say(page, person, "stop", **fields).status_code == 422
    assert not Suppression.objects.exists()


def test_only_an_administrator_lifts_it(page, home, person):
    say(page, person, "stop", cause="manual", note="خطأ")
    assert f"/contacts/{person.id}/lift/" not in html(page, person)
    assert page.get(f"/contacts/{person.id}/lift/").status_code == 403
    response = say(page, person, "lift", note="زال السبب")
    assert response.status_code == 403
    assert "هذا الإجراء من صلاحية: مدير" in response.content.decode()
    assert Suppression.objects.get().lifted_at is None
    rows.may_be(home, "operator", "admin")
    assert f"/contacts/{person.id}/lift/" in html(page, person)
    assert "رُفع منع المراسلة" in say(page, person, "lift", note="زال السبب").content.decode()
    assert Suppression.objects.get().lifted_at is not None


def test_a_pause_is_shown_and_can_be_ended(page, person):
    until = timezone.localtime(rows.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert "طلب عدم الإزعاج حتى" in say(page, person, "pause", until=until).content.decode()
    assert "انتهت مهلة عدم الإزعاج" in say(page, person, "resume").content.decode()
    person.refresh_from_db()
    assert person.paused_until is None
    past = timezone.localtime(rows.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert say(page, person, "pause", until=past).status_code == 422


def test_a_time_zone_is_chosen_by_its_name(page, person):
    assert "Asia/Riyadh" in html(page, person), "by the number, until somebody knows better"
    assert '<option value="Asia/Dubai">' in html(page, person, "zone/")
    say(page, person, "zone", time_zone="Asia/Dubai")
    assert "Asia/Dubai" in html(page, person)
    response = say(page, person, "zone", time_zone="Dubai<script>")
    assert response.status_code == 422
    assert "التوقيت غير معروف" in response.content.decode()


def test_a_new_person_behind_the_number_gets_a_page_of_their_own(page, home, person):
    rows.agreed(home, person)
    assert say(page, person, "new-owner").status_code == 422, "only after making sure"
    response = say(page, person, "new-owner", sure="on")
    assert "الرقم انتقل إلى شخص آخر" in response.content.decode()
    owner = ContactAlias.objects.get(value=PHONE, valid_to=None).contact
    assert owner != person
    assert response.redirect_chain[-1][0] == f"/contacts/{owner.id}/"
    shown = html(page, owner)
    assert "UNKNOWN_CONTACT" in shown
    assert "نموذج الموقع" not in shown, "nothing of the former owner"


def test_merging_tells_first_what_it_would_do(page, home, person):
    other = rows.contact(home, "أم خالد", phone="+966500000055")
    rows.agreed(home, person)
    rows.opted_out(home, other)
    shown = page.post(f"/contacts/{person.id}/merge/", {"other": "050 000 0055"}).content.decode()
    assert "قيد واحد في السجل" in shown
    assert "سارية ← مسحوبة" in shown
    assert not Contact.objects.filter(merged_into__isnull=False).exists()
    form = re.search(r'name="joined" value="([^"]+)"', shown)
    assert form
    response = page.post(f"/contacts/{person.id}/merge/", {"joined": form.group(1)}, follow=True)
    assert "OPTED_OUT" in response.content.decode()
    assert "أم خالد" in html(page, person)
    assert "هذا السجل والسجل التالي لشخص واحد" in html(page, other)
    say(page, other, "unmerge", sure="on")
    assert "OPTED_OUT" not in html(page, person)


@pytest.mark.parametrize("other", ["+966501119999", "12", "", PHONE])
def test_merging_with_nobody_is_refused_in_words(page, person, other):
    response = page.post(f"/contacts/{person.id}/merge/", {"other": other})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_the_other_records_number_never_stands_in_an_address(page, person):
    """Addresses end up in the browser's history and in the log of whatever stands before the server."""
    asked = page.get(f"/contacts/{person.id}/merge/").content.decode()
    [form] = re.findall(r"<form[^>]*>(?=(?:(?!</form>).)*name=\"other\")", asked, flags=re.DOTALL)
    assert 'method="post"' in form
    ignored = page.get(f"/contacts/{person.id}/merge/", {"other": "050 000 0055"})
    assert ignored.status_code == 200
    assert "050 000 0055" not in ignored.content.decode()


def test_reachable_again_is_offered_only_where_it_helps(page, home, person):
    assert f"/contacts/{person.id}/reachable/" not in html(page, person)
    made = rows.message(home, rows.draft(home, rows.opportunity(home, person)), state="failed", failure_code=131026)
    rows.attempt(made, failure_code=131026)
    Contact.objects.filter(pk=person.pk).update(last_inbound_at=rows.now() - timedelta(hours=3))
    assert f"/contacts/{person.id}/reachable/" in html(page, person)
    say(page, person, "reachable", sure="on")
    assert "RECIPIENT_UNREACHABLE" not in html(page, person)


ACTS = ["stop", "lift", "pause", "resume", "zone", "reachable", "new-owner", "unmerge", "merge"]


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_by_looking_or_without_a_linked_phone(page, home, person, act):
    rows.may_be(home, "operator", "admin")
    before = Contact.objects.values_list().get(pk=person.pk)
    assert page.get(f"/contacts/{person.id}/{act}/").status_code == 200
    assert page.put(f"/contacts/{person.id}/{act}/").status_code == 405
    home.operator.state = "suspended"
    home.operator.save()
    until = timezone.localtime(rows.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    fields = {"cause": "manual", "note": "x", "until": until, "time_zone": "Asia/Dubai", "sure": "on", "joined": "x"}
    response = page.post(f"/contacts/{person.id}/{act}/", fields)
    # To lift is an administrator's, who needs no phone; nothing bars this person.
    refused = (422, None) if act == "lift" else (302, "/operators/enrol/")
    assert (response.status_code, response.get("Location")) == refused
    assert Contact.objects.values_list().get(pk=person.pk) == before
    assert contacts.address_of(person.id) == PHONE


@pytest.mark.parametrize("act", ACTS)
def test_a_person_of_another_business_is_not_there(page, home, act):
    rows.may_be(home, "operator", "admin")
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    person = rows.contact(other, "شخص غريب", phone="+966511111111")
    for response in (
        page.get(f"/contacts/{person.id}/{act}/"),
        page.post(f"/contacts/{person.id}/{act}/", {"sure": "on"}),
    ):
        assert response.status_code == 404


def test_hostile_words_stay_words_on_the_page(page, home):
    for number, words in enumerate(rows.HOSTILE.values()):
        person = rows.contact(home, words, phone=f"+96650000010{number}", organisation=words)
        entry(home, person, address=f"+96650000010{number}", wording=words, evidence=words, details={"note": words})
        say(page, person, "stop", cause="manual", note=words[:500])
        shown = html(page, person)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


# the text that waits


def test_findings_are_marked_in_the_text_with_their_kind(page, home, person):
    rows.agreed(home, person)
    deal = rows.opportunity(home, person)
    rows.draft(home, deal, text="<b>أرباح مضمونة</b> معك أفق. لإيقاف الرسائل أرسل: إيقاف")
    shown = page.get(f"/i/{deal.id}/").content.decode()
    assert '&lt;b&gt;<mark title="وعد بنتيجة مضمونة">أرباح مضمونة</mark>&lt;/b&gt;' in shown
    assert "للمراجعة قبل الاعتماد:" in shown
    assert "CONTENT_RISKY_CLAIM" in shown
    assert 'class="primary">اعتماد' not in shown


def test_a_text_that_could_not_be_kept_shows_what_to_look_at_in_it(page, home, person):
    draft = rows.draft(home, rows.opportunity(home, person))
    key = "00000000-0000-4000-8000-000000000000"
    typed = "أرباح مضمونة " + "س" * 3600
    response = page.post(f"/d/{draft.id}/text/", {"key": key, "version": "1", "text": typed})
    assert response.status_code == 422
    assert '<mark title="وعد بنتيجة مضمونة">' in response.content.decode()


def test_the_item_and_the_list_say_what_the_gate_would_say(page, home, person):
    deal = rows.opportunity(home, person)
    rows.draft(home, deal)
    item = page.get(f"/i/{deal.id}/").content.decode()
    assert "لا توجد موافقة لهذا الغرض (عروض)" in item
    assert "ليس بعد: لا توجد موافقة" in page.get("/").content.decode()
    rows.agreed(home, person)
    item = page.get(f"/i/{deal.id}/").content.decode()
    assert "الموافقة: عروض، منذ" in item
    assert "ليس بعد" not in page.get("/").content.decode()


def test_what_waits_for_its_hour_says_so_on_the_item_and_on_its_way(page, home, person):
    rows.agreed(home, person)
    deal = rows.opportunity(home, person)
    rows.message(home, rows.draft(home, deal), due_in_s=7200, hold_code="FREQUENCY_CAP")
    for path in (f"/i/{deal.id}/", "/outbox/"):
        shown = page.get(path).content.decode()
        assert "اكتمل حد الرسائل لهذا الشخص. الموعد التالي:" in shown, path
        assert "FREQUENCY_CAP" in shown
