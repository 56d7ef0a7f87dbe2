"""Claim, decide again, journal, commit; the worker POSTs; then record. No request inside a transaction. Walk 2.

What is written down afterwards is `record_sends`, what may not leave is `keep_back`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wakeel import clock
from wakeel.domain.drafts import digest
from wakeel.domain.gate import decide, decide_bound
from wakeel.domain.gate_request import GateRequest, Verdict
from wakeel.domain.gate_timing import is_counted
from wakeel.domain.outbox import CONTACTS_WAIT_FOR_INBOX, Lane, free_for
from wakeel.domain.policy import Policy
from wakeel.domain.reasons import Answer
from wakeel.flows import policies
from wakeel.flows.keep_back import hold_unread, keep_back
from wakeel.flows.preview_draft import final_request, sends_live
from wakeel.flows.record_sends import expire_leases, record, record_all, record_not_sent
from wakeel.flows.sending_pace import SendingPace
from wakeel.store import breakers, claims, gate_facts, inbox, reach, verdicts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.breakers import Shut
from wakeel.store.claims import Due, Room

__all__ = ["BATCH", "Claimed", "claim", "expire_leases", "recalled", "record", "record_all", "record_not_sent", "renew"]

BATCH = 64
_TO_CONTACTS = (Lane.CONTACT, Lane.BULK)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message to POST now."""

    attempt_id: str
    outbox_id: str
    phone_number_id: str
    body: Mapping[str, Any]


def claim(
    *, lease: timedelta, now: datetime, limit: int = BATCH, pace: SendingPace | None = None, in_the_air: int = 0
) -> list[Claimed]:
    """Take what may leave now, ask the gate again, journal one attempt each, and commit.

    What the gate refuses moves to its honest state in the same commit. Returns what the caller must POST, the most
    urgent lane first; each is already `sending`, so that a crash from here on leaves `unknown`, never a second message.
    pace: tokens and seats of this worker; None for no limit of speed, where nobody else claims. in_the_air: requests
    that were not answered yet.
    """
    with transaction.atomic():
        shut = breakers.shut(real_now=clock.real_now())
        rooms = _rooms(pace, shut, limit=limit, now=now)
        found = _due(rooms, pace, limit=limit, in_the_air=in_the_air, now=now)
        if not found:
            return []
        reach.lock(message.business_id for message in found if message.body.get("type") == "template")
        policy = policies.current() if pace is None else _paced(policies.current())
        requests = gate_facts.of_messages(found, live_send=sends_live(), policy=policy, now=now)
        decided = list(_decided(found, requests, now=now))
        verdicts.keep_claimed(decided, policy, now=now)
        leaving = _carry_out(decided, now=now)
        taken = claims.take(leaving, lease=lease, now=now, real_now=clock.real_now())
        posting = _probing([m for m in leaving if m.id in taken], taken, shut, now=now)
        _note_reached(decided, posting, now=now)
        if pace is not None:
            pace.spend(posting)
        return [Claimed(taken[m.id], m.id, m.number_id, m.body) for m in posting]


def _rooms(pace: SendingPace | None, shut: Shut, *, limit: int, now: datetime) -> list[Room]:
    """What each number may send; one that Meta holds back sends nothing, or one message to see."""
    lanes = {number: due for number, due in claims.lanes_with_due(now=now).items() if number.pk not in shut.numbers}
    if not lanes:
        return []
    if pace is None:
        rooms = [Room(number, limit) for number in lanes]
    else:
        rooms = pace.rooms(list(lanes), real_now=clock.real_now())
    # An undecoded webhook may hold their STOP.
    paused = inbox.oldest_waiting_age(real_now=clock.real_now()) > CONTACTS_WAIT_FOR_INBOX
    return [
        replace(
            room,
            messages=1 if room.number.pk in shut.probing else room.messages,
            to_contacts=not paused and room.number.pk not in shut.contacts,
            lanes=lanes[room.number],
        )
        for room in rooms
    ]


def _due(rooms: Sequence[Room], pace: SendingPace | None, *, limit: int, in_the_air: int, now: datetime) -> list[Due]:
    """Strictly by lane: what is less urgent gets the tokens and connections that are left."""
    found: list[Due] = []
    left = {room.number.pk: room.messages for room in rooms}
    for lane in Lane:
        for room in rooms:
            if lane not in room.lanes or (lane in _TO_CONTACTS and not room.to_contacts):
                continue
            free = min(limit - len(found), free_for(lane, in_the_air=in_the_air + len(found)), left[room.number.pk])
            if free > 0:
                due = _with_tokens(claims.due(room, lane, now=now, limit=free), found, pace)
                left[room.number.pk] -= len(due)
                found += due
    return _of_nobody_elses(found)


def _with_tokens(due: Sequence[Due], before: Sequence[Due], pace: SendingPace | None) -> Sequence[Due]:
    """Of one lane a recipient has one message here; what a more urgent lane takes of their tokens is gone."""
    if pace is None:
        return due
    taken = Counter((message.number_id, message.address) for message in before)
    return [m for m in due if pace.pair_tokens(m) > taken[m.number_id, m.address]]


def _of_nobody_elses(found: Sequence[Due]) -> list[Due]:
    """Without messages to people about whom another worker decides at this very moment; they are due again at once."""
    ours = claims.lock_people(message.contact_id for message in found if message.contact_id)
    return [message for message in found if message.contact_id is None or message.contact_id in ours]


_Decided = tuple[Due, GateRequest, Verdict]


def _decided(messages: Iterable[Due], requests: Mapping[str, GateRequest], *, now: datetime) -> Iterator[_Decided]:
    """One person gets one message of a batch, whichever of their addresses it goes to: it counts for the next one,
    which is claimed in its turn."""
    leaving: set[str] = set()
    reached: Counter[str] = Counter()
    for message in messages:
        people = requests[message.id].recipient.subject.contacts
        if not leaving.isdisjoint(people):
            continue
        request = _with_reached(requests[message.id], reached[message.business_id])
        request, verdict = _decide(message, request, now=now)
        if message.contact_id and verdict.answer is Answer.ALLOW:
            leaving |= people
            reached[message.business_id] += is_counted(request, t=now) and not request.sender.recipient_already_counted
        yield message, request, verdict


def _with_reached(request: GateRequest, more: int) -> GateRequest:
    """The people to whom this very batch goes count for WhatsApp's limit as well. more: so many of them."""
    if not more:
        return request
    people = request.sender.unique_recipients_24h + more
    return replace(request, sender=replace(request.sender, unique_recipients_24h=people))


def _decide(message: Due, request: GateRequest, *, now: datetime) -> tuple[GateRequest, Verdict]:
    """The digest is computed anew from what would really be POSTed and the consent it rests on now."""
    draft = message.draft
    if draft is None:
        return request, decide(request, now=now)

    def digest_of(grant_id: str | None) -> str:
        return digest(final_request(draft, body=message.body, grant_id=grant_id, template=request.template))

    return decide_bound(request, now=now, digest_of=digest_of)


def _carry_out(decided: Iterable[_Decided], *, now: datetime) -> list[Due]:
    """What may leave; everything else is in its honest state then."""
    leaving, refused, for_nobody = list[Due](), list[tuple[str, Verdict]](), list[str]()
    for message, _, verdict in decided:
        if message.is_for_nobody:
            for_nobody.append(message.id)
        elif message.draft is not None and message.is_unread:
            hold_unread(message.id, now=now)
        elif verdict.answer is Answer.ALLOW:
            leaving.append(message)
        else:
            refused.append((message.id, verdict))
    keep_back(refused, now=now)
    if for_nobody:
        outbox_verbs.take_back_all(for_nobody, now=now)
    return leaving


def _note_reached(decided: Iterable[_Decided], posting: Collection[Due], *, now: datetime) -> None:
    ids = {message.id for message in posting}
    people = [(m.business_id, m.contact_id) for m, r, _ in decided if m.id in ids and is_counted(r, t=now)]
    reach.note(((business_id, contact_id) for business_id, contact_id in people if contact_id), now=now)


def _probing(leaving: Sequence[Due], attempts: Mapping[str, str], shut: Shut, *, now: datetime) -> list[Due]:
    """Without what would be a second probe of a number that gets no answers: that goes back to the queue."""
    second = [
        m for m in leaving if m.number_id in shut.probing and not breakers.note_probe(m.number_id, attempts[m.id])
    ]
    if not second:
        return list(leaving)
    record_not_sent([attempts[message.id] for message in second], now=now)
    return [message for message in leaving if message not in second]


def _paced(policy: Policy) -> Policy:
    """The pair's bucket has decided already (design section 7): the gate need not know of it."""
    if not policy.pair_interval:
        return policy
    if policy.version not in _PACED:
        _PACED[policy.version] = replace(policy, pair_interval=timedelta(0))
    return _PACED[policy.version]


_PACED: dict[str, Policy] = {}


def recalled(claimed: Collection[Claimed]) -> set[str]:
    """Attempt ids that must not be written to the wire: a stop or a withdrawal came since the claim, or it is over."""
    return claims.recalled([one.attempt_id for one in claimed])


def renew(attempt_ids: Collection[str], *, lease: timedelta) -> None:
    """Lengthen the lease of what is still in the air, so that nobody takes it for the work of a dead worker."""
    with transaction.atomic():
        claims.renew(attempt_ids, lease=lease, real_now=clock.real_now())
