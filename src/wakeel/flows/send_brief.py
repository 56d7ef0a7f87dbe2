"""The daily brief: a card while the operator's window is open, else the template that asks to open it. Issue 7.

One for each operator and local date; what counts as which date, and when it is too late, is `domain.briefs`.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from wakeel.domain import briefs
from wakeel.domain.briefs import Digest
from wakeel.domain.gate import is_window_open
from wakeel.domain.outbox import Lane
from wakeel.domain.prompts import PromptKind
from wakeel.domain.recognition import OperatorState
from wakeel.flows.ask_operator import ask
from wakeel.flows.brief_digest import card_of, digest_of, hours_of
from wakeel.flows.knock import knock, part_of, template_for
from wakeel.store import briefs as rows
from wakeel.store import decisions, mentions, prompts
from wakeel.store.briefs import Watched
from wakeel.store.models import Operator
from wakeel.store.retry import whole_transaction

EVERY = timedelta(seconds=5)
"""Of business time, so that a clock that jumps is noticed at once."""


class BriefTimer:
    """Looks now and then whether anybody's brief is due; between two looks it costs nothing."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def look(self, *, now: datetime) -> int:
        """How many messages were queued."""
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < EVERY:
            return 0
        self._looked_at = now
        return send_due(now=now)


def send_due(*, now: datetime) -> int:
    """Brief everybody whose hour has come, and ask those whose window is closed while something waits for them to open
    it, once a day; returns how many messages were queued."""
    return sum(_look_at(one, now=now) for one in rows.everybody())


def _look_at(one: Watched, *, now: datetime) -> bool:
    operator, hours = one.operator, hours_of(one.operator)
    day = briefs.due_date(hours, enrolled_at=operator.enrolled_at, now=now)
    if day is not None and (one.last_on is None or one.last_on < day):
        return _send(operator, day, now=now)
    is_shut_out = one.waits and not is_window_open(operator.last_inbound_at, now=now)
    if is_shut_out and briefs.may_knock(hours, knocked_at=operator.knocked_at, now=now):
        return _knock_for_what_waits(operator, now.astimezone(hours.zone).date(), now=now)
    return False


@whole_transaction
def _send(operator: Operator, day: date, *, now: datetime) -> bool:
    """A closed window without an approved template is left as it is: there may be one, or a word of theirs, in time."""
    is_open = is_window_open(operator.last_inbound_at, now=now)
    template = None if is_open else template_for(operator)
    if not is_open and template is None:
        return False
    digest = digest_of(operator, now=now)
    part = part_of(operator, template, digest) if template is not None else None
    if not is_open and part is None:
        return False
    with transaction.atomic():
        locked = _locked(operator)
        # Their window moved meanwhile: the next look says what fits.
        if locked is None or is_window_open(locked.last_inbound_at, now=now) != is_open:
            return False
        brief = rows.begin(locked, day, facts=_facts(digest), now=now)
        if brief is None:
            return False
        if part is None:
            return _show(locked, digest, subject=brief.id, now=now)
        # A template costs money: nobody pays for hearing that nothing happened.
        return digest.needs_somebody and knock(locked, part, digest, subject=brief.id, key=brief.id, now=now)


@whole_transaction
def _knock_for_what_waits(operator: Operator, day: date, *, now: datetime) -> bool:
    """The key has the day: two workers that look at the same moment knock once."""
    template = template_for(operator)
    digest = digest_of(operator, now=now) if template is not None else None
    part = part_of(operator, template, digest) if template is not None and digest is not None else None
    if digest is None or part is None:
        return False
    with transaction.atomic():
        locked = _locked(operator)
        if locked is None or is_window_open(locked.last_inbound_at, now=now):
            return False
        return knock(locked, part, digest, subject=locked.id, key=day.isoformat(), now=now)


def _locked(operator: Operator) -> Operator | None:
    """None if they are no operator any more."""
    locked = decisions.lock_operator(operator.id)
    return locked if locked.state == OperatorState.ACTIVE else None


def show_after_all(operator: Operator, brief_id: str, *, now: datetime) -> bool:
    """The window opened before the template of this brief had left: the card comes instead, in the caller's
    transaction. False if there is no such brief or it was shown before."""
    brief = rows.of(brief_id)
    return brief is not None and _show(operator, digest_of(operator, now=now), subject=brief.id, now=now)


def show_now(operator: Operator, *, key: str, now: datetime) -> None:
    """They asked for it: the card of this moment, which is no day's brief, in the caller's transaction.

    key: what asked, such as a wamid.
    """
    _show(operator, digest_of(operator, now=now), subject=operator.id, key=f"now:{key}", lane=Lane.ANSWER, now=now)


def _show(
    operator: Operator, digest: Digest, *, subject: str, now: datetime, key: str = "", lane: Lane = Lane.CARD
) -> bool:
    """key: what makes it this one, '' for the subject."""
    asked = ask(
        operator, PromptKind.BRIEF, subject=subject, part=card_of(operator, digest, now=now), key=key or subject,
        lane=lane, expires_at=now + briefs.LATE_AFTER, now=now,
    )  # fmt: skip
    if asked is None:
        return False
    prompts.close_of(operator, PromptKind.BRIEF, but=asked, now=now)
    mentions.note(asked.outbox, digest.people)
    return True


def _facts(digest: Digest) -> dict[str, Any]:
    """Counts alone: titles name people."""
    kept = asdict(digest)
    del kept["top"], kept["people"]
    return kept | {"decided": dict(digest.decided)}
