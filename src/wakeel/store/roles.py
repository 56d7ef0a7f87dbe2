"""Which roles each login has in a business."""

from collections.abc import Collection
from datetime import datetime

from wakeel.domain.roles import Role
from wakeel.store.models import Business, RoleGrant


def lock(business_id: str) -> None:
    """Nobody else changes a role of this business until the transaction ends, so the last administrator stays."""
    Business.objects.select_for_update().get(pk=business_id)


def of(business_id: str, user_id: int) -> frozenset[Role]:
    """None of them for a login that is not of this business."""
    rows = RoleGrant.objects.filter(business_id=business_id, user_id=user_id)
    return frozenset(Role(word) for word in rows.values_list("role", flat=True))


def by_login(business_id: str) -> dict[int, frozenset[Role]]:
    """Everybody who has one here."""
    found: dict[int, frozenset[Role]] = {}
    for user_id, word in RoleGrant.objects.filter(business_id=business_id).values_list("user_id", "role"):
        found[user_id] = found.get(user_id, frozenset()) | {Role(word)}
    return found


def businesses_of(user_id: int) -> list[str]:
    """Where a login has a role."""
    rows = RoleGrant.objects.filter(user_id=user_id).order_by("business").values_list("business", flat=True)
    return list(rows.distinct())


def has_anybody(business_id: str) -> bool:
    return RoleGrant.objects.filter(business_id=business_id).exists()


def holders(business_id: str, role: Role) -> frozenset[int]:
    """Log-ins that are open and have this role."""
    rows = RoleGrant.objects.filter(business_id=business_id, role=role, user__is_active=True)
    return frozenset(rows.values_list("user_id", flat=True))


def is_open_admin(business_id: str, username: str) -> bool:
    """Whether this login is open and administers."""
    rows = RoleGrant.objects.filter(business_id=business_id, role=Role.ADMIN, user__is_active=True)
    return rows.filter(user__username=username).exists()


def replace(business_id: str, user_id: int, roles: Collection[Role], *, by: str, now: datetime) -> None:
    """From now on exactly these. by: the login that said so, '' for the command line."""
    theirs = RoleGrant.objects.filter(business_id=business_id, user_id=user_id)
    theirs.exclude(role__in=[role.value for role in roles]).delete()
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(business_id=business_id, user_id=user_id, role=role.value, by=by[:150], at=now)
            for role in sorted(roles)
        ],
        ignore_conflicts=True,
    )
