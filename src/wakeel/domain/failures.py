"""Messages in trouble: what kinds there are, which causes are told once, and what the product does by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from wakeel.domain.reasons import ReasonCode
from wakeel.domain.steps import Step
from wakeel.domain.words import Text


class Trouble(StrEnum):
    FAILED = "failed"  # refused by WhatsApp or by our own client
    FAILED_STATUS = "failed_status"  # accepted first, then reported as not delivered
    HELD = "held"  # the gate wants a person
    SUPPRESSED = "suppressed"  # the gate took it back
    UNKNOWN = "unknown"  # no clear answer
    RETRYING = "retrying"  # refused, and the machine tries again at its time
    LATER = "later"  # the gate moved it to the next allowed time


class Turn(StrEnum):
    """Whose turn it is, in the order of the desk."""

    YOURS = "yours"
    ADMINISTRATORS = "administrators"  # or a supervisor's
    MACHINES = "machines"
    NOBODYS = "nobodys"  # to know; there is nothing to do


TURN_WORDS: dict[Turn, Text] = {
    Turn.YOURS: Text("تنتظر خطوة منك", "A step of yours"),
    Turn.ADMINISTRATORS: Text("عند المدير أو المشرف", "With an administrator or supervisor"),
    Turn.MACHINES: Text("تمضي تلقائيًا", "Goes on by itself"),
    Turn.NOBODYS: Text("للعلم", "To know"),
}
_ADMINISTRATORS = frozenset(
    {
        Step.RESUME_NUMBER, Step.RENEW_ACCESS, Step.REVIEW_QUALITY, Step.ADD_NUMBER, Step.RELEASE_STOP,
        Step.APPROVE_TEXTS, Step.CHECK_SETTINGS, Step.COPY_DETAILS,
    }
)  # fmt: skip


def turn_of(trouble: Trouble, steps: Sequence[Step]) -> Turn:
    """By the likeliest step. steps: those that work, the likeliest first."""
    if trouble in {Trouble.RETRYING, Trouble.LATER}:
        return Turn.MACHINES
    if not steps or steps[0] is Step.NONE_EVER:
        return Turn.NOBODYS
    return Turn.ADMINISTRATORS if steps[0] in _ADMINISTRATORS else Turn.YOURS


NOT_CONFIRMED = Text("لم تتأكد النتيجة بعد", "Outcome not confirmed yet")
HEADINGS: dict[str, Text] = {
    ReasonCode.NO_CONSENT: Text("لا موافقة مسجّلة لهذه الجهة", "No consent on file for them"),
    ReasonCode.WINDOW_CLOSED: Text("نافذة الرد مغلقة", "The reply window is closed"),
    ReasonCode.OPTED_OUT: Text("طلب إيقاف الرسائل", "Asked us to stop"),
    ReasonCode.QUIET_HOURS: Text("خارج ساعات التواصل", "Outside contact hours"),
    ReasonCode.KILL_SWITCH: Text("الإرسال موقوف", "Sending is stopped"),
}
"""Headings of what our own gate keeps back; its sentence, with times and names, stands under each."""

SETTLES_ITSELF = Text(
    "إن وصل من واتساب ما يثبت خروجها سُجّلت مرسلةً تلقائيًا.",
    "If WhatsApp proves that it left, it is recorded as sent by itself.",
)
FINAL = Text("لن تُرسل.", "It will not be sent.")
ASKED_WHEN_CURED = Text(
    "تُعرض للاعتماد أو تُكمل طريقها تلقائيًا عند زوال السبب.",
    "When the cause is gone it goes on, or is shown for approval, by itself.",
)
ASKED_WHEN_THEY_WRITE = Text(
    "إذا كتبت جهة الاتصال عُرض النص للاعتماد من جديد.", "If they write, the text is shown for a new approval."
)
NUMBER_WAITS = Text(
    "الإرسال من الرقم متوقف، وما اعتُمد محفوظ حتى استئنافه.",
    "The number sends nothing for now; what was approved is kept until it is resumed.",
)
ONCE_MORE = Text(
    "لا تُعاد تلقائيًا. تتاح محاولة واحدة بعد {t}.", "Never again by itself. One more try is possible after {t}."
)
TRIED_AGAIN = Text("تُعاد المحاولة تلقائيًا: {t}.", "It is tried again by itself: {t}.")
LEAVES_LATER = Text("تُرسل تلقائيًا في أول وقت مسموح: {t}.", "It leaves by itself at the next allowed time: {t}.")
WITHDRAWN = Text(
    "كُتب انسحابها في سجل الموافقات. لا تُعاد.", "Their withdrawal stands in the consent ledger. Never again."
)
TEMPLATE_HIDDEN = Text(
    "لا تُعاد تلقائيًا، ولا يُعرض القالب حتى يعود.",
    "It is not tried again by itself, and the template is not offered until it is back.",
)
AFTER_MACHINE = Text(
    "انتهت المحاولات التلقائية، ولا تُعاد بعدها إلا بقرار.",
    "The automatic tries are over; only a decision sends it again.",
)
AFTER_ATTENTION = Text("لا تُعاد تلقائيًا، بل بقرار.", "It is not tried again by itself, only by a decision.")
NEVER_AGAIN = Text("لا تُعاد تلقائيًا.", "It is not tried again by itself.")

CAUSE_LASTS = timedelta(hours=1)
"""What fails for the same reason, from the same number, is told once in this time; the desk has every message."""


def cause_key(what: str, *, number_id: str, at: datetime) -> str:
    """One key for every message that fails for the same reason, from the same number, in the same hour.

    what: the kind of news with Meta's number, the name of our own refusal, or the reason code.
    """
    hour = int(at.timestamp() // CAUSE_LASTS.total_seconds())
    return f"cause:{what}:{number_id}:{hour}"


OUTAGE_GAP = timedelta(minutes=5)
"""Unanswered sends of one number that follow each other within this time belong to one outage."""

T = TypeVar("T")


def outages(tries: Iterable[tuple[datetime, T]]) -> list[list[T]]:
    """Unanswered sends of one number, with the time of each, by the outage in which they were tried, oldest first."""
    runs: list[list[T]] = []
    last: datetime | None = None
    for at, one in sorted(tries, key=lambda pair: pair[0]):
        if last is None or at - last > OUTAGE_GAP:
            runs.append([])
        runs[-1].append(one)
        last = at
    return runs
