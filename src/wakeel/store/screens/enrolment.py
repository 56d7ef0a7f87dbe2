"""How far a login has come in linking a phone."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.recognition import EnrolmentState
from wakeel.domain.text import mask_phone
from wakeel.store.models import Enrolment

_UNDER_WAY = (EnrolmentState.ISSUED.value, EnrolmentState.MATCHED.value)


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """phone: masked, '' if the phone hides its number or nothing came yet. expires_at: real time."""

    is_matched: bool
    phone: str
    name: str
    expires_at: datetime


def read(user_id: int, *, real_now: datetime) -> EnrolmentView | None:
    """The enrolment under way of this login; None if there is none or its code has expired."""
    rows = Enrolment.objects.filter(user_id=user_id, state__in=_UNDER_WAY, expires_at__gt=real_now)
    row = rows.order_by("-expires_at").first()
    if row is None:
        return None
    return EnrolmentView(
        is_matched=row.state == EnrolmentState.MATCHED,
        phone=mask_phone(row.sender_wa_id) if row.sender_wa_id else "",
        name=row.sender_name,
        expires_at=row.expires_at,
    )
