"""Everybody at once: the stories of a run take turns in one thread, while the others kill and look on."""

import threading
import time
from collections.abc import Callable, Sequence

from wakeel.rehearsal.chaos.desk import Desk
from wakeel.rehearsal.chaos.eyes import Eyes, Wire
from wakeel.rehearsal.chaos.hand import Hand
from wakeel.rehearsal.chaos.notes import Notes
from wakeel.rehearsal.chaos.plan import Kind, Story
from wakeel.rehearsal.chaos.stories import tell
from wakeel.rehearsal.household import Household
from wakeel.rehearsal.under_way import LEAVING, RECEIVED, WITHOUT_END, counts

TURN_S = 0.05
CLOCK_EVERY_S, CLOCK_BY_S = 0.5, 5
"""Business time runs ten times as fast: undo graces and back-offs pass, no window and no approval does."""
WIRE_EVERY_S = 0.2


class People:
    """Lives from `begin` to `end`. Whatever goes wrong in it is raised again by `end`.

    The wire log is read by a thread of its own: the simulator forgets, however long a turn of the people takes.
    """

    def __init__(self, home: Household, stories: Sequence[Story], *, since: int) -> None:
        """since: how many requests WhatsApp had accepted when the round before this one was judged."""
        self.notes, self.eyes, self.wire = Notes(), Eyes(home, stories, first=since), Wire(home)
        self._home = home
        self._hands = {story.wa_id: Hand(home, self.eyes, self.notes, story) for story in stories}
        self._threads = [
            threading.Thread(target=self._live, args=(doing,), daemon=True) for doing in (self._turns, self._watch)
        ]
        self._ended = threading.Event()
        self._wrong: BaseException | None = None

    def begin(self) -> None:
        self.eyes.look()
        for thread in self._threads:
            thread.start()

    @property
    def are_done(self) -> bool:
        """Every story came to its end, or the people cannot go on."""
        return len(self.notes.finished) == len(self._hands) or self._wrong is not None

    def under_way(self) -> list[str]:
        """What has not come to its end, and how many; [] also if the people cannot go on: then `end` says why."""
        if self._wrong is not None:
            return []
        waiting = int(self._home.bench("GET", "/api/state?phone=")["webhook"]["waiting"])
        received, leaving, without_end = counts(self._home.database, RECEIVED, LEAVING, WITHOUT_END)
        found = {
            "webhooks on their way": waiting, "webhooks not decoded": received,
            "messages not sent": leaving, "messages without an end": without_end,
        }  # fmt: skip
        return [f"{number} {what}" for what, number in found.items() if number]

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
        for thread in self._threads:
            thread.join()
        if self._wrong is not None:
            raise self._wrong

    def _live(self, doing: Callable[[], None]) -> None:
        try:
            doing()
        except BaseException as wrong:
            self._wrong = wrong

    def _watch(self) -> None:
        while not self._ended.wait(WIRE_EVERY_S):
            self.wire.read()
        self.wire.read()

    def _turns(self) -> None:
        told = {key: tell(hand) for key, hand in self._hands.items()}
        doomed = frozenset(wa_id for wa_id, hand in self._hands.items() if hand.story.kind is Kind.REFUSED)
        desk = Desk(self._hands, doomed).sit()
        clock_at = 0.0
        while not self._ended.is_set():
            now = time.monotonic()
            if now >= clock_at:
                self._home.advance(CLOCK_BY_S)
                clock_at = now + CLOCK_EVERY_S
            self.eyes.look()
            for key in list(told):
                if next(told[key], told) is told:
                    del told[key]
            next(desk)
            self._ended.wait(TURN_S)
        self.eyes.look()
