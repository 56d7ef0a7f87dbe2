"""What an operator is told while `wakeel doctor --live-test` waits for their taps."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.TEST_TAP: Text(
        "وصلت الضغطة ({n} من {all}). هذا فحص للأزرار، ولم يُقرَّر شيء.",
        "The tap arrived ({n} of {all}). This tests the buttons; nothing was decided.",
    ),
}
