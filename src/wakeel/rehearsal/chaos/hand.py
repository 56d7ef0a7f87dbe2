"""The hands of one story's people: they look, tap, type and press, again if nothing came of it. One step a turn."""

import http.client
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from wakeel.rehearsal.bench import Json
from wakeel.rehearsal.chaos.eyes import DraftLook, Eyes, MessageLook, buttons, words
from wakeel.rehearsal.chaos.notes import Approved, Notes
from wakeel.rehearsal.chaos.plan import Story
from wakeel.rehearsal.household import Household
from wakeel.rehearsal.screens import NotOnThePage

T = TypeVar("T")
Turns = Generator[None, None, T]
"""Somebody's doings: each `next` is one turn, after a fresh look; it ends with what came of it."""

PATIENCE_S = 3.0
"""Whoever waits longer for a card on the phone decides on the screen."""
PROVED_WITHIN_S = 1.5
"""An answer that may have left: so long its status may still prove it."""
SETTLES_S = 0.3
AWAY = (OSError, http.client.HTTPException, NotOnThePage)
"""What a browser meets while the web process is down, or when the page is not what it was a moment ago."""


@dataclass(slots=True)
class Hand:
    """waits_for: what its people are waiting for just now, for the report if it never comes."""

    home: Household
    eyes: Eyes
    notes: Notes
    story: Story
    waits_for: str = ""

    # What they see

    def opportunity(self) -> str:
        """Its id; there is one as soon as the run has begun."""
        return self.eyes.opportunities[self.story.key].id

    def state(self) -> str:
        return self.eyes.opportunities[self.story.key].state

    def draft(self) -> DraftLook | None:
        return self.eyes.drafts.get(self.story.key)

    def draft_is(self, *states: str) -> bool:
        draft = self.draft()
        return draft is not None and draft.state in states

    def message(self) -> MessageLook | None:
        """The newest approved message to this person; fixed texts are not meant."""
        drafted = [one for one in self.eyes.messages.get(self.story.wa_id, []) if one.draft_id]
        return drafted[-1] if drafted else None

    def heard(self, wamid: str) -> bool:
        """True once the product has carried out what came with this message."""
        return bool(self.home.rows("SELECT 1 FROM inbound_message WHERE wamid = ?", [wamid]))

    def wait(self, what: str, look: Callable[[], T | None]) -> Turns[T]:
        self.waits_for = what
        while not (found := look()):
            yield
        return found

    def pause(self, seconds: float) -> Turns[None]:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            yield

    def page(self) -> str:
        """Of the opportunity."""
        return f"/i/{self.opportunity()}/"

    # What the operator does, wherever this story's operator sits

    def take(self, action: str, done: Callable[[], Any]) -> Turns[None]:
        """accept, skip or draft, until it had its effect."""
        if self.story.on_screen:
            yield from self.press(f"/i/{self.opportunity()}/{action}/", done)
        else:
            yield from self.tap_until(f"opp:{self.opportunity()}:", f"/i/{self.opportunity()}/{action}/", done)

    def rule(self, action: str, done: Callable[[], Any]) -> Turns[None]:
        """approve or cancel the newest draft, until it had its effect."""
        draft = yield from self.wait("a draft", self.draft)
        if self.story.on_screen:
            yield from self.press(f"/d/{draft.id}/{action}/", done)
        else:
            yield from self.tap_until(f"msg:{draft.id}:", f"/d/{draft.id}/{action}/", done)

    def write(self, text: str) -> Turns[None]:
        """The next version of the draft: by a tap on edit and a text that quotes the card, or on the screen."""
        draft = yield from self.wait("a draft to edit", self.draft)

        def written() -> bool:
            found = self.draft()
            return found is not None and found.version > draft.version

        if card := (yield from self.sure_card(f"msg:{draft.id}:")):
            yield from self.answered(self.tap(card, "edit"))
            yield from self.answered(self.say(text, context_wamid=card["wamid"]))
            yield from self.pause(SETTLES_S)
        yield from self.press(f"/d/{draft.id}/text/", written, text=text)

    # On the phone

    def tap_until(self, beginning: str, path: str, done: Callable[[], Any]) -> Turns[None]:
        """Tap the newest such card until it had its effect and the person has read an answer.

        path: of the form on the screen that does the same, for a card that does not come.
        """
        action = path.strip("/").rpartition("/")[2]
        while True:
            card = yield from self.card(beginning)
            if card is None:
                yield from self.press(path, done)
                return
            read = yield from self.answered(self.tap(card, action))
            yield from self.pause(0 if done() else SETTLES_S)
            if read and done():
                return
            self.waits_for = f"the effect of {action}" if read else f"an answer to {action}"

    def card(self, beginning: str) -> Turns[Json | None]:
        """The newest card whose buttons begin so; None if none comes: it may have been lost with a process."""
        self.waits_for, ends = f"a card {beginning}", time.monotonic() + PATIENCE_S
        while not (found := self.eyes.cards(self.home.operator, beginning)):
            if time.monotonic() > ends:
                return None
            yield
        return found[-1]

    def sure_card(self, beginning: str) -> Turns[Json | None]:
        """The same, of this story's operator: None for one who sits at the screen."""
        return None if self.story.on_screen else (yield from self.card(beginning))

    def tap(self, card: Json, action: str, **more: Any) -> str:
        """One tap; its wamid."""
        chosen = next(one for one in buttons(card) if one.endswith(f":{action}"))
        if action == "approve":
            self.approve_seen(words(card["payload"]))
        return self._asked(self.home.bench.tap(self.home.operator, card["wamid"], chosen, title="•", **more))

    def say(self, text: str, **more: Any) -> str:
        return self._asked(self.home.bench.say(self.home.operator, text, **more))

    def answered(self, wamid: str) -> Turns[bool]:
        """True once the person has read the answer; False if it was lost with a process or on the wire."""
        self.waits_for, doubtful_since = "an answer", 0.0
        while wamid not in self.eyes.read:
            if self.eyes.answers.get(wamid) in {"unknown", "failed", "suppressed"}:
                doubtful_since = doubtful_since or time.monotonic()
                if time.monotonic() - doubtful_since > PROVED_WITHIN_S:
                    return False
            yield
        return True

    # On the screen

    def press(self, action: str, done: Callable[[], Any], **filled: str) -> Turns[None]:
        """Open the story's page and press the button of this form, again and again until it had its effect."""
        self.waits_for = f"the effect of {action}"
        while not done():
            self.press_once(self.page(), action, **filled)
            yield from self.pause(SETTLES_S)

    def press_once(self, path: str, action: str, *, verb: str = "", **filled: str) -> None:
        """Nothing comes of it while the web process is down, or if the page has no such button."""
        try:
            page = self.home.screens.get(path)
            form = page.form(action, **({"verb": verb} if verb else {}))
            if action.endswith("/approve/"):
                self.approve_seen(page.text)
            self.notes.begin_press()
            self.home.screens.send(form, **filled)
        except AWAY:
            return
        finally:
            self.notes.end_press()

    def _asked(self, wamid: str) -> str:
        self.notes.asked.append(wamid)
        self.eyes.asked.add(wamid)
        return wamid

    def approve_seen(self, seen: str) -> None:
        """Remember to which words somebody is about to say yes."""
        self.notes.approved.append(Approved(self.story.wa_id, seen))
