"""What an operator's typed words can mean, and when a tap comes too late."""

from datetime import UTC, datetime, timedelta

import pytest

from wakeel.domain.buttons import parse_button_id
from wakeel.domain.operator_texts import (
    choice_of,
    command_of,
    counts_when_late,
    is_approve_all,
    is_bare_answer,
    is_late,
    is_opt_out_word,
    is_stop_all,
    new_text_of,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("قبول", "accept"), ("قبول!", "accept"), ("تخطي", "skip"), ("تخطى", "skip"), ("رسالة", "draft"),
        ("رساله", "draft"), ("Approve", "approve"), ("اعتماد", "approve"), ("تعديل", "edit"), ("إلغاء", "cancel"),
        ("الغاء", "cancel"), ("Skip.", "skip"),
    ],
)  # fmt: skip
def test_command_words(text: str, action: str):
    found = command_of(text)
    assert found is not None
    assert found[1] == action


@pytest.mark.parametrize("text", ["", "قبول الفرصة", "لا تعتمد", "اعتماد لاحقا", "approved", "1"])
def test_a_sentence_is_no_command(text: str):
    assert command_of(text) is None


@pytest.mark.parametrize("text", ["أوقف الكل", "اوقف الكل", "أوقف الكل!", "إيقاف الكل"])
def test_stop_all(text: str):
    assert is_stop_all(text)
    assert not is_opt_out_word(text)


def test_an_opt_out_word_is_neither_a_command_nor_stop_all():
    for text in ("إيقاف", "STOP", "إيقاف العروض"):
        assert is_opt_out_word(text)
        assert command_of(text) is None
        assert not is_stop_all(text)


def test_half_an_hour_is_still_in_time():
    assert not is_late(NOW - timedelta(minutes=30), now=NOW)
    assert is_late(NOW - timedelta(minutes=30, seconds=1), now=NOW)
    assert not is_late(NOW + timedelta(hours=1), now=NOW), "a phone's clock may be ahead"


def test_of_late_taps_only_skipping_counts():
    late = {action: counts_when_late(parse_button_id(f"opp:o:{action}")) for action in ("accept", "skip", "draft")}
    assert late == {"accept": False, "skip": True, "draft": False}
    assert not any(counts_when_late(parse_button_id(f"msg:d:{action}")) for action in ("approve", "edit", "cancel"))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("١", 1), ("2️⃣", 2), ("٣.", 3), ("۳", 3), (" 10 ", 10), ("0", None), ("11", None), ("1200", None),
     ("1 و 2", None), ("", None)],
)  # fmt: skip
def test_bare_numbers_are_choices(text: str, number: int | None):
    assert choice_of(text) == number


@pytest.mark.parametrize(
    ("text", "rest"),
    [("عدّل: أهلًا", "أهلًا"), ("عدل：\nسطر: ثانٍ", "سطر: ثانٍ"), ("تعديل:", ""), ("Edit: Hi", "Hi"),
     ("عدّل النص: أهلًا", None), ("أهلًا: عدّل", None), ("عدّل", None)],
)  # fmt: skip
def test_the_text_behind_edit_and_a_colon(text: str, rest: str | None):
    assert new_text_of(text) == rest


def test_approve_all_is_no_word_for_one_card():
    for text in ("اعتمد الكل", "اعتماد الكل!", "Approve all"):
        assert is_approve_all(text)
        assert command_of(text) is None
    assert not is_approve_all("أوقف الكل")


@pytest.mark.parametrize(
    "text",
    ["نعم", "لا", "ok", "👍", "٥", "لا تعتمد", "اعتمد الآن", "!!", "اعتماد لاحقا", "لاحقا", "تم", "Later", "الموجز"],
)
def test_short_answers_are_no_texts(text: str):
    assert is_bare_answer(text)


@pytest.mark.parametrize("text", ["أهلًا مريم", "السعر 1200 ريال", "نعم، يناسبنا الأحد في العاشرة", "شكرًا لك"])
def test_sentences_are_texts(text: str):
    assert not is_bare_answer(text)
