"""A template and the values of one message: what the person sees, or the code Meta refuses it with."""

from typing import Any

import pytest

from tests.simulator import payloads as p
from tests.simulator.payloads import mutants
from wakeel.simulator.bubbles.bubble import parts
from wakeel.simulator.checks.message import check_message
from wakeel.simulator.errors import MetaError
from wakeel.simulator.filling import fill
from wakeel.simulator.templates import Template

Json = dict[str, Any]


def stored(*components: Json, **more: Any) -> Template:
    more.setdefault("category", "UTILITY")
    return Template(1, "t", "ar", components=list(components), **more)


def sent(*components: Json) -> Json:
    return {"name": "t", "language": {"code": "ar"}, "components": list(components)}


def texts(kind: str, *values: str) -> Json:
    return {"type": kind, "parameters": [{"type": "text", "text": value} for value in values]}


def by_name(**values: str) -> Json:
    parameters = [{"type": "text", "parameter_name": name, "text": value} for name, value in values.items()]
    return {"type": "body", "parameters": parameters}


def button(at: int, kind: str, **parameter: object) -> Json:
    row: Json = {"type": "button", "sub_type": kind, "index": str(at)}
    return row | ({"parameters": [parameter]} if parameter else {})


def header(kind: str, **value: object) -> Json:
    return {"type": "header", "parameters": [{"type": kind, kind: value}]}


def components(template: Template, *values: Json) -> list[Json]:
    filled = fill(template, sent(*values))
    assert not isinstance(filled, MetaError), filled
    return filled["components"]


def refusal(template: Template, *values: Json) -> tuple[int, str]:
    error = fill(template, sent(*values))
    assert isinstance(error, MetaError)
    return error.code, error.details


BODY = {"type": "BODY", "text": "أهلاً {{1}}، موعدك {{2}}. شكراً {{1}}."}
NAMED = stored({"type": "BODY", "text": "أهلاً {{name}}، موعدك {{day}}."}, parameter_format="NAMED")
IMAGE_HEADER = stored({"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "نص"})
REPLY = {"type": "QUICK_REPLY", "text": "نعم"}
SITE = {"type": "URL", "text": "فتح", "url": "https://example.com/{{1}}"}
BUTTONS = [
    REPLY,
    {"type": "QUICK_REPLY", "text": "لا"},
    SITE,
    {"type": "PHONE_NUMBER", "text": "اتصل", "phone_number": "+966110000001"},
    {"type": "COPY_CODE", "example": "EID"},
]
FIVE = stored({"type": "BODY", "text": "نص"}, {"type": "BUTTONS", "buttons": BUTTONS})


def test_values_take_their_places_each_time_they_are_named():
    assert components(stored(BODY), texts("body", "منى", "الأحد")) == [
        {"type": "BODY", "text": "أهلاً منى، موعدك الأحد. شكراً منى."}
    ]


def test_sums_and_dates_show_their_fallback():
    """Cloud API always uses it."""
    sums = {"type": "currency", "currency": {"fallback_value": "١٠ ر.س", "code": "SAR", "amount_1000": 10000}}
    date = {"type": "date_time", "date_time": {"fallback_value": "الأحد"}}
    [body] = components(stored(BODY), {"type": "body", "parameters": [sums, date]})
    assert body["text"] == "أهلاً ١٠ ر.س، موعدك الأحد. شكراً ١٠ ر.س."


def test_named_values_may_come_in_any_order():
    assert components(NAMED, by_name(day="الأحد", name="منى"))[0]["text"] == "أهلاً منى، موعدك الأحد."


def test_every_part_of_a_rich_template_is_filled():
    template = stored(
        {"type": "HEADER", "format": "TEXT", "text": "طلب {{1}}"},
        BODY,
        {"type": "FOOTER", "text": "للإيقاف أرسل: إيقاف"},
        {"type": "BUTTONS", "buttons": BUTTONS},
    )
    filled = components(
        template,
        texts("header", "5"),
        texts("body", "منى", "الأحد"),
        button(0, "quick_reply", type="payload", payload="yes:5"),
        button(2, "url", type="text", text="a/5"),
        button(4, "copy_code", type="coupon_code", coupon_code="EID25"),
    )
    assert filled[0] == {"type": "HEADER", "header": {"type": "text", "text": "طلب 5"}}
    assert filled[2] == {"type": "FOOTER", "text": "للإيقاف أرسل: إيقاف"}
    assert filled[3]["buttons"] == [
        {"type": "QUICK_REPLY", "text": "نعم", "payload": "yes:5"},
        {"type": "QUICK_REPLY", "text": "لا", "payload": "لا"},
        {"type": "URL", "text": "فتح", "url": "https://example.com/a/5"},
        {"type": "PHONE_NUMBER", "text": "اتصل", "phone_number": "+966110000001"},
        {"type": "COPY_CODE", "text": "", "code": "EID25"},
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("image", {"id": "1"}), ("document", {"link": "https://example.com/a.pdf"}), ("location", {"latitude": 1})],
)
def test_a_header_of_another_kind_keeps_what_was_sent(kind: str, value: Json):
    template = stored({"type": "HEADER", "format": kind.upper()}, {"type": "BODY", "text": "نص"})
    assert components(template, header(kind, **value))[0]["header"] == {"type": kind, kind: value}


def test_a_code_is_written_by_whatsapp():
    """An authentication template carries no text of its own."""
    template = stored(
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "FOOTER", "code_expiration_minutes": 5},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "نسخ"}]},
        category="AUTHENTICATION",
    )
    body, footer, buttons = components(template, texts("body", "4821"), button(0, "url", type="text", text="4821"))
    assert "4821" in body["text"]
    assert "5" in footer["text"]
    assert buttons["buttons"] == [{"type": "OTP", "text": "نسخ", "code": "4821"}]


CARD = {
    "components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "بطاقة {{1}}"},
        {"type": "BUTTONS", "buttons": [REPLY]},
    ]
}
CAROUSEL = stored({"type": "BODY", "text": "نص"}, {"type": "CAROUSEL", "cards": [CARD, CARD]})


def a_card(at: int) -> Json:
    return {
        "card_index": at,
        "components": [
            header("image", id=str(at)),
            texts("body", str(at)),
            button(0, "quick_reply", type="payload", payload=f"card:{at}"),
        ],
    }


def test_each_card_takes_its_own_values():
    filled = components(CAROUSEL, {"type": "carousel", "cards": [a_card(1), a_card(0)]})
    cards = [card["components"] for card in filled[1]["cards"]]
    assert [card[1]["text"] for card in cards] == ["بطاقة 0", "بطاقة 1"]
    assert [card[2]["buttons"][0]["payload"] for card in cards] == ["card:0", "card:1"]


OFFER = stored(
    {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "عرض", "has_expiration": True}},
    {"type": "BODY", "text": "نص"},
)


def test_an_offer_ends_when_the_message_says():
    values = {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_800_000_000_000}}
    filled = components(OFFER, {"type": "limited_time_offer", "parameters": [values]})
    assert filled[1] == {"type": "LIMITED_TIME_OFFER", "text": "عرض", "expires_at": 1_800_000_000}


@pytest.mark.parametrize(
    ("template", "values", "code", "word"),
    [
        (stored(BODY), [texts("body", "منى")], 132000, "(1) does not match the expected number of params (2)"),
        (stored(BODY), [], 132000, "(0) does not match"),
        (stored(BODY), [texts("header", "س"), texts("body", "منى", "الأحد")], 132000, "header: "),
        (stored(BODY), [texts("body", "من\nى", "الأحد")], 132018, "new-line"),
        (stored(BODY), [texts("body", "من     ى", "الأحد")], 132018, "consecutive spaces"),
        (stored(BODY), [texts("body", "م" * 1000, "الأحد")], 132005, "too long"),
        (NAMED, [texts("body", "منى", "الأحد")], 100, "Parameter name is missing"),
        (NAMED, [by_name(name="منى", week="س")], 131009, "week"),
        (NAMED, [by_name(name="منى")], 132000, "(1)"),
        (IMAGE_HEADER, [], 132012, "expected IMAGE, received UNKNOWN"),
        (IMAGE_HEADER, [header("video", id="1")], 132012, "expected IMAGE, received VIDEO"),
        (IMAGE_HEADER, [texts("header", "س")], 132012, "received TEXT"),
        (
            IMAGE_HEADER,
            [{"type": "header", "parameters": [{"type": "image", "image": {"id": each}} for each in "12"]}],
            132000,
            "header: number of localizable_params (2)",
        ),
        (FIVE, [button(2, "url", type="text", text="a")], 131008, "index 4 of type CopyCode requires a parameter"),
        (FIVE, [], 131008, "index 2 of type Url requires a parameter"),
        (FIVE, [button(0, "url", type="text", text="a")], 132018, "index 0"),
        (
            FIVE,
            [button(2, "url", type="text", text="a"), button(3, "quick_reply", type="payload", payload="a")],
            132018,
            "index 3",
        ),
        (FIVE, [button(7, "quick_reply", type="payload", payload="a")], 132018, "index 7"),
        (CAROUSEL, [], 132018, "(0) does not match the expected number of cards (2)"),
        (stored(BODY), [{"type": "carousel", "cards": [a_card(0)]}], 132000, "body"),
        (CAROUSEL, [{"type": "carousel", "cards": [a_card(0), {"card_index": 1}]}], 132012, "IMAGE"),
        (OFFER, [], 131008, "expiration_time_ms"),
    ],
)
def test_values_that_do_not_fit_get_metas_code(template: Template, values: list[Json], code: int, word: str):
    found, details = refusal(template, *values)
    assert (found, word in details) == (code, True), details


def test_an_address_without_a_variable_takes_no_value():
    fixed = stored(
        {"type": "BODY", "text": "نص"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "فتح", "url": "https://example.com"}]},
    )
    assert components(fixed)[1]["buttons"][0]["url"] == "https://example.com"
    assert refusal(fixed, button(0, "url", type="text", text="a"))[0] == 132018


@pytest.mark.parametrize(
    ("template", "values"),
    [
        (stored(BODY), [texts("body", "منى", "الأحد")]),
        (NAMED, [by_name(name="منى", day="الأحد")]),
        (IMAGE_HEADER, [header("image", id="1")]),
        (FIVE, [button(2, "url", type="text", text="a"), button(4, "copy_code", type="coupon_code", coupon_code="A")]),
        (CAROUSEL, [{"type": "carousel", "cards": [a_card(0), a_card(1)]}]),
    ],
)
def test_odd_values_are_refused_or_drawn(template: Template, values: list[Json]):
    """The shape is checked first; what passes must fill and be drawn, or get a code."""
    taken = 0
    for mutant in mutants(p.template(*values)):
        if check_message(mutant) is None:
            filled = fill(template, mutant["template"])
            if not isinstance(filled, MetaError):
                parts(mutant, filled, media=lambda _: None)
                taken += 1
    assert taken
