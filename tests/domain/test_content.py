"""What is found in a text before anybody approves it, and what is left alone. All numbers are invented."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.content import KIND_WORDS, Finding, findings
from wakeel.domain.reasons import ReasonCode

SECRET, PII, CLAIM = ReasonCode.CONTENT_SECRET, ReasonCode.CONTENT_PII, ReasonCode.CONTENT_RISKY_CLAIM

CITIZEN, RESIDENT = "1023456781", "2023456789"
"""Ten digits with a right last one, of nobody we know."""
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def marked(text: str) -> list[tuple[str, str]]:
    """Kind and the marked words of every finding."""
    return [(found.kind, text[found.start : found.end]) for found in findings(text)]


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcdEFGH1234567890abcd", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9, "EAAG" + "x1Y2" * 20, "xoxb-123456789012-abcdef", "AIza" + "Sy1_-" * 7,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-_1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "المفتاح هو {} فلا تنشره", "token={}&x=1", "«{}»\n"])
def test_keys_of_known_shape_are_secrets_wherever_they_stand(key: str, around: str):
    text = around.format(key)
    assert [(found.code, text[found.start : found.end]) for found in findings(text)] == [(SECRET, key)]


def test_a_private_key_is_marked_to_its_end():
    pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
    assert marked(f"خذ:\n{pem}\nانتهى") == [("private_key", pem)]
    assert marked("-----BEGIN PRIVATE KEY-----\nMII") == [("private_key", "-----BEGIN PRIVATE KEY-----")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("password: hunter", "password: hunter"),
        ("Your Password is Abc123!", "Password is Abc123!"),
        ("كلمة المرور: أحمد١٢٣ وشكرًا", "كلمة المرور: أحمد١٢٣"),
        ("كَلِمة السر هي 12345.", "كَلِمة السر هي 12345."),
        ("الرقم السري: ٤٨٢١", "الرقم السري: ٤٨٢١"),
        ("رقمك السري هو 4821", "رقمك السري هو 4821"),
        ("PIN code: 9921", "PIN code: 9921"),
        ("https://user:s3cret@example.com/", "user:s3cret"),
    ],
)
def test_a_password_that_is_told_is_a_secret(text: str, words: str):
    assert marked(text) == [("password", words)]


@pytest.mark.parametrize(
    "text",
    [
        "password: please reset it in the app", "Your password is safe with us",
        "كلمة المرور: يمكنك تغييرها من الإعدادات",
        "الرقم السري يصلك لاحقًا", "password: https://example.com/reset1", "لا تشارك كلمة المرور مع أحد.",
        "task-force-2026-planning-meeting-notes", "sk-learn-tutorial-for-new-people", "AKIA", "shopping: 1234",
    ],
)  # fmt: skip
def test_talking_about_secrets_tells_none(text: str):
    assert findings(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "رمز التحقق: 482913", "رمز التحقق الخاص بك هو ٤٨٢٩١٣", "كود التفعيل ٤٨٢٩", "verification code is 482 913",
        "482913 is your verification code", "OTP 123456", "one-time code: G-482913", "رمزك هو 4821",
    ],
)  # fmt: skip
def test_a_code_announced_as_one_is_a_secret(text: str):
    assert [kind for kind, _ in marked(text)] == ["one_time_code"]


@pytest.mark.parametrize(
    "text",
    ["كود الخصم: 202620", "رمزك هو 20262 للحصول على خصم", "Your code is 123456, valid for a 20% discount",
     "الرمز البريدي: 12345", "Use code SAVE20", "رقم الطلب 123456", "فتحنا فرعًا في 2026"],
)  # fmt: skip
def test_a_discount_code_is_no_secret(text: str):
    """A secret blocks the message for good: better to miss an odd one than to stop every offer."""
    assert findings(text) == ()


@pytest.mark.parametrize("number", [CITIZEN, RESIDENT, CITIZEN.translate(EASTERN)])
@pytest.mark.parametrize(
    "around", ["{}", "رقم الهوية: {}.", "إقامتك رقم {} تنتهي غدًا", "iqama {}", "طلبك جاهز. الهوية {}"]
)
def test_an_identity_number_is_personal_however_its_digits_are_written(number: str, around: str):
    assert marked(around.format(number)) == [("national_id", number)]


@pytest.mark.parametrize(
    "text",
    [
        f"رقم الطلب {CITIZEN}", f"order {CITIZEN}", f"Order id: {CITIZEN}", f"الفاتورة رقم {RESIDENT}",
        f"اتصل على {CITIZEN}", f"السجل التجاري {CITIZEN}", f"https://example.com/o/{CITIZEN}", f"+{CITIZEN}",
        "رقم الهوية 1023456782", "3023456785", f"{CITIZEN}5", f"9{CITIZEN}",
    ],
)  # fmt: skip
def test_orders_phones_and_registers_are_not_taken_for_an_identity(text: str):
    assert findings(text) == ()


@pytest.mark.parametrize(
    "text",
    ["+966501234567", "0501234567", "966501234567", "٠٥٠١٢٣٤٥٦٧", "0501234567 / 0559876543", "+1 (212) 555-1234",
     "800 123 4567", "920012345"],
)  # fmt: skip
def test_phone_numbers_are_no_finding(text: str):
    assert findings(f"تواصل معنا على {text} أو من الموقع") == ()


@pytest.mark.parametrize(
    "iban",
    ["SA0380000000608010167519", "sa0380000000608010167519", "SA03 8000 0000 6080 1016 7519",
     "SA٠٣٨٠٠٠٠٠٠٠٦٠٨٠١٠١٦٧٥١٩", "GB29 NWBK 6016 1331 9268 19"],
)  # fmt: skip
def test_an_iban_is_personal(iban: str):
    assert marked(f"حوّل إلى {iban} اليوم") == [("iban", iban)]


@pytest.mark.parametrize(
    "text", ["SA0380000000608010167518", "SA038000000060801016751", "SA03800000006080101675199", "XX0380000000608010"]
)
def test_what_fails_the_check_or_the_countrys_length_is_no_iban(text: str):
    assert findings(text) == ()


@pytest.mark.parametrize(
    "card",
    ["4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444", "378282246310005", "3782 822463 10005",
     "٤١١١١١١١١١١١١١١١"],
)  # fmt: skip
def test_a_payment_card_is_personal(card: str):
    assert marked(f"بطاقة الدفع {card} صالحة") == [("payment_card", card)]


@pytest.mark.parametrize(
    "text",
    ["4111 1111 1111 1112", "tracking 4111111111111111", "رقم الشحنة 5555555555554444", "5 10 15 20 25 30 35 40",
     "الرقم الضريبي 310122393500003", "1111111111111117", "0000 0000 0000 0000"],
)  # fmt: skip
def test_long_numbers_of_other_kinds_are_no_card(text: str):
    assert findings(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("جواز السفر: A12345678", "جواز السفر: A12345678"), ("Passport no. K1234567", "Passport no. K1234567"),
     ("رقم الجواز ١٢٣٤٥٦٧٨٩", "رقم الجواز ١٢٣٤٥٦٧٨٩")],
)  # fmt: skip
def test_a_passport_number_is_personal_when_it_is_called_one(text: str, words: str):
    assert marked(text) == [("passport", words)]
    assert findings("جواز سفرك جاهز للاستلام، رقم A12345678") == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ضمان 100%", "guarantee"), ("مضمون ١٠٠٪", "guarantee"), ("مضمونة النتائج", "guarantee"),
        ("أرباح مضمونة", "guarantee"), ("أرباحٌ مضمونةٌ", "guarantee"),
        ("أربـــاح شهرية مَضمونة", "guarantee"), ("نضمن لك الربح", "guarantee"),
        ("guaranteed returns", "guarantee"), ("GUARANTEED monthly profit", "guarantee"),
        ("results are guaranteed", "guarantee"), ("100% guaranteed", "guarantee"),
        ("بدون مخاطر", "no_risk"), ("بلا أي مخاطرة", "no_risk"), ("خالٍ من المخاطر", "no_risk"),
        ("risk-free", "no_risk"), ("without any risk", "no_risk"),
        ("علاج نهائي", "cure"), ("شفاء تام", "cure"), ("miracle cure", "cure"),
        ("act now or lose", "pressure"), ("act now, or you'll miss", "pressure"), ("وإلا ستخسر", "pressure"),
        ("double your money", "fast_money"), ("ضاعف أموالك", "fast_money"),
    ],
)  # fmt: skip
def test_promises_nobody_can_keep_are_marked(text: str, kind: str):
    for around in ("{}", "أهلًا مريم، {} معنا اليوم.", "Dear Maryam, {}!"):
        written = around.format(text)
        assert [(found.code, found.kind, written[found.start : found.end]) for found in findings(written)] == [
            (CLAIM, kind, text)
        ]


@pytest.mark.parametrize(
    "text",
    [
        "no guarantee of returns", "no guaranteed returns", "returns are not guaranteed", "we do not guarantee results",
        "we don't offer guaranteed returns", "أرباح غير مضمونة", "الأرباح ليست مضمونة", "لا نضمن الأرباح",
        "ليست بدون مخاطر", "ما نضمن لك الربح", "لا ضمان 100%", "ضمان سنتين على القطع", "money-back guarantee",
        "خصم 100% على التوصيل", "استثمار فيه مخاطر", "العلاج متوفر في الفرع", "بدون رسوم", "موعد مؤكد",
    ],
)  # fmt: skip
def test_what_is_denied_or_ordinary_is_no_promise(text: str):
    assert findings(text) == ()


@pytest.mark.parametrize(
    "text",
    ["No doubt guaranteed returns", "بلا شك أرباح مضمونة", "not only guaranteed returns", "No fees. Guaranteed returns",
     "No fees, guaranteed returns", "لا رسوم، أرباح مضمونة"],
)  # fmt: skip
def test_a_no_about_something_else_denies_nothing(text: str):
    assert [kind for kind, _ in marked(text)] == ["guarantee"]


@pytest.mark.parametrize(
    "hidden",
    [
        "4111\u200b 1111 1111 1111",
        "41\u206611 1111 1111 1111",
        "４１１１ 1111 1111 1111",
        "4111\u00a01111\u00a01111 1111",
    ],
)
def test_invisible_characters_and_wide_digits_hide_nothing(hidden: str):
    assert marked(f"بطاقة {hidden}.") == [("payment_card", hidden)]


def test_findings_come_in_the_order_of_the_text():
    text = f"أرباح مضمونة، الهوية {CITIZEN}، password: x9y8z7"
    assert [found.code for found in findings(text)] == [CLAIM, PII, SECRET]


def test_two_findings_in_one_place_are_one_under_the_graver_name():
    text = "password: 4111111111111111"
    assert findings(text) == (Finding(SECRET, "password", 0, len(text)),)


def test_every_kind_has_its_words_in_both_languages():
    for words in KIND_WORDS.values():
        assert words.ar
        assert words.en
        assert words.ar != words.en


_PIECES = st.sampled_from(
    ["password: ", "كلمة المرور: ", CITIZEN, "4111 1111 1111 1111", "SA0380000000608010167519", "أرباح ", "مضمونة",
     "100%", "guaranteed", " returns", "sk-abcdefghij1234567890", "\u200f", "\u0651", "\n", ".", "غير ", "no ",
     "رمز التحقق: 123456", "ﷺ", "جواز السفر A1234567", "-----BEGIN PRIVATE KEY-----"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=10), max_size=12).map("".join))
def test_findings_of_any_text_lie_in_it_in_order_and_apart(text: str):
    found = findings(text)
    assert all(0 <= each.start < each.end <= len(text) and each.kind in KIND_WORDS for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert findings(text) == found
