"""Somebody about whom nothing is open writes: that is an opportunity, and the next free phone gets its card.

One at a time for each person, and one a day at most: who floods us fills a page, nobody's phone.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wakeel.domain.message_contents import Referral
from wakeel.domain.opportunities import Source
from wakeel.domain.text import bare_line, plain, shorten
from wakeel.domain.words import Text
from wakeel.store import new_people
from wakeel.store.models import Opportunity

ONE_IN = timedelta(hours=24)
TITLE_LIMIT, SUMMARY_LIMIT = 120, 700
_TITLE = "رسالة واردة: {words}"
_FROM_AD = "من إعلان «{headline}»: {words}"
_AD_SAYS = "نص الإعلان: {body}"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message of somebody with nothing open. said: its words, or its kind. referral: None for most."""

    contact_id: str
    said: Text
    wamid: str
    referral: Referral | None = None


def open_opportunities(business_id: str, arrived: Sequence[Arrived], *, now: datetime) -> int:
    """Make one opportunity a person of what they say here, inside the caller's transaction; how many were made.

    arrived: in order. The caller saw that nothing is open about them. Nobody who is never written to gets one.
    """
    if not arrived:
        return 0
    barred = new_people.barred(business_id, {one.contact_id for one in arrived}, since=now - ONE_IN)
    made: dict[str, Opportunity] = {}
    for one in arrived:
        if one.contact_id in made:
            made[one.contact_id].summary = with_words(made[one.contact_id].summary, one.said)
        elif one.contact_id not in barred:
            made[one.contact_id] = _made(business_id, one, now=now)
    return new_people.create_all(list(made.values()))


def with_words(summary: str, said: Text) -> str:
    """A summary with what they said next, as much as fits."""
    return shorten(f"{summary}\n{plain(said.ar, keep_newlines=True).strip()}", limit=SUMMARY_LIMIT)


def _made(business_id: str, one: Arrived, *, now: datetime) -> Opportunity:
    words = bare_line(one.said.ar)
    title, summary = _TITLE.format(words=words), [plain(one.said.ar, keep_newlines=True).strip()]
    if one.referral is not None:
        headline = bare_line(one.referral.headline)
        if headline:
            title = _FROM_AD.format(headline=shorten(headline, limit=40), words=words)
        if one.referral.body.strip():
            summary.append(_AD_SAYS.format(body=bare_line(one.referral.body)))
    return Opportunity(
        business_id=business_id,
        # Not the wamid itself: it holds the number.
        external_key=f"wrote:{hashlib.sha256(one.wamid.encode()).hexdigest()}",
        contact_id=one.contact_id,
        title=shorten(title, limit=TITLE_LIMIT),
        summary=shorten("\n".join(summary), limit=SUMMARY_LIMIT),
        source=(Source.INBOUND if one.referral is None else Source.REFERRAL).value,
        created_at=now,
        updated_at=now,
    )
