"""What was approved, what the fake saw, what the database says: held against each other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.ingest_deployment import Deployment
from benchmarks.send_graph import Posted, wamid_of

HONEST = frozenset({"accepted", "unknown"})
"""Where a message may stand after it was posted."""


@dataclass(frozen=True, slots=True)
class Message:
    """One approved message. attempts: their ids, the oldest first. wamid: what the outbox row holds."""

    address: str
    state: str
    wamid: str | None
    attempts: tuple[str, ...]


def messages(deployment: Deployment, *, to: str) -> list[Message]:
    """What was approved for these people. to: how their addresses begin."""
    rows = deployment.query(
        "SELECT o.address, o.state, o.wamid, a.id FROM outbox o LEFT JOIN attempt a ON a.outbox_id = o.id "
        f"WHERE o.audience = 'contact' AND o.address LIKE '{to}%' ORDER BY o.id, a.number"
    )
    found: dict[str, Message] = {}
    for address, state, wamid, attempt in rows:
        before = found[address].attempts if address in found else ()
        found[address] = Message(address, state, wamid, (*before, attempt) if attempt else before)
    return list(found.values())


def judged(approved: Iterable[Message], seen: Iterable[Posted], *, told: Iterable[str] = ()) -> dict[str, Any]:
    """The counts of one run; `lost`, `doubled` and `dishonest` are 0 and [] in a good one.

    seen: everything the fake took to these people. told: attempts of which a status came and was acknowledged.

    - lost: approved, and at the end neither posted nor said to be in doubt;
    - doubled: posted more than once to the same person;
    - dishonest: a state that what happened contradicts, an attempt nobody journalled, a status that settled nothing.
    """
    people = {message.address: message for message in approved}
    posts = [one for one in seen if one.to in people]
    times = Counter(one.to for one in posts)
    lost = [message for address, message in people.items() if not times[address] and message.state != "unknown"]
    return {
        "approved": len(people),
        "seen": len(times),
        "states": dict(sorted(Counter(message.state for message in people.values()).items())),
        "lost": len(lost),
        "doubled": sum(count > 1 for count in times.values()),
        "dishonest": _dishonest(people, posts, set(told)),
    }


def _dishonest(people: Mapping[str, Message], posts: list[Posted], told: set[str]) -> list[str]:
    states = [one for one in posts if people[one.to].state not in HONEST]
    strangers = [one for one in posts if one.attempt not in people[one.to].attempts]
    accepted = [one for one in posts if people[one.to].state == "accepted"]
    others = [one for one in accepted if people[one.to].wamid != wamid_of(one.attempt)]
    unsettled = [one for one in posts if one.attempt in told and people[one.to].state != "accepted"]
    kinds = {
        "were posted and are neither accepted nor in doubt": states,
        "were posted by an attempt that nobody journalled": strangers,
        "are accepted with the wamid of another message": others,
        "were told by a status and are still in doubt": unsettled,
    }
    return [f"{len(found)} messages {words}" for words, found in kinds.items() if found]
