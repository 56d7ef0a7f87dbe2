"""What a marketing text must not lack: who writes, and how to make it stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.content import OPT_OUT_LINE, Added, completed, findings, has_opt_out, names_sender
from wakeel.domain.drafts import standard_text
from wakeel.domain.keywords import fold


@pytest.mark.parametrize(
    "text",
    ["معك أفق بخصوص العقد", "من أفق", "عرض لأفق", "وأفق ترحب بك", "بأفق تبدأ", "شركة الأفق", "للأفق عروض", "(أُفـق)",
     "أفق", "افق", "فريق «أفق»:"],
)  # fmt: skip
def test_the_business_is_named_however_arabic_joins_it(text: str):
    assert names_sender(text, "أفق")


@pytest.mark.parametrize("text", ["", "في آفاقنا", "أفقي", "أفقنا", "مرافق", "أهلًا مريم", "horizon"])
def test_a_part_of_a_word_names_nobody(text: str):
    assert not names_sender(text, "أفق")


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("Hello from DEALIX.", "Dealix", True),
        ("Dealixes", "Dealix", False),
        ("معك شركة الأفق الجديد", "الأفق الجديد", True),
        ("معك شركة الأفق", "الأفق الجديد", False),
        ("من مطعم C++ & Co.", "C++ & Co", True),
        ("للأفق عروض", "الأفق", True),
        ("أهلًا", "", False),
        ("أهلًا 🌙", "🌙", False),
    ],
)
def test_names_of_every_kind(text: str, name: str, named: bool):
    assert names_sender(text, name) is named


@pytest.mark.parametrize(
    "text",
    [
        OPT_OUT_LINE.ar, OPT_OUT_LINE.en, "Reply STOP to opt out", "reply with the word STOP.", "للإيقاف: قف",
        "أرسل إيقاف لإيقاف الرسائل", "أرسل كلمة «إيقاف» في أي وقت", "Text STOP to 1234", "STOP to unsubscribe",
        "رد بكلمة توقف", "رد بـ إيقاف", "الرد بإيقاف", "To unsubscribe: STOP", "Send *STOP* anytime",
        "لإيقاف العروض أرسل: إيقاف العروض", "وللإلغاء أرسل إلغاء الاشتراك", "أرسل \"قف\" إلى هذا الرقم",
        "Reply with 'unsubscribe' if you no longer want these", "عرض جديد!\n\nلإيقاف الرسائل أرسل: إِيقَاف",
    ],
)  # fmt: skip
def test_a_text_that_says_which_word_to_send_tells_how_to_stop(text: str):
    assert has_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "the bus stop", "Do not reply STOP", "Don't text STOP", "Text stop signs to me", "Send stop-motion videos",
        "متى توقف السيارة", "إيقاف تشغيل الجهاز", "Reply YES to stop", "لا ترسل إيقاف", "أرسل موقعك عند الوقوف",
        "Reply if you stop by the shop", "لإيقاف الرسائل تواصل معنا", "إيقاف", "STOP", "Reply CANCEL to unsubscribe",
    ],
)  # fmt: skip
def test_a_stop_word_that_nobody_is_told_to_send_is_no_way_out(text: str):
    assert not has_opt_out(text)


def test_what_is_missing_is_added_in_the_language_of_the_text():
    text, added = completed("أهلًا مريم، عندنا عرض جديد.\n", business_name="أفق")
    assert text == "أهلًا مريم، عندنا عرض جديد.\n\nالمرسل: أفق\nلإيقاف الرسائل أرسل: إيقاف"
    assert added == (Added.SENDER, Added.OPT_OUT)
    text, added = completed("Hello Maryam, Horizon has an offer.", business_name="Horizon")
    assert text == "Hello Maryam, Horizon has an offer.\n\nTo stop these messages, reply STOP"
    assert added == (Added.OPT_OUT,)


def test_a_complete_text_is_left_exactly_as_it_is():
    text = "معك أفق.  \nلإيقاف الرسائل أرسل: إيقاف \n"
    assert completed(text, business_name="أفق") == (text, ())


def test_an_empty_text_becomes_the_two_lines():
    assert completed("", business_name="Dealix")[0] == "From: Dealix\nTo stop these messages, reply STOP"


@pytest.mark.parametrize("business", ["أفق", "وكيل", "الأفق الجديد", "Dealix", "مطعم C++", "أ"])
@pytest.mark.parametrize("name", ["", "مريم", "Anna"])
def test_the_standard_text_lacks_nothing(name: str, business: str):
    text = standard_text(name=name, title="تجديد العقد", business=business)
    assert names_sender(text, business)
    assert has_opt_out(text)
    assert completed(text, business_name=business) == (text, ())
    assert findings(text) == ()


_TEXTS = st.lists(
    st.sampled_from(["أهلًا ", "reply ", "STOP", "أرسل ", "إيقاف", "أفق", ":", ".", "\n", " not ", "لا ", "\u200f"])
    | st.text(max_size=12),
    max_size=10,
).map("".join)


@given(_TEXTS, st.text(max_size=20))
def test_a_completed_text_lacks_nothing_and_completing_it_again_changes_nothing(text: str, business: str):
    whole, added = completed(text, business_name=business)
    assert names_sender(whole, business) or not fold(business)
    assert has_opt_out(whole)
    assert completed(whole, business_name=business) == (whole, ())
    assert (whole == text) is (added == ())
    assert whole.startswith(text.rstrip())


@given(_TEXTS, _TEXTS)
def test_the_checks_never_fail_on_any_text(text: str, name: str):
    names_sender(text, name)
    has_opt_out(text)
    findings(text)
