"""What happens under one seed: who wants what, which faults meet them, who is killed when. Pure; always the same."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Kind(StrEnum):
    """How one story goes. Those that depend on who is quicker are judged by what must hold, not by how they end."""

    APPROVED = "approved"  # draft, approve, arrives
    APPROVED_TWICE = "approved_twice"  # approve tapped twice at once, and pressed on the screen
    EDITED = "edited"  # another text is typed, approved, arrives
    CANCELLED = "cancelled"  # the draft is cancelled; nothing leaves
    SKIPPED = "skipped"  # nothing leaves
    REPLIED = "replied"  # arrives, and the contact answers
    STOPPED_BEFORE = "stopped_before"  # STOP, then approve: refused, nothing leaves
    STOPPED_AFTER = "stopped_after"  # arrives, then STOP
    STOPPED_MEANWHILE = "stopped_meanwhile"  # approve and STOP at once: who is quicker
    UNDONE = "undone"  # approve and cancel at once: who is quicker
    NOT_AGREED = "not_agreed"  # no consent: approve is refused, nothing leaves
    REFUSED = "refused"  # WhatsApp refuses for good; the operator gives it up
    LATE = "late"  # a tap from half an hour ago decides nothing, the next one does
    FOREIGN = "foreign"  # a contact taps an operator's button: nothing leaves


RACES = frozenset({Kind.STOPPED_MEANWHILE, Kind.UNDONE})
"""Their end may differ from the undisturbed run's: another was quicker."""

REACHED = frozenset({Kind.APPROVED, Kind.APPROVED_TWICE, Kind.EDITED, Kind.REPLIED, Kind.STOPPED_AFTER, Kind.LATE})
"""Whose approved message arrives in the end, whatever goes wrong."""

STOPPED = frozenset({Kind.STOPPED_BEFORE, Kind.STOPPED_AFTER, Kind.STOPPED_MEANWHILE})
"""Who said STOP and never takes it back."""

OPENED = (
    Kind.APPROVED, Kind.STOPPED_MEANWHILE, Kind.EDITED, Kind.STOPPED_AFTER, Kind.APPROVED_TWICE, Kind.REPLIED,
    Kind.STOPPED_BEFORE,
)  # fmt: skip
"""In every run of at least so many stories; the rest is drawn."""


class Moment(StrEnum):
    """What a kill waits for; where it really hit is found out afterwards (see `kills`)."""

    CLAIM = "claim"  # messages are due
    FLIGHT = "flight"  # a request is on its way
    ANSWERED = "answered"  # its answer came, the record did not
    DECODING = "decoding"  # webhooks wait
    DECISION = "decision"  # a screen's form is being handled
    WEBHOOK = "webhook"  # webhooks come in
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Story:
    """One person and one opportunity about them. on_screen: the operator decides with the mouse, not on the phone."""

    key: str
    kind: Kind
    name: str
    title: str
    wa_id: str
    on_screen: bool
    words: str


@dataclass(frozen=True, slots=True)
class KillWish:
    """after_s: since the one before was up again."""

    process: str
    moment: Moment
    after_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """round_number: from 0. own: refusals that belong to a story, the same in the undisturbed run. faults: one wish for
    the bench. has_late_copies: some of what came comes again six days later, when all is over.
    """

    seed: int
    round_number: int
    stories: tuple[Story, ...]
    own: tuple[Mapping[str, Any], ...]
    faults: Mapping[str, Any]
    has_late_copies: bool
    kills: tuple[KillWish, ...]


FIRST_NAMES = ("ليلى", "نورة", "سالم", "هند", "فيصل", "ريم", "ماجد", "عبير")
EDITED_TEXT = "مساء الخير {name}، يسعدنا أن نعرض عليك موعدًا هذا الأسبوع. لإيقاف الرسائل أرسل: إيقاف"
HALF = 0.5
SLOW_ANSWERS = 4
DOUBT_S = 7.0
"""Longer than lease and grace under chaos (see `hurried`)."""
HAS_LATE_COPIES = 0.25
LATE_S = 6 * 86_400
"""Meta tries for seven days. Source: Meta, "Webhooks", read 2026-11-22."""
STOP_WORDS = ("إيقاف", "ايقاف", "STOP", "وقفوا الرسايل", "الغاء الاشتراك")
ANSWERS = ("كم السعر؟", "موافق، أرسلوا التفاصيل", "طيب شكراً", "متى الموعد؟")

RATES = {
    "answer_lost_sends": 0.04, "never_reached_sends": 0.04, "http_500_sends": 0.03, "http_503_sends": 0.02,
    "invalid_json_sends": 0.03, "refuse_130429_sends": 0.03, "refuse_131056_sends": 0.02, "refuse_131016_sends": 0.01,
    "refuse_190_sends": 0.005, "refuse_368_sends": 0.003, "refuse_131048_sends": 0.003,
    "drop_webhooks": 0.08, "duplicate_webhooks": 0.08, "reorder_webhooks": 0.03, "delay_webhooks": 0.04,
    "batch_webhooks": 0.03, "wrong_signature_webhooks": 0.03, "no_signature_webhooks": 0.02, "altered_webhooks": 0.03,
    "unknown_fields_webhooks": 0.04, "very_large_webhooks": 0.01,
}  # fmt: skip
"""How often what happens: about one send in five and two updates in five meet a fault. Refusals by chance are those
that a later try can mend, by the machine or after a person resumed the number.
"""
FINAL_CODES = (131026, 130472, 131009)
"""Of refusals that no later try can mend, and that the operator gives up: the person's number, Meta's experiment, the
message itself (see `whatsapp.error_table`).
"""

WORKER_MOMENTS = (Moment.CLAIM, Moment.FLIGHT, Moment.ANSWERED, Moment.DECODING, Moment.ANY)
WEB_MOMENTS = (Moment.DECISION, Moment.WEBHOOK, Moment.ANY)
INGEST_MOMENTS = (Moment.WEBHOOK, Moment.ANY)


def make(seed: int, *, stories: int, kills: int, ingest: bool = False, round_number: int = 0) -> Plan:
    """The plan of this seed. round_number: a long run has one plan after the other, each about other people."""
    dice = random.Random(f"{seed}:{round_number}")  # noqa: S311  (a rehearsal repeats itself)
    late = dice.random() < HAS_LATE_COPIES
    told = tuple(_story(dice, seed, round_number, serial) for serial in range(stories))
    return Plan(
        seed, round_number, told, tuple(_own(told)), MappingProxyType(_faults(dice, told, late=late)), late,
        _kills(dice, kills, ingest=ingest),
    )  # fmt: skip


def _story(dice: random.Random, seed: int, round_number: int, serial: int) -> Story:
    kind = OPENED[serial] if serial < len(OPENED) else dice.choice(list(Kind))
    name = f"{dice.choice(FIRST_NAMES)} {seed}-{round_number}-{serial}"
    words = {Kind.EDITED: EDITED_TEXT.format(name=name), Kind.REPLIED: dice.choice(ANSWERS)}
    return Story(
        key=f"chaos-{seed}-{round_number}-{serial}",
        kind=kind,
        name=name,
        title=f"عرض {seed}-{round_number}-{serial}",
        wa_id=_number(seed, round_number, serial),
        # One person types one text at a time: the others of them write on the screen.
        on_screen=dice.random() < HALF or (kind is Kind.EDITED and serial >= len(OPENED)),
        words=words.get(kind, dice.choice(STOP_WORDS)),
    )


def _number(seed: int, round_number: int, serial: int) -> str:
    """A Saudi mobile number of its own: 9665, then eight digits. Never the operator's."""
    place = (seed % 1_000) * 10_000 + (round_number % 100) * 100 + serial % 100
    return f"9665{50_000_000 + place:08d}"


def _own(stories: tuple[Story, ...]) -> list[Mapping[str, Any]]:
    refused = [story for story in stories if story.kind is Kind.REFUSED]
    return [
        {"kind": "refuse", "code": FINAL_CODES[int(story.wa_id) % len(FINAL_CODES)], "to": story.wa_id, "times": 3}
        for story in refused
    ]


def _faults(dice: random.Random, stories: tuple[Story, ...], *, late: bool) -> dict[str, Any]:
    """Rates for the common ones; those that take their time meet one person each, so that a short run stays short."""
    slow = [
        {"kind": "slow", "seconds": round(dice.uniform(0.1, 0.8), 2)},
        {"kind": "timeout_after", "seconds": 2.0},
        {"kind": "timeout_before", "seconds": 2.0},
        {"kind": "status_first", "seconds": 2.0},
    ]
    sends: list[dict[str, Any]] = [fault | {"to": dice.choice(stories).wa_id} for fault in slow]
    sends += [{"kind": "slow", "seconds": round(dice.uniform(0.2, 1.0), 2)} for _ in range(SLOW_ANSWERS)]
    updates = [
        {"kind": "reorder", "count": 3, "seconds": 1.0, "only": "messages"},
        {"kind": "batch", "count": dice.randint(3, 12), "seconds": 0.7},
        {"kind": "delay", "seconds": round(dice.uniform(0.2, 1.5), 2), "only": "messages"},
        {"kind": "duplicate", "only": "messages", "times": 2},
    ]
    # Nobody learns for a while that their message left: the machine must not try again, a person settles it.
    if reached := [story for story in stories if story.kind in REACHED]:
        doubted = dice.choice(reached).wa_id
        sends.append(
            {"kind": dice.choice(["answer_lost", "http_503", "invalid_json"]), "accepted": True, "to": doubted}
        )
        updates.append({"kind": "delay", "seconds": DOUBT_S, "only": "statuses", "to": doubted, "times": 3})
    if late:
        updates += [{"kind": "duplicate", "seconds": LATE_S, "only": only} for only in ("messages", "statuses") * 2]
    dice.shuffle(updates)
    return {"rates": RATES, "seed": dice.randrange(10**6), "next_sends": sends, "next_webhooks": updates}


def _kills(dice: random.Random, count: int, *, ingest: bool) -> tuple[KillWish, ...]:
    of = {"worker": WORKER_MOMENTS, "web": WEB_MOMENTS, "ingest": INGEST_MOMENTS}
    victims = ["worker", "worker", "web", *(["ingest"] if ingest else [])]
    return tuple(
        KillWish(process, dice.choice(of[process]), round(dice.uniform(0.0, 0.8), 2))
        for process in (dice.choice(victims) for _ in range(count))
    )
