"""What a person is handed about a consent: complete, in both languages, with the way out."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wakeel.domain.consent import Standing
from wakeel.domain.consent_sources import default_end
from wakeel.domain.receipts import Receipt, in_words, to_27560, to_receipt
from wakeel.domain.words import Text

GIVEN = datetime(2026, 6, 1, 7, tzinfo=UTC)


def receipt(**changed: Any) -> Receipt:
    values: dict[str, Any] = {
        "id": "cns_1", "seq": 7, "recorded_at": GIVEN, "given_at": GIVEN, "ends_at": GIVEN + timedelta(days=730),
        "standing": Standing.ACTIVE, "controller": "أفق", "our_phone": "966110000001", "person": "+966509722233",
        "categories": ("marketing",), "purposes": ("offers", "meetings"), "source": "paper", "method": "written",
        "wording": "أوافق على عروض أفق", "language": "ar", "notice_version": "v3", "lawful_basis": "consent", **changed,
    }  # fmt: skip
    return Receipt(**values)


def test_the_receipt_has_every_field_of_its_shape():
    made = to_receipt(receipt())
    assert set(made) == {
        "version", "jurisdiction", "consentTimestamp", "collectionMethod", "consentReceiptID", "language",
        "piiPrincipalId", "piiControllers", "policyUrl", "services", "sensitive", "spiCat",
    }  # fmt: skip
    assert made["consentTimestamp"] == 1780297200
    purposes = json.loads(json.dumps(made))["services"][0]["purposes"]
    assert [aim["purpose"] for aim in purposes] == ["offers", "meetings"]
    assert {"purposeCategory", "consentType", "piiCategory", "primaryPurpose", "termination", "thirdPartyDisclosure",
            "thirdPartyName"} < set(purposes[0])  # fmt: skip


@pytest.mark.parametrize(
    ("standing", "state"),
    [(Standing.ACTIVE, "given"), (Standing.EXPIRED, "expired"), (Standing.OPTED_OUT, "withdrawn"),
     (Standing.PENDING, "requested"), (Standing.NONE, "invalidated")],
)  # fmt: skip
def test_the_record_says_how_the_consent_stands_now(standing: Standing, state: str):
    made: Any = to_27560(receipt(standing=standing))
    assert made["events"][0]["event_state"] == state
    assert made["events"][0]["validity_duration"] == "P730D"
    assert "إيقاف" in made["pii_processing"]["withdrawal_method"]
    assert made["party_identification"][0]["party_name"] == "أفق"
    assert {"schema_version", "record_id", "receipt_id", "pii_principal_id"} == set(made["record_header"])


def test_the_words_name_sender_scope_text_end_and_the_way_out_in_both_languages():
    words = in_words(receipt(), given_on=Text("1 يونيو", "1 June"), ends_on=Text("1 يونيو 2028", "1 June 2028"))
    in_arabic = ["نموذج ورقي", "تسويق", "عروض، مواعيد", "1 يونيو 2028", "للإيقاف"]
    in_english = ["paper form", "Marketing", "offers, meetings", "1 June 2028", "To stop"]
    for text, expected in ((words.ar, in_arabic), (words.en, in_english)):
        for part in [*expected, "أفق", "أوافق على عروض أفق", "+966509722233", "cns_1", "https://wa.me/966110000001"]:
            assert part in text


def test_without_a_number_of_ours_there_is_no_link():
    words = in_words(receipt(our_phone="", ends_at=None), given_on=Text("أ", "a"), ends_on=None)
    assert "wa.me" not in words.ar + words.en


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2026-06-01", "2028-06-01"),
        ("2024-02-29", "2026-02-28"),
        ("2026-12-31", "2028-12-31"),
        ("2026-01-31", "2028-01-31"),
    ],
)
def test_a_consent_lasts_24_calendar_months(given: str, ends: str):
    assert default_end(datetime.fromisoformat(given)).date().isoformat() == ends
