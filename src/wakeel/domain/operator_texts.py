"""What an operator's typed words can mean, and when a tap comes too late to be carried out."""

import re
from datetime import datetime, timedelta

from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.cards import ROW_TITLE_LIMIT
from wakeel.domain.keyword_lists import WordList
from wakeel.domain.keywords import DEFAULT, STOP_ALL, fold, match

LATE_AFTER = timedelta(minutes=30)
"""An operator's tap or text older than this when processed is answered, not carried out (design section 2)."""

_COMMANDS: dict[str, tuple[ButtonKind, str]] = {
    fold(word): meaning
    for words, meaning in (
        (("قبول", "اقبل", "أقبل", "accept"), (ButtonKind.OPPORTUNITY, "accept")),
        (("تخطي", "تخطى", "تخط", "skip"), (ButtonKind.OPPORTUNITY, "skip")),
        (("رسالة", "message", "draft"), (ButtonKind.OPPORTUNITY, "draft")),
        (("اعتماد", "اعتمد", "اعتمدها", "approve"), (ButtonKind.MESSAGE_DRAFT, "approve")),
        (("تعديل", "عدّل", "عدلها", "edit"), (ButtonKind.MESSAGE_DRAFT, "edit")),
        (("إلغاء", "ألغ", "ألغي", "ألغها", "cancel"), (ButtonKind.MESSAGE_DRAFT, "cancel")),
    )
    for word in words
}
_TITLES = frozenset(
    map(
        fold,
        (
            "لاحقاً", "later", "تم", "done", "أرسل كما هي", "احجز اجتماع", "يحتاج بحث", "الفرص", "opportunities",
            "الموافقات", "approvals",
        ),
    )
)  # fmt: skip
"""Buttons and rows beside the commands: one typed where nothing has it is an answer all the same."""
_BRIEF = frozenset(map(fold, ("الملخص", "ملخص", "الموجز", "موجز", "brief", "summary")))
_EDITS = frozenset(word for word, (_, action) in _COMMANDS.items() if action == "edit")
_APPROVE_ALL = frozenset(map(fold, ("اعتمد الكل", "اعتماد الكل", "اعتمدها كلها", "approve all")))
_COLON = re.compile("[:\uff1a\ufe55]")
_LONGEST_CHOICE = 10
"""Rows of a list message; more choices no message of ours has."""
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")
"""What turns 1 into a key with a 1 on it."""
_ANSWERS = DEFAULT[WordList.YES] | DEFAULT[WordList.DECLINE] | DEFAULT[WordList.HELP]
_OF_DRAFTS = frozenset(word for word, (kind, _) in _COMMANDS.items() if kind is ButtonKind.MESSAGE_DRAFT)
_ONLY_ANSWERS = _ANSWERS | _COMMANDS.keys() | _TITLES | _BRIEF
_LONGEST_ANSWER = 3
"""Words up to which a text with such a word in it is taken for an answer to the card, not for the text of a message."""


def is_late(sent_at: datetime, *, now: datetime) -> bool:
    """True if what was tapped or typed at `sent_at` is too old to be carried out at `now`."""
    return now - sent_at > LATE_AFTER


def counts_when_late(reply: ButtonReply) -> bool:
    """Skipping sends nothing, so it counts however late it comes."""
    return reply.kind is ButtonKind.OPPORTUNITY and reply.action == "skip"


def is_stop_all(text: str) -> bool:
    return fold(text) in STOP_ALL


def is_approve_all(text: str) -> bool:
    return fold(text) in _APPROVE_ALL


def is_help(text: str) -> bool:
    """True for a question what can be typed."""
    return fold(text) in DEFAULT[WordList.HELP]


def asks_for_brief(text: str) -> bool:
    return fold(text) in _BRIEF


def command_of(text: str) -> tuple[ButtonKind, str] | None:
    """The kind of card and the verb of a typed command word, if the whole text is one; of «عدّل: 👍» it is not."""
    return None if new_text_of(text) else _COMMANDS.get(fold(text))


def choice_of(text: str) -> int | None:
    """Which button or row a bare number from 1 to 10 means, in Arabic or Latin digits; None for anything else."""
    number = fold(text.translate(_KEYCAP))
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(_LONGEST_CHOICE))):
        return None
    return int(number) if 1 <= int(number) <= _LONGEST_CHOICE else None


def is_choice(text: str) -> bool:
    """True for a command word or a bare number: never the text of a message."""
    return command_of(text) is not None or choice_of(text) is not None


def may_be_choice(text: str) -> bool:
    """False for what is longer than the title of any button or row."""
    return len(fold(text)) <= ROW_TITLE_LIMIT


def new_text_of(text: str) -> str | None:
    """What follows «عدّل:», line breaks and all; None if the text does not begin so. '' if nothing follows."""
    verb, colon, rest = _parted(text)
    return rest.strip() if colon and fold(verb) in _EDITS else None


def is_only_answer(text: str) -> bool:
    """True for what says nothing to a contact: a yes, a no, a command, the title of a button, a number, an emoji."""
    folded = fold(text.translate(_KEYCAP))
    return folded in _ONLY_ANSWERS or not any(character.isalpha() for character in folded)


def is_bare_answer(text: str) -> bool:
    """The same, also with a word or two around it: "approve it now"."""
    words = fold(text.translate(_KEYCAP)).split()
    is_short = len(words) <= _LONGEST_ANSWER
    return is_only_answer(text) or (is_short and any(word in _ANSWERS or word in _OF_DRAFTS for word in words))


def is_opt_out_word(text: str) -> bool:
    """True for words that stop messages when a contact types them; never a version, never an opt-out of an operator."""
    return match(text).withdraws


def _parted(text: str) -> tuple[str, str, str]:
    found = _COLON.search(text)
    return (text, "", "") if found is None else (text[: found.start()], ":", text[found.end() :])
