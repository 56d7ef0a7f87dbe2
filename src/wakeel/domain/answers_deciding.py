"""What an operator is told when an opportunity is skipped with a reason, put off, researched or closed."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.SKIPPED_FOR: Text(
        "تم التخطي: {title}. السبب: {reason}. لم يُرسل شيء.", "Skipped: {title}. Why: {reason}. Nothing was sent."
    ),
    AnswerCode.REASON_KEPT: Text("سُجّل سبب التخطي: {reason}. {effect}.", "The reason is recorded: {reason}. {effect}."),
    AnswerCode.REASON_SAME: Text(
        "هذا السبب مسجّل من قبل: {reason}. لم يتغيّر شيء.", "That reason is recorded already: {reason}. Nothing changed."
    ),
    AnswerCode.SNOOZED_UNTIL: Text(
        "أُجّلت: {title}. تعود إليك {t}.{taken}", "Put off: {title}. It comes back {t}.{taken}"
    ),
    AnswerCode.SNOOZED_FOR_REPLY: Text(
        "أُجّلت: {title}. تعود حين يكتب {name}، أو {t} إن لم يكتب.{taken}",
        "Put off: {title}. It comes back when {name} writes, or {t} without a word.{taken}",
    ),
    AnswerCode.REMIND_AT: Text("تذكير بمتابعة {title}: {t}.", "You are reminded of {title} {t}."),
    AnswerCode.REMIND_FOR_REPLY: Text(
        "{title}: تصلك رسالة {name} حين يكتب، وإن لم يكتب فتذكير {t}.",
        "{title}: you get what {name} writes, or without a word a reminder {t}.",
    ),
    AnswerCode.RESEARCHING: Text(
        "قيد البحث: {title}. تعود إليك حين تكتب ما عرفته ردًا على هذه الرسالة أو في صفحتها، أو {t}.{taken}",
        "Being researched: {title}. It comes back when you write what you found, quoting this message or on its page, "
        "or {t}.{taken}",
    ),
    AnswerCode.FACTS_KEPT: Text(
        "أُضيف ما عرفته إلى {title}، وبطاقتها الجديدة في الطريق إليك.",
        "What you found is added to {title}; its new card is on its way.",
    ),
    AnswerCode.FACTS_EMPTY: Text(
        "لم يُكتب شيء. اكتب ما عرفته في سطر. لم يتغيّر شيء.",
        "Nothing was written. Write what you found. Nothing changed.",
    ),
    AnswerCode.FACTS_TOO_LONG: Text(
        "النص أطول من {limit} حرف. اختصره. لم يتغيّر شيء.",
        "That is longer than {limit} characters. Shorten it. Nothing changed.",
    ),
    AnswerCode.CAME_UP_AGAIN: Text(
        "عادت الآن: {title}. بطاقتها في الطريق إليك.", "Back now: {title}. Its card is on its way."
    ),
    AnswerCode.WON: Text(
        "سُجّلت ناجحة: {title}.{taken} قيمتها اختيارية: اكتبها رقمًا خلال {minutes} دقيقة، أو في صفحتها.",
        "Recorded as won: {title}.{taken} Its value is optional: write it as a number within {minutes} minutes, or on "
        "its page.",
    ),
    AnswerCode.WON_WITH_VALUE: Text(
        "سُجّلت ناجحة: {title}، بقيمة {value}.{taken}", "Recorded as won: {title}, worth {value}.{taken}"
    ),
    AnswerCode.LOST: Text("سُجّلت خاسرة: {title}.{taken}", "Recorded as lost: {title}.{taken}"),
    AnswerCode.VALUE_KEPT: Text("سُجّلت قيمة {title}: {value}.", "The value of {title} is recorded: {value}."),
    AnswerCode.VALUE_INVALID: Text(
        "القيمة رقم واحد مثل 12,500 أو ١٢٥٠٠٫٥٠. لم يتغيّر شيء.",
        "The value is one number such as 12,500 or 12500.50. Nothing changed.",
    ),
    AnswerCode.NOT_TO_CLOSE: Text(
        "لا تُسجّل نتيجة قبل خروج رسالة. الحالة الآن: {state}. لم يتغيّر شيء.",
        "No result before a message has left. Now: {state}. Nothing changed.",
    ),
    AnswerCode.NOT_TO_MEET: Text(
        "يُحجز الاجتماع بعد القبول أو بعد طلب الرسالة. الحالة الآن: {state}. لم يتغيّر شيء.",
        "A meeting comes after accepting, or after asking for a message. Now: {state}. Nothing changed.",
    ),
}

TAKEN_BACK = Text(" سُحبت مسودتها ولم تُرسل.", " Its draft was taken back, unsent.")
"""What `{taken}` says when a draft was put down on the way; else it is NOTHING."""
NOTHING = Text("", "")
