"""Reason codes of the gate: one row each – the answer's class, the words for the operator, the steps that can work.

Codes, classes and order: reference "consent and contactability", sections 5.2 and 5.4 (normative), read 2026-11-22.
`{t}` is a time, the other values are words of ours (`domain.reason_values`); nothing personal is ever filled in.
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
    """In the order in which the gate asks."""

    OK = "OK"
    LIVE_SEND_OFF = "LIVE_SEND_OFF"
    INVALID_REQUEST = "INVALID_REQUEST"
    KILL_SWITCH = "KILL_SWITCH"
    RECIPIENT_INVALID = "RECIPIENT_INVALID"
    ADDRESS_TYPE_UNSUPPORTED = "ADDRESS_TYPE_UNSUPPORTED"
    UNKNOWN_CONTACT = "UNKNOWN_CONTACT"
    IDENTITY_HOLD = "IDENTITY_HOLD"
    OPTED_OUT = "OPTED_OUT"
    SUPPRESSED = "SUPPRESSED"
    NO_CONSENT = "NO_CONSENT"
    CONSENT_PENDING = "CONSENT_PENDING"
    CONSENT_EXPIRED = "CONSENT_EXPIRED"
    RECIPIENT_UNREACHABLE = "RECIPIENT_UNREACHABLE"
    MESSAGE_EXPIRED = "MESSAGE_EXPIRED"
    DUPLICATE_REQUEST = "DUPLICATE_REQUEST"
    DUPLICATE_CONTENT = "DUPLICATE_CONTENT"
    CONTENT_SECRET = "CONTENT_SECRET"  # noqa: S105 - the code of a finding
    CONTENT_PII = "CONTENT_PII"
    CONTENT_RISKY_CLAIM = "CONTENT_RISKY_CLAIM"
    SENDER_NOT_NAMED = "SENDER_NOT_NAMED"
    OPT_OUT_PATH_MISSING = "OPT_OUT_PATH_MISSING"
    APPROVAL_REJECTED = "APPROVAL_REJECTED"
    APPROVAL_MISSING = "APPROVAL_MISSING"
    APPROVAL_STALE = "APPROVAL_STALE"
    APPROVAL_EXPIRED = "APPROVAL_EXPIRED"
    CONTACT_REPLIED = "CONTACT_REPLIED"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    TEMPLATE_DISABLED = "TEMPLATE_DISABLED"
    TEMPLATE_PAUSED = "TEMPLATE_PAUSED"
    TEMPLATE_NOT_APPROVED = "TEMPLATE_NOT_APPROVED"
    TEMPLATE_CATEGORY_MISMATCH = "TEMPLATE_CATEGORY_MISMATCH"
    DESTINATION_RESTRICTED = "DESTINATION_RESTRICTED"
    SENDER_NOT_READY = "SENDER_NOT_READY"
    SENDER_QUALITY_RED = "SENDER_QUALITY_RED"
    CONTACT_PAUSED = "CONTACT_PAUSED"
    PLATFORM_MARKETING_LIMIT = "PLATFORM_MARKETING_LIMIT"
    FREQUENCY_CAP = "FREQUENCY_CAP"
    QUIET_HOURS = "QUIET_HOURS"
    MESSAGING_LIMIT = "MESSAGING_LIMIT"
    PAIR_RATE = "PAIR_RATE"
    SENDER_THROUGHPUT = "SENDER_THROUGHPUT"
    # Not of the gate: set when something of theirs could not be read.
    UNREAD_MESSAGE = "UNREAD_MESSAGE"
    # Nor this: set when the database turned out to be a copy.
    RESTORED = "RESTORED"


@dataclass(frozen=True, slots=True)
class Reason:
    """answer: what the code means; a TEMPLATE_PAUSED with a known end is a DEFER all the same, and QUIET_HOURS without
    an opening a HOLD (the verdict says). steps: for a person who must act."""

    answer: Answer
    text: Text
    steps: tuple[Step, ...] = ()


def steps_for(code: ReasonCode, answer: Answer) -> tuple[Step, ...]:
    """What can be done about a verdict: nothing, while it only waits for its time."""
    return (Step.NONE_AUTOMATIC,) if answer is Answer.DEFER else REASONS[code].steps


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
    ReasonCode.ADDRESS_TYPE_UNSUPPORTED: Reason(
        Answer.HOLD,
        Text(
            "رموز التحقق تحتاج رقم جوال، والمتوفر معرّف واتساب فقط. أضف الرقم أولًا.",
            "One-time codes need a phone number; only a WhatsApp ID is known. Add the number first.",
        ),
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
    ReasonCode.SUPPRESSED: Reason(
        Answer.BLOCK,
        Text(
            "موقوف نهائيًا: {cause}. لا ترسل ولا تطلب موافقة.",
            "Permanently stopped: {cause}. Do not send, do not ask for consent.",
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
    ReasonCode.RECIPIENT_UNREACHABLE: Reason(
        Answer.HOLD,
        Text(
            "آخر رسالة لم تصل، وقد لا يكون الرقم على واتساب. تحقق من الرقم، أو انتظر حتى يكتب.",
            "The last message could not be delivered. Check the number, or wait until they write.",
        ),
        (Step.FIX_NUMBER, Step.REACHABLE_AGAIN, Step.WAIT_UNTIL_THEY_WRITE),
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
    ReasonCode.DUPLICATE_CONTENT: Reason(
        Answer.BLOCK,
        Text(
            "أُرسل النص نفسه لهذا الشخص خلال 24 ساعة. غيّر النص أو انتظر.",
            "The same text went to this person within 24 hours. Change the text or wait.",
        ),
        (Step.EDIT_TEXT,),
    ),
    ReasonCode.CONTENT_SECRET: Reason(
        Answer.BLOCK,
        Text(
            "النص يحوي مفتاحًا أو كلمة سر. احذفها؛ لا تُرسل عبر واتساب أبدًا.",
            "The text contains a key or password. Remove it; never send it here.",
        ),
        (Step.EDIT_TEXT,),
    ),
    ReasonCode.CONTENT_PII: Reason(
        Answer.HOLD,
        Text(
            "النص يحوي بيانات شخصية حساسة ({kind}). احذفها أو أخفِ جزءًا منها.",
            "The text contains personal data ({kind}). Remove or mask it.",
        ),
        (Step.EDIT_TEXT,),
    ),
    ReasonCode.CONTENT_RISKY_CLAIM: Reason(
        Answer.HOLD,
        Text(
            "عبارة تحتاج مراجعة: «{phrase}». عدّلها أو احذفها.",
            "A phrase needs review: “{phrase}”. Change or remove it.",
        ),
        (Step.EDIT_TEXT,),
    ),
    ReasonCode.SENDER_NOT_NAMED: Reason(
        Answer.HOLD,
        Text(
            "الرسالة التسويقية يجب أن تذكر اسم المنشأة بوضوح. أضف الاسم.",
            "A marketing message must name the business clearly. Add the name.",
        ),
        (Step.EDIT_TEXT,),
    ),
    ReasonCode.OPT_OUT_PATH_MISSING: Reason(
        Answer.HOLD,
        Text(
            "أضف طريقة واضحة لإيقاف الرسائل، مثل: لإيقاف الرسائل أرسل: إيقاف.",
            "Add a clear way to stop messages, such as: to stop, send STOP.",
        ),
        (Step.EDIT_TEXT,),
    ),
    ReasonCode.APPROVAL_REJECTED: Reason(
        Answer.BLOCK,
        Text(
            "رُفض اعتماد هذه النسخة: {note}. اكتب نسخة جديدة.",
            "This version was rejected by the approver: {note}. Write a new version.",
        ),
        (Step.EDIT_TEXT,),
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
        Text(
            "انتهت مدة الاعتماد، أو تنتهي قبل موعد الإرسال. اعتمد الرسالة من جديد.",
            "The approval has ended, or will end before the send time. Approve the message again.",
        ),
        (Step.APPROVE_AGAIN,),
    ),
    ReasonCode.WINDOW_CLOSED: Reason(
        Answer.HOLD,
        Text(
            "نافذة الرد مغلقة: لا رسالة منه في آخر 24 ساعة. انتظر حتى يكتب، ورابط المحادثة يسهّل ذلك عليه.",
            "The reply window is closed: no message from them in the last 24 hours. Wait until they write; "
            "the chat link makes it easy.",
        ),
        (Step.USE_TEMPLATE, Step.WAIT_UNTIL_THEY_WRITE),
    ),
    ReasonCode.TEMPLATE_DISABLED: Reason(
        Answer.HOLD,
        Text(
            "عُطّل القالب نهائيًا. عدّله أو استبدله في مدير واتساب.",
            "The template is disabled. Edit or replace it in WhatsApp Manager.",
        ),
        (Step.USE_TEMPLATE, Step.CHECK_SETTINGS),
    ),
    ReasonCode.TEMPLATE_PAUSED: Reason(
        Answer.HOLD,
        Text("القالب موقوف مؤقتًا بسبب الجودة. {until}", "The template is paused for quality. {until}"),
        (Step.USE_TEMPLATE, Step.CHECK_SETTINGS),
    ),
    ReasonCode.TEMPLATE_NOT_APPROVED: Reason(
        Answer.HOLD,
        Text(
            "القالب غير معتمد من واتساب بعد ({status}). انتظر اعتماده.",
            "WhatsApp has not approved this template ({status}). Wait for its approval.",
        ),
        (Step.USE_TEMPLATE, Step.CHECK_SETTINGS),
    ),
    ReasonCode.TEMPLATE_CATEGORY_MISMATCH: Reason(
        Answer.HOLD,
        Text(
            "صنّف واتساب القالب «{actual}» بينما الطلب «{declared}». راجع الموافقات والتصنيف.",
            "WhatsApp classes this template as {actual}; the request says {declared}. Review consents and category.",
        ),
        (Step.USE_TEMPLATE, Step.CHECK_SETTINGS),
    ),
    ReasonCode.DESTINATION_RESTRICTED: Reason(
        Answer.HOLD,
        Text(
            "لا تُسلَّم الرسائل التسويقية إلى هذه الدولة. يمكن الرد عليه إذا كتب.",
            "Marketing messages are not delivered to this country. If they write, an answer is possible.",
        ),
        (Step.WAIT_UNTIL_THEY_WRITE,),
    ),
    ReasonCode.SENDER_NOT_READY: Reason(
        Answer.HOLD,
        Text(
            "رقم الإرسال غير جاهز ({status}). راجع حالته لدى واتساب.",
            "The sending number is not ready ({status}). Look at its state with WhatsApp.",
        ),
        (Step.CHECK_SETTINGS,),
    ),
    ReasonCode.SENDER_QUALITY_RED: Reason(
        Answer.HOLD,
        Text(
            "جودة رقم الإرسال منخفضة. أوقفنا التسويق وأبقينا رسائل الخدمة.",
            "The number's quality is low. Marketing is stopped; service messages continue.",
        ),
        (Step.CHECK_SETTINGS,),
    ),
    ReasonCode.CONTACT_PAUSED: Reason(
        Answer.DEFER,
        Text("طلب عدم الإزعاج حتى {t}.", "Asked not to be disturbed until {t}."),
        (Step.NONE_AUTOMATIC,),
    ),
    ReasonCode.PLATFORM_MARKETING_LIMIT: Reason(
        Answer.DEFER,
        Text("حدّ واتساب لهذا الشخص. نحاول في {t}.", "WhatsApp's own limit for this person. Next try {t}."),
        (Step.NONE_AUTOMATIC,),
    ),
    ReasonCode.FREQUENCY_CAP: Reason(
        Answer.DEFER,
        Text("اكتمل حد الرسائل لهذا الشخص. الموعد التالي: {t}.", "Message limit for this person reached. Next: {t}."),
        (Step.NONE_AUTOMATIC,),
    ),
    ReasonCode.QUIET_HOURS: Reason(
        Answer.DEFER,
        Text("خارج الوقت المسموح عند المستلم. {until}", "Outside allowed hours for the recipient. {until}"),
        (Step.CHECK_SETTINGS,),
    ),
    ReasonCode.MESSAGING_LIMIT: Reason(
        Answer.DEFER,
        Text("بلغ الحساب حد واتساب لليوم. يتاح {t}.", "The account reached WhatsApp's 24-hour limit. Frees at {t}."),
        (Step.NONE_AUTOMATIC,),
    ),
    ReasonCode.PAIR_RATE: Reason(
        Answer.DEFER,
        Text("خرجت رسالة قبل ثوانٍ لنفس الشخص. ننتظر قليلًا.", "A message went to this person seconds ago. Short wait."),
        (Step.NONE_AUTOMATIC,),
    ),
    ReasonCode.SENDER_THROUGHPUT: Reason(
        Answer.DEFER,
        Text("الرقم مزدحم الآن. ننتظر ثانية.", "The number is busy. One second."),
        (Step.NONE_AUTOMATIC,),
    ),
    ReasonCode.UNREAD_MESSAGE: Reason(
        Answer.HOLD,
        Text(
            "وصلت منه رسالة تعذّرت قراءتها، وقد تكون طلب إيقاف. اسأله أو راجعها قبل الإرسال.",
            "Something they sent could not be read; it may be a request to stop. Ask or look before sending.",
        ),
        (Step.LOOK_AT_UNREAD, Step.APPROVE_AGAIN),
    ),
    ReasonCode.RESTORED: Reason(
        Answer.HOLD,
        Text(
            "أُعيدت قاعدة البيانات من نسخة احتياطية، وقد تكون الرسالة خرجت بعد أخذ النسخة. تنتظر قرار المسؤول.",
            "The database came back from a backup; this may have left after the copy was made. An administrator "
            "decides.",
        ),
        (Step.RELEASE_STOP, Step.GIVE_UP),
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
