"""«اعتمد الكل» on a page: what waits is read whole, and each text is approved against its own digest. Issue 7, 6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.words import Text
from wakeel.flows import preview_draft
from wakeel.flows.approve_batch import approve_each
from wakeel.flows.invitation import mailed_to
from wakeel.flows.no_operator import no_operator
from wakeel.flows.preview_draft import Preview
from wakeel.flows.quorum_line import quorum_line
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.verdict_line import Line, line_of
from wakeel.store import briefs, decisions, operators
from wakeel.store.models import Draft
from wakeel.store.retry import whole_transaction

MOST = 20
"""Texts of one page: more nobody reads word for word."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One text that waits. line: what the gate says of it. quorum: that two people must approve it, '' if one is
    enough. to: the masked number, '' without one. mailed_to: who gets a calendar file, '' for nobody."""

    draft: Draft
    seen: Preview
    line: Line
    quorum: str
    to: str
    mailed_to: str

    @property
    def is_fit(self) -> bool:
        """Whether approving it would be carried out."""
        return self.seen.verdict.may_be_approved


@dataclass(frozen=True, slots=True)
class Waiting:
    """The oldest first. rest: so many more wait."""

    listed: tuple[Listed, ...]
    rest: int

    @property
    def fit(self) -> tuple[Listed, ...]:
        return tuple(one for one in self.listed if one.is_fit)

    @property
    def apart(self) -> tuple[Listed, ...]:
        return tuple(one for one in self.listed if not one.is_fit)


def what_waits(operator_id: str, *, language: str, now: datetime) -> Waiting:
    """What this operator may approve together. Reads only."""
    operator = operators.by_id(operator_id)
    if operator is None:
        return Waiting((), 0)
    found = list(briefs.approvals_of(operator)[:MOST])
    rest = briefs.count_approvals(operator) - len(found) if len(found) == MOST else 0
    seen = preview_draft.of_all(found, now=now)
    return Waiting(tuple(_listed(draft, seen[draft.id], language=language, now=now) for draft in found), max(rest, 0))


def _listed(draft: Draft, seen: Preview, *, language: str, now: datetime) -> Listed:
    return Listed(
        draft,
        seen,
        line_of(seen.request, seen.verdict, now=now, text=seen.text),
        quorum_line(draft, digest=seen.asked_digest, language=language),
        seen.masked_number,
        mailed_to(draft),
    )


@whole_transaction
def approve_together(operator_id: str, listed: Sequence[tuple[str, str]], *, tap_key: str, now: datetime) -> Reply:
    """Approve the chosen texts, and what became of each. listed: ids of drafts with the digests that the page showed.

    tap_key: the page's one-time key; the same key decides once.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        if (no_more := no_operator(operator)) is not None:
            return no_more
        if not listed:
            return Reply(AnswerCode.BATCH_NOTHING, {"apart": Text("", "")})
        if decisions.was_taken(operator.business_id, tap_key):
            return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words("approved")})
        reply = approve_each(operator, listed[:MOST], tap_key=tap_key, via="screen", now=now)
        decisions.record(
            operator, action="all_approve", via="screen", tap_key=tap_key, reply=reply.code,
            carried_out=reply.carried_out, now=now,
        )  # fmt: skip
        return reply
