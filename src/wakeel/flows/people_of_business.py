"""An administrator says who may do what: roles, logins that close and open, a second factor that somebody lost."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain.audit import Action, login
from wakeel.domain.ids import BusinessId
from wakeel.domain.roles import Act, Role, may
from wakeel.flows import audit
from wakeel.flows.deactivate_operator import stop_deciding
from wakeel.store import logins, roles, web_sessions
from wakeel.store.retry import whole_transaction


class Outcome(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    NOBODY = "nobody"  # no such login in this business
    LAST_ADMIN = "last_admin"  # nobody would be left who administers
    OWN_ADMIN = "own_admin"  # nobody locks themselves out: another administrator must do it
    ELSEWHERE = "elsewhere"  # the login is another business's too, which one of them cannot close for both
    NO_ROLE = "no_role"  # whoever has no role cannot come in; that is what closing is for


@whole_transaction
def set_roles(
    business_id: BusinessId, user_id: int, wanted: Collection[Role], *, by: str, by_user_id: int, now: datetime
) -> Outcome:
    """From the next request and the next tap on exactly these. by, by_user_id: name and id of the administrator."""
    new = frozenset(wanted)
    with transaction.atomic():
        roles.lock(business_id)
        had = roles.of(business_id, user_id)
        if not had:
            return Outcome.NOBODY
        if new == had:
            return Outcome.UNCHANGED
        if not new:
            return Outcome.NO_ROLE
        refused = _takes_the_last(business_id, user_id, by_user_id) if Role.ADMIN in had - new else None
        if refused is not None:
            return refused
        roles.replace(business_id, user_id, new, by=by, now=now)
        if may(had, Act.DECIDE) and not may(new, Act.DECIDE):
            stop_deciding(business_id, user_id, by=by, now=now)
        audit.note(
            business_id, by=login(by_user_id), action=Action.ROLES_CHANGED, subject=login(user_id), now=now,
            before={"roles": sorted(role.value for role in had)}, after={"roles": sorted(role.value for role in new)},
        )  # fmt: skip
    return Outcome.DONE


@whole_transaction
def close_login(business_id: BusinessId, user_id: int, *, by_user_id: int, now: datetime) -> Outcome:
    """They cannot sign in, and their sessions end. An operator leaves the team instead, so that their work goes on."""
    sessions = web_sessions.of_user(user_id)
    with transaction.atomic():
        roles.lock(business_id)
        had = roles.of(business_id, user_id)
        if not had:
            return Outcome.NOBODY
        if user_id == by_user_id:
            return Outcome.OWN_ADMIN
        if roles.businesses_of(user_id) != [business_id]:
            return Outcome.ELSEWHERE
        refused = _takes_the_last(business_id, user_id, by_user_id) if Role.ADMIN in had else None
        if refused is not None:
            return refused
        if not logins.set_open(user_id, is_open=False):
            return Outcome.UNCHANGED
        web_sessions.end(sessions)
        audit.note(business_id, by=login(by_user_id), action=Action.LOGIN_CLOSED, subject=login(user_id), now=now)
    return Outcome.DONE


@whole_transaction
def open_login(business_id: BusinessId, user_id: int, *, by_user_id: int, now: datetime) -> Outcome:
    """They may sign in again, with the roles they had."""
    # One that began in the moment of the closing slept with the login: it must not wake up with it.
    sessions = web_sessions.of_user(user_id)
    with transaction.atomic():
        roles.lock(business_id)
        if not roles.of(business_id, user_id):
            return Outcome.NOBODY
        if roles.businesses_of(user_id) != [business_id]:
            return Outcome.ELSEWHERE
        if not logins.set_open(user_id, is_open=True):
            return Outcome.UNCHANGED
        web_sessions.end(sessions)
        audit.note(business_id, by=login(by_user_id), action=Action.LOGIN_OPENED, subject=login(user_id), now=now)
    return Outcome.DONE


@whole_transaction
def drop_second_factor(business_id: BusinessId, user_id: int, *, by_user_id: int, now: datetime) -> Outcome:
    """For somebody who lost it: the password alone opens the login again, and every session of it ends."""
    sessions = web_sessions.of_user(user_id)
    with transaction.atomic():
        if not roles.of(business_id, user_id):
            return Outcome.NOBODY
        if roles.businesses_of(user_id) != [business_id]:
            return Outcome.ELSEWHERE
        if not logins.drop_second_factors(user_id):
            return Outcome.UNCHANGED
        web_sessions.end(sessions)
        audit.note(
            business_id, by=login(by_user_id), action=Action.FACTOR_REMOVED, subject=login(user_id), now=now,
            after={"factor": "all"},
        )  # fmt: skip
    return Outcome.DONE


def _takes_the_last(business_id: BusinessId, user_id: int, by_user_id: int) -> Outcome | None:
    """Why this login cannot stop to administer; None if it can."""
    if user_id == by_user_id:
        return Outcome.OWN_ADMIN
    return None if roles.holders(business_id, Role.ADMIN) - {user_id} else Outcome.LAST_ADMIN
