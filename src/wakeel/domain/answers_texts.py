"""What an operator is told after typing: texts of drafts, typed choices, several approvals, opportunities by hand."""

from wakeel.domain.answer_codes import AnswerCode
from wakeel.domain.words import Text

WORDS: dict[AnswerCode, Text] = {
    AnswerCode.NOT_A_VERSION: Text(
        "«{word}» ليست نصًا للرسالة ولا قرارًا، فلم يتغيّر شيء. اكتب: اعتماد، أو إلغاء، أو «عدّل:» ثم النص الجديد.",
        "“{word}” is neither a text for the message nor a decision, so nothing changed. Write: approve, or cancel, or "
        "“edit:” and the new text.",
    ),
    AnswerCode.NOT_THE_TEXT: Text(
        "«{word}» وحدها لا تُؤخذ نصًا للرسالة، فلم يتغيّر شيء. أرسل النص الجديد كاملًا، أو اكتب «عدّل:» ثم النص، "
        "أو اضغط إلغاء.",
        "“{word}” alone is not taken as the text of the message, so nothing changed. Send the whole new text, or write "
        "“edit:” and the text, or tap Cancel.",
    ),
    AnswerCode.NO_CARD_HAS_IT: Text(
        "لا بطاقة مفتوحة فيها «{word}»، ولم يُنفّذ شيء. المفتوح الآن: {open}.",
        "No open card has “{word}”, and nothing was done. Open now: {open}.",
    ),
    AnswerCode.HOW_TO: Text(
        "تصلك الفرص والمسودات هنا بأزرارها، ولا تُرسل رسالة دون اعتمادك. يمكنك أن تكتب:\n"
        "• ردًا على بطاقة، أو حين لا تكون مفتوحة إلا بطاقة واحدة: كلمة الزر أو رقمه\n"
        "• «عدّل:» ثم النص الجديد\n"
        "• اعتمد الكل\n"
        "• «فرصة:» ثم الاسم والرقم والعنوان\n"
        "• الملخص: لعرض ما ينتظرك الآن\n"
        "• أوقف الكل: لإيقاف كل الإرسال",
        "Opportunities and drafts come here with their buttons, and no message leaves without your approval. You can "
        "write:\n"
        "• below a card, or while only one is open: the word or the number of a button\n"
        "• “edit:” and the new text\n"
        "• approve all\n"
        "• “opportunity:” with name, number and title\n"
        "• brief: to see what waits for you now\n"
        "• stop everything: to stop all sending",
    ),
    AnswerCode.NO_SUCH_CHOICE: Text(
        "لم يُفهم ردك على هذه الرسالة، ولم يُنفّذ شيء. اختر برقمه أو كلمته: {choices}.",
        "Your answer to this message was not understood; nothing was done. Choose by number or word: {choices}.",
    ),
    AnswerCode.NO_CHOICES: Text(
        "الرسالة التي اقتبستها لا تسأل عن شيء، ولم يُنفّذ شيء. اكتب أي كلمة دون اقتباس لعرض ما ينتظر.",
        "The message you quoted asks for nothing, and nothing was done. Write any word without quoting to see what "
        "waits.",
    ),
    AnswerCode.NO_TAKING_BACK: Text(
        "ما كتبته قبلُ بقي على حاله، ولا يتغيّر بتعديل رسالته أو حذفها. اكتب ما تريد في رسالة جديدة.",
        "What you wrote before stands; changing or deleting that message undoes nothing. Write a new message instead.",
    ),
    AnswerCode.BATCH_NOTHING: Text(
        "لا توجد الآن رسائل يمكن اعتمادها معًا.{apart}", "Nothing can be approved together right now.{apart}"
    ),
    AnswerCode.BATCH_DONE: Text("نتيجة القائمة:\n{each}", "What became of the list:\n{each}"),
    AnswerCode.BATCH_CANCELLED: Text(
        "لم يُعتمد شيء من القائمة، وبطاقاتها باقية.", "Nothing of the list is approved; its cards stay."
    ),
    AnswerCode.OPP_MADE: Text(
        "سُجّلت الفرصة: {title}، مع {name}.{noted} بطاقتها في الطريق إليك.{consent}",
        "Recorded: {title}, with {name}.{noted} Its card is on its way to you.{consent}",
    ),
    AnswerCode.OPP_MADE_FOR: Text(
        "سُجّلت الفرصة: {title}، مع {name}.{noted} التعامل مع {name} لدى {who}، فهي له وبطاقتها في الطريق إليه.{consent}",
        "Recorded: {title}, with {name}.{noted} {who} has {name}, so it is theirs and its card is on its way to them."
        "{consent}",
    ),
    AnswerCode.OPP_KNOWN: Text(
        "هذه الفرصة مسجّلة من قبل: {title} ({state}). لم يتغيّر شيء، وبطاقتها في الطريق إليك إن كانت تنتظر قرارًا.",
        "This opportunity is known already: {title} ({state}). Nothing changed; its card is on its way if it waits for "
        "a decision.",
    ),
    AnswerCode.OPP_FAULTS: Text(
        "لم تُسجّل الفرصة:{faults}\nاكتبها هكذا: {example}", "The opportunity was not recorded:{faults}\nWrite: {example}"
    ),
    AnswerCode.OPP_HOW: Text(
        "لتسجيل فرصة اكتب الاسم والرقم والعنوان في رسالة واحدة: {example}",
        "To record an opportunity, write name, number and title in one message: {example}",
    ),
}
