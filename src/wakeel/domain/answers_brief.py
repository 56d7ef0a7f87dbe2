"""What an operator is told about their daily brief and about what waits for their window."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.BRIEF_OPPS: Text(
        "فرص تنتظر القرار: {count}. المعروض عليك منها هنا: {here}.",
        "Opportunities waiting for a decision: {count}. Shown to you here: {here}.",
    ),
    AnswerCode.BRIEF_NO_OPPS: Text("لا فرص تنتظر القرار الآن.", "No opportunity waits for a decision now."),
    AnswerCode.BRIEF_PENDING: Text(
        "رسائل تنتظر اعتمادك: {count}. المعروض منها الآن: {here}.{more}",
        "Messages waiting for your approval: {count}. Shown now: {here}.{more}",
    ),
    AnswerCode.BRIEF_NO_PENDING: Text("لا رسائل تنتظر اعتمادك الآن.", "No message waits for your approval now."),
    AnswerCode.BRIEF_LATER: Text("حسنًا. الملخص التالي: {t}.{cards}", "All right. The next brief: {t}.{cards}"),
    AnswerCode.BRIEF_OFF: Text(
        "حسنًا. الملخص اليومي موقوف، وتُضبط ساعته في صفحة «الملخص اليومي».{cards}",
        "All right. The daily brief is off; its hour is set on the page “Daily brief”.{cards}",
    ),
    AnswerCode.BRIEF_SET: Text("حُفظ. الملخص التالي: {t}.", "Saved. The next brief: {t}."),
    AnswerCode.BRIEF_SET_OFF: Text(
        "حُفظ. لا ملخص يوميًا، وعند إغلاق نافذتك يصلك تنبيه إن انتظرك شيء.",
        "Saved. No daily brief; a notice still comes if something waits while your window is closed.",
    ),
}

ALL_AT_ONCE = Text(" لاعتمادها معًا اكتب: اعتمد الكل", " To approve them together, write: approve all")
"""Said after the count when two or more wait."""

CARDS_IN_AN_HOUR = Text(" وتصلك البطاقات المنتظرة بعد ساعة.", " The cards that wait come in an hour.")
NOTHING_MORE = Text("", "")

MORE_WAIT = Text(
    "رسائل تنتظر اعتمادك: {count}. على هاتفك منها: {here}.",
    "Messages waiting for your approval: {count}. On your phone: {here}.",
)
MORE_HEADER = Text("موافقات تنتظرك", "Approvals wait for you")
