"""Meta restricted, banned or freed our account: sending stops at once, and a person hears why. Design section 7."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.account import AccountState, frees
from wakeel.domain.answers import AnswerCode
from wakeel.domain.platform_events import AccountUpdated
from wakeel.domain.platform_words import headline, word_of
from wakeel.domain.steps import Step
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows import account_state
from wakeel.flows.reply import Value
from wakeel.flows.stop_sending import press
from wakeel.flows.tell_operators import tell_operators
from wakeel.store import businesses, platform
from wakeel.store.give_way import taking_turns

WHATSAPP = "whatsapp"
"""Who pressed the stop switch when it was not a person."""
_RESTRICTION_OVER = Text("انتهى تقييد الحساب", "The account's restriction is over")


def account_changed(event: AccountUpdated, business_id: str, *, at: datetime, now: datetime) -> None:
    """Act once on news that was just kept, inside the caller's transaction.

    What newer news had taken back stops nothing, and what newer news had stopped is not freed. The switch is never
    released here.
    """
    kind, facts = type(event).__name__, platform.facts_of(event)
    what, word = headline(kind, facts), word_of(kind, facts)
    state = account_state.refresh(business_id, event.waba_id, now=now)
    if event.key in state.keys:
        press(business_id, WHATSAPP, now=now, reason=word)
        _tell_stopped(business_id, state, what, word, key=event.key, at=at, now=now)
    elif frees(event.event, event.ban_state) and not state.word and businesses.is_stopped(business_id):
        _tell_restored(business_id, what, word, key=event.key, at=at, now=now)


def end_restrictions(*, now: datetime) -> None:
    """Restrictions whose end has come stop nothing any more; whoever may release the switch hears so."""
    for number in platform.with_ended_restriction(now=now):
        with taking_turns(), transaction.atomic():
            state = account_state.refresh(number.business_id, number.waba_id, now=now)
            if not state.word and number.account_until is not None and businesses.is_stopped(number.business_id):
                until, word = number.account_until, number.account_state
                key = f"{number.waba_id}:{word}:{until.isoformat()}"
                _tell_restored(number.business_id, _RESTRICTION_OVER, word, key=key, at=until, now=now)


def _tell_stopped(
    business_id: str, state: AccountState, what: Text, word: str, *, key: str, at: datetime, now: datetime
) -> None:
    """The end is named where this is the gravest stop that stands: another one may last longer."""
    values: dict[str, Value] = {"what": what, "word": one_line(word), "t": at}
    code = AnswerCode.ACCOUNT_STOPPED
    if state.word == word and state.until is not None:
        code, values["until"] = AnswerCode.ACCOUNT_STOPPED_UNTIL, state.until
    tell_operators(business_id, code, values, key=key, steps=(Step.RELEASE_STOP,), now=now)


def _tell_restored(business_id: str, what: Text, word: str, *, key: str, at: datetime, now: datetime) -> None:
    values: dict[str, Value] = {"what": what, "word": one_line(word), "t": at}
    tell_operators(business_id, AnswerCode.ACCOUNT_RESTORED, values, key=key, steps=(Step.RELEASE_STOP,), now=now)
