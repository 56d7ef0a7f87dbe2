"""Who may come in: the logins of a business and its open invitations, as the page of people shows them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

from wakeel.domain.invitations import InvitationState
from wakeel.domain.recognition import OperatorState
from wakeel.domain.roles import Role
from wakeel.store import roles
from wakeel.store.models import Invitation, Operator

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Login:
    """One person. operator_id: of the phone that is linked or was suspended, None without. last_login_at: real time,
    None if they never signed in."""

    user_id: int
    username: str
    name: str
    roles: frozenset[Role]
    is_open: bool
    has_second_factor: bool
    operator_id: str | None
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    id: str
    name: str
    roles: tuple[Role, ...]
    by: str
    expires_at: datetime


def of_business(business_id: str) -> tuple[Login, ...]:
    """Open ones first, by name; at most SHOWN."""
    by_login = roles.by_login(business_id)
    phones = dict(
        Operator.objects.filter(business_id=business_id)
        .exclude(state=OperatorState.INACTIVE)
        .values_list("user_id", "id")
    )
    second = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    users = User.objects.filter(pk__in=by_login).annotate(has_second_factor=Exists(second))
    return tuple(
        Login(
            user_id=user.pk, username=user.username, name=user.get_full_name() or user.username,
            roles=by_login[user.pk], is_open=user.is_active, has_second_factor=user.has_second_factor,
            operator_id=phones.get(user.pk), last_login_at=user.last_login,
        )
        for user in users.order_by("-is_active", "first_name", "username")[:SHOWN]
    )  # fmt: skip


def one(business_id: str, user_id: int) -> Login | None:
    """None if this business has no such login."""
    return next((login for login in of_business(business_id) if login.user_id == user_id), None)


def invitations(business_id: str, *, real_now: datetime) -> tuple[OpenInvitation, ...]:
    """Those that still give a login, the newest first."""
    rows = Invitation.objects.filter(business_id=business_id, state=InvitationState.OPEN, expires_at__gt=real_now)
    return tuple(
        OpenInvitation(row.id, row.name, tuple(one for one in Role if one.value in row.roles), row.by, row.expires_at)
        for row in rows.order_by("-made_at")[:SHOWN]
    )
