import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.cards import Button, ButtonCard, ListCard, ListRow
from wakeel.domain.text import FSI, PDI, measure
from wakeel.whatsapp.cards import (
    CardInvalid,
    CardTooLong,
    approval_card,
    button_card_part,
    list_card_part,
    opportunity_card,
    parse_button_reply,
    text_part,
)

HOSTILE = st.text(
    alphabet=st.sampled_from(
        [
            *"ابت \n\r\t\0a*_=<",
            "\u202e",
            "\u2066",
            "\u2069",
            "\u200d",
            "\u0301",
            "👩",
            "🇸",
            "\u2028",
            "\u2029",
            "\x85",
            "\ud800",
        ]
    ),
    max_size=1500,
)


def body_of(part: dict) -> str:
    return part["interactive"]["body"]["text"]


def ids_and_titles(part: dict) -> list[tuple[str, str]]:
    return [(b["reply"]["id"], b["reply"]["title"]) for b in part["interactive"]["action"]["buttons"]]


def assert_within_limits(part: dict) -> None:
    interactive = part["interactive"]
    assert part["type"] == "interactive"
    assert 1 <= measure(interactive["body"]["text"]) <= 1024
    assert measure(interactive["header"]["text"]) <= 60
    assert 1 <= len(interactive["action"]["buttons"]) <= 3
    for identifier, title in ids_and_titles(part):
        assert len(identifier) <= 256
        assert measure(title) <= 20


def test_an_opportunity_card_asks_with_three_buttons():
    part = opportunity_card({"id": "opp_1", "title": "عقد صيانة"})
    assert ids_and_titles(part) == [
        ("opp:opp_1:accept", "قبول"),
        ("opp:opp_1:skip", "تخطي"),
        ("opp:opp_1:draft", "رسالة"),
    ]
    assert body_of(part) == f"الفرصة: {FSI}عقد صيانة{PDI}"
    assert set(part) == {"type", "interactive"}


def test_an_opportunity_card_shows_every_fact_behind_a_label():
    part = opportunity_card(
        {"id": "1", "title": "عقد", "contact_name": "منى", "company": "المثال", "summary": "ملخص", "value": "5,000",
         "score_reasons": ["قيمة عالية", ""], "window": "مفتوحة حتى 17:00"}
    )  # fmt: skip
    labels = [line.split(":")[0] for line in body_of(part).splitlines()]
    assert labels == ["الفرصة", "جهة الاتصال", "الشركة", "القيمة المتوقعة", "الخلاصة", "نافذة الرد", "سبب"]


def test_outside_text_cannot_start_a_line_of_its_own():
    """Otherwise an imported title could write facts that look like ours."""
    part = opportunity_card({"id": "1", "title": "عقد\nالقيمة المتوقعة: مليون\u202e", "company": None})
    assert body_of(part) == f"الفرصة: {FSI}عقد القيمة المتوقعة: مليون{PDI}"


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=12))
def test_an_opportunity_card_keeps_every_limit_for_any_text(title: str, other: str, reasons: list[str]):
    part = opportunity_card(
        {"id": "opp_1", "title": f"ع{title}", "contact_name": other, "company": title, "summary": other,
         "value": title, "window": other, "score_reasons": reasons}
    )  # fmt: skip
    assert_within_limits(part)
    json.dumps(part, ensure_ascii=False).encode()
    for line in body_of(part).split("\n"):
        assert line.startswith(("الفرصة: ", "جهة", "الشركة: ", "القيمة", "الخلاصة: ", "نافذة", "سبب: ", "بقية"))
        assert line.count(FSI) == line.count(PDI) <= 1


@pytest.mark.parametrize(
    ("opportunity", "field"),
    [
        ({}, "title"),
        ({"title": "عقد"}, "id"),
        ({"id": "", "title": "عقد"}, "id"),
        ({"id": "a:b", "title": "عقد"}, "id"),
        ({"id": "1" * 65, "title": "عقد"}, "id"),
        ({"id": "1", "title": " \u200f\n"}, "title"),
        ({"id": "1", "title": ["عقد"]}, "title"),
        ({"id": "1", "title": "عقد", "company": 1.5}, "company"),
        ({"id": "1", "title": "عقد", "score_reasons": "نص"}, "score_reasons"),
        ({"id": "1", "title": "عقد", "score_reasons": [1]}, "score_reasons"),
    ],
)
def test_an_impossible_opportunity_names_its_field(opportunity: dict, field: str):
    with pytest.raises(CardInvalid) as caught:
        opportunity_card(opportunity)
    assert caught.value.what == field


def test_an_approval_card_shows_the_text_whole_and_last():
    text = "السلام عليكم منى،\n\n  هذا *عرض* لكم.\nلإيقاف الرسائل أرسل: إيقاف "
    part = approval_card({"id": "drf_1", "text": text, "contact_name": "منى", "to": "+966•••••0001", "version": 2})
    assert body_of(part).endswith("\n" + text)
    assert f"النسخة: {FSI}2{PDI}" in body_of(part)
    assert ids_and_titles(part) == [
        ("msg:drf_1:approve", "اعتماد"),
        ("msg:drf_1:edit", "تعديل"),
        ("msg:drf_1:cancel", "إلغاء"),
    ]


def test_an_approval_card_is_never_cut():
    """An approval counts for exactly what was shown."""
    with pytest.raises(CardTooLong) as caught:
        approval_card({"id": "1", "text": "ا" * 1024})
    assert caught.value.what == "body"


def test_an_approval_card_of_a_long_text_points_to_the_message_before_it():
    text = "بداية النص " + "ا" * 3000
    part = approval_card({"id": "1", "text": text, "quoted": True})
    assert_within_limits(part)
    assert "ا" * 100 not in body_of(part)
    assert "3011" in body_of(part)


def test_the_consent_stands_before_the_note_and_neither_is_needed():
    part = approval_card({"id": "1", "text": "نص", "consent": "عروض، منذ 1 يونيو 2026", "note": "خارج الوقت"})
    body = body_of(part)
    assert f"الموافقة: {FSI}عروض، منذ 1 يونيو 2026{PDI}\nتنبيه: {FSI}خارج الوقت{PDI}\n" in body
    assert "الموافقة" not in body_of(approval_card({"id": "1", "text": "نص", "consent": ""}))


def test_the_longest_facts_leave_room_for_a_text_in_the_card():
    long = "كلمة " * 200
    facts = {"contact_name": long, "to": long, "consent": long, "note": long, "reply": long, "version": 99}
    part = approval_card({"id": "1", "text": "ن" * 200, **facts})
    assert_within_limits(part)
    assert body_of(part).endswith("ن" * 200)


def test_a_note_says_why_nothing_would_leave():
    part = approval_card({"id": "1", "text": "نص", "note": "لا موافقة مسجّلة"})
    assert f"تنبيه: {FSI}لا موافقة مسجّلة{PDI}" in body_of(part)


def test_after_a_reply_the_card_shows_it_and_asks_whether_to_send_as_it_is():
    """The id stays `approve`: it is the same decision about the same text."""
    part = approval_card({"id": "d", "text": "نص", "reply": "شكرًا\nالنسخة: 9", "as_it_is": True})
    assert body_of(part).splitlines()[0] == f"كتب لك: {FSI}شكرًا النسخة: 9{PDI}"
    assert ids_and_titles(part)[0] == ("msg:d:approve", "أرسل كما هي")


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"text": "نص"}, "id"),
        ({"id": "1"}, "text"),
        ({"id": "1", "text": "\ud800نص"}, "text"),
        ({"id": "ا", "text": "نص"}, "id"),
    ],
)
def test_an_impossible_draft_names_its_field(draft: dict, field: str):
    with pytest.raises(CardInvalid) as caught:
        approval_card(draft)
    assert caught.value.what == field


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE)
def test_an_approval_card_holds_the_whole_text_or_is_not_made(text: str, name: str):
    try:
        part = approval_card({"id": "1", "text": text, "contact_name": name, "note": name})
    except (CardInvalid, CardTooLong):
        return
    assert_within_limits(part)
    assert body_of(part).endswith("\n" + text)


def test_a_list_has_one_section_with_a_title():
    card = ListCard(
        body="لماذا؟",
        button="اختر سببًا",
        rows=(ListRow("skp:1:1", "خارج الاهتمام", "ليس لنا"), ListRow("skp:1:2", "توقيت")),
    )
    action = list_card_part(card)["interactive"]["action"]
    assert action == {
        "button": "اختر سببًا",
        "sections": [
            {
                "title": "اختر سببًا",
                "rows": [
                    {"id": "skp:1:1", "title": "خارج الاهتمام", "description": "ليس لنا"},
                    {"id": "skp:1:2", "title": "توقيت"},
                ],
            }
        ],
    }


def test_header_and_footer_are_left_out_when_there_are_none():
    assert button_card_part(ButtonCard("نص", (Button("x", "نعم"),))) == {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "نص"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "x", "title": "نعم"}}]},
        },
    }


def test_a_text_goes_unchanged_up_to_4096_characters():
    assert text_part(" نص\n")["text"]["body"] == " نص\n"
    text_part("ا" * 4096)
    with pytest.raises(CardTooLong):
        text_part("ا" * 4097)
    with pytest.raises(CardInvalid):
        text_part("\n")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("opp:opp_1:accept", {"kind": "opportunity", "action": "accept", "opportunity_id": "opp_1"}),
        ("msg:drf_1:edit", {"kind": "message_draft", "action": "edit", "draft_id": "drf_1"}),
        ("skp:opp_1:4", {"kind": "skip_reason", "action": "4", "opportunity_id": "opp_1"}),
        ("snz:opp_1:reply", {"kind": "snooze", "action": "reply", "opportunity_id": "opp_1"}),
        ("thr:c_1:done", {"kind": "thread", "action": "done", "contact_id": "c_1"}),
        ("all:b_1:approve", {"kind": "batch", "action": "approve", "batch_id": "b_1"}),
        ("mtg:m_1:confirm", {"kind": "meeting", "action": "confirm", "meeting_id": "m_1"}),
        ("brief:dismiss", {"kind": "brief", "action": "dismiss"}),
        ("OPT_OUT_ALL", {"kind": "consent", "action": "opt_out_all"}),
        ("opp:opp_1:fly", {"kind": "unknown_button_id", "action": None}),
    ],
)
def test_a_tap_means_the_same_from_every_kind_of_button(raw: str, expected: dict):
    taps = [
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": raw, "title": "x"}}},
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": raw, "title": "x"}}},
        {"type": "button", "button": {"payload": raw, "text": "x"}},
    ]
    for tap in taps:
        assert parse_button_reply(tap) == expected | {"raw_id": raw}


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z"))
def test_a_tap_on_a_built_card_is_read_back(identifier: str):
    part = opportunity_card({"id": identifier, "title": "عقد"})
    for (raw, title), action in zip(ids_and_titles(part), ("accept", "skip", "draft"), strict=True):
        reply = parse_button_reply(
            {"interactive": {"type": "button_reply", "button_reply": {"id": raw, "title": title}}}
        )
        assert reply == {"kind": "opportunity", "action": action, "opportunity_id": identifier, "raw_id": raw}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["interactive", "button", "button_reply", "list_reply", "id", "payload", "text"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_garbage_is_an_answer_and_never_an_error(garbage: object):
    assert parse_button_reply(garbage)["kind"] in ("no_button_id", "unknown_button_id")


def test_a_quick_reply_without_a_payload_of_its_own_is_no_button():
    assert parse_button_reply({"button": {"payload": "إيقاف", "text": "إيقاف"}})["kind"] == "no_button_id"


def test_the_library_works_without_django():
    """`from wakeel.whatsapp.cards import …` in any Python program."""
    program = (
        "import sys; from wakeel.whatsapp.cards import opportunity_card as c; c({'id':'1','title':'t'});"
        "sys.exit(any(m == 'django' or m.startswith(('wakeel.store', 'wakeel.settings')) for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
