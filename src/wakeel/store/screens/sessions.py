"""Where one person is signed in. A session is called by a hash: its key itself would open it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from wakeel.store import web_sessions

BEGAN, TOUCHED, BROWSER = "began_at", "touched_at", "browser"
"""What a session remembers of itself; written by `web.session_life`."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """browser: what it calls itself, '' unknown. began_at, seen_at: real time; seen to within 5 minutes."""

    id: str
    is_this: bool
    browser: str
    began_at: datetime | None
    seen_at: datetime | None


def of_user(user_id: int, *, this: str) -> tuple[SignedIn, ...]:
    """This one first, then whichever was used last. this: the key of the session that asks."""
    found = [
        SignedIn(
            called(key), key == this, str(facts.get(BROWSER, "")), _moment(facts, BEGAN),
            _moment(facts, TOUCHED),
        )
        for key, facts in web_sessions.facts_of_user(user_id).items()
    ]  # fmt: skip
    found.sort(key=lambda one: (one.is_this, one.seen_at.timestamp() if one.seen_at else 0.0), reverse=True)
    return tuple(found)


def called(key: str) -> str:
    """How a page names a session."""
    return sha256(key.encode()).hexdigest()[:16]


def _moment(facts: dict[str, object], name: str) -> datetime | None:
    kept = facts.get(name)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None
