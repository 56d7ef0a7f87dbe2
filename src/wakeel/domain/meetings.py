"""Meetings: their states, and times that suit both sides. Issue 7, design section 4."""

from enum import StrEnum


class MeetingState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"  # the invitation may leave; the calendar is not written yet
    BOOKED = "booked"
    FAILED = "failed"  # the calendar refused it
    CANCELLED = "cancelled"


_S = MeetingState
ALLOWED: dict[MeetingState, frozenset[MeetingState]] = {
    _S.DRAFT: frozenset({_S.APPROVED, _S.CANCELLED}),
    _S.APPROVED: frozenset({_S.BOOKED, _S.FAILED, _S.CANCELLED}),
    _S.BOOKED: frozenset({_S.CANCELLED}),
    _S.FAILED: frozenset({_S.BOOKED, _S.CANCELLED}),
    _S.CANCELLED: frozenset(),
}
