"""Reason codes of the gate: one row each – the answer's class, the words for the operator, the steps that can work.

Codes, classes and order: reference "consent and contactability", sections 5.2 and 5.4 (normative), read 2026-11-22.
`{t}` is a time, `{purpose}` and `{scope}` are words of ours; nothing personal is ever filled in.
"""

from dataclasses import dataclass
from enum import StrEnum

from wakeel.domain.steps import Step
from wakeel.domain.words import Text


class Answer(StrEnum):
    ALLOW = "allow"  # send now
    SIMULATE = "simulate"  # would be allowed; live sending is off
    DEFER = "defer"  # decide again at `next_allowed_at`, by itself
    HOLD = "hold"  # a person must act
    BLOCK = "block"  # only a new act of the person, or a new message, changes it


class ReasonCode(StrEnum):
    OK = "OK"
    LIVE_SEND_OFF = "LIVE_SEND_OFF"
    INVALID_REQUEST = "INVALID_REQUEST"
    KILL_SWITCH = "KILL_SWITCH"
    RECIPIENT_INVALID = "RECIPIENT_INVALID"
    UNKNOWN_CONTACT = "UNKNOWN_CONTACT"
    IDENTITY_HOLD = "IDENTITY_HOLD"
    OPTED_OUT = "OPTED_OUT"
    NO_CONSENT = "NO_CONSENT"
    CONSENT_PENDING = "CONSENT_PENDING"
    CONSENT_EXPIRED = "CONSENT_EXPIRED"
    MESSAGE_EXPIRED = "MESSAGE_EXPIRED"
    DUPLICATE_REQUEST = "DUPLICATE_REQUEST"
    APPROVAL_MISSING = "APPROVAL_MISSING"
    APPROVAL_STALE = "APPROVAL_STALE"
    APPROVAL_EXPIRED = "APPROVAL_EXPIRED"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    CONTACT_REPLIED = "CONTACT_REPLIED"
    # Not of the gate: set when something of theirs could not be read.
    UNREAD_MESSAGE = "UNREAD_MESSAGE"


@dataclass(frozen=True, slots=True)
class Reason:
    answer: Answer
    text: Text
    steps: tuple[Step, ...] = ()


REASONS: dict[ReasonCode, Reason] = {
    ReasonCode.OK: Reason(Answer.ALLOW, Text("جاهزة للإرسال الآن.", "Ready to send now.")),
    ReasonCode.LIVE_SEND_OFF: Reason(
        Answer.SIMULATE,
        Text(
            "تجربة فقط: الإرسال الحقيقي متوقف. كل الفحوص الأخرى سليمة.",
            "Dry run only: live sending is off. All other checks pass.",
        ),
        (Step.CHECK_SETTINGS,),
    ),
    ReasonCode.INVALID_REQUEST: Reason(
        Answer.HOLD,
        Text("الطلب ناقص أو غير مفهوم، ولم يُفحص شيء آخر.", "The request is incomplete; nothing else was checked."),
        (Step.CHECK_SETTINGS,),
    ),
    ReasonCode.KILL_SWITCH: Reason(
        Answer.HOLD,
        Text(
            "الإرسال موقوف بمفتاح الإيقاف ({scope}). لا يُرسل شيء حتى يستأنفه المسؤول.",
            "Sending is stopped by the stop switch ({scope}). Nothing goes out until an administrator resumes it.",
        ),
        (Step.RELEASE_STOP,),
    ),
    ReasonCode.RECIPIENT_INVALID: Reason(
        Answer.BLOCK,
        Text("لا يوجد رقم صالح. صحّح الرقم قبل المحاولة.", "There is no valid number. Correct it first."),
        (Step.FIX_NUMBER,),
    ),
    ReasonCode.UNKNOWN_CONTACT: Reason(
        Answer.BLOCK,
        Text(
            "هذا الشخص لم يعطِ رقمه ولم يراسلنا، ولا نبدأ المراسلة معه. أعطه رابط المحادثة ليراسلك أولًا.",
            "This person never gave a number or wrote to us, and we do not start. Hand over the chat link first.",
        ),
        (Step.ASK_TO_WRITE_FIRST,),
    ),
    ReasonCode.IDENTITY_HOLD: Reason(
        Answer.HOLD,
        Text(
            "صاحب الرقم قد يكون تغيّر. تأكد منه بوسيلة أخرى قبل الإرسال.",
            "The number may belong to someone else now. Confirm by another way first.",
        ),
        (Step.CONFIRM_IDENTITY,),
    ),
    ReasonCode.OPTED_OUT: Reason(
        Answer.BLOCK,
        Text(
            "طلب إيقاف الرسائل بتاريخ {t}. لن تُرسل إليه أبدًا ما لم يعد ويوافق بنفسه.",
            "Asked us to stop on {t}. Never written to again unless they reopen it themselves.",
        ),
        (Step.NONE_EVER,),
    ),
    ReasonCode.NO_CONSENT: Reason(
        Answer.HOLD,
        Text(
            "لا توجد موافقة لهذا الغرض ({purpose}). اطلبها منه في نموذج أو في محادثة بدأها هو، ثم سجّلها مع الدليل.",
            "No consent for this purpose ({purpose}). Ask through a form or in a chat they started, then record it.",
        ),
        (Step.RECORD_CONSENT,),
    ),
    ReasonCode.CONSENT_PENDING: Reason(
        Answer.HOLD,
        Text(
            "وافق ولم يؤكد بعد. ننتظر تأكيده من رقمه.",
            "Opted in but has not confirmed from this number yet.",
        ),
        (Step.WAIT_UNTIL_THEY_WRITE,),
    ),
    ReasonCode.CONSENT_EXPIRED: Reason(
        Answer.HOLD,
        Text(
            "انتهت الموافقة في {t}. تحتاج تجديدًا منه قبل أي إرسال.",
            "Consent ended on {t}. Needs renewal before any message.",
        ),
        (Step.RECORD_CONSENT,),
    ),
    ReasonCode.MESSAGE_EXPIRED: Reason(
        Answer.BLOCK,
        Text("ستصل الرسالة بعد فوات وقتها، لذلك أُلغيت.", "It would arrive too late, so it was dropped."),
        (Step.NONE_EVER,),
    ),
    ReasonCode.DUPLICATE_REQUEST: Reason(
        Answer.BLOCK,
        Text(
            "سبق تنفيذ هذا الطلب أو نتيجته غير معروفة، فلا يُعاد إرساله.",
            "This request was already executed, or its result is unknown; it is not sent again.",
        ),
        (Step.NONE_EVER,),
    ),
    ReasonCode.APPROVAL_MISSING: Reason(
        Answer.HOLD, Text("تنتظر الاعتماد.", "Waiting for approval."), (Step.APPROVE_AGAIN,)
    ),
    ReasonCode.APPROVAL_STALE: Reason(
        Answer.HOLD,
        Text("تغيّرت الرسالة بعد اعتمادها. اعتمدها من جديد.", "Changed after approval. Approve it again."),
        (Step.APPROVE_AGAIN,),
    ),
    ReasonCode.APPROVAL_EXPIRED: Reason(
        Answer.HOLD,
        Text("انتهت مدة الاعتماد. اعتمد الرسالة من جديد.", "The approval has ended. Approve the message again."),
        (Step.APPROVE_AGAIN,),
    ),
    ReasonCode.WINDOW_CLOSED: Reason(
        Answer.HOLD,
        Text(
            "نافذة الرد مغلقة: لا رسالة منه في آخر 24 ساعة. انتظر حتى يكتب، ورابط المحادثة يسهّل ذلك عليه.",
            "The reply window is closed: no message from them in the last 24 hours. Wait until they write; "
            "the chat link makes it easy.",
        ),
        (Step.WAIT_UNTIL_THEY_WRITE,),
    ),
    ReasonCode.UNREAD_MESSAGE: Reason(
        Answer.HOLD,
        Text(
            "وصلت منه رسالة تعذّرت قراءتها، وقد تكون طلب إيقاف. اسأله أو راجعها قبل الإرسال.",
            "Something they sent could not be read; it may be a request to stop. Ask or look before sending.",
        ),
        (Step.APPROVE_AGAIN,),
    ),
    ReasonCode.CONTACT_REPLIED: Reason(
        Answer.HOLD,
        Text(
            "كتب قبل أن تخرج الرسالة، فأُوقفت لتقرأ رده أولًا.",
            "They wrote before it left, so it was kept back for you to read their words first.",
        ),
        (Step.APPROVE_AGAIN,),
    ),
}
