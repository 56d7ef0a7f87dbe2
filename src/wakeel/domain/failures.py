"""Messages in trouble: what kinds there are, which causes are told once, and what the product does by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from wakeel.domain.words import Text


class Trouble(StrEnum):
    FAILED = "failed"  # refused by WhatsApp or by our own client
    FAILED_STATUS = "failed_status"  # accepted first, then reported as not delivered
    HELD = "held"  # the gate wants a person
    SUPPRESSED = "suppressed"  # the gate took it back
    UNKNOWN = "unknown"  # no clear answer


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
