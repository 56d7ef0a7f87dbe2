"""What an operator is told about answering a contact who wrote."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.REPLY_DRAFTED: Text(
        "هذه مسودة الرد على {name}. لا تُرسل قبل اعتمادها.",
        "Here is the draft of your answer to {name}. It is not sent before you approve it.",
    ),
    AnswerCode.NOTHING_TO_ANSWER: Text(
        "لا فرصة مفتوحة مع {name} الآن، فلم يُنفّذ شيء. تفتحها رسالته التالية، أو أضفها من الشاشة.",
        "Nothing is open with {name} now, so nothing was done. Their next message opens one, or add it on screen.",
    ),
}
