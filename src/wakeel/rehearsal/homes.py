"""Which household a scenario needs: the settings, hours and beginnings that its file asks for."""

from collections.abc import Mapping
from pathlib import Path

from wakeel.rehearsal.household import OPEN_HOURS, Wishes
from wakeel.rehearsal.hurried import HURRIED
from wakeel.rehearsal.scenario import BEGIN_WITH_SAMPLES, Head
from wakeel.rehearsal.stage import NO_SAMPLES, Unmet

OFFICE_HOURS = OPEN_HOURS.with_name("office_hours.toml")
LONG_UNDO: Mapping[str, str] = {"WAKEEL_UNDO_SECONDS": "120"}
"""Longer than any step takes, so that only the practice clock ends the grace."""
DRY: Mapping[str, str] = {
    "WAKEEL_PRACTICE": "false", "WHATSAPP_GRAPH_URL": "https://graph.example", "WAKEEL_UNDO_SECONDS": "0",
    "WHATSAPP_ACCESS_TOKEN_FILE": "",
}  # fmt: skip
"""Without a token the worker does not try to list the templates there: nothing leaves the machine."""
FAST = ("--fast-statuses", "--quiet-personas")
SHARED = Wishes(settings={**LONG_UNDO, "WAKEEL_OPEN_CARDS": "10"}, arguments=FAST)
"""One operator has the cards of all scenarios of a run: what another one left must not keep theirs back."""


def wishes_of(head: Head, folder: Path, *, samples: Path | None) -> Wishes:
    """For a scenario that cannot share. folder: of the household; samples: the demo's files, None if there are none."""
    if head.start in BEGIN_WITH_SAMPLES:
        return _demo(head, samples)
    hours = OPEN_HOURS if head.hours == "open" else OFFICE_HOURS
    if head.mode == "dry":
        # A product that does not practise refuses to start where it finds a practice clock.
        phones = folder / "phones"
        phones.mkdir(parents=True, exist_ok=True)
        return Wishes(settings={**DRY, **head.settings}, policy=hours, arguments=(*FAST, "--data-dir", str(phones)))
    entry = HURRIED if head.leases == "short" else {}
    return Wishes(settings={**LONG_UNDO, **head.settings}, policy=hours, arguments=FAST, entry=entry)


def _demo(head: Head, samples: Path | None) -> Wishes:
    """The demo's hours and people; the rest of its beginning is the scenario `demo`."""
    if samples is None:
        raise Unmet(NO_SAMPLES)
    policy, personas = samples / "policy.toml", samples / "personas.toml"
    return Wishes(settings=head.settings, policy=policy, personas=personas, arguments=FAST, enrolled=False)
