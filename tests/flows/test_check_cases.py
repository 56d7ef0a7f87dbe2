"""`check-cases`: the oracle passes, a difference is told, a bad line has its number."""

import json
from typing import Any

from tests.oracle import FILE
from wakeel.cli import main
from wakeel.flows.check_cases import CaseReport, check_cases
from wakeel.policy_files import load

META = {"kind": "meta", "schema": "contactability-cases/1", "defaults": {}}
STOP = {"kind": "keyword", "id": "M1", "title": "Our word", "given": {"text": "إيقاف"}}
NIGHT = {
    "kind": "decision",
    "id": "M2",
    "title": "Late in the evening",
    "given": {
        "now": "2026-11-22T17:30:00Z",
        "contact": {"id": "c", "known": True, "address": "+966500000000"},
        "consent_events": [
            {"id": "g", "type": "grant", "at": "2026-01-01T00:00:00Z", "recorded_at": "2026-01-01T00:00:00Z",
             "explicit": True, "categories": ["marketing"], "purposes": ["offers"]},
        ],
        "message": {"id": "m", "category": "marketing", "kind": "template", "purpose": "offers", "body_hash": "h",
                    "names_sender": True, "has_opt_out": True},
        "template": {"status": "APPROVED", "category": "MARKETING"},
        "approval": {"status": "approved", "approved_hash": "h"},
        "system": {"live_send": True},
    },
}  # fmt: skip


def checked(*lines: Any, policy: str = "") -> CaseReport:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in (META, *lines))
    return check_cases([("ours.jsonl", text.encode())], policy=load(policy))


def test_the_whole_oracle_passes(capsys):
    assert main(["check-cases", str(FILE)]) == 0
    assert capsys.readouterr().out == "267 passed, 0 failed\n"


def test_a_difference_is_told_with_case_title_expected_and_got(tmp_path, capsys):
    file = tmp_path / "ours.jsonl"
    wrong = STOP | {"expected": {"action": "none"}}
    right = STOP | {"id": "M0", "expected": {"action": "withdraw_all"}}
    file.write_text("\n".join(json.dumps(line) for line in (META, right, wrong)), encoding="utf-8")
    assert main(["check-cases", str(FILE), str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "M1 Our word: action expected 'none', got 'withdraw_all'", "268 passed, 1 failed",
    ]  # fmt: skip


def test_what_cannot_be_read_is_named_with_its_line_and_fails():
    report = checked("{", STOP | {"expected": {}}, NIGHT | {"given": {"now": "noon"}, "expected": {}})
    assert report.lines == (
        "ours.jsonl line 2: is not JSON",
        "ours.jsonl line 4: M2 cannot be read: now: give a time as 2026-11-22T09:00:00Z",
    )
    assert (report.passed, report.failed) == (1, 2)


def test_a_file_that_is_no_text_is_named():
    assert check_cases([("a.jsonl", b"\xff\xfe")], policy=load("")).lines == ("a.jsonl: is not UTF-8 text",)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path, capsys):
    assert main(["check-cases", str(tmp_path / "nowhere.jsonl")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_without_a_policy_of_its_own_a_file_is_decided_by_the_deployments():
    """So that a business can keep cases for its own policy."""
    allowed = NIGHT | {"expected": {"decision": "ALLOW", "next_allowed_at": None}}
    assert checked(allowed).failed == 0
    earlier = '[send_windows]\nmarketing = [["09:00", "20:00"]]'
    assert checked(allowed, policy=earlier).failed == 1
    deferred = NIGHT | {"expected": {"decision": "DEFER", "next_allowed_at": "2026-11-23T06:00:00Z"}}
    assert checked(deferred, policy=earlier).failed == 0
    own = META | {"defaults": {"policy": {}}}
    assert check_cases([("a", f"{json.dumps(own)}\n{json.dumps(allowed)}".encode())], policy=load(earlier)).failed == 0
