"""From when on a draft waits for approval: it gets its risk with its text, and its times when it is asked about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from wakeel.domain.drafts import DraftState
from wakeel.domain.waiting import Wait, expiry_days
from wakeel.flows.working_days import wait_from
from wakeel.store import drafts
from wakeel.store.draft_risk import risk_of_text
from wakeel.store.models import Draft


def plan_new(written: Sequence[tuple[Draft, str]], *, now: datetime) -> None:
    """Set the risk and the wait of drafts that are still to be saved, each with the text of its first version."""
    for draft, text in written:
        draft.risk = risk_of_text(draft, text, is_template=False, now=now).value
        _set(draft, wait_of(draft, now=now))


def begin_wait(shown: Iterable[Draft], *, now: datetime) -> None:
    """What is asked about and has no end of its waiting yet waits from now on, inside the caller's transaction."""
    alike: dict[Wait, list[Draft]] = defaultdict(list)
    for draft in shown:
        if draft.state == DraftState.AWAITING_APPROVAL and draft.waits_until is None:
            alike[wait_of(draft, now=now)].append(draft)
    for wait, together in alike.items():
        drafts.wait_until({draft.pk for draft in together}, wait)
        for draft in together:
            _set(draft, wait)


def wait_of(draft: Draft, *, now: datetime) -> Wait:
    """How long this draft waits if it is asked about from now on."""
    days = expiry_days(draft.number.business.expiry_days, draft.risk)
    return wait_from(draft.number, days=days, now=now)


def _set(draft: Draft, wait: Wait) -> None:
    draft.waits_until, draft.nudge, draft.nudge_at = wait.until, wait.nudge.value, wait.at
