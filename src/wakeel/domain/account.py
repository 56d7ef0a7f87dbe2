"""Whether Meta lets our account send, from everything it said of it in whatever order. Words: reference WA 3.7.

What stops and what does not:

- ACCOUNT_RESTRICTION stops by its types. RESTRICTED_BIZ_INITIATED_MESSAGING: we may start nothing.
  RESTRICTED_CUSTOMER_INITIATED_MESSAGING: we may not even answer, and every free text is an answer in a window. A type
  nobody knows stops too: a stop that a person lifts is better than writing on into a sanction. The rest stops no
  message of ours and is only told: RESTRICTED_UTILITY_TEMPLATES and RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES (the gate
  looks at each template by itself), RESTRICTED_ADD_PHONE_NUMBER_ACTION, and everything about calls.
- ACCOUNT_VIOLATION is Meta's warning and stops: whoever goes on as before loses the account.
- DISABLED_UPDATE stops for SCHEDULE_FOR_DISABLE and DISABLE; REINSTATE ends every stop before it.
- ACCOUNT_DELETED and ACCOUNT_OFFBOARDED stop until ACCOUNT_RECONNECTED, which ends nothing else.

Meta never says that a violation is over, and a word of it may be lost: a person who resumes sending ends every stop
that has no known end. One with an end lasts until then.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.platform_events import Restriction

RESTRICTION, VIOLATION, BAN = "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE"
GONE = frozenset({"ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED"})
RECONNECTED, REINSTATE = "ACCOUNT_RECONNECTED", "REINSTATE"
RESUMED = "SENDING_RESUMED"
"""Our own event: an administrator looked and resumed sending."""

UNREACHABLE = GONE | {"DISABLE"}
"""States in which not even an operator can be answered; in the others answers inside a window still go."""

_HARMLESS = frozenset(
    {"RESTRICTED_UTILITY_TEMPLATES", "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES", "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}
)
_GRAVEST_FIRST = (*sorted(GONE), BAN, RESTRICTION, VIOLATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNews:
    """One `account_update`, or our own RESUMED. key: decides between news of one instant."""

    event: str
    at: datetime
    key: str
    restrictions: tuple[Restriction, ...] = ()
    ban_state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """word: '' while nothing stops us. until: None without a known end. at: since when; None for never stopped.

    keys: the pieces of news that stop us now.
    """

    word: str = ""
    until: datetime | None = None
    at: datetime | None = None
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stop:
    word: str
    until: datetime | None
    at: datetime
    key: str


def state_of(news: Iterable[AccountNews], *, now: datetime) -> AccountState:
    """What all news together mean at `now`; the same for every order and repetition of them."""
    stops: dict[str, _Stop] = {}
    changed_at: datetime | None = None
    for one in sorted(news, key=lambda item: (item.at, item.key)):
        stop = _stop_of(one)
        if stop is not None:
            stops[one.event] = stop
        elif freed := _freed(one, stops):
            stops = {event: other for event, other in stops.items() if event not in freed}
        else:
            continue
        changed_at = one.at
    standing = {event: stop for event, stop in stops.items() if stop.until is None or stop.until > now}
    gravest = next((standing[event] for event in _GRAVEST_FIRST if event in standing), None)
    if gravest is None:
        return AccountState(at=changed_at)
    keys = frozenset(stop.key for stop in standing.values())
    return AccountState(word=gravest.word, until=gravest.until, at=gravest.at, keys=keys)


def frees(event: str, ban_state: str = "") -> bool:
    """True for Meta's word that a stop is over."""
    return event == RECONNECTED or (event == BAN and ban_state == REINSTATE)


def leaves_sending(restrictions: Collection[Restriction]) -> bool:
    """True if these restrictions, at least one, stop no message of ours."""
    return bool(restrictions) and not any(_is_stopping(one) for one in restrictions)


def _is_stopping(restriction: Restriction) -> bool:
    return restriction.type not in _HARMLESS and "CALL" not in restriction.type


def _stop_of(news: AccountNews) -> _Stop | None:
    if news.event == RESTRICTION:
        return _restricted(news)
    if news.event == BAN and news.ban_state != REINSTATE:
        return _Stop(news.ban_state or news.event, None, news.at, news.key)
    if news.event == VIOLATION or news.event in GONE:
        return _Stop(news.event, None, news.at, news.key)
    return None


def _restricted(news: AccountNews) -> _Stop | None:
    """Until the last of the restrictions that stop us; one without any type stops, because it is not understood."""
    if leaves_sending(news.restrictions):
        return None
    ends = [one.until for one in news.restrictions if _is_stopping(one)]
    known = [end for end in ends if end is not None]
    return _Stop(news.event, max(known) if known and len(known) == len(ends) else None, news.at, news.key)


def _freed(news: AccountNews, stops: dict[str, _Stop]) -> set[str]:
    """Which of these stops this news ends."""
    if news.event == BAN:
        return set(stops)
    if news.event == RECONNECTED:
        return stops.keys() & GONE
    if news.event == RESUMED:
        return {event for event, stop in stops.items() if stop.until is None}
    return set()
