"""People's rights over their data, and the clock that runs from the day they ask. Nothing here is legal advice.

Source: PDPL article 4 and its implementing regulation, articles 3 and 10, by the reference "consent and
contactability", section 1.1, read 2026-11-22.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from wakeel.domain.words import Text

ANSWER_WITHIN = timedelta(days=30)
EXTENSION = timedelta(days=30)
"""Once, with prior notice and a reason."""


class Right(StrEnum):
    INFORM = "inform"
    ACCESS = "access"
    COPY = "copy"
    CORRECT = "correct"
    DESTROY = "destroy"
    RESTRICT = "restrict"  # while the accuracy of their data is being checked
    WITHDRAW = "withdraw"


class RequestState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"  # with a reason, for unjustified repeats


RIGHT_WORDS: dict[Right, Text] = {
    Right.INFORM: Text("العلم", "be informed"),
    Right.ACCESS: Text("الوصول إلى بياناته", "access"),
    Right.COPY: Text("نسخة من بياناته", "a copy"),
    Right.CORRECT: Text("تصحيح بياناته", "correction"),
    Right.DESTROY: Text("إتلاف بياناته", "destruction"),
    Right.RESTRICT: Text("تقييد الاستخدام", "restriction"),
    Right.WITHDRAW: Text("سحب الموافقة", "withdrawal"),
}


class CameBy(StrEnum):
    """How a request reached us; one that was only spoken counts too."""

    WHATSAPP = "whatsapp"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


CAME_BY_WORDS: dict[CameBy, Text] = {
    CameBy.WHATSAPP: Text("واتساب", "WhatsApp"),
    CameBy.PHONE: Text("مكالمة هاتفية", "a phone call"),
    CameBy.EMAIL: Text("البريد الإلكتروني", "e-mail"),
    CameBy.LETTER: Text("خطاب", "a letter"),
    CameBy.IN_PERSON: Text("حضوريًا", "in person"),
}

REQUEST_STATE_WORDS: dict[RequestState, Text] = {
    RequestState.OPEN: Text("مفتوح", "open"),
    RequestState.DONE: Text("نُفّذ", "done"),
    RequestState.REFUSED: Text("رُفض", "refused"),
}


class ErasureReason(StrEnum):
    """Why a person's data is destroyed (implementing regulation, article 8). Goes into the ledger as the source."""

    ON_REQUEST = "erasure_on_request"
    PURPOSE_GONE = "erasure_purpose_gone"
    CONSENT_WITHDRAWN = "erasure_consent_withdrawn"
    UNLAWFUL = "erasure_unlawful"


ERASURE_WORDS: dict[ErasureReason, Text] = {
    ErasureReason.ON_REQUEST: Text("بطلب الشخص", "the person asked for it"),
    ErasureReason.PURPOSE_GONE: Text("انتهى الغرض من البيانات", "the purpose is gone"),
    ErasureReason.CONSENT_WITHDRAWN: Text(
        "سُحبت الموافقة وكانت الأساس الوحيد", "consent was the only basis and is withdrawn"
    ),
    ErasureReason.UNLAWFUL: Text("كانت المعالجة غير نظامية", "the processing was unlawful"),
}


class ExportReason(StrEnum):
    """Why everything held on a person is handed out; the audit log keeps it."""

    ASKED = "export_asked"  # the person asked to see it, or for a copy
    AUTHORITY = "export_authority"
    CHECK = "export_check"  # our own: whether it is right and needed


EXPORT_WORDS: dict[ExportReason, Text] = {
    ExportReason.ASKED: Text(
        "طلب صاحب البيانات الاطلاع عليها أو نسخة منها", "The person asked to see it, or for a copy"
    ),
    ExportReason.AUTHORITY: Text("طلب جهة رسمية مختصة", "A competent authority asked for it"),
    ExportReason.CHECK: Text(
        "مراجعة داخلية لصحة البيانات والحاجة إليها", "Our own check of whether it is right and needed"
    ),
}

RESTRICTABLE = frozenset({Right.RESTRICT, Right.CORRECT})
"""Requests during which nothing is sent to the person until their data has been checked (article 7)."""


def due_at(received_at: datetime) -> datetime:
    """By when a request is answered."""
    return received_at + ANSWER_WITHIN


def extended_until(due: datetime) -> datetime:
    """The last day of an extended request."""
    return due + EXTENSION


def last_day(due: datetime, extended: datetime | None) -> datetime:
    """When the clock of one request ends. extended: None for a request that was not extended."""
    return extended or due


def is_overdue(until: datetime, *, now: datetime) -> bool:
    return now > until


def whole_days(until: datetime, *, now: datetime) -> int:
    """Whole days between now and the end of the clock, before or after it; 0 on its last day and on the first after."""
    return abs(until - now) // timedelta(days=1)
