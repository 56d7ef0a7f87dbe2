"""Invitation links: rows that are found by the hash of what stands in the link."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User

from wakeel.domain.invitations import LIFE, InvitationState
from wakeel.domain.roles import Role
from wakeel.store.models import Invitation


def keep(
    business_id: str, *, token_hash: str, roles: Collection[Role], name: str, by: str, real_now: datetime
) -> Invitation:
    """A new one; of those that nobody used in time the names are forgotten."""
    over = Invitation.objects.filter(business_id=business_id, state=InvitationState.OPEN, expires_at__lte=real_now)
    over.update(state=InvitationState.WITHDRAWN, name="")
    return Invitation.objects.create(
        business_id=business_id, token_hash=token_hash, roles=sorted(role.value for role in roles), name=name[:120],
        by=by[:150], made_at=real_now, expires_at=real_now + LIFE,
    )  # fmt: skip


def find(token_hash: str) -> Invitation | None:
    """In whatever state."""
    return Invitation.objects.filter(token_hash=token_hash).select_related("business").first()


def use(invitation: Invitation, *, user: User, real_now: datetime) -> bool:
    """True for whoever was first, and in time; the name of the invited is gone then, the login has it."""
    rows = Invitation.objects.filter(pk=invitation.pk, state=InvitationState.OPEN, expires_at__gt=real_now)
    return rows.update(state=InvitationState.USED, user=user, name="") == 1


def withdraw(business_id: str, invitation_id: str) -> bool:
    """False if it was used or withdrawn before, or is no invitation of this business."""
    rows = Invitation.objects.filter(business_id=business_id, pk=invitation_id, state=InvitationState.OPEN)
    return rows.update(state=InvitationState.WITHDRAWN, name="") == 1
