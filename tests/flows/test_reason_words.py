"""The words of a verdict: every value named in both languages, no code of ours or Meta's left in a sentence."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from wakeel.domain.content import KIND_WORDS
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows.reply import reason_words

C = ReasonCode
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FACTS: dict[ReasonCode, Mapping[str, object]] = {
    C.KILL_SWITCH: {"scope": "business"},
    C.OPTED_OUT: {"t": AT},
    C.SUPPRESSED: {"cause": SuppressionCause.COMPLAINT.value},
    C.NO_CONSENT: {"purpose": "offers"},
    C.CONSENT_EXPIRED: {"t": AT},
    C.CONTENT_PII: {"kind": "iban"},
    C.CONTENT_RISKY_CLAIM: {"phrase": "guarantee"},
    C.APPROVAL_REJECTED: {"note": "20261123"},
    C.TEMPLATE_PAUSED: {"until": AT},
    C.TEMPLATE_NOT_APPROVED: {"status": "PENDING"},
    C.TEMPLATE_CATEGORY_MISMATCH: {"actual": "marketing", "declared": "utility"},
    C.SENDER_NOT_READY: {"status": "FLAGGED"},
    C.CONTACT_PAUSED: {"t": AT},
    C.PLATFORM_MARKETING_LIMIT: {"t": AT},
    C.FREQUENCY_CAP: {"t": AT},
    C.QUIET_HOURS: {"until": AT},
    C.MESSAGING_LIMIT: {"t": AT},
}


@pytest.mark.parametrize("code", list(ReasonCode))
@pytest.mark.parametrize("language", ["ar", "en"])
def test_with_its_facts_a_reason_leaves_nothing_open(code: ReasonCode, language: str):
    said = reason_words(code, FACTS.get(code, {}), language)
    assert "—" not in said
    assert not re.search(r"[{}]|\b[A-Z]{4,}_|\b(?:PENDING|FLAGGED|marketing_|iban)\b", said)
    if language == "ar":
        assert re.search("[\u0600-\u06ff]", said)


@pytest.mark.parametrize("code", list(ReasonCode))
def test_facts_as_they_are_stored_say_the_same(code: ReasonCode):
    stored = {name: v.isoformat() if isinstance(v, datetime) else v for name, v in FACTS.get(code, {}).items()}
    assert reason_words(code, stored, "ar") == reason_words(code, FACTS.get(code, {}), "ar")


@pytest.mark.parametrize("code", [code for code in FACTS if code not in {C.TEMPLATE_PAUSED, C.QUIET_HOURS}])
def test_a_fact_that_is_missing_is_a_dash_and_no_crash(code: ReasonCode):
    assert "—" in reason_words(code, {}, "ar")


def test_what_ends_by_itself_says_when_and_what_does_not_says_who():
    assert "9:00" in reason_words(C.QUIET_HOURS, {"until": AT}, "en")
    assert reason_words(C.QUIET_HOURS, {}, "en").endswith("Review the hours in the policy.")
    assert "administrator" in reason_words(C.TEMPLATE_PAUSED, {}, "en")


def test_a_note_that_looks_like_a_date_stays_a_note():
    assert "20261123" in reason_words(C.APPROVAL_REJECTED, {"note": "20261123"}, "en")


def test_a_word_of_metas_that_nobody_knows_is_shown_as_it_is():
    assert "SOMETHING_NEW" in reason_words(C.SENDER_NOT_READY, {"status": "SOMETHING_NEW"}, "ar")


def test_every_finding_has_its_words_in_a_reason():
    for kind, words in KIND_WORDS.items():
        assert words.ar in reason_words(C.CONTENT_PII, {"kind": kind}, "ar")
        assert words.en in reason_words(C.CONTENT_RISKY_CLAIM, {"phrase": kind}, "en")


def test_every_value_that_a_reason_names_was_tried():
    named = {code for code, row in REASONS.items() if "{" in row.text.ar}
    assert named == set(FACTS)
