"""Numbers that send nothing for now, and until when or whom that lasts. Times are real time."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.breakers import BreakerState, Cause
from wakeel.store import breakers


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerLine:
    """One number. phone: digits. failure_code: Meta's, None for an outage. contacts_only: operators still get answers.

    since: when it stopped. probe_at: when one message is let through by itself, None if only a person may release it.
    is_probing: that message is on its way.
    """

    number_id: str
    phone: str
    is_outage: bool
    failure_code: int | None
    contacts_only: bool
    since: datetime | None
    probe_at: datetime | None
    is_probing: bool


def read(business_id: str) -> tuple[BreakerLine, ...]:
    """Those that are open, one query over an almost empty table."""
    return tuple(
        BreakerLine(
            number_id=row.pk,
            phone=row.number.display_phone,
            is_outage=row.cause == Cause.NO_ANSWER,
            failure_code=row.failure_code,
            contacts_only=row.contacts_only,
            since=row.opened_at,
            probe_at=row.probe_at,
            is_probing=row.state == BreakerState.PROBING,
        )
        for row in breakers.of_business(business_id)
    )
