"""Opportunities: their states and what a tap on an opportunity card means. Walk 1."""

from dataclasses import dataclass
from enum import StrEnum


class OpportunityState(StrEnum):
    NEW = "new"  # imported, not shown to anybody yet
    PRESENTED = "presented"  # its card was accepted by WhatsApp, or it was opened on screen
    ACCEPTED = "accepted"  # an operator made it theirs; a draft waits for approval
    DRAFTING = "drafting"  # only a draft was asked for
    SKIPPED = "skipped"  # nothing goes out; feeds the ranking
    SNOOZED = "snoozed"  # comes back at a time or when they write
    RESEARCHING = "researching"  # comes back when the facts are there
    EXPIRED = "expired"  # its date passed undecided
    CONTACTED = "contacted"  # the first message was accepted by WhatsApp
    REPLIED = "replied"  # the contact answered
    WON = "won"  # closed by a person, maybe with its value
    LOST = "lost"  # closed by a person


class Source(StrEnum):
    """How an opportunity came to us."""

    IMPORT = "import"
    INBOUND = "inbound"  # somebody new wrote
    REFERRAL = "referral"  # somebody new wrote, from an advertisement or a link
    MANUAL = "manual"  # an operator made it
    API = "api"


WROTE_FIRST = frozenset({Source.INBOUND, Source.REFERRAL})
"""They came to us: our first message is an answer."""


_S = OpportunityState
ALLOWED: dict[OpportunityState, frozenset[OpportunityState]] = {
    _S.NEW: frozenset({_S.PRESENTED}),
    _S.PRESENTED: frozenset({_S.ACCEPTED, _S.DRAFTING, _S.SKIPPED, _S.SNOOZED, _S.RESEARCHING, _S.EXPIRED}),
    _S.ACCEPTED: frozenset({_S.CONTACTED, _S.PRESENTED, _S.SNOOZED, _S.SKIPPED}),
    _S.DRAFTING: frozenset({_S.CONTACTED, _S.PRESENTED, _S.SNOOZED, _S.SKIPPED}),
    _S.SNOOZED: frozenset({_S.PRESENTED}),
    _S.RESEARCHING: frozenset({_S.PRESENTED}),
    _S.CONTACTED: frozenset({_S.REPLIED, _S.WON, _S.LOST}),
    _S.REPLIED: frozenset({_S.WON, _S.LOST}),
    _S.SKIPPED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.WON: frozenset(),
    _S.LOST: frozenset(),
}

OPEN_STATES = frozenset({_S.NEW, _S.PRESENTED})
"""Still waiting for its first decision."""

IN_WORK = frozenset({_S.ACCEPTED, _S.DRAFTING})
"""Decided, with a draft that has not left yet."""


PUT_OFF = frozenset({_S.SNOOZED, _S.RESEARCHING})
"""Decided for now; comes back by itself, or as soon as whoever put it off says so."""

ANSWERED = frozenset({_S.CONTACTED, _S.REPLIED})
"""A message of ours left about it: what its contact writes is an answer."""

UNFINISHED = OPEN_STATES | IN_WORK | PUT_OFF | ANSWERED
"""Somebody decides about it, works on it, or waits for an answer to it."""


class OpportunityAction(StrEnum):
    ACCEPT = "accept"
    SKIP = "skip"
    DRAFT = "draft"


class LaterAction(StrEnum):
    """What the list after قبول offers."""

    SCHEDULE = "schedule"
    NEEDS_RESEARCH = "needs_research"
    SNOOZE = "snooze"


class Outcome(StrEnum):
    """The actions of `out:` button ids that end an opportunity."""

    WON = "won"
    LOST = "lost"


class Ruling(StrEnum):
    """What becomes of one tap."""

    MOVE = "move"  # the state changes
    SHOW_DRAFT = "show_draft"  # nothing changes; the waiting draft is shown
    TAKE_BACK = "take_back"  # the draft is cancelled and, if unsent, taken back; then the state changes
    ALREADY = "already"  # somebody decided before
    NOT_OFFERED = "not_offered"  # nothing of ours carries this button in this state
    REMIND = "remind"  # the state stays; it is asked about again later
    PLAN = "plan"  # the state stays; a meeting is drafted


@dataclass(frozen=True, slots=True)
class OpportunityRuling:
    """ruling, and the state after it: None when the state stays."""

    ruling: Ruling
    to: OpportunityState | None = None


_FIRST = {
    OpportunityAction.ACCEPT: _S.ACCEPTED,
    OpportunityAction.SKIP: _S.SKIPPED,
    OpportunityAction.DRAFT: _S.DRAFTING,
}


def rule_on(state: OpportunityState, action: str, *, is_theirs: bool = False) -> OpportunityRuling:
    """Say what one tap on an opportunity card does; the first decision wins.

    is_theirs: whoever taps put it off or researches it, and may decide sooner than they said.
    """
    if action not in _FIRST:
        return OpportunityRuling(Ruling.NOT_OFFERED)
    verb = OpportunityAction(action)
    if state in OPEN_STATES or (state in PUT_OFF and is_theirs):
        return OpportunityRuling(Ruling.MOVE, _FIRST[verb])
    if state in IN_WORK:
        if verb is OpportunityAction.SKIP:
            return OpportunityRuling(Ruling.TAKE_BACK, _S.SKIPPED)
        if verb is OpportunityAction.DRAFT:
            return OpportunityRuling(Ruling.SHOW_DRAFT)
    return OpportunityRuling(Ruling.ALREADY)


def rule_on_later(state: OpportunityState, action: LaterAction) -> OpportunityRuling:
    """Say what one of the later actions does. A move from anything but PRESENTED goes through it (`ALLOWED`)."""
    match action:
        case LaterAction.SCHEDULE:
            return _rule_on_meeting(state)
        case LaterAction.NEEDS_RESEARCH:
            return _rule_on_wait(state, _S.RESEARCHING)
        case LaterAction.SNOOZE if state in ANSWERED:
            return OpportunityRuling(Ruling.REMIND)
        case LaterAction.SNOOZE:
            return _rule_on_wait(state, _S.SNOOZED)


def _rule_on_meeting(state: OpportunityState) -> OpportunityRuling:
    if state in IN_WORK | ANSWERED:
        return OpportunityRuling(Ruling.PLAN)
    return OpportunityRuling(Ruling.NOT_OFFERED if state in OPEN_STATES | PUT_OFF else Ruling.ALREADY)


def _rule_on_wait(state: OpportunityState, to: OpportunityState) -> OpportunityRuling:
    if state in IN_WORK:
        return OpportunityRuling(Ruling.TAKE_BACK, to)
    if state == to:
        # Only the time changes; research that goes on has none of its own.
        return OpportunityRuling(Ruling.REMIND if to is _S.SNOOZED else Ruling.ALREADY)
    return OpportunityRuling(Ruling.MOVE, to) if state in OPEN_STATES | PUT_OFF else OpportunityRuling(Ruling.ALREADY)
