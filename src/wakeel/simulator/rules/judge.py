"""Says what the rules make of one message: refused, failed later, held, or taken. Pure but for its own ledger."""

from dataclasses import dataclass

from wakeel.simulator.errors import DETAILS_131047, MetaError
from wakeel.simulator.rules.book import Rules, Standing
from wakeel.simulator.rules.ledger import Bucket, Ledger
from wakeel.simulator.templates import Template
from wakeel.simulator.world import Phone

NUMBER = "number"
"""The one key of the throughput: there is one sending number."""

EXPIRED = MetaError(190, "The access token has expired.", message="Error validating access token: Session has expired")
ACCOUNTS = {
    Standing.RESTRICTED: MetaError(368, "The account is restricted for a violation of policy."),
    Standing.LOCKED: MetaError(131031, "The account has been locked."),
    Standing.TOKEN_EXPIRED: EXPIRED,
}
"""The account's state to the answer of every send. Source: Meta, "Error codes", read 2026-11-22."""


@dataclass(frozen=True, slots=True)
class Send:
    """A well-formed request as the rules see it.

    person: wa_id or BSUID, what counts as one person. wa_id: None when it was addressed by BSUID.
    phone: None when nobody of that address is here. is_template: also when no such template exists (then None).
    """

    person: str
    wa_id: str | None
    phone: Phone | None
    is_template: bool = False
    template: Template | None = None

    @property
    def is_marketing(self) -> bool:
        return self.template is not None and self.template.category == "MARKETING"

    def in_window(self, now: float) -> bool:
        """True inside the customer service window of somebody who is here."""
        return self.phone is not None and self.phone.window_is_open(now=now)


class Judge:
    """Applies the rules that are switched on. now: business time in Unix seconds."""

    def __init__(self, rules: Rules, ledger: Ledger) -> None:
        self.rules = rules
        self.ledger = ledger
        self._number = Bucket()

    def bar(self, send: Send, *, now: float) -> MetaError | None:
        """Why nothing like this may go to this person at all; None if it may."""
        rules = self.rules
        if error := ACCOUNTS.get(rules.account):
            return error
        if rules.test_numbers and send.wa_id not in rules.test_number_list:
            return MetaError(131030, "Recipient phone number not in allowed list")
        if rules.window and send.phone and not send.is_template and not send.in_window(now):
            return MetaError(131047, DETAILS_131047)
        return None

    def limit(self, send: Send, *, now: float) -> MetaError | None:
        """Which limit is used up; None if there is room for one more."""
        rules = self.rules
        if rules.throughput and self._number.is_full(
            NUMBER, every_s=1 / rules.throughput_per_s, burst=rules.throughput_per_s, now=now
        ):
            return MetaError(130429, "Cloud API message throughput has been reached.")
        if rules.pair_rate and self.ledger.pairs.is_full(
            send.person, every_s=rules.pair_every_s, burst=rules.pair_burst, now=now
        ):
            return MetaError(131056, "Too many messages were sent to this person from this number in a short time.")
        return self._people(send, now=now) if rules.messaging_limit else None

    def took(self, send: Send, *, now: float) -> None:
        """A message was accepted: count it. Who is reached counts always; a rate only owes while it is a rule."""
        rules = self.rules
        if rules.throughput:
            self._number.add(NUMBER, every_s=1 / rules.throughput_per_s, now=now)
        if rules.pair_rate:
            self.ledger.pairs.add(send.person, every_s=rules.pair_every_s, now=now)
        if send.phone and send.is_template and not send.in_window(now):
            self.ledger.reached[send.person] = now
        if send.is_marketing and not send.in_window(now):
            self.ledger.marketing.setdefault(send.person, []).append(now)
        if send.template and self._is_paced(send.template):
            self.ledger.paced[_key(send.template)] = self.ledger.paced.get(_key(send.template), 0) + 1

    def heard(self, *, now: float) -> None:
        """A person wrote: the throughput counts both directions (Meta, "Throughput", read 2026-11-22)."""
        if self.rules.throughput:
            self._number.add(NUMBER, every_s=1 / self.rules.throughput_per_s, now=now)

    def doom(self, send: Send, *, now: float) -> int | None:
        """The code with which a message fails after it was accepted; None if it arrives. Asked before `took`.

        Source of the channel: Meta, "Per-user marketing template message limits", read 2026-11-22.
        """
        rules = self.rules
        if rules.account is Standing.UNPAID and send.is_template:
            return 131042
        if not send.is_marketing or send.phone is None:
            return None
        if rules.opt_out and send.phone.marketing_stopped:
            return 131050
        if rules.marketing_cap and not send.in_window(now):
            count = self.ledger.marketing_today(send.person, now=now)
            return 131049 if count >= rules.marketing_cap_per_day else None
        return None

    def holds(self, send: Send) -> bool:
        """True if Meta first looks at how the template is received. Asked before `took`."""
        if not self.rules.pacing or send.template is None or not self._is_paced(send.template):
            return False
        return self.ledger.paced.get(_key(send.template), 0) >= self.rules.pacing_after

    def _people(self, send: Send, *, now: float) -> MetaError | None:
        """Meta does not say with which code; 131048 is its code for limits on whom this number may write to."""
        if not send.is_template or send.in_window(now) or send.phone is None:
            return None
        room = self.ledger.people(now=now) < self.rules.messaging_limit_people
        if room or send.person in self.ledger.reached:
            return None
        return MetaError(131048, "The messaging limit of this account for the last 24 hours has been reached.")

    def _is_paced(self, template: Template) -> bool:
        """Source: Meta, "Template pacing", read 2026-11-22: new, unpaused or not green, and marketing."""
        return template.category == "MARKETING" and template.quality != "GREEN"


def _key(template: Template) -> str:
    return f"{template.name}/{template.language}"
