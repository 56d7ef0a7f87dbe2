"""What decisions taken together bring about, written together: one statement a table, not one a decision.

Nothing is decided here. Whoever decides holds the locks of what is decided on, so that what was read still is true.
"""

from dataclasses import dataclass, field
from datetime import datetime

from wakeel.domain.opportunities import ALLOWED, OpportunityState
from wakeel.domain.policy import Policy
from wakeel.flows.begin_wait import plan_new
from wakeel.flows.show_card import Ranked, close_opportunity_cards, fill_phones, show_drafts, show_opportunities
from wakeel.flows.tell_others import tell_others
from wakeel.store import cards, decisions, drafts, outbox, verdicts
from wakeel.store.decisions import Move
from wakeel.store.models import Approval, Decision, Draft, Operator, Opportunity, OutboxMessage, VerdictRow


@dataclass(frozen=True, slots=True)
class Approved:
    """One approval: of a draft that waited for it, and the message that leaves because of it."""

    draft: Draft
    approval: Approval
    message: OutboxMessage


@dataclass(slots=True)
class Effects:
    """Of decisions about different opportunities, in their order.

    decided: opportunities nobody is asked about any more. written: new drafts with their first texts, written_by: names
    of the models that wrote some of them, by draft id. judged: what the gate said of which text. refused: drafts to be
    shown once more when they can be approved. shown_drafts,
    shown_opportunities: cards to whom. fill: whose phones get the next cards.
    """

    decided: list[Opportunity] = field(default_factory=list)
    written: list[tuple[Draft, str]] = field(default_factory=list)
    written_by: dict[str, str] = field(default_factory=dict)
    judged: list[tuple[VerdictRow, Policy]] = field(default_factory=list)
    refused: list[Draft] = field(default_factory=list)
    approved: list[Approved] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    shown_drafts: list[tuple[Operator, Draft]] = field(default_factory=list)
    shown_opportunities: list[tuple[Operator, Opportunity]] = field(default_factory=list)
    fill: dict[str, Operator] = field(default_factory=dict)
    _moves: dict[str, Move] = field(default_factory=dict)

    def move(self, opportunity: Opportunity, *, to: OpportunityState, owner: Operator | None = None) -> bool:
        """Move a locked opportunity along `ALLOWED`; False if it cannot go there. owner: None leaves it as it is."""
        state = OpportunityState(opportunity.state)
        if to not in ALLOWED[state]:
            return False
        before = self._moves.get(opportunity.id)
        come_from = before.come_from if before is not None else state
        self._moves[opportunity.id] = Move(opportunity, come_from, to, owner)
        opportunity.state = to.value
        if owner is not None:
            opportunity.owner = owner
        return True

    def carry_out(self, *, now: datetime, ranked: list[Ranked] | None = None) -> None:
        """Write everything, inside the transaction that holds the locks. ranked: as for `fill_phones`.

        Raises IntegrityError and Overtaken: then the transaction must be tried again as a whole.
        """
        decisions.write_moves(self._moves.values(), now=now)
        close_opportunity_cards(self.decided, now=now)
        plan_new(self.written, now=now)
        drafts.create_all(self.written, written_by=self.written_by, now=now)
        drafts.reshow_when_cured(dict.fromkeys(self.refused, True))
        self._approve(now=now)
        decisions.record_all(self.decisions)
        show_drafts(self.shown_drafts, now=now)
        show_opportunities(self.shown_opportunities, now=now)
        fill_phones(list(self.fill.values()), ranked=ranked, now=now)
        tell_others(self.decisions, now=now)
        decisions.log_all(self.decisions, before={pk: move.come_from.value for pk, move in self._moves.items()})

    def _approve(self, *, now: datetime) -> None:
        for policy in {policy.version: policy for _, policy in self.judged}.values():
            verdicts.keep_all([row for row, of in self.judged if of.version == policy.version], policy)
        drafts.approve_all([one.draft for one in self.approved], [one.approval for one in self.approved])
        outbox.enqueue_all([one.message for one in self.approved])
        if self.approved:
            cards.close(now=now, draft__in=[one.draft for one in self.approved])
