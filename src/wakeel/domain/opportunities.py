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
    WON = "won"
    LOST = "lost"


class Source(StrEnum):
    """How an opportunity came to us."""

    IMPORT = "import"
    INBOUND = "inbound"  # somebody new wrote
    REFERRAL = "referral"  # somebody new wrote, from an advertisement or a link
    MANUAL = "manual"  # an operator made it
    API = "api"


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


ANSWERED = frozenset({_S.CONTACTED, _S.REPLIED})
"""A message of ours left about it: what its contact writes is an answer."""


class OpportunityAction(StrEnum):
    ACCEPT = "accept"
    SKIP = "skip"
    DRAFT = "draft"


class Ruling(StrEnum):
    """What becomes of one tap."""

    MOVE = "move"  # the state changes
    SHOW_DRAFT = "show_draft"  # nothing changes; the waiting draft is shown
    TAKE_BACK = "take_back"  # the draft is cancelled and, if unsent, taken back; then the state changes
    ALREADY = "already"  # somebody decided before
    NOT_OFFERED = "not_offered"  # no card of ours carries this button yet


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


def rule_on(state: OpportunityState, action: str) -> OpportunityRuling:
    """Say what one tap on an opportunity card does; the first decision wins."""
    if action not in _FIRST:
        return OpportunityRuling(Ruling.NOT_OFFERED)
    verb = OpportunityAction(action)
    if state in OPEN_STATES:
        return OpportunityRuling(Ruling.MOVE, _FIRST[verb])
    if state in IN_WORK:
        if verb is OpportunityAction.SKIP:
            return OpportunityRuling(Ruling.TAKE_BACK, _S.SKIPPED)
        if verb is OpportunityAction.DRAFT:
            return OpportunityRuling(Ruling.SHOW_DRAFT)
    return OpportunityRuling(Ruling.ALREADY)
