"""What an operator is told about meetings."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.meetings import MailState, MeetingState
from wakeel.domain.words import Text

NO_CALENDAR = Text(
    " لا تقويم مضبوط، فيبقى الموعد مسودة هنا بعد إرسال الدعوة.",
    " No calendar is set up: the meeting stays a draft here after the invitation went out.",
)
"""Said after the sentence it belongs to (issue 7: without a calendar it stays a draft and says so)."""

AGREED_IN_DRAFT = Text("\nلا تقويم مضبوط، فالموعد مسودة هنا.", "\nNo calendar is set up: the meeting is a draft here.")
TIMES_STAY = Text(
    " أوقات الموعد المسجّلة لم تتغيّر؛ لتغييرها اكتب الأوقات وحدها.",
    " The recorded times stay as they are; to change them, write the times alone.",
)
OUTSIDE_HOURS = Text(
    " تنبيه: أحد الأوقات خارج ساعات العمل لدى أحد الطرفين.",
    " Careful: one of the times is outside the working hours of one side.",
)

BUSY_THEN = Text("\nفي التقويم موعد آخر في الوقت نفسه.", "\nSomething else is in the calendar at the same time.")
CALENDAR_WHY: dict[str, Text] = {
    "unauthorised": Text(
        "لم يقبل التقويم اسم الدخول أو كلمة المرور. راجع الإعدادات.",
        "the calendar did not take the name or the password. See the settings.",
    ),
    "not_found": Text(
        "لا تقويم في العنوان المضبوط. راجع الإعدادات.", "there is no calendar at the address set. See the settings."
    ),
    "refused": Text("رفض التقويم كتابة الموعد.", "the calendar refused to write it."),
    "conflict": Text(
        "في التقويم موعد بالمعرّف نفسه لم نكتبه نحن.", "an event with the same id is in the calendar, and is not ours."
    ),
    "full": Text("لا مساحة في التقويم.", "the calendar has no room."),
    "unreachable": Text("تعذّر الوصول إلى التقويم.", "the calendar cannot be reached."),
}
"""Why an event is not in the calendar, by the word that is kept."""
MAIL_WHY: dict[str, Text] = {
    "unauthorised": Text(
        "لم يقبل خادم البريد اسم الدخول أو كلمة المرور. راجع الإعدادات.",
        "the mail server did not take the name or the password. See the settings.",
    ),
    "refused": Text("رفض خادم البريد الرسالة أو أحد العناوين.", "the mail server refused the message or an address."),
    "unreachable": Text("تعذّر الوصول إلى خادم البريد.", "the mail server cannot be reached."),
    "unknown": Text(
        "انقطع الاتصال قبل جواب خادم البريد، فقد تكون خرجت.", "the mail server did not answer: it may have left."
    ),
    "stopped": Text("طلبت جهة الاتصال ألا تُراسَل.", "the contact asked not to be written to."),
}

MAIL_STATES: dict[MailState, Text] = {
    MailState.NONE: Text("لم يُرسل", "not sent"),
    MailState.WAITING: Text("ينتظر الإرسال", "waiting to leave"),
    MailState.SENDING: Text("جارٍ الإرسال", "being sent"),
    MailState.SENT: Text("أُرسل", "sent"),
    MailState.REFUSED: Text("تعذّر الإرسال", "not sent"),
    MailState.UNKNOWN: Text("لم تتأكد النتيجة", "outcome not confirmed"),
}
"""Where the e-mail with the calendar file stands."""
ANSWER_WORDS: dict[str, Text] = {
    "": Text("لم يصل رد", "no answer yet"),
    "confirm": Text("أكّد الموعد", "confirmed"),
    "other": Text("طلب وقتًا آخر", "asked for another time"),
}
"""What the contact said to the invitation, by the stored word."""

MEETING_STATES: dict[MeetingState, Text] = {
    MeetingState.DRAFT: Text("مسودة", "draft"),
    MeetingState.APPROVED: Text("خرجت الدعوة، ولم يُكتب في التقويم بعد", "invited, not in the calendar yet"),
    MeetingState.BOOKED: Text("في التقويم", "in the calendar"),
    MeetingState.FAILED: Text("لم يُكتب في التقويم", "not in the calendar"),
    MeetingState.CANCELLED: Text("ملغى", "cancelled"),
}
STAYS_A_DRAFT = Text("مسودة: خرجت الدعوة ولا تقويم مضبوط", "draft: the invitation left, and no calendar is set up")

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.MEETING_DRAFTED: Text(
        "هذه دعوة الموعد: {title}. لا تخرج قبل اعتمادها.{calendar}",
        "Here is the invitation: {title}. It does not leave before you approve it.{calendar}",
    ),
    AnswerCode.MEETING_NO_TIME: Text(
        "لا وقت عمل مشتركًا مع {name} خلال أسبوعين، فلم يُقترح موعد. يمكن الاتفاق على وقت برسالة.",
        "No common working time with {name} within two weeks, so no meeting was proposed. Agree on a time by message.",
    ),
    AnswerCode.MEETING_ASK: Text(
        "اكتب الأوقات الجديدة للموعد مع {name}، مثل: الأحد 10:00، الاثنين 13:30. أو اكتب نص الدعوة كاملًا. "
        "لا يخرج شيء قبل اعتماده.",
        "Write the new times for {name}, such as: Sunday 10:00, Monday 13:30. Or write the whole invitation. "
        "Nothing leaves before you approve it.",
    ),
    AnswerCode.MEETING_TOO_LONG: Text(
        "نص الدعوة أطول من {limit} حرف ({length})، وهو حد الرسائل ذات الأزرار. اختصره وأرسله من جديد. لم يتغيّر شيء.",
        "The invitation is longer than {limit} characters ({length}), the limit of messages with buttons. Shorten it "
        "and send it again. Nothing changed.",
    ),
    AnswerCode.MEETING_CLOSED: Text(
        "هذا الموعد الآن: {state}. لم يتغيّر شيء.", "This meeting is now: {state}. Nothing changed."
    ),
    AnswerCode.MEETING_CANCELLED: Text(
        "أُلغي الموعد مع {name}: {title}. لم يُرسل إليه شيء بالإلغاء؛ أخبره برسالة.",
        "The meeting with {name} is cancelled: {title}. They were not told of it; tell them by message.",
    ),
    AnswerCode.MEETING_UNSENT: Text(
        "أُلغيت دعوة الموعد مع {name}: {title}. لم تخرج، ولا موعد.",
        "The invitation to {name} is cancelled: {title}. It did not leave, and there is no meeting.",
    ),
    AnswerCode.MEETING_OLD: Text(
        "ضغط {name} زرًا في دعوة لم تعد سارية: {title}. لم يُسجَّل شيء. الموعد الآن: {state}.",
        "{name} tapped on an invitation that no longer counts: {title}. Nothing was recorded. The meeting is now: "
        "{state}.",
    ),
    AnswerCode.MEETING_PASSED: Text(
        "أكّد {name} وقتًا مضى للموعد: {title}. لم يُسجَّل شيء. اقترح وقتًا جديدًا من صفحة المواعيد أو برسالة.",
        "{name} confirmed a time that has passed: {title}. Nothing was recorded. Propose another one on the meetings "
        "page or by message.",
    ),
    AnswerCode.MEETING_PAST: Text(
        "أحد الأوقات مضى. اكتب أوقاتًا قادمة. لم يتغيّر شيء.",
        "One of the times has passed. Write times to come. Nothing changed.",
    ),
    AnswerCode.MEETING_TIMES_OVER: Text(
        "فات أحد أوقات الدعوة إلى {name}، فلم تُعتمد ولم يخرج شيء. اكتب أوقاتًا جديدة، مثل: الأحد 10:00، الاثنين 13:30.",
        "A time of the invitation to {name} is over: it was not approved, and nothing left. Write new times, such as: "
        "Sunday 10:00, Monday 13:30.",
    ),
    AnswerCode.MEETING_CONFIRMED: Text(
        "أكّد {name} الموعد: {title}\n{when}{calendar}", "{name} confirmed the meeting: {title}\n{when}{calendar}"
    ),
    AnswerCode.MEETING_OTHER: Text(
        "طلب {name} وقتًا آخر للموعد: {title}\n«تعديل» يقترح أوقاتًا جديدة، و«إلغاء» يلغي الموعد.",
        "{name} asks for another time: {title}\nتعديل proposes new times, إلغاء cancels the meeting.",
    ),
    AnswerCode.MEETING_BOOKED: Text(
        "كُتب الموعد مع {name} في التقويم: {title}\n{when}{busy}",
        "The meeting with {name} is in the calendar: {title}\n{when}{busy}",
    ),
    AnswerCode.MEETING_NOT_BOOKED: Text(
        "لم يُكتب الموعد مع {name} في التقويم: {title}\nالسبب: {reason} إعادة المحاولة في صفحة المواعيد.",
        "The meeting with {name} is not in the calendar: {title}\nWhy: {reason} Try again on the meetings page.",
    ),
    AnswerCode.MEETING_NOT_REMOVED: Text(
        "الموعد الملغى مع {name} ما زال في التقويم: {title}\nالسبب: {reason} احذفه من التقويم.",
        "The cancelled meeting with {name} is still in the calendar: {title}\nWhy: {reason} Remove it there.",
    ),
    AnswerCode.MEETING_NOT_MAILED: Text(
        "لم يخرج ملف الموعد بالبريد: {title}\nالسبب: {reason} إعادة الإرسال في صفحة المواعيد.",
        "The calendar file was not mailed: {title}\nWhy: {reason} Send it again on the meetings page.",
    ),
    AnswerCode.MEETING_RETRIED: Text("تُعاد المحاولة الآن.", "Trying again now."),
    AnswerCode.MEETING_MAILS: Text(
        "حُفظت عناوين البريد. يخرج إليها ملف الموعد بعد خروج الدعوة.",
        "The addresses are kept. The calendar file goes to them once the invitation left.",
    ),
    AnswerCode.MEETING_BAD_MAIL: Text(
        "عنوان بريد غير صالح، أو أكثر من {limit} عناوين. لم يتغيّر شيء.",
        "An address is not valid, or there are more than {limit}. Nothing changed.",
    ),
}
