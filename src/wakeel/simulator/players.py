"""Plays the scripts: who has one answers by themselves, in their own time."""

import asyncio
from collections.abc import Iterable
from typing import Any, Protocol

from wakeel.simulator.drawing import choices
from wakeel.simulator.personas import Reads
from wakeel.simulator.script_book import BUILT_IN
from wakeel.simulator.scripts import DEFAULT_SEED, Answer, Script, Turn, answer
from wakeel.simulator.taps import tapped
from wakeel.simulator.world import Message, Phone

Json = dict[str, Any]


class Hands(Protocol):
    """What a script does with a phone."""

    def write(self, phone: Phone, text: str) -> Message: ...
    def tap(self, phone: Phone, card: str, content: Json) -> Message: ...


class Players:
    """All scripts of one simulator, and the seed their choices follow from."""

    def __init__(self, hands: Hands, *, scripts: Iterable[Script], pace: float) -> None:
        """scripts: besides those everybody knows; one of the same name takes its place. pace: 1.0 is real time."""
        self._hands = hands
        self._pace = pace
        self.scripts = {script.name: script for script in (*BUILT_IN, *scripts)}
        self.seed = DEFAULT_SEED

    def rows(self) -> list[Json]:
        """All scripts as the page lists them."""
        return [{"name": script.name, "ar": script.ar, "en": script.en} for script in self.scripts.values()]

    def begin(self, phone: Phone, name: str | None, *, first: bool) -> None:
        """Let a script answer for a person from now on, from its beginning; None lets nobody. Raises KeyError.

        first: whether its first message is written now, if it has one.
        """
        script = None if name is None else self.scripts[name]
        phone.change(script=name)
        phone.turns, phone.spent = 0, []
        if script is not None and first and (line := self._turn(phone).one_of(script.first)):
            phone.turns += 1
            self._hands.write(phone, line)

    def reseed(self, seed: int, phones: Iterable[Phone]) -> None:
        """Let all choices follow from another seed, and every script begin anew."""
        self.seed = seed
        for phone in phones:
            phone.turns, phone.spent = 0, []

    async def saw(self, phone: Phone, message: Message) -> None:
        """A message of the business reached a phone: answer it, now or later, or not at all; never while it is off."""
        if phone.persona.reads is Reads.OFF:
            return
        for reply in phone.persona.replies:
            if reply.contains in message.text:
                await asyncio.sleep(reply.after_s)
                self._hands.write(phone, reply.answer)
                return
        if found := self._decide(phone, message):
            await asyncio.sleep(found.after_s * self._pace)
            self._act(phone, message, found)

    def _decide(self, phone: Phone, message: Message) -> Answer | None:
        """Decided when the message arrives, so that slower answers change nothing."""
        script = self.scripts.get(phone.script or "")
        if script is None or message.type == "reaction":
            return None
        found = answer(script, message.text, choices(message), spent=phone.spent, turn=self._turn(phone))
        if found is None:
            return None
        phone.turns += 1
        if not script.rules[found.rule].again:
            phone.spent.append(found.rule)
        return found

    def _act(self, phone: Phone, message: Message, found: Answer) -> None:
        if found.choice is None:
            self._hands.write(phone, found.text)
        else:
            content = tapped(message, found.choice["id"], wa_id=phone.wa_id)
            if content is not None:
                self._hands.tap(phone, message.wamid, content)

    def _turn(self, phone: Phone) -> Turn:
        return Turn(seed=self.seed, wa_id=phone.wa_id, number=phone.turns, speaks=phone.persona.speaks)
