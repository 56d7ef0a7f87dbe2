"""What the acknowledged webhooks of a run must have done, against the rows that are there."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks.ingest_bodies import NEWS, Population
from benchmarks.ingest_deployment import POSTGRESQL, Deployment


@dataclass(slots=True)
class Expected:
    """Effects of the bodies of a run, each once however often it was posted. merged: the last news of each message.

    texts, taps: wamids. people: BSUIDs of contacts who wrote; repliers: those of them whose words an operator waits
    for; since: the earliest time any of them wrote, None if nobody.
    """

    statuses: set[tuple[str, str]] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    repliers: set[str] = field(default_factory=set)
    taps: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    since: int | None = None

    @classmethod
    def of(cls, bodies: Iterable[bytes], *, population: Population) -> "Expected":
        """bodies: as `ingest_bodies` makes them, one item each."""
        found, replying = cls(), {person.bsuid for person in population.replying}
        for body in bodies:
            value: dict[str, Any] = json.loads(body)["entry"][0]["changes"][0]["value"]
            for item in value.get("statuses", ()):
                found._news(item["id"], item["status"])
            for item in value.get("messages", ()):
                found._message(item, replying=replying)
        return found

    def _news(self, wamid: str, status: str) -> None:
        self.statuses.add((wamid, status))
        known = self.merged.get(wamid)
        self.merged[wamid] = status if known is None or NEWS.index(status) > NEWS.index(known) else known

    def _message(self, item: dict[str, Any], *, replying: Collection[str]) -> None:
        if item["type"] == "interactive":
            self.taps.add(item["id"])
            return
        self.texts.add(item["id"])
        if item["from_user_id"] in replying:
            self.repliers.add(item["from_user_id"])
        self.people.add(item["from_user_id"])
        at = int(item["timestamp"])
        self.since = at if self.since is None else min(at, self.since)


@dataclass(frozen=True, slots=True)
class Marks:
    """The last rows before a run."""

    inbox: int
    status_event: int
    inbound_message: int
    decision: int
    showing: int


def marks(deployment: Deployment) -> Marks:
    tables = ("inbox", "status_event", "inbound_message", "decision", "showing")
    return Marks(*(int(deployment.query(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0]) for table in tables))


def not_stored(deployment: Deployment, bodies: Iterable[bytes], *, after: Marks) -> int:
    """How many of these are not in the raw inbox, or there and not carried out."""
    rows = deployment.query(f"SELECT digest FROM inbox WHERE id > {after.inbox} AND state = 'done'")
    done = {bytes(digest) for (digest,) in rows}
    return sum(hashlib.sha256(body).digest() not in done for body in bodies)


def stored(deployment: Deployment, bodies: Iterable[bytes]) -> int:
    """How many of these are in the raw inbox, carried out or not."""
    quoted = "decode('{}', 'hex')" if deployment.database == POSTGRESQL else "x'{}'"
    wanted = ", ".join(quoted.format(hashlib.sha256(body).hexdigest()) for body in bodies)
    return deployment.count("inbox", f"digest IN ({wanted})") if wanted else 0


def decided_on_screen(deployment: Deployment, *, after: Marks) -> int:
    return deployment.count("decision", f"id > {after.decision} AND carried_out AND via = 'screen'")


def faults(deployment: Deployment, expected: Expected, *, after: Marks) -> list[str]:
    """Everything that is missing, or there more often than once; empty if each effect happened exactly once."""
    found = [
        *_differences("status events", Counter(_pairs(deployment, after)), expected.statuses),
        *_differences("messages", Counter(_messages(deployment, after)), expected.texts | expected.taps),
        *_differences("decisions", Counter(_decisions(deployment, after)), expected.taps),
        *_differences("answers to taps", Counter(_keys(deployment, "answer:")), expected.taps, among=expected.taps),
    ]
    merged = dict(deployment.query("SELECT wamid, status FROM outbox WHERE audience = 'contact' AND wamid IS NOT NULL"))
    wrong = sum(merged.get(wamid) != status for wamid, status in expected.merged.items())
    if wrong:
        found.append(f"{wrong} messages have another status than their last news")
    unheard = len(expected.repliers - _told_of(deployment))
    if unheard:
        found.append(f"{unheard} people replied and no operator has a card of it")
    still = len(expected.people - _open_windows(deployment, expected.since)) if expected.people else 0
    if still:
        found.append(f"{still} people wrote and their window did not move")
    return found


def _differences(
    what: str, there: "Counter[Any]", expected: Iterable[Any], *, among: set[Any] | None = None
) -> list[str]:
    """among: look at these only; None means that nothing else may be there."""
    wanted = Counter(expected)
    if among is not None:
        there = Counter({key: count for key, count in there.items() if key in among})
    missing, more = (wanted - there).total(), (there - wanted).total()
    words = [f"{missing} {what} are missing"] if missing else []
    return words + ([f"{more} {what} are too many"] if more else [])


def _pairs(deployment: Deployment, after: Marks) -> list[tuple[str, str]]:
    """Parked ones do not count: every status is of a message of ours."""
    sql = f"SELECT wamid, status FROM status_event WHERE id > {after.status_event} AND attempt_id IS NOT NULL"
    return [(wamid, status) for wamid, status in deployment.query(sql)]


def _messages(deployment: Deployment, after: Marks) -> list[str]:
    return [
        wamid for (wamid,) in deployment.query(f"SELECT wamid FROM inbound_message WHERE id > {after.inbound_message}")
    ]


def _decisions(deployment: Deployment, after: Marks) -> list[str]:
    sql = f"SELECT tap_key FROM decision WHERE id > {after.decision} AND carried_out AND via = 'phone'"
    return [key for (key,) in deployment.query(sql)]


def _keys(deployment: Deployment, prefix: str) -> list[str]:
    """The wamids that messages to operators speak of: `answer:WAMID`."""
    rows = deployment.query(
        f"SELECT request_key FROM outbox WHERE audience = 'operator' AND request_key LIKE '{prefix}%'"
    )
    return [key.split(":")[1] for (key,) in rows]


def _told_of(deployment: Deployment) -> set[str]:
    """BSUIDs of contacts whose words are on a card: several that came before it left are on one."""
    rows = deployment.query(
        "SELECT a.value FROM contact_alias a JOIN outbox o ON o.about_id = a.contact_id WHERE a.kind = 'bsuid'"
        " AND a.valid_to IS NULL AND o.audience = 'operator' AND o.state <> 'suppressed'"
        " AND o.request_key LIKE 'reply:%'"
    )
    return {value for (value,) in rows}


def _open_windows(deployment: Deployment, since: int | None) -> set[str]:
    at = datetime.fromtimestamp(since or 0, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")
    at += "+00" if deployment.database == POSTGRESQL else ""
    rows = deployment.query(
        "SELECT a.value FROM contact_alias a JOIN contact c ON c.id = a.contact_id "
        f"WHERE a.kind = 'bsuid' AND a.valid_to IS NULL AND c.last_inbound_at >= '{at}'"
    )
    return {value for (value,) in rows}
