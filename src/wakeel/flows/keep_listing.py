"""What a reading of our templates and number said is kept as news of its own time. HTTP is over before this begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from wakeel.domain.reasons import ReasonCode
from wakeel.domain.sending_limits import UnknownLimit, people_a_day, throughput_of
from wakeel.flows.sender_cured import go_on
from wakeel.store import platform, templates
from wakeel.store.give_way import taking_turns
from wakeel.store.models import SendingNumber
from wakeel.whatsapp.listing import AccountRead, NumberRead

AT_ONCE = 25
"""Templates in one transaction: SQLite's write lock is held for a few milliseconds."""
_TICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """listed: how many templates the account has; missing: how many it had before and has no longer."""

    listed: int
    missing: int


def news_time(now: datetime) -> datetime:
    """What a reading that begins at `now` is dated: webhooks carry whole seconds, and one of this second is newer."""
    return now.replace(microsecond=0) - _TICK


def keep_listing(phone_number_id: str, read: AccountRead, *, began_at: datetime, real_now: datetime) -> Kept:
    """Keep a whole reading. began_at: business time before its first request; real_now: real time of it.

    A template it did not have is deleted at Meta. Slices commit one by one; a crash leaves what the next one mends.
    """
    number, at = SendingNumber.objects.get(pk=phone_number_id), news_time(began_at)
    for start in range(0, len(read.templates), AT_ONCE):
        with taking_turns(), transaction.atomic():
            part = read.templates[start : start + AT_ONCE]
            templates.take_listed(number.business_id, number.waba_id, part, at=at, real_now=real_now)
    with taking_turns(), transaction.atomic():
        _keep_number(number, read.number, at=at, now=began_at)
        missing = templates.note_missing(number.business_id, number.waba_id, at=at, real_now=real_now)
    return Kept(len(read.templates), missing)


def _keep_number(number: SendingNumber, read: NumberRead, *, at: datetime, now: datetime) -> None:
    """Marketing that a low quality held goes on when it is better."""
    platform.lock_numbers(number.business_id, number.waba_id)
    number.refresh_from_db()
    if read.quality:
        platform.set_quality(number, read.quality, at=at)
        was_low = number.quality == platform.RED
        number.refresh_from_db()
        if was_low and number.quality != platform.RED:
            go_on(number.business_id, [number.pk], code=ReasonCode.SENDER_QUALITY_RED, now=now)
    if read.verified_name:
        platform.set_name(number, read.verified_name)
    throughput = throughput_of(read.throughput)
    if throughput is not None:
        platform.set_throughput(number, throughput)
    try:
        limit = people_a_day(read.limit)
    except UnknownLimit:
        return
    platform.set_limit(number.business_id, number.waba_id, limit, at=at)
