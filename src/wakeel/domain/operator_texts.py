"""What an operator's typed words can mean, and when a tap comes too late to be carried out."""

from datetime import datetime, timedelta

from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.keywords import STOP_ALL, fold, match

LATE_AFTER = timedelta(minutes=30)
"""An operator's tap or text older than this when processed is answered, not carried out (design section 2)."""

_COMMANDS: dict[str, tuple[ButtonKind, str]] = {
    fold(word): meaning
    for words, meaning in (
        (("قبول", "accept"), (ButtonKind.OPPORTUNITY, "accept")),
        (("تخطي", "تخطى", "skip"), (ButtonKind.OPPORTUNITY, "skip")),
        (("رسالة", "message", "draft"), (ButtonKind.OPPORTUNITY, "draft")),
        (("اعتماد", "approve"), (ButtonKind.MESSAGE_DRAFT, "approve")),
        (("تعديل", "edit"), (ButtonKind.MESSAGE_DRAFT, "edit")),
        (("إلغاء", "cancel"), (ButtonKind.MESSAGE_DRAFT, "cancel")),
    )
    for word in words
}


def is_late(sent_at: datetime, *, now: datetime) -> bool:
    """True if what was tapped or typed at `sent_at` is too old to be carried out at `now`."""
    return now - sent_at > LATE_AFTER


def counts_when_late(reply: ButtonReply) -> bool:
    """Skipping sends nothing, so it counts however late it comes."""
    return reply.kind is ButtonKind.OPPORTUNITY and reply.action == "skip"


def is_stop_all(text: str) -> bool:
    return fold(text) in STOP_ALL


def command_of(text: str) -> tuple[ButtonKind, str] | None:
    """The kind of card and the verb of a typed command word, if the whole text is one."""
    return _COMMANDS.get(fold(text))


def is_opt_out_word(text: str) -> bool:
    """True for words that stop messages when a contact types them; never a version, never an opt-out of an operator."""
    return match(text).withdraws
