"""Everybody at once: the stories of a run take turns in one thread, while the others kill and look on."""

import threading
import time
from collections.abc import Sequence

from wakeel.rehearsal.chaos.desk import Desk
from wakeel.rehearsal.chaos.eyes import Eyes, Wire
from wakeel.rehearsal.chaos.hand import Hand
from wakeel.rehearsal.chaos.notes import Notes
from wakeel.rehearsal.chaos.plan import Kind, Story
from wakeel.rehearsal.chaos.stories import tell
from wakeel.rehearsal.household import Household

TURN_S = 0.05
CLOCK_EVERY_S, CLOCK_BY_S = 0.5, 5
"""Business time runs ten times as fast: undo graces and back-offs pass, no window and no approval does."""
WIRE_EVERY_S = 0.2

UNDER_WAY = """SELECT (SELECT count(*) FROM inbox WHERE state = 'received')
  + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))
  + (SELECT count(*) FROM outbox WHERE audience = 'contact' AND draft_id IS NOT NULL
     AND (state = 'unknown' OR state = 'accepted' AND (status IS NULL OR status NOT IN ('read', 'failed'))))"""
"""Webhooks to decode, messages to send, and those whose end is not known yet."""


class People:
    """Lives from `begin` to `end`. Whatever goes wrong in it is raised again by `end`."""

    def __init__(self, home: Household, stories: Sequence[Story]) -> None:
        self.notes, self.eyes, self.wire = Notes(), Eyes.on(home, stories), Wire(home)
        self._home = home
        self._hands = {story.wa_id: Hand(home, self.eyes, self.notes, story) for story in stories}
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._ended = threading.Event()
        self._settled = threading.Event()
        self._wrong: BaseException | None = None

    def begin(self) -> None:
        self.eyes.look()
        self._thread.start()

    @property
    def are_done(self) -> bool:
        """Every story came to its end, or the people cannot go on."""
        return len(self.notes.finished) == len(self._hands) or self._wrong is not None

    @property
    def is_settled(self) -> bool:
        """Nothing is on its way any more."""
        return self._settled.is_set() or self._wrong is not None

    def waiting_for(self) -> list[str]:
        """What the unfinished stories wait for."""
        return [
            f"{hand.story.key} ({hand.story.kind}) waits for {hand.waits_for}"
            for hand in self._hands.values()
            if hand.story.key not in self.notes.finished
        ]

    def end(self) -> None:
        """Stop taking turns. Raises what went wrong."""
        self._ended.set()
        self._thread.join()
        if self._wrong is not None:
            raise self._wrong

    def _live(self) -> None:
        try:
            self._turns()
        except BaseException as wrong:
            self._wrong = wrong

    def _turns(self) -> None:
        told = {key: tell(hand) for key, hand in self._hands.items()}
        doomed = frozenset(wa_id for wa_id, hand in self._hands.items() if hand.story.kind is Kind.REFUSED)
        desk = Desk(self._hands, doomed).sit()
        clock_at = wire_at = 0.0
        while not self._ended.is_set():
            now = time.monotonic()
            if now >= wire_at:
                self.wire.read()
                wire_at = now + WIRE_EVERY_S
            if now >= clock_at:
                self._home.advance(CLOCK_BY_S)
                clock_at = now + CLOCK_EVERY_S
            self.eyes.look()
            for key in list(told):
                if next(told[key], told) is told:
                    del told[key]
            next(desk)
            if not told and self._home.rows(UNDER_WAY) == [(0,)] and not self._waiting():
                self._settled.set()
            self._ended.wait(TURN_S)
        self.wire.read()
        self.eyes.look()

    def _waiting(self) -> int:
        return int(self._home.bench("GET", "/api/state?phone=")["webhook"]["waiting"])
