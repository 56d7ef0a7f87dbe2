"""Numbers, days and distances as both languages write them, and in the digits a person chose."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.utils import translation

from wakeel.domain.digits import Digits
from wakeel.web import counts
from wakeel.web.counts import Noun
from wakeel.web.digits import ChosenDigits, written_in

NOW = datetime(2026, 11, 22, 12, 8, tzinfo=UTC)

# Reference "operator UI", section 6: 0, 1, 2, 3–10, 11–99, 100…
FORMS = {
    Noun.MESSAGE: ("لا رسائل", "رسالة واحدة", "رسالتان", "{} رسائل", "{} رسالةً", "{} رسالة"),
    Noun.DRAFT: ("لا مسودات", "مسودة واحدة", "مسودتان", "{} مسودات", "{} مسودةً", "{} مسودة"),
    Noun.OPPORTUNITY: ("لا فرص", "فرصة واحدة", "فرصتان", "{} فرص", "{} فرصةً", "{} فرصة"),
    Noun.ITEM: ("لا بنود", "بند واحد", "بندان", "{} بنود", "{} بندًا", "{} بند"),
    Noun.CONTACT: (
        "لا جهات اتصال", "جهة اتصال واحدة", "جهتا اتصال", "{} جهات اتصال", "{} جهةَ اتصال", "{} جهة اتصال",
    ),
    Noun.ATTEMPT: ("دون محاولات", "محاولة واحدة", "محاولتان", "{} محاولات", "{} محاولةً", "{} محاولة"),
    Noun.SECOND: ("الآن", "ثانية واحدة", "ثانيتان", "{} ثوانٍ", "{} ثانيةً", "{} ثانية"),
    Noun.MINUTE: ("أقل من دقيقة", "دقيقة واحدة", "دقيقتان", "{} دقائق", "{} دقيقةً", "{} دقيقة"),
    Noun.HOUR: ("أقل من ساعة", "ساعة واحدة", "ساعتان", "{} ساعات", "{} ساعةً", "{} ساعة"),
    Noun.DAY: ("اليوم", "يوم واحد", "يومان", "{} أيام", "{} يومًا", "{} يوم"),
}  # fmt: skip
FORM_OF = {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4}


def drawn(source: str, language: str = "ar", **values: object) -> str:
    with translation.override(language):
        return Template(source).render(Context({"now": NOW, **values}))


@pytest.mark.parametrize("noun", Noun)
def test_every_noun_has_the_form_its_number_asks_for(noun: Noun):
    """Also fails when the compiled catalogue is older than the written one (`make env`)."""
    with translation.override("ar"):
        said = {number: counts.counted(noun, number) for number in FORM_OF}
    assert said == {number: FORMS[noun][form].format(number) for number, form in FORM_OF.items()}


@pytest.mark.parametrize(
    ("distance", "past", "future"),
    [
        (timedelta(minutes=1), "قبل دقيقة", "بعد دقيقة"),
        (timedelta(minutes=2, seconds=59), "قبل دقيقتين", "بعد دقيقتين"),
        (timedelta(minutes=11), "قبل 11 دقيقةً", "بعد 11 دقيقةً"),
        (timedelta(hours=2), "قبل ساعتين", "بعد ساعتين"),
        (timedelta(hours=23), "قبل 23 ساعةً", "بعد 23 ساعةً"),
        (timedelta(seconds=2), "الآن", "بعد ثانيتين"),
        (timedelta(0), "الآن", "الآن"),
    ],
)
def test_after_in_and_ago_the_dual_bends(distance: timedelta, past: str, future: str):
    with translation.override("ar"):
        assert counts.ago(NOW - distance, now=NOW) == past
        assert counts.ahead(NOW + distance, now=NOW) == future


def test_a_day_away_the_date_says_more_and_the_exact_time_is_always_there():
    near = drawn("{% ago at %}", at=NOW - timedelta(hours=3))
    assert near.startswith('<time datetime="2026-11-22T09:08:00+00:00"')
    assert 'title="22 نوفمبر 2026، 12:08:00 م"' in near
    assert ">قبل 3 ساعات<" in near
    assert ">20 نوفمبر 2026، 3:08 م<" in drawn("{% ago at %}", at=NOW - timedelta(days=2))
    later = drawn("{% ahead at %}", "en", at=NOW + timedelta(days=2)).replace("\u202f", " ")
    assert ">24 November 2026, 3:08 PM<" in later


@pytest.mark.parametrize("language", ["ar", "en"])
def test_numbers_have_a_comma_between_thousands_and_a_point_before_hundredths(language: str):
    assert drawn("{{ n|floatformat:'2g' }}", language, n=Decimal("18500.5")) == "18,500.50"
    assert drawn("{{ at|date }}", language, at=NOW) == {"ar": "22 نوفمبر 2026", "en": "22 November 2026"}[language]


PAGE = (
    '<p class="w3">بقي 3 بنود &#x27;</p><bdi dir="ltr">+966509722233</bdi><p dir="auto">اتصل على <b>050</b> 1</p>'
    '<bdi>شركة 7</bdi> <bdi class="number">18,500</bdi><input value="5"><code>131047</code>'
    '<time datetime="2026-11-22">22</time><span dir="auto"><span>1</span>2</span>3'
)


def test_only_our_own_numbers_are_written_in_the_chosen_digits():
    """A message is shown exactly as it will arrive; a phone number and a code are copied by hand."""
    assert written_in(Digits.LATIN, PAGE) == PAGE
    written = PAGE
    for latin, arabic in (("بقي 3", "بقي ٣"), (">18,500<", ">١٨٬٥٠٠<"), (">22<", ">٢٢<"), ("</span>3", "</span>٣")):
        written = written.replace(latin, arabic)
    assert written_in(Digits.ARABIC, PAGE) == written


@pytest.mark.parametrize(
    ("digits", "language", "kind", "written"),
    [
        (Digits.ARABIC, "ar", "text/html; charset=utf-8", "٣"), (Digits.LATIN, "ar", "text/html", "3"),
        (Digits.ARABIC, "en", "text/html", "3"), (Digits.ARABIC, "ar", "text/csv", "3"),
    ],
)  # fmt: skip
def test_the_choice_is_for_arabic_pages(digits: Digits, language: str, kind: str, written: str):
    request = HttpRequest()
    request.digits, request.LANGUAGE_CODE = digits, language
    assert ChosenDigits(lambda _: HttpResponse("3", content_type=kind))(request).content.decode() == written
