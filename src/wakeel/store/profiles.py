"""How people want their screens; without a row everything is as by default."""

from wakeel.store.models import Operator, Profile


def keep(business_id: str, user_id: int, **wanted: str | bool) -> None:
    """Set these fields of the profile and leave the others."""
    Profile.objects.update_or_create(business_id=business_id, user_id=user_id, defaults=wanted)


def name_operator(business_id: str, user_id: int, *, name: str, time_zone: str) -> None:
    """What the phone of the same person goes by, whatever its state."""
    Operator.objects.filter(business_id=business_id, user_id=user_id).update(name=name[:120], time_zone=time_zone)
