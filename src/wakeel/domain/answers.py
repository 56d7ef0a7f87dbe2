"""What an operator is told after a tap or a text. Every tap gets one of these, and each one is true."""

from wakeel.domain import (
    answers_brief,
    answers_conversation,
    answers_deciding,
    answers_live_test,
    answers_meetings,
    answers_team,
    answers_texts,
)
from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

__all__ = ["ANSWERS", "PURPOSE_WORDS", "SCOPE_WORDS", "STATE_WORDS", "AnswerCode"]

ANSWERS: dict[AnswerCode, Text] = {
    AnswerCode.SKIPPED: Text("تم التخطي: {title}. لم يُرسل شيء.", "Skipped: {title}. Nothing was sent."),
    AnswerCode.ACCEPTED: Text(
        "الفرصة لك الآن: {title}. هذه مسودة الرسالة للاعتماد.{added}",
        "Yours now: {title}. Here is the draft to approve.{added}",
    ),
    AnswerCode.DRAFTING: Text("هذه مسودة الرسالة: {title}.{added}", "Here is the draft: {title}.{added}"),
    AnswerCode.APPROVED: Text(
        "اعتُمدت الرسالة إلى {name}. تخرج بعد {seconds} ث، وإلغاء أو تعديل يوقفانها قبل ذلك.",
        "Approved for {name}. It leaves in {seconds} s; Cancel or Edit stop it before.",
    ),
    AnswerCode.APPROVED_DRY: Text(
        "اعتُمدت الرسالة إلى {name}، وحُفظت ولم يُرسل شيء: الإرسال الحقيقي متوقف.",
        "Approved for {name} and kept; nothing was sent: live sending is off.",
    ),
    AnswerCode.APPROVED_HELD: Text(
        "حُفظ الاعتماد ولم يُرسل شيء: {reason}", "The approval is kept, nothing was sent: {reason}"
    ),
    AnswerCode.APPROVED_LATER: Text(
        "اعتُمدت الرسالة إلى {name}. تخرج تلقائيًا {t}: {reason}", "Approved for {name}. Leaves by itself {t}: {reason}"
    ),
    AnswerCode.APPROVED_FOR: Text(
        "اعتُمدت الرسالة إلى {name}، مجدولة {t}. حتى ذلك الحين يمكن سحبها.",
        "Approved for {name}, scheduled {t}. Until then it can be taken back.",
    ),
    AnswerCode.RELEASED: Text(
        "تخرج الرسالة إلى {name} كما هي بعد {seconds} ث.", "The message to {name} leaves as it is in {seconds} s."
    ),
    AnswerCode.REFUSED: Text(
        "لم يُعتمد ولم يُرسل شيء إلى {name}.\nالسبب: {reason}{steps}",
        "Not approved, and nothing was sent to {name}.\nWhy: {reason}{steps}",
    ),
    AnswerCode.CANCELLED: Text(
        "أُلغيت المسودة إلى {name}. لم يُرسل شيء، والفرصة ما زالت متاحة.",
        "The draft to {name} is cancelled. Nothing was sent; the opportunity is still open.",
    ),
    AnswerCode.UNDONE: Text(
        "سُحبت الرسالة إلى {name} قبل خروجها. لم يُرسل شيء.",
        "The message to {name} was taken back before it left. Nothing was sent.",
    ),
    AnswerCode.ASK_TEXT: Text(
        "اكتب النص الجديد للرسالة إلى {name} في رسالة واحدة. لن يُرسل قبل اعتماده.",
        "Write the new text for {name} in one message. It is not sent before you approve it.",
    ),
    AnswerCode.TEXT_EMPTY: Text(
        "النص فارغ. اكتب النص الجديد للرسالة.", "The text is empty. Write the new text of the message."
    ),
    AnswerCode.TEXT_TOO_LONG: Text(
        "النص أطول من {limit} حرف ({length}). اختصره وأرسله من جديد. لم يتغيّر شيء.",
        "The text is longer than {limit} characters ({length}). Shorten it and send it again. Nothing changed.",
    ),
    AnswerCode.NEW_VERSION: Text(
        "حُفظت النسخة {version}.{added}{notes}\nراجعها واعتمدها.",
        "Version {version} is kept.{added}{notes}\nReview and approve it.",
    ),
    AnswerCode.SHOWN_AGAIN: Text("هذه هي البطاقة الحالية.", "This is the current card."),
    AnswerCode.ALREADY_DECIDED: Text(
        "سبق القرار: {state}. لم يتغيّر شيء.", "Already decided: {state}. Nothing changed."
    ),
    AnswerCode.ALREADY_DECIDED_BY: Text(
        "سبق القرار، واتخذه {who}: {state}. لم يتغيّر شيء.", "Already decided by {who}: {state}. Nothing changed."
    ),
    AnswerCode.ALREADY_APPROVED: Text(
        "سبق أن اعتمد هذا النص {who}، ولن يخرج إلا مرة واحدة.",
        "{who} approved this text already; it goes out once only.",
    ),
    AnswerCode.ALREADY_LEFT: Text("أُرسلت ولا يمكن سحبها.", "Already sent; it cannot be recalled."),
    AnswerCode.WAITS_FOR_TEXT: Text(
        "ننتظر النص الجديد لهذه المسودة. أرسله، أو اضغط إلغاء.", "The new text is awaited. Send it, or tap Cancel."
    ),
    AnswerCode.DRAFT_CLOSED: Text(
        "هذه المسودة مغلقة ({state}). لم يتغيّر شيء.", "This draft is closed ({state}). Nothing changed."
    ),
    AnswerCode.STALE: Text(
        "هذه البطاقة قديمة ولم تقرر شيئًا. تصلك البطاقة الحالية الآن.",
        "That card is old and decided nothing. The current one is on its way.",
    ),
    AnswerCode.STALE_NOTHING: Text(
        "هذه البطاقة قديمة ولم تقرر شيئًا. الحالة الآن: {state}.", "That card is old and decided nothing. Now: {state}."
    ),
    AnswerCode.LATE: Text(
        "وصل ردك متأخرًا (أُرسل {t})، فلم يُنفّذ شيء. تتبعه البطاقة الحالية إن وُجدت.",
        "That arrived late (sent {t}), so nothing was done. The current card follows if there is one.",
    ),
    AnswerCode.UNKNOWN_BUTTON: Text(
        "هذا الزر غير معروف لدينا، ولم يُنفّذ شيء. اكتب أي كلمة لعرض ما ينتظر.",
        "This button is unknown here; nothing was done. Write any word to see what is waiting.",
    ),
    AnswerCode.WHICH_ONE: Text(
        "أي بطاقة تقصد؟ اضغط زرًا في البطاقة، أو اقتبسها في ردك. المفتوح الآن: {open}.",
        "Which card do you mean? Tap a button on it, or quote it in your answer. Open now: {open}.",
    ),
    AnswerCode.CARDS_COMING: Text(
        "أهلًا، ما ينتظر قرارك في الطريق إليك الآن.", "Welcome back; what waits for you is on its way now."
    ),
    AnswerCode.NOTHING_OPEN: Text("لا شيء ينتظر قرارك الآن.", "Nothing is waiting for you."),
    AnswerCode.OPT_OUT_WORD: Text(
        "كلمة «{word}» توقف الرسائل حين تكتبها جهة الاتصال، ولم تُستخدم هنا نصًا ولا إيقافًا. "
        "لإيقاف كل الإرسال اكتب: أوقف الكل.",
        "“{word}” is how contacts stop messages; it was taken neither as text nor as a stop. "
        "To stop everything, write: أوقف الكل.",
    ),
    AnswerCode.UNREADABLE: Text(
        "لا يُقرأ هنا إلا النص والأزرار، وما وصل: {kind}. اكتبه نصًا من فضلك؛ لم يُنفّذ شيء.",
        "Only text and buttons are read here, and this came: {kind}. Please write it as text; nothing was done.",
    ),
    AnswerCode.ENROL_AGAIN: Text(
        "تغيّرت هوية هذا الرقم، فأُوقف تسجيله حمايةً لك. سجّل الدخول في الشاشة واربط هاتفك من جديد.",
        "This number's identity changed, so its enrolment is suspended. Sign in on the screen and link it again.",
    ),
    AnswerCode.CODE_TAKEN: Text(
        "وصل رمز الربط. أكمله بكلمة المرور في الشاشة.", "The linking code arrived. Finish with your password on screen."
    ),
    AnswerCode.UNPROVEN: Text(
        "وصلت رسالتك دون المعرّف الذي يثبت أنها منك، فلم يُنفّذ شيء. أعدها بعد قليل، أو قرّر من الشاشة.",
        "Your message came without the id that proves it is yours, so nothing was done. Try again, or use the screen.",
    ),
    AnswerCode.WRONG_CODES: Text(
        "تنبيه: تكرر وصول رموز ربط خاطئة {source}، فأُوقف قبولها ساعة. إن لم تكن أنت المرسل فأبلغ المسؤول.",
        "Careful: wrong linking codes keep arriving {source}; they are not accepted for an hour. "
        "If this was not you, tell the administrator.",
    ),
    AnswerCode.WELCOME: Text(
        "أهلًا {name}، رُبط هذا الهاتف بحسابك في وكيل. تصلك الفرص هنا، ولا يُرسل شيء دون اعتمادك.",
        "Welcome {name}, this phone is linked to your account. Opportunities arrive here; nothing leaves without you.",
    ),
    AnswerCode.STOPPED_ALL: Text(
        "أُوقف كل الإرسال إلى جهات الاتصال. {leaving} يستأنفه المسؤول من صفحة الصحة.",
        "All sending to contacts is stopped. {leaving} An administrator resumes it on the health page.",
    ),
    AnswerCode.LEFT_WITHOUT: Text(
        "سُحبت الرسالة إلى {name} قبل خروجها: {reason}", "The message to {name} was taken back before it left: {reason}"
    ),
    AnswerCode.SEND_FAILED: Text(
        "تعذّر الإرسال إلى {name}: {reason}{steps}\nما يتعثّر للسبب نفسه خلال هذه الساعة لا يُنبَّه إليه ثانيةً، "
        "وهو في صفحة «ما تعثّر».",
        "Sending to {name} failed: {reason}{steps}\nWhat fails for the same reason within this hour is not told "
        "again; it is on “Needs fixing”.",
    ),
    AnswerCode.SEND_UNKNOWN: Text(
        "لم تتأكد نتيجة الإرسال إلى {name}. لن يُعاد الإرسال تلقائيًا؛ القرار في صفحة «ما تعثّر».",
        "The outcome for {name} is not confirmed. Nothing is resent by itself; decide on “Needs fixing”.",
    ),
    AnswerCode.SEND_CONFIRMED: Text(
        "تأكد الإرسال إلى {name}: خرجت الرسالة مرة واحدة. لا يلزم شيء.",
        "Confirmed for {name}: the message went out once. Nothing to do.",
    ),
    AnswerCode.SENT_AFTER_ALL: Text(
        "أثبت واتساب متأخرًا أن الرسالة إلى {name} خرجت، خلافًا لما سُجّل. صُحّح السجل، ولن تُرسل ثانيةً.",
        "WhatsApp proved late that the message to {name} did leave, other than was recorded. The record is corrected, "
        "and it is not sent again.",
    ),
    AnswerCode.SENT_TWICE: Text(
        "أثبت واتساب متأخرًا أن الإرسال الأول إلى {name} خرج أيضًا، فقد تكون الرسالة وصلت مرتين.",
        "WhatsApp proved late that the first try to {name} left as well: the message may have arrived twice.",
    ),
    AnswerCode.HELD_NOW: Text(
        "أُوقفت الرسالة إلى {name}: {reason}{steps}", "The message to {name} is held: {reason}{steps}"
    ),
    AnswerCode.SETTLED: Text("سُجّل قرارك: {state}.", "Your decision is recorded: {state}."),
    AnswerCode.SETTLED_TOGETHER: Text(
        "سُجّل قرارك لكل ما لم يتأكد في هذا الانقطاع: {n}.",
        "Your decision is recorded for everything that was not confirmed in this outage: {n}.",
    ),
    AnswerCode.NUMBER_RESUMED: Text(
        "استؤنف الإرسال من الرقم. ما ينتظر يخرج بعد فحصه من جديد.",
        "The number sends again. What waits leaves after it was checked once more.",
    ),
    AnswerCode.NUMBER_RUNS: Text(
        "الإرسال من هذا الرقم غير متوقف. لم يتغيّر شيء.", "This number is not stopped. Nothing changed."
    ),
    AnswerCode.IDENTITY_CONFIRMED: Text(
        "سُجّل أنك تأكدت من صاحب الرقم: {name}. ما كان موقوفًا يُعرض للاعتماد من جديد.",
        "Recorded: you made sure who has this number, {name}. What was held is shown for a new approval.",
    ),
    AnswerCode.NUMBER_INVALID: Text(
        "الرقم غير صالح. اكتب رقم جوال واحدًا مع رمز الدولة. لم يتغيّر شيء.",
        "The number is not valid. Write one mobile number with its country code. Nothing changed.",
    ),
    AnswerCode.NUMBER_TAKEN: Text(
        "هذا الرقم مسجّل لشخص آخر. لم يتغيّر شيء.", "This number belongs to somebody else. Nothing changed."
    ),
    AnswerCode.NUMBER_CORRECTED: Text(
        "صُحّح رقم {name}. الموافقات السابقة تبقى للرقم القديم، ولا يُرسل شيء إلى الجديد قبل التأكد من صاحبه.",
        "The number of {name} is corrected. Earlier consents stay with the old number, and nothing goes to the new one "
        "before somebody made sure whose it is.",
    ),
    AnswerCode.NUMBER_CHANGED: Text(
        "غيّر {name} رقمه. انتقل معه ما أوقفه وما تسمح السياسة بنقله من موافقاته، وما عداه يحتاج موافقة جديدة منه.",
        "{name} changed their number. What they stopped moved along, and the consents that the policy carries; "
        "anything else needs a new consent from them.",
    ),
    AnswerCode.STOP_INFERRED: Text(
        "كتب {name}: {text}\nقد يكون هذا طلب إيقاف، فأُوقفت العروض إليه فورًا. التأكيد أو الإلغاء في صفحته.{steps}",
        "{name} wrote: {text}\nThis may be a request to stop, so offers to them are stopped at once. Confirm or cancel "
        "that on their page.{steps}",
    ),
    AnswerCode.MAYBE_STOP: Text(
        "كتب {name}: {text}\nقد يكون هذا طلب إيقاف، ولم يُوقف شيء بعد. إن كان كذلك فتسجيله في صفحته.{steps}",
        "{name} wrote: {text}\nThis may be a request to stop; nothing is stopped yet. If it is one, record it on their "
        "page.{steps}",
    ),
    AnswerCode.SENT_BEFORE_KNOWN: Text(
        "طلب {name} الإيقاف في {t}، ووصل طلبه متأخرًا. رسائل خرجت إليه بعد طلبه وقبل وصوله، ولا يمكن سحبها: {n}.",
        "{name} asked us to stop at {t}, and that arrived late. Messages that left in between and cannot be taken "
        "back: {n}.",
    ),
    AnswerCode.ON_ITS_WAY: Text(
        "طلب {name} الإيقاف. رسائل سبقت طلبه، وهي عند واتساب ولا يمكن سحبها: {n}.",
        "{name} asked us to stop. Messages that left before that, are with WhatsApp and cannot be taken back: {n}.",
    ),
    AnswerCode.LEFT_ANYWAY: Text(
        "طلب {name} الإيقاف والرسالة تخرج إليه، فلم يمكن سحبها.",
        "{name} asked us to stop while the message was leaving; it could not be taken back.",
    ),
    AnswerCode.CAME_BACK: Text(
        "عاد {name} ووافق بنفسه على رسائلنا من جديد.", "{name} came back and agreed to our messages again."
    ),
    AnswerCode.STOP_RECORDED: Text(
        "سُجّل طلب {name} إيقاف {what}. لا يعيد فتحها إلا هو.",
        "Recorded: {name} asked us to stop {what}. Only they can reopen it.",
    ),
    AnswerCode.STOP_CANCELLED: Text(
        "أُلغي إيقاف العروض إلى {name}، والسبب مسجّل.", "The stop of offers to {name} is lifted; the reason is recorded."
    ),
    AnswerCode.STOP_STANDS: Text(
        "لا يُلغى هنا إلا إيقاف فُهم من رسالة ولم يُحسم بعد. لم يتغيّر شيء.",
        "Only a stop that was understood from a message and is still open can be lifted here. Nothing changed.",
    ),
    AnswerCode.NO_SUCH_CONTACT: Text(
        "لا توجد جهة اتصال كهذه. لم يتغيّر شيء.", "There is no such contact. Nothing changed."
    ),
    AnswerCode.REASON_MISSING: Text("السبب مطلوب. لم يتغيّر شيء.", "A reason is needed. Nothing changed."),
    AnswerCode.SUPPRESSED_NOW: Text(
        "سُجّل منع المراسلة مع {name}: {cause}. لن يُرسل إليه شيء. ما سُحب قبل خروجه: {count}.",
        "{name} is not written to any more: {cause}. Taken back before leaving: {count}.",
    ),
    AnswerCode.SUPPRESSED_BEFORE: Text(
        "منع المراسلة مع {name} مسجّل من قبل: {cause}. لم يتغيّر شيء.",
        "{name} is not written to already: {cause}. Nothing changed.",
    ),
    AnswerCode.SUPPRESSION_LIFTED: Text(
        "رُفع منع المراسلة مع {name}. بقية الفحوص، ومنها الموافقة، كما هي.",
        "{name} may be written to again as far as this goes; every other check, consent too, stands as before.",
    ),
    AnswerCode.NOTHING_TO_LIFT: Text(
        "لا يوجد منع يمكن رفعه. لم يتغيّر شيء.", "There is nothing here that can be lifted. Nothing changed."
    ),
    AnswerCode.PAUSED: Text(
        "لا رسائل إلى {name} حتى {t}. ما ينتظر يخرج بعدها تلقائيًا.",
        "No messages to {name} until {t}. What waits leaves afterwards by itself.",
    ),
    AnswerCode.PAUSE_ENDED: Text(
        "انتهت مهلة عدم الإزعاج مع {name}. ما انتظر بسببها يُفحص الآن من جديد.",
        "The pause for {name} is over. What waited for it is decided again now.",
    ),
    AnswerCode.PAUSE_INVALID: Text(
        "اختر وقتًا قادمًا خلال سنة. لم يتغيّر شيء.", "Choose a time to come, within a year. Nothing changed."
    ),
    AnswerCode.TIME_ZONE_SET: Text(
        "سُجّل توقيت {name}: {zone}. تُحسب به أوقات الإرسال المسموحة.",
        "The time zone of {name} is {zone}; the allowed hours are counted by it.",
    ),
    AnswerCode.TIME_ZONE_CLEARED: Text(
        "يُحسب توقيت {name} من رقمه.", "The time zone of {name} is taken from the number."
    ),
    AnswerCode.TIME_ZONE_UNKNOWN: Text(
        "التوقيت غير معروف. اكتبه مثل: Asia/Riyadh. لم يتغيّر شيء.",
        "That time zone is not known. Write it like this: Asia/Riyadh. Nothing changed.",
    ),
    AnswerCode.REACHABLE_AGAIN: Text(
        "سُجّل أن الرسائل تصل إلى {name} من جديد. ما كان موقوفًا لهذا السبب يُعرض للاعتماد من جديد.",
        "Recorded: messages can reach {name} again. What was held for it is shown for a new approval.",
    ),
    AnswerCode.NEW_OWNER: Text(
        "سُجّل أن الرقم انتقل إلى شخص آخر. لا موافقة ولا إيقاف مما سبق يخص صاحبه الجديد، ولا يُراسل قبل أن يكتب. "
        "ما سُحب قبل خروجه: {count}.",
        "Recorded: the number belongs to somebody else now. No earlier consent or stop is theirs, and they are not "
        "written to before they write. Taken back before leaving: {count}.",
    ),
    AnswerCode.NO_NUMBER_TO_MOVE: Text(
        "لا رقم مسجّلًا لهذا الشخص الآن. لم يتغيّر شيء.", "This person has no number now. Nothing changed."
    ),
    AnswerCode.MERGED: Text(
        "ضُم السجلان في شخص واحد: {name}. كل إيقاف من أي منهما يسري عليه. ما سُحب قبل خروجه: {count}.",
        "The two records are one person now: {name}. Every stop of either counts. Taken back before leaving: {count}.",
    ),
    AnswerCode.MERGED_BEFORE: Text(
        "السجلان مضمومان من قبل. لم يتغيّر شيء.", "The two records are one person already. Nothing changed."
    ),
    AnswerCode.CANNOT_MERGE: Text(
        "اختر سجل شخص آخر من المنشأة نفسها. لم يتغيّر شيء.",
        "Choose another person's record of this business. Nothing changed.",
    ),
    AnswerCode.UNMERGED: Text(
        "فُصل السجلان: {name} شخص مستقل من جديد، بكل ما كان له.",
        "The records are apart again: {name} is a person of their own, with everything they had.",
    ),
    AnswerCode.NOT_MERGED: Text(
        "هذا السجل غير مضموم إلى غيره. لم يتغيّر شيء.", "This record is not merged into another. Nothing changed."
    ),
    AnswerCode.RECORDS_JOINED: Text(
        "أثبتت رسالة من {name} أن سجلّين هنا لشخص واحد، فضُمّا. ما أوقفه في أحدهما موقوف في كليهما.",
        "A message from {name} proved that two records here are one person; they are merged. What was stopped in one "
        "is stopped in both.",
    ),
    AnswerCode.IDENTITY_UNSURE: Text(
        "راجع هوية {name}: {reason} لا يُرسل إليه شيء حتى يُحسم ذلك.{steps}",
        "Look at who {name} is: {reason} Nothing is sent to them until that is settled.{steps}",
    ),
    AnswerCode.ACCOUNT_STOPPED: Text(
        "تنبيه: {what} ({word}) منذ {t}، فأُوقف كل الإرسال إلى جهات الاتصال، والموافقات محفوظة. "
        "عالج السبب في مدير واتساب، ثم يستأنف المسؤول الإرسال من صفحة الصحة.{steps}",
        "Careful: {what} ({word}), since {t}. All sending to contacts is stopped; approvals are kept. "
        "Settle it in WhatsApp Manager; then an administrator resumes sending on the health page.{steps}",
    ),
    AnswerCode.ACCOUNT_STOPPED_UNTIL: Text(
        "تنبيه: {what} ({word}) منذ {t} وحتى {until}، فأُوقف كل الإرسال إلى جهات الاتصال، والموافقات محفوظة. "
        "راجع السبب في مدير واتساب، ثم يستأنف المسؤول الإرسال من صفحة الصحة.{steps}",
        "Careful: {what} ({word}), since {t} until {until}. All sending to contacts is stopped; approvals are kept. "
        "See why in WhatsApp Manager; then an administrator resumes sending on the health page.{steps}",
    ),
    AnswerCode.ACCOUNT_RESTORED: Text(
        "{what} ({word}) منذ {t}. الإرسال إلى جهات الاتصال ما زال موقوفًا حتى يستأنفه المسؤول من صفحة الصحة.{steps}",
        "{what} ({word}), since {t}. Sending to contacts is still stopped until an administrator resumes it on the "
        "health page.{steps}",
    ),
    AnswerCode.TEMPLATE_GONE: Text(
        "هذا القالب لم يعد مناسبًا لهذه الرسالة. اختر قالبًا آخر. لم يتغيّر شيء.",
        "That template does not fit this message any more. Choose another one. Nothing changed.",
    ),
    AnswerCode.TEMPLATE_VALUES: Text(
        "لكل خانة في القالب قيمة، والنص كله {limit} حرف على الأكثر. لم يتغيّر شيء.",
        "Every place of the template needs a value, and the whole text may have {limit} characters. Nothing changed.",
    ),
    AnswerCode.NUMBER_STOPPED: Text(
        "توقف الإرسال من {phone} إلى جهات الاتصال: {reason}. ما اعتُمد محفوظ ولا يخرج منه شيء حتى الاستئناف.{steps}",
        "Sending from {phone} to contacts is stopped: {reason}. What was approved is kept; nothing leaves until it is "
        "resumed.{steps}",
    ),
    AnswerCode.DATABASE_RESTORED: Text(
        "{what}. أُوقف كل الإرسال إلى جهات الاتصال، وما لم يُرسل موقوف حتى يقرّر المسؤول. التفاصيل في صفحة الصحة.{steps}",
        "{what}. All sending to contacts is stopped, and everything unsent waits for an administrator. The health page "
        "says more.{steps}",
    ),
    AnswerCode.PLATFORM_NOTICE: Text(
        "خبر من واتساب: {what}{about} ({word})، {t}. {advice}",
        "News from WhatsApp: {what}{about} ({word}), {t}. {advice}",
    ),
}
ANSWERS |= answers_brief.WORDS
ANSWERS |= answers_conversation.WORDS
ANSWERS |= answers_deciding.WORDS
ANSWERS |= answers_live_test.WORDS
ANSWERS |= answers_meetings.WORDS
ANSWERS |= answers_team.WORDS
ANSWERS |= answers_texts.WORDS

STATE_WORDS: dict[str, Text] = {
    "new": Text("جديدة", "new"),
    "presented": Text("تنتظر قرارًا", "waiting for a decision"),
    "accepted": Text("مقبولة", "accepted"),
    "drafting": Text("لها مسودة", "being drafted"),
    "skipped": Text("متجاوَزة", "skipped"),
    "snoozed": Text("مؤجلة", "snoozed"),
    "researching": Text("قيد البحث", "being researched"),
    "expired": Text("منتهية", "expired"),
    "contacted": Text("جرى التواصل", "contacted"),
    "replied": Text("وصل رد", "replied"),
    "won": Text("ناجحة", "won"),
    "lost": Text("خاسرة", "lost"),
    "awaiting_approval": Text("تنتظر الاعتماد", "waiting for approval"),
    "approved": Text("معتمدة", "approved"),
    "editing": Text("قيد التعديل", "being edited"),
    "cancelled": Text("ملغاة", "cancelled"),
    "superseded": Text("حلّت محلها مسودة أخرى", "replaced by another draft"),
    "pending": Text("في الطريق", "on its way"),
    "held": Text("موقوفة", "held"),
    "simulated": Text("تجربة، لم تُرسل", "simulated, not sent"),
    "sending": Text("جارٍ الإرسال", "sending"),
    "unknown": Text("لم تتأكد النتيجة", "outcome not confirmed"),
    "suppressed": Text("سُحبت قبل الإرسال", "taken back"),
    "failed": Text("تعذّر الإرسال", "not sent"),
    "sent": Text("أُرسلت", "sent"),
    "delivered": Text("وصلت", "delivered"),
    "read": Text("قُرئت", "read"),
}
"""Words for states, by the stored word. `accepted` of a message is shown as `sent` on its way (see screens)."""

PURPOSE_WORDS: dict[str, Text] = {
    "offers": Text("عروض", "offers"),
    "order_updates": Text("تحديثات الطلبات", "order updates"),
    "meetings": Text("مواعيد", "meetings"),
}

SCOPE_WORDS: dict[str, Text] = {
    "global": Text("كل المنشآت", "everything"),
    "business": Text("هذه المنشأة", "this business"),
    "number": Text("رقم الإرسال", "the sending number"),
}
