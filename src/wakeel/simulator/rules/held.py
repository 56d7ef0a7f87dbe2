"""Messages that Meta accepted and holds until it knows how people receive their template.

Source: Meta, "Template pacing", read 2026-11-22: good feedback releases them, bad feedback drops them with 132015.
"""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.templates import Templates
from wakeel.simulator.world import Message

HELD = "held_for_quality_assessment"
DROPPED = 132015


@dataclass(frozen=True, slots=True)
class Held:
    """One held message.

    wa_id: of the phone it is for. name, language: of its template. until: business time of the verdict.
    """

    message: Message
    wa_id: str
    name: str
    language: str
    until: float


class Shelf:
    """Holds messages until their verdict."""

    def __init__(
        self,
        kept: Iterable[Held],
        *,
        clock: PracticeClock,
        templates: Templates,
        release: Callable[[Held], None],
        drop: Callable[[Held], None],
    ) -> None:
        """kept: what the last process held. release, drop: told each message that leaves the shelf, after it left."""
        self._held = {held.message.wamid: held for held in kept}
        self._clock = clock
        self._templates = templates
        self._release = release
        self._drop = drop

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, wamid: object) -> bool:
        return wamid in self._held

    def rows(self) -> list[Held]:
        """All that is held, oldest first."""
        return list(self._held.values())

    def put(self, held: Held) -> Coroutine[Any, Any, None]:
        """Hold a message; what is returned waits for the verdict and must be run."""
        self._held[held.message.wamid] = held
        return self.verdict(held)

    async def verdict(self, held: Held) -> None:
        """When its time has come: dropped if the template is red or may not be sent any more, else released."""
        await self._clock.reached(held.until)
        template = self._templates.find(held.name, held.language)
        good = template is not None and template.status == "APPROVED" and template.quality != "RED"
        self._leave(held, released=good)

    def decide(self, name: str | None, *, released: bool) -> int:
        """Give the verdict about the messages of a template, of all without a name; how many there were."""
        chosen = [held for held in self.rows() if name in {None, held.name}]
        for held in chosen:
            self._leave(held, released=released)
        return len(chosen)

    def _leave(self, held: Held, *, released: bool) -> None:
        if self._held.pop(held.message.wamid, None) is not None:
            (self._release if released else self._drop)(held)
