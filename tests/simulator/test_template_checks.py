"""What Meta refuses of a template before anybody reads it, rule by rule."""

from typing import Any

import pytest

from wakeel.simulator.graph.calls import Refused
from wakeel.simulator.graph.template_checks import check_category, checked_components

Json = dict[str, Any]
BODY: Json = {"type": "BODY", "text": "أهلًا بك في مكتبنا."}


def refusal(*parts: Json, category: str = "UTILITY", style: str = "POSITIONAL") -> str | None:
    """The words of the refusal of these components; None if they pass."""
    try:
        checked_components(list(parts), category=category, style=style)
    except Refused as refused:
        error = refused.refusal.body()["error"]
        return f"{error['message']} {error.get('error_subcode')} {error.get('error_user_msg')}"
    return None


def body(text: str, *samples: str) -> Json:
    return {"type": "BODY", "text": text} | ({"example": {"body_text": [list(samples)]}} if samples else {})


def named(text: str, **samples: str) -> Json:
    rows = [{"param_name": name, "example": value} for name, value in samples.items()]
    return {"type": "BODY", "text": text, "example": {"body_text_named_params": rows}}


def header(**more: object) -> Json:
    return {"type": "HEADER", "format": "TEXT", **more}


def buttons(*rows: Json) -> Json:
    return {"type": "BUTTONS", "buttons": list(rows)}


def reply(text: str) -> Json:
    return {"type": "QUICK_REPLY", "text": text}


URL = {"type": "URL", "text": "الموقع", "url": "https://a.example"}
CALL = {"type": "PHONE_NUMBER", "text": "اتصل", "phone_number": "+966500000001"}
CARD = {"components": [header(format="IMAGE", example={"header_handle": ["4::a"]}), BODY, buttons(reply("نعم"))]}


@pytest.mark.parametrize(
    "parts",
    [
        [BODY],
        [body("م" * 1024)],
        [body("عزيزي {{1}} موعدك {{2}} غدًا في مكتبنا.", "منى", "الأحد")],
        [header(text="م" * 60), BODY, {"type": "FOOTER", "text": "م" * 60}],
        [header(text="طلب {{1}}", example={"header_text": ["7"]}), BODY],
        [header(format="image", example={"header_handle": ["4::a"]}), BODY],
        [header(format="LOCATION"), BODY],
        [BODY, buttons(*(reply(str(n)) for n in range(10)))],
        [BODY, buttons(reply("نعم"), reply("لا"), URL, CALL)],
        [BODY, buttons(URL, CALL, reply("نعم"), reply("لا"))],
        [BODY, buttons(URL | {"url": "https://a.example/{{1}}", "example": ["x"]})],
        [BODY, buttons({"type": "COPY_CODE", "example": "SAVE20"})],
        [BODY, {"type": "CAROUSEL", "cards": [CARD, CARD]}],
        [BODY, {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "ينتهي قريبًا"}}],
    ],
)
def test_a_template_within_the_limits_passes(parts: list[Json]):
    assert refusal(*parts) is None


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], "components is required"),
        ([header(text="x")], "exactly one component of type BODY"),
        ([BODY, BODY], "exactly one component of type BODY"),
        ([BODY, {"type": "FOOTER", "text": "a"}, {"type": "FOOTER", "text": "b"}], "each type of component once"),
        ([BODY, {"type": "SOUND"}], "components[].type must be one of"),
        ([BODY, {"text": "x"}], "components[].type is required"),
        ([{"type": "BODY"}], "2388043"),
        ([body("م" * 1025)], "2388040"),
        ([body("😀" * 513)], "2388040"),
        ([body("{{1}} أهلًا بك في مكتبنا.", "منى")], "2388299"),
        ([body("أهلًا بك في مكتبنا يا {{1}}", "منى")], "2388299"),
        ([body("أهلًا يا {{1}} {{2}} بك في مكتبنا اليوم.", "أ", "ب")], "2388072"),
        ([body("أهلًا {{1}}.", "منى")], "2388293"),
        ([body("أهلًا يا {{2}} في مكتبنا.", "منى")], "2388072"),
        ([body("أهلًا يا {{name}} في مكتبنا.", "منى")], "2388072"),
        ([body("أهلًا يا {{1}} في مكتبنا.")], "2388043"),
        ([body("أهلًا يا {{1}} في مكتبنا.", "أ", "ب")], "2388043"),
        ([header(text="م" * 61), BODY], "2388040"),
        ([header(text="سطر\nآخر"), BODY], "2388047"),
        ([header(text="{{1}} و{{2}}"), BODY], "2388047"),
        ([header(text="طلب {{1}}"), BODY], "2388043"),
        ([header(format="IMAGE"), BODY], "2388043"),
        ([header(format="SOUND"), BODY], "components[].format must be one of"),
        ([BODY, {"type": "FOOTER", "text": "م" * 61}], "2388040"),
        ([BODY, {"type": "FOOTER", "text": "شكرًا {{1}} لكم"}], "2388073"),
        ([BODY, buttons()], "buttons is required"),
        ([BODY, buttons(*(reply(str(n)) for n in range(11)))], "at most 10 buttons"),
        ([BODY, buttons(URL, URL | {"text": "ب"}, URL | {"text": "ج"})], "at most 2 of URL"),
        ([BODY, buttons(CALL, CALL | {"text": "ب"})], "at most 1 of PHONE_NUMBER"),
        ([BODY, buttons(reply("نعم"), URL, reply("لا"))], "stand together"),
        ([BODY, buttons(URL, reply("لا"), CALL)], "stand together"),
        ([BODY, buttons(reply("نعم"), reply("نعم"))], "label of its own"),
        ([BODY, buttons(reply("م" * 26))], "2388040"),
        ([BODY, buttons(reply("نعم {{1}}"))], "no variables"),
        ([BODY, buttons(reply(" "))], "text is required"),
        ([BODY, buttons({"type": "JUMP", "text": "x"})], "buttons[].type must be one of"),
        ([BODY, buttons(URL | {"url": "ftp://a"})], "must be a URL"),
        ([BODY, buttons(URL | {"url": "https://a.example/{{1}}"})], "example is required"),
        ([BODY, buttons(URL | {"url": "https://a.example/{{1}}/b", "example": ["x"]})], "at the end of the URL"),
        ([BODY, buttons(CALL | {"phone_number": "1" * 21})], "2388040"),
        ([BODY, buttons({"type": "COPY_CODE", "example": "x" * 16})], "2388040"),
        ([BODY, {"type": "CAROUSEL", "cards": [CARD]}], "2 to 10"),
        ([BODY, {"type": "CAROUSEL", "cards": [CARD, {"components": [BODY]}]}], "All cards"),
        ([BODY, {"type": "CAROUSEL", "cards": [CARD, {"components": [body("م" * 161)]}]}], "2388040"),
        (
            [BODY, {"type": "CAROUSEL", "cards": [{"components": [{"type": "FOOTER", "text": "x"}]}] * 2}],
            "BUTTONS only",
        ),
        ([BODY, {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "م" * 17}}], "2388040"),
        ([BODY, {"type": "LIMITED_TIME_OFFER"}], "limited_time_offer is required"),
    ],
)
def test_each_rule_is_named_when_it_is_broken(parts: list[Json], why: str):
    assert why in (refusal(*parts) or "it passed")


def test_named_variables_have_names_and_samples():
    assert refusal(named("أهلًا يا {{first_name}} في مكتبنا.", first_name="منى"), style="NAMED") is None
    assert "underscores only" in (refusal(named("أهلًا يا {{First}} في مكتبنا.", First="منى"), style="NAMED") or "")
    assert "2388043" in (refusal(named("أهلًا يا {{name}} في مكتبنا."), style="NAMED") or "")


def test_an_authentication_template_brings_no_text_of_its_own():
    code = {"type": "BODY", "add_security_recommendation": True}
    otp = buttons({"type": "OTP", "otp_type": "COPY_CODE", "text": "نسخ"})
    assert refusal(code, {"type": "FOOTER", "code_expiration_minutes": 5}, otp, category="AUTHENTICATION") is None
    assert "2388043" in (refusal(code) or "")


@pytest.mark.parametrize(
    ("category", "ttl_s", "good"),
    [
        ("UTILITY", 30, True), ("UTILITY", 29, False), ("UTILITY", 43_200, True), ("UTILITY", 43_201, False),
        ("AUTHENTICATION", 900, True), ("AUTHENTICATION", 901, False), ("MARKETING", 43_200, True),
        ("MARKETING", 43_199, False), ("MARKETING", -1, True), ("UTILITY", True, False), ("UTILITY", "60", False),
    ],
)  # fmt: skip
def test_a_time_to_live_fits_its_category(category: str, ttl_s: object, good: bool):
    if good:
        check_category(category, ttl_s)
    else:
        with pytest.raises(Refused):
            check_category(category, ttl_s)
