"""A text of high enough risk leaves only when two people approved the same. Issue 7."""

from collections.abc import Sequence
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import DraftState
from wakeel.domain.risk import needs_two
from wakeel.domain.team import NAMED
from wakeel.domain.text import isolate, one_line
from wakeel.domain.words import Text
from wakeel.flows.preview_draft import Preview
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import show_drafts
from wakeel.flows.show_waiting import show_waiting
from wakeel.store import operators, votes
from wakeel.store.models import Draft, Operator

QUORUM = 2
_NOBODY_ELSE = Text(
    "لا يوجد مشغّل آخر الآن: يضيفه المسؤول أو يغيّر القاعدة في صفحة الفريق.",
    "There is no other operator now: an administrator adds one or changes the rule on the team page.",
)
_ASKED = Text("وصلت البطاقة إلى: {names}.", "The card went to: {names}.")


def vote(draft: Draft, operator: Operator, seen: Preview, *, via: str, now: datetime) -> Reply | None:
    """Count one approval of what the locked draft asks; None if the text may leave with it, else what is said.

    The first vote brings the card to everybody else. Another version, another request or an approval that was taken
    back begins again.
    """
    if not needs_two(draft.risk, quorum_from=draft.number.business.quorum_from):
        return None
    is_new = votes.cast(draft, operator, digest=seen.asked_digest, via=via, now=now)
    if len(votes.voters(draft, digest=seen.asked_digest)) >= QUORUM:
        return None
    others = [one for one in operators.active(draft.business_id) if one.id != operator.id]
    if is_new:
        _ask(others, draft, now=now)
    code = AnswerCode.ONE_MORE_NEEDED if is_new else AnswerCode.VOTED_BEFORE
    return Reply(code, {"name": one_line(draft.contact.name), "asked": _asked(others)}, carried_out=is_new)


def _ask(others: Sequence[Operator], draft: Draft, *, now: datetime) -> None:
    """One that was approved before and held because the person wrote is asked about as it is."""
    if draft.state == DraftState.APPROVED:
        show_drafts([(other, draft) for other in others], as_it_is=True, now=now)
        return
    for other in others:
        show_waiting(other, draft, now=now)


def _asked(others: Sequence[Operator]) -> Text:
    if not others:
        return _NOBODY_ELSE
    names = "، ".join(isolate(one.name) for one in others[:NAMED]) + ("…" if len(others) > NAMED else "")
    return Text.both(lambda language: _ASKED.say(language, names=names))
