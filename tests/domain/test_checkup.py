"""What `wakeel doctor` says of facts: how bad, and always what to do."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from wakeel.domain import checkup, checkup_account, checkup_house, graph_versions
from wakeel.domain.checkup import GRADE_WORDS, NAMES, Check, Finding, Grade, summary, worst
from wakeel.domain.checkup_account import (
    SCOPES,
    NumberFacts,
    Subscription,
    TokenFacts,
    judge_brief_template,
    judge_number,
    judge_subscription,
    judge_templates,
    judge_token,
)
from wakeel.domain.checkup_house import (
    Knock,
    OperatorFacts,
    judge_clock,
    judge_disk,
    judge_faults,
    judge_knock,
    judge_last_webhook,
    judge_operators,
    judge_worker,
)
from wakeel.domain.checkup_refusals import REFUSALS
from wakeel.domain.graph_versions import NEWEST, USABLE_UNTIL, judge_version
from wakeel.domain.templates import ListedTemplate
from wakeel.domain.words import Text

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
OURS = "https://wakeel.example/webhook"
ARABIC = re.compile(r"[\u0600-\u06ff]")


def token(**facts: Any) -> TokenFacts:
    given: dict[str, Any] = {"is_valid": True, "app_id": "15", "kind": "SYSTEM_USER", "scopes": SCOPES, **facts}
    return TokenFacts(**given)


def number(**facts: str) -> NumberFacts:
    fine = {
        "name": "أفق", "name_status": "APPROVED", "status": "CONNECTED", "verification": "VERIFIED", "quality": "GREEN",
        "limit": "TIER_250", "throughput": "STANDARD", "can_send": "AVAILABLE",
    }  # fmt: skip
    return NumberFacts(**{**fine, **facts})  # type: ignore[arg-type]


def knock(**answers: Any) -> Knock:
    return Knock(**{"url": OURS, "repeats_challenge": True, "signed": 200, "forged": 401, "took_ms": 40, **answers})


def template(name: str, status: str = "APPROVED") -> ListedTemplate:
    return ListedTemplate(template_id="1", name=name, language="ar", status=status, category="UTILITY")


@pytest.mark.parametrize(
    ("version", "today", "grade"),
    [
        ("v26.0", TODAY, Grade.OK),
        ("v25.0", TODAY, Grade.OK),
        ("v21.0", TODAY, Grade.WARN),
        ("v21.0", date(2027, 1, 21), Grade.WARN),
        ("v21.0", date(2027, 1, 22), Grade.FAIL),
        ("v20.0", TODAY, Grade.FAIL),
        ("v9.0", TODAY, Grade.FAIL),
        ("v27.0", TODAY, Grade.WARN),
    ],
)
def test_a_version_is_told_ninety_days_before_meta_answers_it_no_more(version: str, today: date, grade: Grade):
    assert judge_version(version, today=today).grade is grade


def test_what_is_advised_as_the_newest_version_is_the_newest_known_one():
    assert max(USABLE_UNTIL, key=lambda version: int(version[1:-2])) == NEWEST


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        (token(), Grade.OK),
        (token(expires_at=NOW + timedelta(days=60)), Grade.OK),
        (token(expires_at=NOW + timedelta(days=14)), Grade.WARN),
        (token(expires_at=NOW), Grade.FAIL),
        (token(is_valid=False), Grade.FAIL),
        (token(scopes=SCOPES[:1]), Grade.FAIL),
        (token(scopes=()), Grade.FAIL),
        (token(waba_ids=("1", "2")), Grade.OK),
        (token(waba_ids=("2",)), Grade.FAIL),
    ],
)
def test_a_token_must_be_valid_may_do_what_we_do_and_reach_our_account(facts: TokenFacts, grade: Grade):
    assert judge_token(facts, waba_id="1", now=NOW).grade is grade


@pytest.mark.parametrize(
    ("facts", "grades"),
    [
        ({}, "ok ok ok"),
        ({"can_send": "BLOCKED"}, "fail ok ok"),
        ({"status": "BANNED"}, "fail ok ok"),
        ({"verification": "NOT_VERIFIED"}, "fail ok ok"),
        ({"can_send": "LIMITED"}, "warn ok ok"),
        ({"status": "PENDING"}, "warn ok ok"),
        ({"name_status": "DECLINED"}, "warn ok ok"),
        ({"quality": "YELLOW"}, "ok warn ok"),
        ({"quality": "RED"}, "ok fail ok"),
        ({"quality": "UNKNOWN"}, "ok ok ok"),
        ({"limit": "TIER_UNLIMITED"}, "ok ok ok"),
        ({"limit": "TIER_MANY"}, "ok ok warn"),
        ({"limit": ""}, "ok ok warn"),
    ],
)
def test_a_number_is_judged_by_whether_it_may_send_its_quality_and_its_limit(facts: dict[str, str], grades: str):
    assert " ".join(finding.grade for finding in judge_number(number(**facts))) == grades


@pytest.mark.parametrize(
    ("apps", "callbacks", "ours", "grade"),
    [
        (["15"], (OURS,), OURS, Grade.OK),
        (["15"], (), OURS, Grade.OK),
        (["15"], ("https://else.example/",), "", Grade.OK),
        (["15"], ("https://else.example/webhook", OURS), OURS, Grade.FAIL),
        (["16"], (OURS,), OURS, Grade.FAIL),
        ([], (OURS,), OURS, Grade.FAIL),
    ],
)
def test_our_own_app_must_hear_of_the_account_at_our_address(
    apps: list[str], callbacks: tuple[str, ...], ours: str, grade: Grade
):
    """The first callback wins at Meta: number before account before app (reference WA 3.1)."""
    subscribed = [Subscription(app_id=one) for one in apps]
    found = judge_subscription(subscribed, app_id="15", callbacks=callbacks, ours=ours, waba_id="1")
    assert found.grade is grade


@pytest.mark.parametrize(
    ("answers", "grades"),
    [
        ({}, "ok ok"),
        ({"repeats_challenge": False}, "fail ok"),
        ({"believes_anybody": True}, "fail ok"),
        ({"took_ms": 1500}, "warn ok"),
        ({"signed": 401}, "ok fail"),
        ({"signed": 502}, "ok fail"),
        ({"forged": 200}, "ok fail"),
        ({"fault": "certificate"}, "fail skipped"),
        ({"fault": "timeout"}, "fail skipped"),
        ({"fault": "unreachable"}, "fail skipped"),
    ],
)
def test_the_webhook_must_repeat_the_challenge_take_what_is_signed_and_refuse_what_is_not(
    answers: dict[str, Any], grades: str
):
    assert " ".join(finding.grade for finding in judge_knock(knock(**answers), is_public=True)) == grades


def test_an_address_that_only_this_machine_knows_is_no_answer_for_meta():
    assert judge_knock(knock(), is_public=False)[0].grade is Grade.WARN


def test_a_clock_a_minute_wrong_fails_and_practice_time_is_not_wrong():
    def grade(apart_s: float, offset: timedelta = timedelta(0)) -> Grade:
        return judge_clock(NOW + timedelta(seconds=apart_s), real_now=NOW, offset=offset).grade

    assert [grade(s) for s in (0, -10, 11, -60, 61)] == ["ok", "ok", "warn", "warn", "fail"]
    assert grade(90_000, timedelta(days=1)) is Grade.OK
    assert judge_clock(None, real_now=NOW, offset=timedelta(0)).grade is Grade.SKIPPED


def test_templates_that_were_stopped_are_named_and_others_only_counted():
    assert judge_templates([]).grade is Grade.WARN
    assert judge_templates([template("a"), template("b", "PENDING")]).grade is Grade.OK
    found = judge_templates([template("a"), *(template(f"t{n}", "PAUSED") for n in range(9))])
    assert (found.grade, "t4 (ar) PAUSED …" in found.lines("en")[0]) == (Grade.WARN, True)


EVERYTHING: list[Finding] = [
    *judge_faults(["X is not set: give it"]),
    *(judge_version(version, today=TODAY) for version in ("v26.0", "v25.0", "v21.0", "v20.0", "v9.0", "v27.0")),
    *(judge_token(facts, waba_id="1", now=NOW) for facts in (
        token(), token(is_valid=False), token(scopes=()), token(waba_ids=("2",)), token(expires_at=NOW + timedelta(1)),
        token(expires_at=NOW + timedelta(100)),
    )),
    *(line for facts in (
        number(), number(can_send="BLOCKED"), number(verification="NO"), number(can_send="LIMITED"),
        number(name_status="NO"), number(quality="RED"), number(limit=""), number(limit="TIER_UNLIMITED"),
    ) for line in judge_number(facts)),
    judge_subscription([], app_id="15", callbacks=(), ours=OURS, waba_id="1"),
    judge_subscription([Subscription(app_id="15")], app_id="15", callbacks=("x",), ours=OURS, waba_id="1"),
    judge_subscription([Subscription(app_id="15")], app_id="15", callbacks=(OURS,), ours=OURS, waba_id="1"),
    *map(judge_templates, ([], [template("a")], [template("a"), template("b", "PAUSED")])),
    judge_brief_template([]), judge_brief_template(["ar"]),
    *(
        Finding(Check.TOKEN, Grade.FAIL, one.what, one.advice, {"about": "1", "code": 190}) for one in REFUSALS.values()
    ),
    *(judge_clock(at, real_now=NOW, offset=timedelta(0)) for at in (None, NOW, NOW - timedelta(1))),
    judge_clock(None, real_now=NOW, offset=timedelta(1)),
    *judge_worker(None, waiting_s=None), *judge_worker(90, waiting_s=90), *judge_worker(1, waiting_s=1),
    judge_disk(10), judge_disk(1000), judge_disk(100_000),
    judge_operators([]), judge_operators([OperatorFacts(name="سارة", window_is_open=True)]),
    judge_operators([OperatorFacts(name="سارة", window_is_open=False)]),
    *(judge_last_webhook(at, real_now=NOW) for at in (None, NOW, NOW - timedelta(1))),
    *judge_knock(knock(), is_public=False),
    *(line for answers in (
        {}, {"repeats_challenge": False}, {"believes_anybody": True}, {"took_ms": 1500}, {"signed": 401},
        {"signed": 502}, {"forged": 200}, {"fault": "certificate"}, {"fault": "timeout"}, {"fault": "unreachable"},
    ) for line in judge_knock(knock(**answers), is_public=True)),
]  # fmt: skip


def test_every_line_is_said_in_both_languages_and_what_is_not_well_says_what_to_do():
    for finding in EVERYTHING:
        arabic, english = finding.lines("ar"), finding.lines("en")
        assert ARABIC.search(arabic[0])
        assert not ARABIC.search(english[0].replace("أفق", "").replace("سارة", "")), english
        assert "{" not in "".join(arabic + english)
        if finding.grade in {Grade.FAIL, Grade.WARN}:
            assert len(english) == len(arabic) == 2, english


def test_every_check_and_grade_has_its_words_and_every_sentence_of_the_modules_is_used():
    """A sentence that nothing says is a check that was forgotten."""
    assert (set(NAMES), set(GRADE_WORDS)) == (set(Check), set(Grade))
    said = {text for finding in EVERYTHING for text in (finding.what, finding.advice)}
    for module in (checkup_account, checkup_house, graph_versions):
        unused = [name for name, text in vars(module).items() if isinstance(text, Text) and text not in said]
        assert not [name for name in unused if name.startswith("_")], module.__name__


def test_the_worst_line_counts_and_all_are_counted():
    def of(*grades: Grade) -> list[Finding]:
        return [Finding(Check.DISK, grade, Text("س", "x")) for grade in grades]

    assert worst(of(Grade.OK, Grade.SKIPPED)) is Grade.OK
    assert worst(of(Grade.WARN, Grade.FAIL, Grade.OK)) is Grade.FAIL
    assert worst(of(Grade.OK, Grade.WARN)) is Grade.WARN
    said = summary(of(Grade.OK, Grade.OK, Grade.FAIL), "en")
    assert said == "2 ok, 0 to look at, 1 failed, 0 not checked."
    assert checkup.summary([], "ar").startswith("سليم: 0")
