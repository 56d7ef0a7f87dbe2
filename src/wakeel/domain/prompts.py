"""Questions with buttons other than the cards of opportunities and drafts: which there are, and which buttons."""

from enum import StrEnum

from wakeel.domain.buttons import ButtonKind, ButtonReply


class PromptKind(StrEnum):
    NEXT = "next"  # after accept or draft: meeting, research, later
    REASONS = "reasons"  # why it was skipped
    TIMES = "times"  # later: when
    REPLY = "reply"  # a contact wrote
    OUTCOME = "outcome"  # done: won, lost, later
    MEETING = "meeting"
    BATCH = "batch"
    BRIEF = "brief"


class BatchState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    CANCELLED = "cancelled"


_CARRIED_BY = {
    ButtonKind.SKIP_REASON: PromptKind.REASONS,
    ButtonKind.SNOOZE: PromptKind.TIMES,
    ButtonKind.THREAD: PromptKind.REPLY,
    ButtonKind.OUTCOME: PromptKind.OUTCOME,
    ButtonKind.MEETING: PromptKind.MEETING,
    ButtonKind.BATCH: PromptKind.BATCH,
    ButtonKind.BRIEF: PromptKind.BRIEF,
}
_NEXT_ACTIONS = frozenset({"schedule", "needs_research", "snooze"})
_FOR_CONTACTS = frozenset({(ButtonKind.MEETING, "confirm"), (ButtonKind.MEETING, "other")})
_NOT_WHEN_LATE = frozenset(
    {
        (ButtonKind.OPPORTUNITY, "schedule"),
        (ButtonKind.MEETING, "approve"),
        (ButtonKind.MEETING, "edit"),
        (ButtonKind.BATCH, "approve"),
    }
)
"""Approvals, edits and schedules: what half an hour may have overtaken (design section 2)."""


def carried_by(button: ButtonReply) -> PromptKind | None:
    """The kind of question an operator finds this button on; None for those of cards and contacts, and unknown ones."""
    if (button.kind, button.action) in _FOR_CONTACTS:
        return None
    if button.kind is ButtonKind.OPPORTUNITY and button.action in _NEXT_ACTIONS:
        return PromptKind.NEXT
    return _CARRIED_BY.get(button.kind)


def counts_when_late(button: ButtonReply) -> bool:
    """Whether a tap is carried out however late it is processed: nothing goes outward by it."""
    return (button.kind, button.action) not in _NOT_WHEN_LATE
