"""Every error code of Meta's that a send can meet: its class, its words, and the steps that can work.

Codes and meanings: reference WA 6 (Meta, "Error codes", copy of 2026-09-11), read 2026-11-22; classes, steps: ours.
Decided by code alone: Meta removes the titles, and the HTTP status is informative only.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wakeel.domain.steps import Step
from wakeel.domain.words import Text


class FailureClass(StrEnum):
    RETRY = "retry"
    """Not now; the machine may try again with growing waits, if it was a refusal read in an answer."""
    LATER = "later"
    """Much later, and once."""
    REENGAGE = "reengage"
    """The customer service window is closed: an approved template, or wait until they write."""
    PERSON = "person"
    """This person cannot be reached; every other message to them would fare the same."""
    MESSAGE = "message"
    """This message is wrong; the same one would be refused again."""
    ACCOUNT = "account"
    """Meta holds the account or the number back; an administrator looks."""
    CONFIGURATION = "configuration"
    """Token, permission or setting: an administrator's matter."""
    FOREIGN = "foreign"
    """Of a part of Meta's platform that is not used here; a person looks, the machine does nothing."""
    UNKNOWN = "unknown"
    """A code this table does not know; a person looks, the machine does nothing."""


class Stop(StrEnum):
    """What one such error stops at once, until a person released it: the number's breaker."""

    NOTHING = "nothing"
    CONTACTS = "contacts"  # answers to operators still go
    NUMBER = "number"  # nothing of this number would get through


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One code. waits_s: seconds before each further try by the machine after a refusal read in an answer; () for none.

    retry_after: how long a person must wait before "try again" can work. template_state: what the template of the
    message is from now on, '' for no news of it.
    """

    failure_class: FailureClass
    text: Text
    steps: tuple[Step, ...]
    waits_s: tuple[int, ...] = ()
    retry_after: timedelta = timedelta(0)
    stop: Stop = Stop.NOTHING
    template_state: str = ""


_C = FailureClass

BACK_OFF_S = (2, 8, 30, 120, 600)
"""Growing waits; after the last one it is a person's turn."""
PAIR_S = (1, 4, 16, 64, 256)
"""131056 asks for 4^X seconds, X = 0, 1, 2 … (WA 5.6); only this person's messages wait."""
FEW_S = (2, 8, 30)
"""Codes that may as well mean that the request is wrong: three further tries at most."""
MINUTES_S = (60, 300, 900, 1800, 3600)
"""Limits that are counted by the hour (4, 80007), and maintenance (131057)."""
ONCE_S = (30,)
"""A file that could not be fetched or taken (131052, 131053)."""
ONCE_10_MIN_S, ONCE_1_H_S = (600,), (3600,)
"""Much later, once: templates still being copied (134101), a Flow at its hourly limit (132069)."""

_TRY_AGAIN = (Step.RETRY, Step.GIVE_UP)
_ASK_ADMIN = (Step.CHECK_SETTINGS, Step.RETRY, Step.GIVE_UP)
_RESUME = (Step.RESUME_NUMBER, Step.RETRY, Step.GIVE_UP)
_CHANGE_TEXT = (Step.EDIT_TEXT, Step.GIVE_UP)
_CHANGE_TEMPLATE = (Step.USE_TEMPLATE, Step.EDIT_TEXT, Step.GIVE_UP)
_FILL_VALUES = (Step.FILL_VALUES, Step.EDIT_TEXT, Step.GIVE_UP)
_CHANGE_VALUES = (Step.CHANGE_VALUES, Step.EDIT_TEXT, Step.GIVE_UP)
_OTHER_TEMPLATE = (Step.OTHER_TEMPLATE, Step.EDIT_TEXT, Step.GIVE_UP)
_TELL_US = (Step.COPY_DETAILS, Step.EDIT_TEXT, Step.GIVE_UP)
_LOOK = (Step.RETRY, Step.EDIT_TEXT, Step.GIVE_UP)


def _retry(waits_s: tuple[int, ...], text: Text) -> Row:
    return Row(failure_class=_C.RETRY, text=text, steps=_TRY_AGAIN, waits_s=waits_s)


def _setting(ar: str, en: str, *first: Step, stop: Stop = Stop.NUMBER) -> Row:
    usual: tuple[Step, ...] = _ASK_ADMIN if stop is Stop.NOTHING else _RESUME
    steps = (*first, *usual[1:]) if first else usual
    return Row(failure_class=_C.CONFIGURATION, text=Text(ar, en), steps=steps, stop=stop)


def _account(ar: str, en: str, *first: Step, stop: Stop = Stop.NUMBER) -> Row:
    return Row(failure_class=_C.ACCOUNT, text=Text(ar, en), steps=(*first, *_RESUME), stop=stop)


def _message(ar: str, en: str, *, steps: tuple[Step, ...] = _CHANGE_TEXT) -> Row:
    return Row(failure_class=_C.MESSAGE, text=Text(ar, en), steps=steps)


def _template(ar: str, en: str, *, steps: tuple[Step, ...] = _CHANGE_TEMPLATE, state: str = "") -> Row:
    return Row(failure_class=_C.MESSAGE, text=Text(ar, en), steps=steps, template_state=state)


def _file(ar: str, en: str) -> Row:
    return Row(failure_class=_C.MESSAGE, text=Text(ar, en), steps=(*_TRY_AGAIN[:1], *_CHANGE_TEXT), waits_s=ONCE_S)


def _person(ar: str, en: str, *steps: Step) -> Row:
    return Row(failure_class=_C.PERSON, text=Text(ar, en), steps=(*steps, Step.GIVE_UP))


def _foreign(ar: str, en: str) -> Row:
    return Row(failure_class=_C.FOREIGN, text=Text(ar, en), steps=_TRY_AGAIN)


UNKNOWN = Row(
    failure_class=_C.UNKNOWN,
    text=Text("رُفضت الرسالة برمز غير معروف، ويلزم النظر فيها", "Refused with a code we do not know; it needs a look"),
    steps=_LOOK,
)
_TOKEN = _setting(
    "انتهى تصريح الاتصال أو نقصت الصلاحيات", "The access token expired or lacks a permission", Step.RENEW_ACCESS
)
_OUR_FAULT = _message(
    "طلب غير صالح، الخلل من جهتنا", "Invalid request: the fault is in how we wrote it", steps=_TELL_US
)
_RESTRICTED = _account("الحساب أو الرقم مقيَّد أو غير مسجّل", "The account or the number is restricted, or not registered")
_SPEED = Text("بلغ الرقم حد السرعة", "The number reached its speed limit")
_PASSING = Text("عطل مؤقت لدى واتساب", "A passing fault at WhatsApp")
_PAYMENT = _account("مشكلة في الدفع لدى واتساب", "A payment problem at WhatsApp", stop=Stop.CONTACTS)
_NOT_REGISTERED = _setting("رقم الإرسال غير مسجّل لدى واتساب كما يجب", "The sending number is not registered properly")
_VALUES = _template("قيم القالب لا تطابق نصه", "The template's values do not fit its text", steps=_FILL_VALUES)
_FILLED = _template(
    "النص بعد التعبئة طويل أو مخالف لسياسة الصياغة",
    "With its values the text is too long, or breaks a rule",
    steps=_CHANGE_VALUES,
)
_CALLS = _foreign("رمز خاص بالمكالمات، ولا تُستخدم هنا", "A code of the calling API, which is not used here")
_GROUPS = _foreign("رمز خاص بالمجموعات، ولا تُستخدم هنا", "A code of the groups API, which is not used here")
_FLOWS = _foreign("رمز خاص بنماذج واتساب (Flows)", "A code of WhatsApp Flows, which are not used here")
_BLOCKING = _foreign("رمز خاص بقائمة الحظر", "A code of the list of blocked people")
_USERNAME = _foreign("رمز خاص باسم المستخدم للمنشأة", "A code of the business's username")
_ADMINISTRATION = _foreign("رمز خاص بإدارة الحساب والقوالب", "A code of account and template administration")
_INBOUND = _foreign("رمز خاص بالرسائل الواردة", "A code of incoming messages")

CODES: dict[int, Row] = {
    0: _TOKEN,
    1: _retry(FEW_S, _PASSING),
    2: _retry(BACK_OFF_S, _PASSING),
    3: _TOKEN,
    4: _retry(MINUTES_S, _SPEED),
    10: _TOKEN,
    33: _setting("رقم الإرسال محذوف أو معرّفه خاطئ", "The sending number was deleted, or its id is wrong"),
    100: _OUR_FAULT,
    104: _TOKEN,
    190: _TOKEN,
    368: _RESTRICTED,
    613: _CALLS,
    80007: _retry(MINUTES_S, _SPEED),
    130403: _person("هذا الشخص محظور من جهتنا", "We blocked this person"),
    130429: _retry(BACK_OFF_S, _SPEED),
    130472: _person(
        "المستلم ضمن تجربة لواتساب لا تُسلَّم فيها الرسائل التسويقية",
        "They are in an experiment of WhatsApp's in which marketing is not delivered",
        Step.WAIT_UNTIL_THEY_WRITE,
    ),
    130497: _person(
        "لا يُسمح لحسابنا بمراسلة هذه الدولة", "Our account may not send to that country", Step.FIX_NUMBER
    ),
    131000: _retry(FEW_S, _PASSING),
    131005: _TOKEN,
    131008: _OUR_FAULT,
    131009: _OUR_FAULT,
    131016: _retry(BACK_OFF_S, _PASSING),
    131020: _GROUPS,
    131021: Row(
        failure_class=_C.MESSAGE,
        text=Text("رقم المستلم هو رقم الإرسال نفسه", "The recipient's number is our own sending number"),
        steps=(Step.FIX_NUMBER, Step.GIVE_UP),
    ),
    131026: _person(
        "تعذّر التسليم: قد لا يكون الرقم على واتساب أو التطبيق قديم",
        "Could not be delivered: the number may not be on WhatsApp, or the app is too old",
        Step.FIX_NUMBER, Step.REACHABLE_AGAIN, Step.ASK_TO_WRITE_FIRST,
    ),
    131030: _setting(
        "الرقم خارج قائمة أرقام الاختبار", "The number is not on the list of test numbers", Step.ADD_NUMBER,
        stop=Stop.NOTHING,
    ),
    131031: _RESTRICTED,
    131037: _setting("اسم العرض لرقم الإرسال غير معتمد بعد", "The sending number's display name is not approved yet"),
    131041: _GROUPS,
    131042: _PAYMENT,
    131044: _PAYMENT,
    131045: _NOT_REGISTERED,
    131047: Row(
        failure_class=_C.REENGAGE,
        text=Text(
            "نافذة الرد مغلقة: مرّت أكثر من 24 ساعة على آخر رسالة من العميل",
            "The reply window is closed: more than 24 hours since their last message",
        ),
        steps=(Step.USE_TEMPLATE, Step.WAIT_UNTIL_THEY_WRITE, Step.GIVE_UP),
    ),
    131048: _account(
        "قُيّد الإرسال بسبب بلاغات أو جودة منخفضة", "Sending is limited because of reports or low quality",
        Step.REVIEW_QUALITY, stop=Stop.CONTACTS,
    ),
    131049: Row(
        failure_class=_C.LATER,
        text=Text(
            "لم تُسلَّم حفاظًا على تجربة المستلم", "Not delivered, to protect the recipient's experience"
        ),
        steps=(Step.WAIT_UNTIL_THEY_WRITE, Step.RETRY, Step.GIVE_UP),
        retry_after=timedelta(hours=24),
    ),
    131050: _person("أوقفت هذه الجهة الرسائل التسويقية", "They stopped marketing messages", Step.NONE_EVER),
    131051: _OUR_FAULT,
    131052: _file("تعذّر تنزيل المرفق أو رفعه", "The attached file could not be fetched or taken"),
    131053: _file("تعذّر تنزيل المرفق أو رفعه", "The attached file could not be fetched or taken"),
    131055: _template("تُقبل القوالب التسويقية وحدها بهذه الطريقة", "Only marketing templates are taken this way"),
    131056: _retry(
        PAIR_S, Text("رسائل متتابعة لنفس الجهة أسرع من المسموح", "Messages to the same person faster than allowed")
    ),
    131057: _retry(
        MINUTES_S, Text("رقم الإرسال تحت الصيانة لدى واتساب", "WhatsApp is servicing the sending number")
    ),
    131059: _GROUPS,
    131060: _INBOUND,
    131062: Row(
        failure_class=_C.MESSAGE,
        text=Text("هذه الرسالة تحتاج رقم جوال، والمتوفر معرّف واتساب", "This message needs a phone number"),
        steps=(Step.FIX_NUMBER, Step.EDIT_TEXT, Step.GIVE_UP),
    ),
    131063: _setting(
        "القوالب التسويقية معطّلة لهذا الحساب", "Marketing templates are disabled for this account", stop=Stop.NOTHING
    ),
    131064: _account(
        "قُيّد الحساب بسبب تصنيف خاطئ للقوالب", "The account is limited because templates were put into a wrong category",
        stop=Stop.CONTACTS,
    ),
    132000: _VALUES,
    132001: _template(
        "القالب غير معتمد بهذه اللغة", "The template is not approved in this language",
        steps=_OTHER_TEMPLATE, state="DELETED",
    ),
    132005: _FILLED,
    132007: _FILLED,
    132008: _template("قيمة غير مقبولة في القالب", "A value in the template is not accepted", steps=_CHANGE_VALUES),
    132012: _VALUES,
    132015: _template("القالب موقوف مؤقتًا", "The template is paused", steps=_OTHER_TEMPLATE, state="PAUSED"),
    132016: _template("القالب معطّل", "The template is disabled", steps=_OTHER_TEMPLATE, state="DISABLED"),
    132018: _template("خلل في قيم القالب", "Something is wrong with the template's values"),
    132068: _message("النموذج (Flow) محظور لدى واتساب", "WhatsApp blocked the Flow"),
    132069: Row(
        failure_class=_C.LATER,
        text=Text("بلغ النموذج (Flow) حده في الساعة", "The Flow reached its hourly limit"),
        steps=_TRY_AGAIN,
        waits_s=ONCE_1_H_S,
        retry_after=timedelta(hours=1),
    ),
    133000: _NOT_REGISTERED,
    133004: _NOT_REGISTERED,
    133005: _NOT_REGISTERED,
    133006: _NOT_REGISTERED,
    133008: _NOT_REGISTERED,
    133009: _NOT_REGISTERED,
    133010: _RESTRICTED,
    133015: _NOT_REGISTERED,
    133016: _NOT_REGISTERED,
    134011: _setting(
        "شروط الدفع لدى واتساب لم تُقبل بعد", "WhatsApp's payment terms were not accepted yet", stop=Stop.CONTACTS
    ),
    134100: _template("تُقبل القوالب التسويقية وحدها بهذه الطريقة", "Only marketing templates are taken this way"),
    134101: Row(
        failure_class=_C.LATER,
        text=Text("القالب ما زال يُنسخ لدى واتساب", "WhatsApp is still copying the template"),
        steps=_TRY_AGAIN,
        waits_s=ONCE_10_MIN_S,
        retry_after=timedelta(minutes=10),
    ),
    134102: _setting(
        "إرسال التسويق غير متاح لهذا الحساب", "Marketing messages are not available to this account", stop=Stop.NOTHING
    ),
    135000: Row(
        failure_class=_C.MESSAGE,
        text=Text("خلل عام في الطلب أو في قيم القالب", "Something is wrong with the request or the template's values"),
        steps=(Step.RETRY, Step.EDIT_TEXT, Step.GIVE_UP),
    ),
    137000: _person(
        "هوية صاحب الرقم تغيّرت لدى واتساب", "Whose number this is has changed at WhatsApp", Step.CONFIRM_IDENTITY
    ),
    139200: _account(
        "أوقف واتساب الإرسال المباشر للحساب", "WhatsApp stopped direct sending for this account", stop=Stop.NOTHING
    ),
    1752041: _ADMINISTRATION,
    200005: _ADMINISTRATION,
    200006: _ADMINISTRATION,
    200007: _ADMINISTRATION,
    2593107: _ADMINISTRATION,
    2593108: _ADMINISTRATION,
}  # fmt: skip

RANGES: tuple[tuple[range, Row], ...] = (
    (range(200, 300), _TOKEN),
    (range(131200, 131300), _GROUPS),
    (range(138000, 138024), _CALLS),
    (range(139000, 139005), _FLOWS),
    (range(139100, 139104), _BLOCKING),
    (range(147001, 147006), _USERNAME),
    (range(2388000, 2389000), _ADMINISTRATION),
    (range(2494000, 2495000), _ADMINISTRATION),
)
"""Codes that Meta gives out by the range."""

LIVE_SEND_OFF = "live_send_off"
HTTPS_REQUIRED = "https_required"
NO_TOKEN = "no_token"  # noqa: S105 - the name of a reason
BAD_PHONE_NUMBER_ID = "bad_phone_number_id"
PEER_NOT_LOOPBACK = "peer_not_loopback"
CONNECTION_FAILED = "connection_failed"
UNSENDABLE_TEXT = "unsendable_text"

LOCAL: dict[str, Row] = {
    LIVE_SEND_OFF: _setting(
        "الإرسال الفعلي غير مفعّل، ولم يُرسل شيء", "Live sending is off; nothing was sent", stop=Stop.NOTHING
    ),
    HTTPS_REQUIRED: _setting(
        "عنوان واتساب في الإعدادات غير مشفّر (https)", "The Graph URL in the settings is not https", stop=Stop.NOTHING
    ),
    NO_TOKEN: _setting(
        "رمز الاتصال بواتساب غير موجود في الإعدادات", "The settings have no access token", stop=Stop.NOTHING
    ),
    BAD_PHONE_NUMBER_ID: _setting(
        "معرّف رقم الإرسال غير صالح", "The id of the sending number is not valid", stop=Stop.NOTHING
    ),
    PEER_NOT_LOOPBACK: _setting(
        "عنوان المحاكي لا يقود إلى هذا الجهاز", "The simulator's address does not lead to this machine",
        stop=Stop.NOTHING,
    ),
    CONNECTION_FAILED: _retry(
        BACK_OFF_S, Text("تعذّر الاتصال بواتساب، ولم يُرسل شيء", "WhatsApp could not be reached; nothing was sent")
    ),
    UNSENDABLE_TEXT: _message("في النص رمز لا يمكن إرساله", "The text has a character that cannot be sent"),
}  # fmt: skip
"""Refusals of our own client, by the name in `Failure.details`; Meta was not asked."""
