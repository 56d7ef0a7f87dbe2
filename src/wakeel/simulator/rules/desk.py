"""Where every well-formed message passes: refused, counted, doomed, held, or let through."""

from collections.abc import Callable, Coroutine
from typing import Any

from wakeel.simulator.errors import MetaError
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.rules.book import Rules
from wakeel.simulator.rules.held import DROPPED, Held, Shelf
from wakeel.simulator.rules.judge import Judge, Send
from wakeel.simulator.rules.ledger import Ledger
from wakeel.simulator.templates import Templates
from wakeel.simulator.world import Message

Json = dict[str, Any]


class Desk:
    """The rules of one simulator with all they remember."""

    def __init__(
        self,
        rules: Rules,
        ledger: Ledger,
        held: list[Held],
        *,
        clock: PracticeClock,
        templates: Templates,
        arrive: Callable[[Held], None],
    ) -> None:
        """ledger, held: what the last process left. arrive: told each held message once it is held no more."""
        self.rules = rules
        self.ledger = ledger
        self._judge = Judge(rules, ledger)
        self._clock = clock
        self._templates = templates
        self._arrive = arrive
        self.shelf = Shelf(held, clock=clock, templates=templates, release=arrive, drop=self._drop)

    def row(self) -> Json:
        """The rules as the bench shows them, with what they hold and count."""
        people = self.ledger.people(now=self._clock.now())
        return self.rules.row() | {"held": len(self.shelf), "people_reached": people}

    def objection(self, send: Send, template: Json | None) -> MetaError | None:
        """Why a message is refused; None if it is taken. template: that part of its body, None for service messages."""
        now = self._clock.now()
        if error := self._judge.bar(send, now=now):
            return error
        if template is not None and self.rules.templates and (error := self._templates.judge(template)):
            return error
        if send.wa_id is None and send.template and send.template.category == "AUTHENTICATION":
            return MetaError(131062, "Authentication templates need a phone number.")  # Meta, "BSUID", read 2026-11-22
        return self._judge.limit(send, now=now)

    def take(self, send: Send, message: Message) -> Coroutine[Any, Any, None] | None:
        """Count a message that was accepted, and doom it if it will fail.

        None: it goes its way. Else it is held; what is returned waits for the verdict and must be run.
        """
        held = send.phone is not None and self._judge.holds(send)
        if message.doom is None:
            message.doom = self._judge.doom(send, now=message.at)
        self._judge.took(send, now=message.at)
        if not held or send.phone is None or send.template is None or message.doom is not None:
            return None
        until = message.at + self.rules.pacing_hold_s
        return self.shelf.put(Held(message, send.phone.wa_id, send.template.name, send.template.language, until))

    def heard(self) -> None:
        """A person wrote."""
        self._judge.heard(now=self._clock.now())

    def verdicts(self) -> list[Coroutine[Any, Any, None]]:
        """What waits for the verdicts of the messages that the last process held; each must be run."""
        return [self.shelf.verdict(held) for held in self.shelf.rows()]

    def _drop(self, held: Held) -> None:
        held.message.doom = DROPPED
        self._arrive(held)
