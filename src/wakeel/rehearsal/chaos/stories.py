"""How each kind of story goes, from the first card to its end."""

from collections.abc import Callable
from typing import Any

from wakeel.rehearsal.chaos.hand import Hand, Turns
from wakeel.rehearsal.chaos.plan import Kind

OVER = {"contacted", "replied", "skipped"}
OPEN = ("awaiting_approval", "editing", "approved")
LONG_AGO_S = 31 * 60
"""A tap older than half an hour decides nothing (design section 2)."""


def tell(hand: Hand) -> Turns[None]:
    """One story; afterwards nothing of it is open any more."""
    yield from TOLD[hand.story.kind](hand)
    yield from _close(hand)
    hand.waits_for = ""
    hand.notes.finished.add(hand.story.key)


def _draft(hand: Hand) -> Turns[None]:
    yield from hand.take("draft", lambda: hand.draft() is not None)


def _approve(hand: Hand) -> Turns[None]:
    yield from hand.rule("approve", lambda: hand.draft_is("approved"))


def _arrive(hand: Hand) -> Turns[None]:
    """Accepted and read: the contact has it, and the product knows."""
    yield from hand.wait(
        "its arrival", lambda: (one := hand.message()) is not None and one.state == "accepted" and one.status == "read"
    )


def _approved(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from _approve(hand)
    yield from _arrive(hand)


def _approved_twice(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    draft = yield from hand.wait("a draft", hand.draft)
    card = yield from hand.card(f"msg:{draft.id}:")
    taps = [hand.tap(card, "approve"), hand.tap(card, "approve")] if card else []
    hand.press_once(hand.page(), f"/d/{draft.id}/approve/")
    for tap in taps:
        yield from hand.answered(tap)
    if not hand.draft_is("approved"):
        yield from _approve(hand)
    yield from _arrive(hand)


def _edited(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from hand.write(hand.story.words)
    yield from _approve(hand)
    yield from _arrive(hand)


def _cancelled(hand: Hand) -> Turns[None]:
    yield from hand.take("accept", lambda: hand.draft() is not None)
    yield from hand.rule("cancel", lambda: hand.draft_is("cancelled"))


def _skipped(hand: Hand) -> Turns[None]:
    yield from hand.take("skip", lambda: hand.state() == "skipped")


def _replied(hand: Hand) -> Turns[None]:
    yield from _approved(hand)
    hand.home.bench.say(hand.story.wa_id, hand.story.words)
    yield from hand.wait("their reply", lambda: hand.state() == "replied")


def _stop(hand: Hand) -> Turns[None]:
    """The contact says it, and the product has heard it."""
    wamid = hand.notes.stops[hand.story.wa_id] = hand.home.bench.say(hand.story.wa_id, hand.story.words)
    yield from hand.wait("their STOP", lambda: hand.heard(wamid))


def _stopped_before(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from _stop(hand)
    yield from _refused_by_us(hand)


def _stopped_after(hand: Hand) -> Turns[None]:
    yield from _approved(hand)
    yield from _stop(hand)


def _stopped_meanwhile(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from _try(hand, "approve")
    yield from _stop(hand)
    yield from _until_settled(hand)


def _undone(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from _approve(hand)
    yield from _try(hand, "cancel")
    yield from _until_settled(hand)


def _not_agreed(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from _refused_by_us(hand)


def _refused(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    yield from _approve(hand)
    yield from hand.wait("the operator to give it up", lambda: hand.draft_is("cancelled"))


def _late(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    draft = yield from hand.wait("a draft", hand.draft)
    if card := (yield from hand.card(f"msg:{draft.id}:")):
        yield from hand.answered(hand.tap(card, "approve", timestamp=hand.home.now() - LONG_AGO_S))
    yield from _approve(hand)
    yield from _arrive(hand)


def _foreign(hand: Hand) -> Turns[None]:
    yield from _draft(hand)
    draft = yield from hand.wait("a draft", hand.draft)
    tap = hand.home.bench.tap(hand.story.wa_id, "wamid.of.another", f"msg:{draft.id}:approve", title="اعتماد")
    yield from hand.wait("their tap", lambda: hand.heard(tap))


def _try(hand: Hand, action: str) -> Turns[None]:
    """Once, without looking what comes of it."""
    draft = yield from hand.wait("a draft", hand.draft)
    if card := (yield from hand.sure_card(f"msg:{draft.id}:")):
        hand.tap(card, action)
    else:
        hand.press_once(hand.page(), f"/d/{draft.id}/{action}/")


def _refused_by_us(hand: Hand) -> Turns[None]:
    """Approved, and the product says no: whatever the screen shows, nothing leaves."""
    draft = yield from hand.wait("a draft", hand.draft)
    while card := (yield from hand.sure_card(f"msg:{draft.id}:")):
        if (yield from hand.answered(hand.tap(card, "approve"))):
            return
    hand.press_once(hand.page(), f"/d/{draft.id}/approve/")


def _until_settled(hand: Hand) -> Turns[None]:
    """Whoever was quicker: what was approved has left, or never will."""
    yield from hand.pause(0.5)
    gone = {"accepted", "suppressed", "failed"}
    yield from hand.wait(
        "an end of the race", lambda: (one := hand.message()) is None or one.state in gone or hand.draft_is("cancelled")
    )


def _close(hand: Hand) -> Turns[None]:
    """What is still open is cancelled and skipped, so that nobody asks about it any more."""
    while hand.state() not in OVER:
        if hand.draft_is(*OPEN):
            yield from hand.rule("cancel", lambda: hand.state() in OVER or not hand.draft_is(*OPEN))
        else:
            yield from hand.take("skip", lambda: hand.state() in OVER)
        yield


TOLD: dict[Kind, Callable[[Hand], Any]] = {
    Kind.APPROVED: _approved,
    Kind.APPROVED_TWICE: _approved_twice,
    Kind.EDITED: _edited,
    Kind.CANCELLED: _cancelled,
    Kind.SKIPPED: _skipped,
    Kind.REPLIED: _replied,
    Kind.STOPPED_BEFORE: _stopped_before,
    Kind.STOPPED_AFTER: _stopped_after,
    Kind.STOPPED_MEANWHILE: _stopped_meanwhile,
    Kind.UNDONE: _undone,
    Kind.NOT_AGREED: _not_agreed,
    Kind.REFUSED: _refused,
    Kind.LATE: _late,
    Kind.FOREIGN: _foreign,
}
