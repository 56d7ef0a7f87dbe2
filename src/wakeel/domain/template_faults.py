"""Rules that a template's wording can break, with what is asked for instead in both languages."""

from dataclasses import dataclass
from enum import StrEnum

from wakeel.domain.words import Text


class Fault(StrEnum):
    """One rule that a wording breaks."""

    NAME = "name"
    LANGUAGE = "language"
    CATEGORY = "category"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    HIDDEN_MARKS = "hidden_marks"
    ONE_LINE = "one_line"
    NO_VARIABLES = "no_variables"
    BRACES = "braces"
    MIXED = "mixed"
    ORDER = "order"
    EDGES = "edges"
    ADJACENT = "adjacent"
    TOO_MANY_VARIABLES = "too_many_variables"
    NO_OPT_OUT = "no_opt_out"
    TOO_MANY_BUTTONS = "too_many_buttons"
    LABEL = "label"
    EQUAL_LABELS = "equal_labels"
    STOP_WITHOUT = "stop_without"
    PAYLOAD = "payload"
    SAMPLE = "sample"
    SAME = "same"


FAULT_WORDS: dict[Fault, Text] = {
    Fault.NAME: Text(
        "حروف لاتينية صغيرة وأرقام وشرطات سفلية فقط، بلا رقم نسخة في آخره",
        "lowercase letters, digits and underscores only, without the number of a version at its end",
    ),
    Fault.LANGUAGE: Text("رمز لغة مثل ar أو en_US", "a language code such as ar or en_US"),
    Fault.CATEGORY: Text("الفئة UTILITY أو MARKETING", "the category is UTILITY or MARKETING"),
    Fault.EMPTY: Text("النص مطلوب", "a text is needed"),
    Fault.TOO_LONG: Text("أطول من المسموح: {limit} حرف", "longer than allowed: {limit} characters"),
    Fault.HIDDEN_MARKS: Text("فيه محارف خفية أو محارف اتجاه", "it has hidden or direction characters"),
    Fault.ONE_LINE: Text("سطر واحد بلا نجوم", "one line, without asterisks"),
    Fault.NO_VARIABLES: Text("لا متغيرات هنا", "no variables here"),
    Fault.BRACES: Text(
        "تُكتب المتغيرات هكذا: {{{{name}}}} أو {{{{1}}}}، بحروف صغيرة وبلا مسافات",
        "variables are written {{{{name}}}} or {{{{1}}}}, in small letters and without spaces",
    ),
    Fault.MIXED: Text("المتغيرات كلها بأسماء أو كلها بأرقام", "variables are all names or all numbers"),
    Fault.ORDER: Text("الأرقام متتابعة من 1", "numbers run from 1 without a gap"),
    Fault.EDGES: Text("لا يبدأ النص بمتغير ولا ينتهي به", "the text neither begins nor ends with a variable"),
    Fault.ADJACENT: Text("بين كل متغيرين كلام", "words stand between two variables"),
    Fault.TOO_MANY_VARIABLES: Text(
        "المتغيرات كثيرة لهذا الطول: {limit} كلمات لكل متغير",
        "too many variables for its length: {limit} words for each",
    ),
    Fault.NO_OPT_OUT: Text(
        "نص تسويقي بلا طريقة إيقاف، مثل: لإيقاف الرسائل أرسل: إيقاف",
        "a marketing text without a way to stop, such as: Reply STOP to stop these messages",
    ),
    Fault.TOO_MANY_BUTTONS: Text("أزرار أكثر من {limit}", "more than {limit} buttons"),
    Fault.LABEL: Text(
        "عنوان الزر من حرف إلى {limit}، بلا متغيرات", "a label has 1 to {limit} characters, no variables"
    ),
    Fault.EQUAL_LABELS: Text("لكل زر عنوان مختلف", "each button has a label of its own"),
    Fault.STOP_WITHOUT: Text(
        "زر يطلب الإيقاف ولا يوقف شيئًا: ليحمل OPT_OUT_ALL (يوقف كل الرسائل) أو OPT_OUT_MARKETING (يوقف العروض)",
        "a button that asks to stop stops nothing: let it carry OPT_OUT_ALL (stops all messages) or OPT_OUT_MARKETING "
        "(stops offers)",
    ),
    Fault.PAYLOAD: Text("رمز زر غير معروف", "not a button id that is known here"),
    Fault.SAMPLE: Text("مثال لكل متغير، ولا مثال لغيره", "a sample for each variable, and for nothing else"),
    Fault.SAME: Text("النص كما في آخر نسخة", "the same as the newest version"),
}
"""What is asked for; `{limit}` where there is one."""


@dataclass(frozen=True, slots=True)
class WordingFault:
    """field: of `template_wording.NewTemplate`. limit: what the words of the fault name, None without one."""

    field: str
    fault: Fault
    limit: int | None = None

    def say(self, language: str) -> str:
        return FAULT_WORDS[self.fault].say(language, limit=self.limit)
