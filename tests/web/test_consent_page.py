"""Entering what a person said: every part of the proof is asked for, refusals say why, receipts can be handed over."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.web import rows
from wakeel.store import consent
from wakeel.store.models import ConsentEventRow, ContactAlias, EvidenceFile

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def person(home: rows.House):
    return rows.contact(home)


def moment(**ago: float) -> str:
    return timezone.localtime(rows.now() - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


def filled(**changed: object) -> dict[str, object]:
    proof = {"wording": "أوافق على أن تراسلني أفق بعروضها على واتساب", "evidence": "نموذج ورقي رقم 12"}
    scope = {"categories": ["marketing"], "purposes": ["offers"], "source": "paper", "happened_at": moment(days=1)}
    return {**scope, **proof, **changed}


def entry() -> ConsentEventRow:
    return ConsentEventRow.objects.latest("seq")


def test_a_complete_entry_is_appended_and_shown(page, person):
    response = page.post(f"/contacts/{person.id}/consent/", filled(), follow=True)
    entry = ConsentEventRow.objects.get(payload__contact=person)
    assert (entry.type, entry.categories, entry.source) == ("grant", ["marketing"], "paper")
    html = response.content.decode()
    assert "كُتبت الموافقة في السجل" in html
    assert "نموذج ورقي رقم 12" in html
    assert "لا يذكر هذا النص اسم منشأتك" not in html


def test_nothing_is_ticked_before_somebody_ticks_it(page, person):
    assert "checked" not in page.get(f"/contacts/{person.id}/consent/").content.decode()


@pytest.mark.parametrize("missing", ["categories", "purposes", "source", "happened_at", "wording", "evidence"])
def test_no_part_of_the_proof_may_be_missing(page, person, missing):
    response = page.post(f"/contacts/{person.id}/consent/", filled(**{missing: ""}))
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not ConsentEventRow.objects.exists()


def test_a_file_is_evidence_too_and_comes_back_only_as_a_download(page, person):
    scan = SimpleUploadedFile("مسح.png", PNG)
    page.post(
        f"/contacts/{person.id}/consent/", filled(evidence="", evidence_file=scan, purposes=["offers", "meetings"])
    )
    assert ConsentEventRow.objects.count() == 2
    file = EvidenceFile.objects.get()
    response = page.get(reverse("desk:evidence", args=[person.id, file.id]))
    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00\x03 program", b"<html>\x00", b"PK\x03\x04zip", b"%PDF-" + bytes(5 * 1024 * 1024)]
)
def test_what_is_no_evidence_is_not_kept_whatever_its_name(page, person, content):
    file = SimpleUploadedFile("scan.png", content, content_type="image/png")
    response = page.post(f"/contacts/{person.id}/consent/", filled(evidence_file=file))
    assert response.status_code == 422
    assert not ConsentEventRow.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_words_that_do_not_name_the_business_are_remarked_on(page, person):
    html = page.post(f"/contacts/{person.id}/consent/", filled(wording="أوافق"), follow=True).content.decode()
    assert "لا يذكر هذا النص اسم منشأتك" in html
    assert ConsentEventRow.objects.count() == 1


def test_a_consent_lasts_through_its_last_day(page, person):
    day = (timezone.localtime(rows.now()) + timedelta(days=9)).date()
    page.post(f"/contacts/{person.id}/consent/", filled(expires_at=day.isoformat(), notice_version="v2", language="en"))
    expires_at = entry().expires_at
    assert expires_at is not None
    assert timezone.localtime(expires_at).strftime("%Y-%m-%d %H:%M") == f"{day} 23:59"
    assert (entry().notice_version, entry().language) == ("v2", "en")


def test_a_consent_from_the_future_is_refused(page, person):
    assert page.post(f"/contacts/{person.id}/consent/", filled(happened_at=moment(days=-1))).status_code == 422


def test_against_an_opt_out_nothing_can_be_entered_and_the_way_back_is_told(page, home, person):
    rows.opted_out(home, person)
    assert page.post(f"/contacts/{person.id}/consent/", filled()).status_code == 422
    assert list(ConsentEventRow.objects.values_list("type", flat=True)) == ["withdraw"]
    html = page.get(f"/contacts/{person.id}/consent/").content.decode()
    assert "https://wa.me/966110000001?text=%D8%A7%D8%A8%D8%AF%D8%A3" in html
    assert "«ابدأ»" in html
    assert "<form" not in html.split("<main")[1]


def test_an_opt_out_of_offers_refuses_offers_with_the_way_back(page, person):
    page.post(
        f"/contacts/{person.id}/withdrawal/",
        {"categories": ["marketing"], "source": "phone_call", "evidence": "قال: أوقفوا العروض"},
    )
    html = page.post(f"/contacts/{person.id}/consent/", filled()).content.decode()
    assert "wa.me/966110000001" in html
    assert page.post(f"/contacts/{person.id}/consent/", filled(categories=["utility"])).status_code == 302


def test_a_stop_that_was_said_is_recorded_with_its_evidence(page, person):
    path = f"/contacts/{person.id}/withdrawal/"
    assert page.post(path, {"source": "phone_call"}).status_code == 422
    html = page.post(path, {"source": "phone_call", "evidence": "اتصل وطلب"}, follow=True).content.decode()
    assert "كُتب الإيقاف في السجل" in html
    assert {"marketing", "utility"} <= set(entry().categories)


def test_a_standing_consent_is_renewed_and_ended_from_its_receipt(page, home, person):
    rows.agreed(home, person)
    grant = entry()
    html = page.get(f"/consents/{grant.id}/receipt/").content.decode()
    assert f"/consents/{grant.id}/renew/" in html
    day = (timezone.localtime(rows.now()) + timedelta(days=400)).date().isoformat()
    values = {"source": "phone_call", "happened_at": moment(hours=1), "wording": "أجدّد", "evidence": "مكالمة"}
    assert page.post(f"/consents/{grant.id}/renew/", values).status_code == 422
    assert page.post(f"/consents/{grant.id}/renew/", {**values, "expires_at": day}).status_code == 302
    assert (entry().type, entry().grant_id) == ("renew", grant.id)
    assert page.post(f"/consents/{grant.id}/end/", {"evidence": ""}).status_code == 422
    assert page.post(f"/consents/{grant.id}/end/", {"evidence": "صيغة قديمة"}).status_code == 302
    assert entry().type == "expire"
    assert f"/consents/{grant.id}/renew/" not in page.get(f"/consents/{grant.id}/receipt/").content.decode()


def test_a_receipt_says_in_both_languages_what_was_agreed_and_how_to_stop(page, home, person):
    rows.agreed(home, person)
    rows.draft(home, rows.opportunity(home, person))
    html = page.get(f"/consents/{entry().id}/receipt/").content.decode()
    for words in ("أوافق على تلقي العروض", "أفق", "للإيقاف", "To stop", "+966509722233", "wa.me/966110000001"):
        assert words in html
    made = json.loads(page.get(f"/consents/{entry().id}/receipt.json").content)
    assert (made["version"], made["consentReceiptID"]) == ("KI-CR-v1.1.0", entry().id)
    assert made["piiPrincipalId"] == "+966509722233"
    assert made["services"][0]["purposes"][0]["consentType"] == "EXPLICIT"
    record = json.loads(page.get(f"/consents/{entry().id}/record.json").content)
    assert record["pii_processing"]["consent_text"] == "أوافق على تلقي العروض"
    assert record["events"][0]["event_state"] == "given"


def test_a_receipt_shows_whose_number_it_is_only_to_whoever_works_with_them(page, home, person):
    rows.agreed(home, person)
    for path in (f"/consents/{entry().id}/receipt/", f"/consents/{entry().id}/receipt.json"):
        text = page.get(path).content.decode()
        assert "+966509722233" not in text
        assert "2233" in text


def test_a_withdrawal_has_no_receipt_and_another_business_sees_none(page, home, person):
    rows.opted_out(home, person)
    assert page.get(f"/consents/{entry().id}/receipt/").status_code == 404
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    rows.agreed(other, rows.contact(other, phone="+966511111111"))
    theirs = ConsentEventRow.objects.get(business=other.business)
    for path in ("receipt/", "receipt.json", "record.json", "renew/", "end/"):
        assert page.get(f"/consents/{theirs.id}/{path}").status_code == 404
    assert page.post(f"/consents/{theirs.id}/end/", {"evidence": "x"}).status_code == 404
    assert ConsentEventRow.objects.filter(business=other.business).count() == 1


def test_how_they_gave_their_number_is_noted(page, person):
    path = f"/contacts/{person.id}/gave-number/"
    assert page.post(path, {"evidence": ""}).status_code == 422
    assert page.post(path, {"evidence": "بطاقة في معرض"}).status_code == 302
    person.refresh_from_db()
    assert "بطاقة في معرض" in person.gave_number


@pytest.mark.parametrize("sample", sorted(rows.HOSTILE))
def test_hostile_proof_stays_text_on_the_ledger_and_the_receipt(page, home, person, sample):
    text = rows.HOSTILE[sample][:3000]
    name = SimpleUploadedFile(text[:80].replace("/", "_"), PNG)
    page.post(
        f"/contacts/{person.id}/consent/",
        filled(wording=text, evidence=text, notice_version=text[:40], evidence_file=name),
    )
    assert consent.details_of(entry())["evidence"] == text.strip()
    for path in (f"/contacts/{person.id}/", f"/consents/{entry().id}/receipt/"):
        html = page.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="http://evil' not in html


def test_without_a_linked_phone_nothing_is_written(page, home, person):
    home.operator.state = "suspended"
    home.operator.save()
    for path in ("consent", "withdrawal", "gave-number"):
        assert page.post(f"/contacts/{person.id}/{path}/", filled()).status_code == 302
    assert not ConsentEventRow.objects.exists()


def test_a_corrected_number_closes_the_old_one(page, person):
    page.post(f"/contacts/{person.id}/number/", {"number": "+966 55 555 0001"})
    assert ContactAlias.objects.get(contact=person, valid_to=None).value == "+966555550001"


@pytest.mark.parametrize("number", ["", "12", "not a number"])
def test_what_is_no_number_changes_nothing(page, person, number):
    assert page.post(f"/contacts/{person.id}/number/", {"number": number}).status_code == 422
    assert ContactAlias.objects.get(contact=person).valid_to is None
