"""What operators are told about each other: who decided, who took over, what waits for too long."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.ONE_MORE_NEEDED: Text(
        "سُجّل اعتمادك للرسالة إلى {name}، ولم تخرج بعد: يلزم اعتماد شخص ثانٍ. {asked}",
        "Your approval for {name} is recorded; it has not left yet: a second person must approve it. {asked}",
    ),
    AnswerCode.VOTED_BEFORE: Text(
        "سبق اعتمادك لهذا النص إلى {name}، ويلزم اعتماد شخص غيرك. {asked}",
        "You approved this text for {name} before; somebody else must approve it too. {asked}",
    ),
    AnswerCode.DECIDED_JUST_NOW: Text(
        "اتخذ {who} القرار قبل قليل:\n{what}\nلا يلزمك فيه شيء.",
        "{who} decided a moment ago:\n{what}\nThere is nothing for you to do.",
    ),
    AnswerCode.ASSIGNED: Text("صارت الفرصة لدى {who}: {title}.", "The opportunity is with {who} now: {title}."),
    AnswerCode.TAKEN_OVER: Text("الفرصة لك الآن: {title}.", "The opportunity is yours now: {title}."),
    AnswerCode.GIVEN_TO_YOU: Text(
        "أُسندت إليك فرصة من {who}: {title}. ما ينتظر القرار فيها يصلك الآن.",
        "{who} gave you an opportunity: {title}. What waits for a decision follows.",
    ),
    AnswerCode.TAKEN_FROM_YOU: Text(
        "انتقلت الفرصة إلى {who}: {title}. لا يلزمك فيها شيء.",
        "The opportunity went to {who}: {title}. There is nothing for you to do.",
    ),
    AnswerCode.ALREADY_THEIRS: Text(
        "الفرصة لدى {who} أصلًا. لم يتغيّر شيء.", "{who} has the opportunity already. Nothing changed."
    ),
    AnswerCode.NO_SUCH_OPERATOR: Text(
        "ليس هذا الشخص ضمن المشغّلين الآن. لم يتغيّر شيء.", "They are no operator now. Nothing changed."
    ),
    AnswerCode.LEFT_TEAM: Text(
        "لم يعد هذا الهاتف ضمن مشغّلي {business}، فلم يُنفّذ شيء. للعودة يُفتح الحساب لدى المسؤول أولًا.",
        "This phone is no operator of {business} any more, so nothing was done. To come back, ask the administrator.",
    ),
    AnswerCode.WORK_CAME_TO_YOU: Text(
        "غادر {who} الفريق، وانتقل إليك عمل كان لديه: {n}. ما ينتظر القرار يصلك هنا.",
        "{who} left the team, and work of theirs came to you: {n}. What waits for a decision arrives here.",
    ),
    AnswerCode.DRAFTS_WAIT: Text(
        "رسائل تنتظر قرارك منذ ساعات عمل: {names}.", "Messages that have waited for your decision for hours: {names}."
    ),
    AnswerCode.DRAFTS_WAIT_FOR_ANYBODY: Text(
        "لم يُتخذ قرار بعد في: {names}. تُعرض الآن على الجميع، وأول قرار يُنفّذ.",
        "Not decided yet: {names}. Everybody is asked now, and the first decision counts.",
    ),
    AnswerCode.DRAFTS_LAST_CALL: Text(
        "آخر تذكير: تنتهي المهلة دون إرسال إن لم يُتخذ قرار في: {names}.",
        "Last reminder: without a decision these end unsent: {names}.",
    ),
    AnswerCode.DRAFTS_EXPIRED: Text(
        "انتهت مهلة الاعتماد دون قرار: {names}. لم يُرسل شيء، والفرص متاحة من جديد.",
        "The time to approve is over without a decision: {names}. Nothing was sent; the opportunities are open again.",
    ),
}

DECIDED_WORDS: dict[str, Text] = {
    "accept": Text("قبول", "accepted"),
    "skip": Text("تخطٍّ", "skipped"),
    "draft": Text("طلب المسودة", "draft asked for"),
    "approve": Text("اعتماد الرسالة", "message approved"),
    "cancel": Text("إلغاء الرسالة", "message cancelled"),
    "text": Text("نص جديد للرسالة", "message rewritten"),
    "snooze": Text("تأجيل", "put off"),
    "needs_research": Text("بحث", "being researched"),
    "schedule": Text("حجز اجتماع", "meeting being planned"),
    "meeting_cancel": Text("إلغاء الاجتماع", "meeting cancelled"),
    "use_template": Text("قالب بدل النص", "template instead of the text"),
    "won": Text("إغلاق الفرصة: ناجحة", "closed as won"),
    "lost": Text("إغلاق الفرصة: خاسرة", "closed as lost"),
}
"""What was decided, by the button or word that did it."""
DECIDED_ANYHOW = Text("قرار", "decided")
