"""The operator at the failure desk: settles what is in doubt by looking at the person's phone, resumes numbers."""

from dataclasses import dataclass

from wakeel.rehearsal.chaos.eyes import MessageLook
from wakeel.rehearsal.chaos.hand import AWAY, Hand, Turns

LOOKS_EVERY_S = 0.5


@dataclass(slots=True)
class Desk:
    """hands: one of each story, by wa_id. doomed: whose messages WhatsApp refuses for good."""

    hands: dict[str, Hand]
    doomed: frozenset[str]

    def sit(self) -> Turns[None]:
        """For as long as anybody asks."""
        some = next(iter(self.hands.values()))
        while True:
            if some.eyes.breaker_open:
                self._resume(some)
            for wa_id, hand in self.hands.items():
                for message in hand.eyes.messages.get(wa_id, []):
                    if message.state in {"unknown", "failed"} and message.draft_id and hand.draft_is("approved"):
                        self._settle(hand, message)
                        yield
            yield from some.pause(LOOKS_EVERY_S)

    def _settle(self, hand: Hand, message: MessageLook) -> None:
        """Truthfully: it arrived if it is on their phone. What the desk does not offer yet is offered later."""
        if message.state == "unknown":
            verb = "it_arrived" if hand.eyes.arrived(message) else "send_again"
        else:
            verb = "give_up" if hand.story.wa_id in self.doomed else "retry"
        hand.press_once("/failures/", f"/m/{message.id}/settle/", verb=verb)

    def _resume(self, hand: Hand) -> None:
        try:
            page = hand.home.screens.get("/failures/")
            hand.home.screens.send(page.form("/resume/"))
        except AWAY:
            return
