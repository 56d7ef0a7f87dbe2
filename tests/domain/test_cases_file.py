"""The oracle file (tests/data/SOURCES.md), as far as the rules exist: consent standing and stop words."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from wakeel.domain.buttons import ButtonKind, parse_button_id
from wakeel.domain.consent import ConsentEvent, ConsentType, Standing, Subject, state_of
from wakeel.domain.keywords import KeywordAction, fold, match

Json = dict[str, Any]

LINES = (Path(__file__).parents[1] / "data" / "contactability_cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES: list[Json] = [json.loads(line) for line in LINES]
CONTACT: Json = CASES[0]["defaults"]["contact"]

CONSENT_CASES = [case for case in CASES if case["kind"] == "consent_state"]
KEYWORD_CASES = [case for case in CASES if case["kind"] == "keyword"]

LATER = {"review", "suppress_and_review", "start_pending", "confirm_optin", "help"}
"""Outcomes that need a person's desk, a question of ours or a text of ours; until then such words change nothing."""
OTHER_LANGUAGES = {"K027", "K028", "K029"}
"""Urdu and Hindi lists: still to be read by somebody who speaks them."""
NEEDS_LAST_OUTBOUND = {"K034"}


def _at(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _event(given: Json) -> ConsentEvent:
    recorded_at = _at(given["recorded_at"])
    assert recorded_at is not None
    purposes = given.get("purposes")
    return ConsentEvent(
        id=given["id"],
        type=ConsentType(given["type"]),
        at=_at(given.get("at")),
        recorded_at=recorded_at,
        contact=given.get("contact", CONTACT["id"]),
        address=given.get("address", CONTACT["address"]),
        channel=given.get("channel", "whatsapp"),
        categories=frozenset(given.get("categories", ())),
        purposes=None if purposes is None else frozenset(purposes),
        explicit=given.get("explicit", False),
        needs_confirmation=given.get("needs_confirmation", False),
        expires_at=_at(given.get("expires_at")),
        grant_id=given.get("grant_id"),
        withdraw_id=given.get("withdraw_id"),
        source=given.get("source", ""),
        collected_directly=given.get("collected_directly", False),
        proof_ref=given.get("proof_ref"),
        clock=given.get("clock", ""),
    )


def _id(case: Json) -> str:
    return f"{case['id']} {case['title']}"


@pytest.mark.parametrize("case", CONSENT_CASES, ids=_id)
def test_consent_standing_is_the_oracles(case: Json):
    given = case["given"]
    contact = CONTACT | given.get("contact", {})
    as_of = _at(given["as_of"])
    assert as_of is not None
    state = state_of(
        [_event(event) for event in given["consent_events"]],
        **given["scope"],
        subject=Subject(
            contacts=frozenset({contact["id"], *contact.get("merged_ids", ())}),
            addresses=frozenset({contact["address"]}),
            address_epoch_started_at=_at(contact.get("address_epoch_started_at")),
        ),
        as_of=as_of,
        permanent=given.get("policy", {}).get("opt_out_mode") == "permanent",
    )
    assert state.standing == Standing(case["expected"]["state"])


def test_the_file_still_holds_what_these_tests_were_written_for():
    assert len(CONSENT_CASES) == 25
    assert len(KEYWORD_CASES) == 57


@pytest.mark.parametrize(
    "case", [case for case in KEYWORD_CASES if "normalised" in case["expected"] and "text" in case["given"]], ids=_id
)
def test_folding_is_the_oracles(case: Json):
    assert fold(case["given"]["text"]) == case["expected"]["normalised"]


@pytest.mark.parametrize("case", KEYWORD_CASES, ids=_id)
def test_stop_words_are_the_oracles(case: Json):
    """What a person's words do here: withdraw all, withdraw marketing, or nothing."""
    if case["id"] in OTHER_LANGUAGES | NEEDS_LAST_OUTBOUND:
        pytest.skip("not of this version")
    wanted = case["expected"]["action"]
    if "button_payload" in case["given"]:
        # The payload decides and the label is ignored, see flows.person_wrote.
        reply = parse_button_id(case["given"]["button_payload"])
        known = reply.kind is ButtonKind.CONSENT
        assert (f"withdraw_{reply.action[8:]}" if known and reply.action else "none") == wanted
        return
    expected = KeywordAction.NONE if wanted in LATER else KeywordAction(wanted)
    assert match(case["given"]["text"]) is expected
