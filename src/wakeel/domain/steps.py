"""Next steps: what a person can do about something that failed or is held. A step is shown only where it works."""

from enum import StrEnum

from wakeel.domain.words import Text


class Step(StrEnum):
    WAIT_UNTIL_THEY_WRITE = "wait_until_they_write"
    """The window is closed; the wa.me link brings them to our number."""
    ASK_TO_WRITE_FIRST = "ask_to_write_first"
    """We may not start; the same link, to hand over by another way."""
    USE_TEMPLATE = "use_template"
    """An approved template reaches them outside the window; the result is a new text that asks for approval."""
    FILL_VALUES = "fill_values"
    """The same way, for a template whose values were missing or of another form."""
    CHANGE_VALUES = "change_values"
    """The same way, for a template that became too long or broke a rule with its values."""
    OTHER_TEMPLATE = "other_template"
    """The same way, for a template that WhatsApp took away."""
    RECORD_CONSENT = "record_consent"
    EDIT_TEXT = "edit_text"
    APPROVE_AGAIN = "approve_again"
    RETRY = "retry"
    SEND_AGAIN = "send_again"
    IT_ARRIVED = "it_arrived"
    GIVE_UP = "give_up"
    STOP_RETRY = "stop_retry"
    """The machine tries again by itself; it need not."""
    CHANGE_TIME = "change_time"
    """It leaves later by itself; somebody may want another time."""
    COPY_DETAILS = "copy_details"
    """The fault is ours: what whoever mends it needs, without names, numbers and texts."""
    CHECK_SETTINGS = "check_settings"
    RENEW_ACCESS = "renew_access"
    """An administrator puts a new token into the settings, then lets the number send again."""
    REVIEW_QUALITY = "review_quality"
    ADD_NUMBER = "add_number"
    """An administrator puts the number on WhatsApp's list of test numbers."""
    FIX_NUMBER = "fix_number"
    CONFIRM_IDENTITY = "confirm_identity"
    REACHABLE_AGAIN = "reachable_again"
    """The last message did not arrive; somebody made sure that the next one will."""
    RELEASE_STOP = "release_stop"
    RESUME_NUMBER = "resume_number"
    """Meta held the number or account back: a person settles it there, then lets the number send again."""
    DECIDE_STOP = "decide_stop"
    """Somebody may have asked us to stop: a person says whether they did."""
    APPROVE_TEXTS = "approve_texts"
    """A fixed text waits for an administrator's approval."""
    LOOK_AT_UNREAD = "look_at_unread"
    """Something of theirs could not be carried out: a person tries it again, or puts it aside."""
    NONE_AUTOMATIC = "none_automatic"
    """The product goes on by itself; nobody has to do anything."""
    NONE_EVER = "none_ever"
    """Nothing may be done; said so that nobody looks for a way."""


STEP_WORDS: dict[Step, Text] = {
    Step.WAIT_UNTIL_THEY_WRITE: Text("انتظار رسالة منه (رابط المحادثة)", "Wait until they write (chat link)"),
    Step.ASK_TO_WRITE_FIRST: Text("طلب رسالة من العميل (رابط المحادثة)", "Ask them to write first (chat link)"),
    Step.USE_TEMPLATE: Text("متابعة بقالب", "Follow up with a template"),
    Step.FILL_VALUES: Text("إكمال القيم", "Fill in the values"),
    Step.CHANGE_VALUES: Text("تعديل القيم", "Change the values"),
    Step.OTHER_TEMPLATE: Text("قالب آخر", "Another template"),
    Step.RECORD_CONSENT: Text("تسجيل موافقة", "Record consent"),
    Step.EDIT_TEXT: Text("تعديل النص", "Edit the text"),
    Step.APPROVE_AGAIN: Text("اعتماد من جديد", "Approve again"),
    Step.RETRY: Text("إعادة المحاولة", "Try again"),
    Step.SEND_AGAIN: Text("لم تصل: إرسال من جديد", "It did not arrive: send again"),
    Step.IT_ARRIVED: Text("وصلت", "It arrived"),
    Step.GIVE_UP: Text("إغلاق دون إرسال", "Give up"),
    Step.STOP_RETRY: Text("إيقاف المحاولات", "Stop retrying"),
    Step.CHANGE_TIME: Text("إبقاء الموعد أو تغييره", "Keep the time, or change it"),
    Step.COPY_DETAILS: Text("نسخ تفاصيل العطل", "Copy error details"),
    Step.RENEW_ACCESS: Text("تجديد التصريح", "Renew the permission"),
    Step.REVIEW_QUALITY: Text("مراجعة الجودة", "Review the quality"),
    Step.ADD_NUMBER: Text("إضافة الرقم إلى قائمة الاختبار", "Add the number to the test list"),
    Step.CHECK_SETTINGS: Text("مراجعة صفحة الصحة والإعدادات", "Review the health page and settings"),
    Step.CONFIRM_IDENTITY: Text("التأكد من صاحب الرقم", "Make sure who has the number"),
    Step.REACHABLE_AGAIN: Text("تأكيد أن الرسائل تصل إليه", "Say that messages reach them again"),
    Step.FIX_NUMBER: Text("تصحيح الرقم", "Correct the number"),
    Step.RELEASE_STOP: Text("استئناف الإرسال (من صلاحية المسؤول)", "Resume sending (an administrator's right)"),
    Step.RESUME_NUMBER: Text(
        "تسوية الأمر لدى واتساب، ثم استئناف الإرسال من الرقم", "Settle it with WhatsApp, then let the number send again"
    ),
    Step.DECIDE_STOP: Text("حسم طلب الإيقاف", "Decide on the request to stop"),
    Step.APPROVE_TEXTS: Text("اعتماد النصوص الثابتة (من صلاحية المسؤول)", "Approve the fixed texts (an administrator)"),
    Step.LOOK_AT_UNREAD: Text("معاينة ما تعذّر تنفيذه", "Look at what could not be carried out"),
    Step.NONE_AUTOMATIC: Text("لا يلزم شيء، تُعاد المحاولة تلقائيًا", "Nothing to do; it is tried again by itself"),
    Step.NONE_EVER: Text("لا يلزم شيء، ولن تُرسل", "Nothing to do; it will not be sent"),
}

STEP_MEANS: dict[Step, Text] = {
    Step.IT_ARRIVED: Text("تُسجَّل مُرسلةً، ولا تُرسل مرة أخرى.", "It is recorded as sent, and not sent once more."),
    Step.SEND_AGAIN: Text(
        "محاولة جديدة تظهر في السجل. وإن كانت الأولى قد وصلت فستصل الرسالة مرتين.",
        "A new try, shown in the timeline. If the first one did arrive, it arrives twice.",
    ),
    Step.GIVE_UP: Text(
        "لا تُرسل مرة أخرى، وتعود الفرصة مفتوحة.", "It is not sent once more, and the opportunity is open again."
    ),
}
"""What a choice brings, where nobody knows whether the message arrived."""
