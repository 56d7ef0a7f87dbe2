"""What goes to a contact without a tap of an operator: fixed texts, each version approved once by an administrator.

What the question after START must say: reference "consent and contactability", section 2.1, read 2026-11-22. A change
of a sentence here is another version: it waits for its approval, and nothing of it leaves before.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wakeel.domain.gate_request import OPT_OUT_CONFIRMATION
from wakeel.domain.words import Text

ONCE_WITHIN = timedelta(hours=1)
"""A person gets one text of an intent within this time, whatever they write (design section 6)."""


class Intent(StrEnum):
    """Why a fixed text goes out; stored with the message, the gate knows the first one."""

    OPT_OUT_CONFIRMATION = OPT_OUT_CONFIRMATION  # the one answer to a full stop
    OFFERS_STOPPED = "offers_stopped"  # the answer to "stop offers"
    OPT_IN_QUESTION = "opt_in_question"  # the answer to START: do you agree?
    OPT_IN_CONFIRMED = "opt_in_confirmed"
    HELP = "help"


INTENT_WORDS: dict[Intent, Text] = {
    Intent.OPT_OUT_CONFIRMATION: Text("بعد طلب إيقاف كل الرسائل", "After a request to stop all messages"),
    Intent.OFFERS_STOPPED: Text("بعد طلب إيقاف العروض", "After a request to stop offers"),
    Intent.OPT_IN_QUESTION: Text("بعد كلمة «ابدأ»: طلب الموافقة", "After START: asking for consent"),
    Intent.OPT_IN_CONFIRMED: Text("بعد الموافقة", "After a consent"),
    Intent.HELP: Text("بعد كلمة «مساعدة»", "After HELP"),
}
"""When each text goes out, for the administrator who reads it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One reply button under a text. button_id: as in `domain.buttons`."""

    button_id: str
    title: Text


@dataclass(frozen=True, slots=True)
class FixedText:
    """text: with `{business}`, the name people know the sender by. names_notice: the privacy notice stands under it."""

    intent: Intent
    text: Text
    choices: tuple[Choice, ...] = ()
    names_notice: bool = False

    def say(self, language: str, *, business: str, notice_url: str | None) -> str:
        """The words as they go out. notice_url: None if no notice is published."""
        said = self.text.say(language, business=business)
        if not self.names_notice or notice_url is None:
            return said
        return f"{said}\n{_NOTICE.say(language, url=notice_url)}"


_NOTICE = Text("إشعار الخصوصية: {url}", "Privacy notice: {url}")

FIXED_TEXTS: dict[Intent, FixedText] = {
    text.intent: text
    for text in (
        FixedText(
            Intent.OPT_OUT_CONFIRMATION,
            Text(
                "تم إيقاف رسائل {business} على واتساب: لن تصلك عروض ولا تحديثات.\nللعودة في أي وقت أرسل: ابدأ",
                "Messages from {business} on WhatsApp are stopped: no offers and no updates.\n"
                "To come back at any time, send: START",
            ),
        ),
        FixedText(
            Intent.OFFERS_STOPPED,
            Text(
                "تم إيقاف عروض {business} على واتساب، وتستمر تحديثات ما تطلبه. لإيقافها أيضًا أرسل: إيقاف\n"
                "لعودة العروض في أي وقت أرسل: ابدأ",
                "Offers from {business} on WhatsApp are stopped; updates about what you ask for go on. To stop those "
                "too, send: STOP\nTo get offers again at any time, send: START",
            ),
        ),
        FixedText(
            Intent.OPT_IN_QUESTION,
            Text(
                "هل توافق على تلقّي رسائل {business} على واتساب؟\n"
                "• العروض: نحو رسالتين في الأسبوع على الأكثر\n"
                "• تحديثات الطلبات والمواعيد: عند الحاجة\n"
                "الموافقة اختيارية. للإيقاف في أي وقت أرسل: إيقاف",
                "Do you agree to receive messages from {business} on WhatsApp?\n"
                "• Offers: about two a week at most\n"
                "• Updates about orders and appointments: when there is something to say\n"
                "Agreeing is optional. To stop at any time, send: STOP",
            ),
            (
                Choice("OPT_IN_CONFIRM", Text("موافق", "I agree")),
                Choice("OPT_IN_DECLINE", Text("لا شكرًا", "No thanks")),
            ),
            names_notice=True,
        ),
        FixedText(
            Intent.OPT_IN_CONFIRMED,
            Text(
                "سُجّلت موافقتك على رسائل {business} على واتساب. للإيقاف في أي وقت أرسل: إيقاف",
                "Your consent to messages from {business} on WhatsApp is recorded. To stop at any time, send: STOP",
            ),
        ),
        FixedText(
            Intent.HELP,
            Text(
                "هنا {business} على واتساب. ما تكتبه في هذه المحادثة يصل إلى فريقنا.\n"
                "لإيقاف كل الرسائل أرسل: إيقاف\nلإيقاف العروض وحدها أرسل: إيقاف العروض\nللعودة أرسل: ابدأ",
                "This is {business} on WhatsApp. What you write in this chat reaches our team.\n"
                "To stop all messages, send: STOP\nTo stop offers only, send: STOP OFFERS\nTo come back, send: START",
            ),
        ),
    )
}

CONSENTED_PURPOSES = ("offers", "order_updates", "meetings")
"""What the question after START names, one by one; a consent given on it covers exactly these."""
