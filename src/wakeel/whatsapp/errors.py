"""One table from Meta's error codes to what they mean for us, in words, with the next steps for a person.

Codes: Meta for Developers, "Error codes", copy of 2026-09-11, read 2026-11-22. Decided by code alone: Meta removes the
titles, and the HTTP status is informative only. An error means the same whether it came as an answer or as a status.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from wakeel.domain.steps import Step
from wakeel.domain.words import Text

HTTP_TOO_MANY_REQUESTS = 429


class FailureClass(StrEnum):
    RETRY = "retry"
    """Not now; the machine may try again with growing waits, if it was a refusal read in an answer."""
    LATER = "later"
    """Not within a day; wait until they write."""
    REENGAGE = "reengage"
    """The customer service window is closed: wait until they write."""
    PERSON = "person"
    """This person cannot be reached; every other message to them would fare the same."""
    MESSAGE = "message"
    """This message is wrong; the same one would be refused again."""
    ACCOUNT = "account"
    """Meta holds the account or the number back; an administrator looks."""
    CONFIGURATION = "configuration"
    """Token, permission or setting: an administrator's matter."""
    UNKNOWN = "unknown"
    """A code this table does not know; a person looks, the machine does nothing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not sent, or not delivered.

    code: Meta's; None if Meta was not asked (then details is one of the `LOCAL` names). http_status: None if it came
    in a status webhook or Meta was not asked. details: Meta's words; they may name a person, so they stay out of repr.
    """

    code: int | None
    http_status: int | None
    details: str = field(repr=False)
    failure_class: FailureClass


@dataclass(frozen=True, slots=True)
class _Row:
    failure_class: FailureClass
    text: Text
    steps: tuple[Step, ...]


_TRY_LATER = (Step.NONE_AUTOMATIC, Step.RETRY, Step.GIVE_UP)
_ASK_ADMIN = (Step.CHECK_SETTINGS, Step.RETRY, Step.GIVE_UP)
_CHANGE_TEXT = (Step.EDIT_TEXT, Step.GIVE_UP)

_TOO_FAST = _Row(
    FailureClass.RETRY,
    Text("بلغ رقم الإرسال حد السرعة المسموح", "The sending number reached its speed limit"),
    _TRY_LATER,
)
_PERMISSION = _Row(
    FailureClass.CONFIGURATION,
    Text("انتهت صلاحية رمز الاتصال بواتساب أو نقصت صلاحياته", "The access token expired or lacks a permission"),
    _ASK_ADMIN,
)
_OUR_FAULT = _Row(
    FailureClass.MESSAGE,
    Text("طلب غير صالح: الخلل في صياغته من جهتنا", "Invalid request: the fault is in how we wrote it"),
    _CHANGE_TEXT,
)
_RESTRICTED = _Row(
    FailureClass.ACCOUNT,
    Text("الحساب أو الرقم مقيَّد لدى واتساب", "WhatsApp has restricted the account or the number"),
    _ASK_ADMIN,
)
_UNKNOWN = _Row(
    FailureClass.UNKNOWN,
    Text("رُفضت الرسالة برمز غير معروف، ويلزم النظر فيها", "Refused with a code we do not know; it needs a look"),
    (Step.RETRY, Step.EDIT_TEXT, Step.GIVE_UP),
)

_CODES: dict[int, _Row] = {
    0: _PERMISSION,
    4: _TOO_FAST,
    10: _PERMISSION,
    100: _OUR_FAULT,
    190: _PERMISSION,
    368: _RESTRICTED,
    80007: _TOO_FAST,
    130429: _TOO_FAST,
    131000: _Row(
        FailureClass.RETRY,
        Text("عطل مؤقت لدى واتساب", "A passing fault at WhatsApp"),
        _TRY_LATER,
    ),
    131005: _PERMISSION,
    131008: _OUR_FAULT,
    131009: _OUR_FAULT,
    131026: _Row(
        FailureClass.PERSON,
        Text(
            "تعذّر التسليم: قد لا يكون الرقم على واتساب، أو قد يكون التطبيق قديمًا",
            "Could not be delivered: the number may not be on WhatsApp, or the app is too old",
        ),
        (Step.FIX_NUMBER, Step.ASK_TO_WRITE_FIRST, Step.GIVE_UP),
    ),
    131030: _Row(
        FailureClass.CONFIGURATION,
        Text("الرقم خارج قائمة أرقام الاختبار", "The number is not on the list of test numbers"),
        _ASK_ADMIN,
    ),
    131031: _RESTRICTED,
    131042: _Row(
        FailureClass.ACCOUNT,
        Text("مشكلة في الدفع لدى واتساب", "A payment problem at WhatsApp"),
        _ASK_ADMIN,
    ),
    131047: _Row(
        FailureClass.REENGAGE,
        Text(
            "نافذة الرد مغلقة: مرّت أكثر من 24 ساعة على آخر رسالة من جهة الاتصال",
            "The reply window is closed: more than 24 hours since their last message",
        ),
        (Step.WAIT_UNTIL_THEY_WRITE, Step.GIVE_UP),
    ),
    131048: _Row(
        FailureClass.ACCOUNT,
        Text("قُيّد الإرسال بسبب بلاغات أو جودة منخفضة", "Sending is limited because of reports or low quality"),
        _ASK_ADMIN,
    ),
    131049: _Row(
        FailureClass.LATER,
        Text(
            "لم تُسلَّم حفاظًا على تجربة المستلم، ولا إعادة قبل 24 ساعة",
            "Not delivered, to protect the recipient's experience; not again within 24 hours",
        ),
        (Step.WAIT_UNTIL_THEY_WRITE, Step.GIVE_UP),
    ),
    131050: _Row(
        FailureClass.PERSON,
        Text("أوقفت جهة الاتصال الرسائل التسويقية", "They stopped marketing messages"),
        (Step.NONE_EVER, Step.GIVE_UP),
    ),
    131056: _Row(
        FailureClass.RETRY,
        Text(
            "رسائل متتابعة لجهة الاتصال نفسها أسرع من المسموح",
            "Messages to the same person faster than allowed",
        ),
        _TRY_LATER,
    ),
}

LIVE_SEND_OFF = "live_send_off"
HTTPS_REQUIRED = "https_required"
NO_TOKEN = "no_token"  # noqa: S105 - the name of a reason
BAD_PHONE_NUMBER_ID = "bad_phone_number_id"
PEER_NOT_LOOPBACK = "peer_not_loopback"
CONNECTION_FAILED = "connection_failed"
UNSENDABLE_TEXT = "unsendable_text"

LOCAL: dict[str, _Row] = {
    LIVE_SEND_OFF: _Row(
        FailureClass.CONFIGURATION,
        Text("الإرسال الفعلي غير مفعّل، ولم يُرسل شيء", "Live sending is off; nothing was sent"),
        _ASK_ADMIN,
    ),
    HTTPS_REQUIRED: _Row(
        FailureClass.CONFIGURATION,
        Text("عنوان واتساب في الإعدادات غير مشفّر (https)", "The Graph URL in the settings is not https"),
        _ASK_ADMIN,
    ),
    NO_TOKEN: _Row(
        FailureClass.CONFIGURATION,
        Text("رمز الاتصال بواتساب غير موجود في الإعدادات", "The settings have no access token"),
        _ASK_ADMIN,
    ),
    BAD_PHONE_NUMBER_ID: _Row(
        FailureClass.CONFIGURATION,
        Text("معرّف رقم الإرسال غير صالح", "The id of the sending number is not valid"),
        _ASK_ADMIN,
    ),
    PEER_NOT_LOOPBACK: _Row(
        FailureClass.CONFIGURATION,
        Text("عنوان المحاكي لا يقود إلى هذا الجهاز", "The simulator's address does not lead to this machine"),
        _ASK_ADMIN,
    ),
    CONNECTION_FAILED: _Row(
        FailureClass.RETRY,
        Text("تعذّر الاتصال بواتساب، ولم يُرسل شيء", "WhatsApp could not be reached; nothing was sent"),
        _TRY_LATER,
    ),
    UNSENDABLE_TEXT: _Row(
        FailureClass.MESSAGE,
        Text("في النص رمز لا يمكن إرساله", "The text has a character that cannot be sent"),
        _CHANGE_TEXT,
    ),
}
"""Refusals of our own client, by the name in `Failure.details`; Meta was not asked."""


def classify(code: int | None, *, details: str = "", http_status: int | None = None) -> Failure:
    """The failure behind an error code; never raises, what is not in the table is UNKNOWN.

    details: `error_data.details`. http_status: None for an error of a status webhook.
    """
    failure_class = _row(code, details).failure_class
    if failure_class is FailureClass.UNKNOWN and http_status == HTTP_TOO_MANY_REQUESTS:
        failure_class = FailureClass.RETRY
    return Failure(code=code, http_status=http_status, details=details, failure_class=failure_class)


def refused_here(name: str) -> Failure:
    """The failure of a request that our own client did not make; name: a key of `LOCAL`."""
    return Failure(code=None, http_status=None, details=name, failure_class=LOCAL[name].failure_class)


def reason(code: int | None, *, details: str = "") -> Text:
    """Why, in both languages. details matter only without a code, where they are a key of `LOCAL`."""
    return _row(code, details).text


def steps(code: int | None, *, details: str = "", retried_by_machine: bool = False) -> tuple[Step, ...]:
    """What a person can do about it, the likeliest first.

    retried_by_machine: True while the message is pending again after a refusal; a failed status never is.
    """
    row = _row(code, details)
    if retried_by_machine:
        return (Step.NONE_AUTOMATIC, Step.GIVE_UP)
    return tuple(step for step in row.steps if step is not Step.NONE_AUTOMATIC)


def _row(code: int | None, details: str) -> _Row:
    if code is None:
        return LOCAL.get(details, _UNKNOWN)
    if 200 <= code <= 299:  # noqa: PLR2004 - Meta reserves this range for missing permissions
        return _PERMISSION
    return _CODES.get(code, _UNKNOWN)
