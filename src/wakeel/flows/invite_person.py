"""Somebody gets a login: an administrator hands them a link, and they choose their own name and password."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from wakeel import config
from wakeel.domain.audit import Action, login
from wakeel.domain.ids import BusinessId
from wakeel.domain.invitations import is_open
from wakeel.domain.roles import Role
from wakeel.flows import audit
from wakeel.flows.set_up import check_login
from wakeel.store import invitations, roles
from wakeel.store.models import Invitation
from wakeel.store.retry import whole_transaction


class NameTaken(Exception):
    """Somebody signs in with this name already, whatever its capital letters."""


class LinkOver(Exception):
    """The link was used or withdrawn, or its time is over."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What an open link offers. name: whom it is for, as the administrator calls them, '' if they did not say."""

    business_name: str
    name: str
    roles: tuple[Role, ...]
    by: str


@whole_transaction
def invite(
    business_id: BusinessId, wanted: Collection[Role], *, name: str, by: str, by_user_id: int, now: datetime,
    real_now: datetime,
) -> str:  # fmt: skip
    """What stands in the link, told only here. by, by_user_id: name and id of who invites."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = invitations.keep(
            business_id, token_hash=_hashed(token), roles=wanted, name=name, by=by, real_now=real_now
        )
        audit.note(
            business_id, by=login(by_user_id), action=Action.INVITED, subject=row.id, now=now,
            after={"roles": row.roles},
        )  # fmt: skip
    return token


def look(token: str, *, real_now: datetime) -> Invited | None:
    """None for a link that gives nothing, and does not say why."""
    found = _open(token, real_now=real_now)
    if found is None:
        return None
    given = frozenset(found.roles)
    return Invited(found.business.name, found.name, tuple(role for role in Role if role.value in given), found.by)


@whole_transaction
def accept(token: str, *, username: str, name: str, password: str, now: datetime, real_now: datetime) -> int:
    """The new login's id. Raises LinkOver, NameTaken, BadLogin; a refused try leaves the link as it was."""
    user = User(username=username, first_name=name[:150])
    check_login(user, password)
    user.set_password(password)
    with transaction.atomic():
        found = _open(token, real_now=real_now)
        if found is None:
            raise LinkOver
        business_id = BusinessId(found.business_id)
        # Two people who choose the same name in the same moment wait for each other here.
        roles.lock(business_id)
        if User.objects.filter(username__iexact=username).exists():
            raise NameTaken
        user.save()
        if not invitations.use(found, user=user, real_now=real_now):
            raise LinkOver
        roles.replace(business_id, user.pk, [Role(word) for word in found.roles], by=found.by, now=now)
        audit.note(
            business_id, by=login(user.pk), action=Action.INVITATION_TAKEN, subject=found.id, now=now,
            after={"login": login(user.pk), "roles": found.roles},
        )  # fmt: skip
    return user.pk


@whole_transaction
def withdraw(business_id: BusinessId, invitation_id: str, *, by_user_id: int, now: datetime) -> bool:
    """The link gives nothing any more; False if it did not before."""
    with transaction.atomic():
        if not invitations.withdraw(business_id, invitation_id):
            return False
        audit.note(business_id, by=login(by_user_id), action=Action.INVITATION_REVOKED, subject=invitation_id, now=now)
    return True


def _open(token: str, *, real_now: datetime) -> Invitation | None:
    """An administrator who is none any more gives nothing."""
    found = invitations.find(_hashed(token))
    if found is None or not is_open(found.state, expires_at=found.expires_at, real_now=real_now):
        return None
    return found if roles.is_open_admin(found.business_id, found.by) else None


def _hashed(token: str) -> str:
    """Links are kept only as keyed hashes."""
    return hmac.new(config.get().secret_key.encode(), f"invitation:{token}".encode(), hashlib.sha256).hexdigest()
