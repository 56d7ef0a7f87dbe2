"""What must be true after every run, whatever died and whatever went wrong on the wire. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from wakeel.rehearsal.chaos.evidence import Evidence
from wakeel.rehearsal.chaos.plan import RACES, REACHED, STOPPED

STOP_TAKES_S = 5.0
"""No send to a person begins later than this after their STOP was acknowledged (design section 2, walk 4)."""
ENDED = {"accepted", "failed", "unknown", "suppressed"}


def broken(evidence: Evidence, undisturbed: Mapping[str, Any] | None) -> list[str]:
    """Every promise that did not hold, one sentence each; undisturbed: the final state of the same plan in peace."""
    found = [
        *_unfinished(evidence), *_approved_word_for_word(evidence), *_once(evidence), *_nobody_who_stopped(evidence),
        *_stopped_in_time(evidence), *_answered(evidence), *_as_meant(evidence),
    ]  # fmt: skip
    return found if undisturbed is None else [*found, *_as_in_peace(evidence, undisturbed)]


def _unfinished(evidence: Evidence) -> Iterator[str]:
    """Lost: somebody waits for what never comes."""
    yield from (f"lost: {one}" for one in evidence.unfinished)
    if evidence.quarantined:
        yield f"lost: {evidence.quarantined} webhooks could not be decoded"
    yield from (f"lost: {name} ended by itself" for name in evidence.fallen)
    if evidence.believed:
        yield f"believed: {evidence.believed} badly signed webhooks were answered with 200"
    if evidence.gaps:
        yield f"unproven: the wire log has {evidence.gaps} holes"


def _approved_word_for_word(evidence: Evidence) -> Iterator[str]:
    """By the product's rows, and by what the operator really read on the card or page they approved."""
    yield from (f"astray: {to} has no part in this run and got a message" for to in evidence.astray)
    for sent in evidence.sent:
        if not sent.outbox_id:
            yield f"unapproved: {sent.wa_id} got a message no row knows"
        elif not sent.body_is_same:
            yield f"unapproved: {sent.outbox_id} left with another body than was approved"
        elif not sent.approved:
            yield f"unapproved: {sent.outbox_id} left without an approval of that digest"
        elif not sent.intent and not any(sent.text in seen for seen in evidence.seen_approved.get(sent.wa_id, ())):
            yield f"unapproved: {sent.outbox_id} has words nobody read and approved"


def _once(evidence: Evidence) -> Iterator[str]:
    left = Counter(sent.outbox_id for sent in evidence.sent)
    yield from (f"doubled: {outbox_id} arrived {times} times" for outbox_id, times in left.items() if times > 1)
    texts = Counter((sent.wa_id, sent.text) for sent in evidence.sent if not sent.intent)
    yield from (
        f"doubled: {wa_id} got the same words {times} times" for (wa_id, _), times in texts.items() if times > 1
    )


def _nobody_who_stopped(evidence: Evidence) -> Iterator[str]:
    for sent in evidence.sent:
        if sent.withdrawn_first:
            yield f"opted out: {sent.outbox_id} was claimed after the withdrawal stood in the ledger"


def _stopped_in_time(evidence: Evidence) -> Iterator[str]:
    for stop in evidence.stops:
        if stop.acknowledged_at is None:
            yield f"lost: the STOP of {stop.wa_id} was never acknowledged"
            continue
        late = [at - stop.acknowledged_at for at in stop.begun_at if at > stop.acknowledged_at + STOP_TAKES_S]
        yield from (f"too late: a send to {stop.wa_id} began {after:.1f} s after their STOP" for after in late)


def _answered(evidence: Evidence) -> Iterator[str]:
    for tap in evidence.taps:
        if len(tap.states) != 1:
            yield f"unanswered: the tap {tap.wamid} has {len(tap.states)} answers"
        elif tap.states[0] not in ENDED:
            yield f"unanswered: the answer to {tap.wamid} is {tap.states[0]}"
        elif tap.states[0] == "accepted" and not tap.read:
            yield f"unanswered: the answer to {tap.wamid} is accepted and on no phone"


def _as_meant(evidence: Evidence) -> Iterator[str]:
    """What the people of each story wanted, whatever both households made of it."""
    left = Counter(sent.wa_id for sent in evidence.sent if not sent.intent)
    for story in evidence.stories:
        wanted = {0, 1} if story.kind in RACES else {1} if story.kind in REACHED else {0}
        if left[story.wa_id] not in wanted:
            yield f"not as meant: {story.key} ({story.kind}) got {left[story.wa_id]} messages"
        if story.kind in STOPPED and not any("opted_out" in row for row in evidence.final[story.key]["consent"]):
            yield f"not as meant: the STOP of {story.key} stands in no ledger"


def _as_in_peace(evidence: Evidence, undisturbed: Mapping[str, Any]) -> Iterator[str]:
    for story in evidence.stories:
        ours, theirs = evidence.final.get(story.key), undisturbed.get(story.key)
        if story.kind not in RACES and ours != theirs:
            yield f"other end: {story.key} ({story.kind}) ended as {ours}, undisturbed as {theirs}"
