"""Somebody leaves the team, in one transaction: nothing reaches their phone, nothing of their work is lost. Issue 7."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Action, login
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.recognition import OperatorState
from wakeel.domain.roles import Role
from wakeel.domain.team import TeamChange
from wakeel.domain.text import isolate
from wakeel.flows import audit, hand_over
from wakeel.flows.ask_again import ask_again, whom_to_ask
from wakeel.flows.gather_notices import notify
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import fill_phones
from wakeel.flows.show_waiting import show_waiting
from wakeel.store import drafts, operators, roles, team, votes, web_sessions
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Draft, Operator, OutboxMessage
from wakeel.store.retry import whole_transaction


class Outcome(StrEnum):
    DONE = "done"
    LEFT_BEFORE = "left_before"
    YOURSELF = "yourself"  # another administrator must do it: nobody locks themselves out
    NOBODY_LEFT = "nobody_left"  # the last active one: only if that is said
    LAST_ADMIN = "last_admin"  # nobody would be left who administers


@dataclass(frozen=True, slots=True)
class Left:
    """What became of it. opportunities: how many were theirs; heirs: names of those who have them now."""

    outcome: Outcome
    opportunities: int = 0
    heirs: tuple[str, ...] = ()


@whole_transaction
def deactivate_operator(
    business_id: str, operator_id: str, *, by: str, by_user_id: int, may_leave_nobody: bool, now: datetime
) -> Left | None:
    """End somebody's work as an operator, and their login; None if this business has no such operator.

    by, by_user_id: the administrator. may_leave_nobody: they said that nobody would be left who decides.
    """
    user_id = team.user_of(business_id, operator_id)
    if user_id is None:
        return None
    if user_id == by_user_id:
        return Left(Outcome.YOURSELF)
    # Read before the transaction: there may be many, and a login that is closed opens none anyway.
    sessions = web_sessions.of_user(user_id)
    with transaction.atomic():
        # Two administrators may close each other's logins in the same moment; the second one finds nobody else.
        roles.lock(business_id)
        everybody = team.lock_everybody(business_id)
        leaving = everybody.get(operator_id)
        if leaving is None:
            return Left(Outcome.LEFT_BEFORE)
        heirs = hand_over.heirs_of(everybody, leaving)
        if not heirs and leaving.state == OperatorState.ACTIVE and not may_leave_nobody:
            return Left(Outcome.NOBODY_LEFT)
        if roles.holders(business_id, Role.ADMIN) == {user_id}:
            return Left(Outcome.LAST_ADMIN)
        team.leave(leaving, now=now)
        team.close_login(leaving)
        web_sessions.end(sessions)
        count = _hand_over(leaving, heirs, now=now)
        team.note(business_id, TeamChange.LEFT, by=by, operator=leaving, now=now)
        audit.note(
            business_id, by=login(by_user_id), action=Action.OPERATOR_LEFT, subject=operator_id, now=now,
            before={"state": "active"}, after={"state": "inactive", "opportunities": count},
        )  # fmt: skip
        return Left(Outcome.DONE, count, tuple(heir.name for heir in heirs) if count else ())


def stop_deciding(business_id: str, user_id: int, *, by: str, now: datetime) -> None:
    """A login decides nothing from now on and goes on otherwise: its phone is no operator's, its work goes to others.

    Inside the caller's transaction, which takes the roles away. Should they decide again, the phone is linked anew.
    """
    everybody = team.lock_everybody(business_id)
    leaving = next((one for one in everybody.values() if one.user_id == user_id), None)
    if leaving is not None:
        team.leave(leaving, now=now)
        _hand_over(leaving, hand_over.heirs_of(everybody, leaving), now=now)
        team.note(business_id, TeamChange.LEFT, by=by, operator=leaving, now=now)


def _hand_over(leaving: Operator, heirs: list[Operator], *, now: datetime) -> int:
    """How many opportunities were theirs."""
    owned = team.lock_owned(leaving)
    given = hand_over.share_out(owned, heirs, now=now)
    team.put_back(leaving, now=now)
    unwritten = hand_over.stop_waiting_for_text(leaving, now=now)
    for message in team.approved_by(leaving):
        _ask_again(message, now=now)
    votes.withdraw(leaving.id)
    hand_over.show_drafts_of(owned, now=now)
    _show_of_others([one for one in unwritten if one.opportunity not in owned], now=now)
    hand_over.hand_on_questions(leaving, heirs, now=now)
    for heir in heirs:
        if heir.id in given:
            said = Reply(AnswerCode.WORK_CAME_TO_YOU, {"who": isolate(leaving.name), "n": given[heir.id]})
            notify(heir, said, key=f"left:{leaving.id}:{now.isoformat()}:{heir.id}", now=now)
    fill_phones(heirs, now=now)
    return len(owned)


def _show_of_others(unwritten: Sequence[Draft], *, now: datetime) -> None:
    for draft in unwritten:
        for operator in whom_to_ask(draft):
            show_waiting(operator, draft, now=now)


def _ask_again(message: OutboxMessage, *, now: datetime) -> None:
    """One that a worker has claimed is called back. If it can still stop, the claim after that finds no approval and
    asks; if not, it left on a word that was good when it was claimed."""
    if not ask_again(message, code=ReasonCode.APPROVAL_MISSING, now=now) and message.draft is not None:
        outbox_verbs.recall(OutboxMessage.objects.filter(pk=message.pk), now=now)
        drafts.revoke_approval(message.draft, now=now)


@whole_transaction
def open_login_again(business_id: str, operator_id: str, *, by: str, now: datetime) -> bool:
    """Somebody who left may sign in again and link a phone anew; False if they could, or are no such operator."""
    user_id = team.user_of(business_id, operator_id)
    if user_id is None:
        return False
    # One that began in the moment in which they left slept with the login: it must not wake up with it.
    sessions = web_sessions.of_user(user_id)
    with transaction.atomic():
        if not team.open_login(operator_id):
            return False
        web_sessions.end(sessions)
        team.note(business_id, TeamChange.MAY_RETURN, by=by, operator=operators.by_id(operator_id), now=now)
        audit.note(business_id, by=by, action=Action.OPERATOR_MAY_RETURN, subject=operator_id, now=now)
        return True


def take_up_unowned(operator: Operator, *, now: datetime) -> int:
    """Somebody new is there: what was left without anybody is theirs, inside the caller's transaction; how many."""
    left = team.lock_unowned(operator.business_id)
    if left:
        hand_over.share_out(left, [operator], now=now)
        hand_over.show_drafts_of(left, now=now)
    return len(left)
