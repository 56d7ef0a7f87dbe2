"""Stored webhooks through today's code once more, in order of arrival: after an update, or after a fault of ours.

The worker may run meanwhile: rows it has not carried out yet are left to it, and every item commits by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wakeel import clock
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    Malformed,
    MessageEchoed,
    OtherMessage,
    PreferenceChanged,
    StatusReceived,
    TextReceived,
    Unrecognised,
)
from wakeel.domain.inbox_notes import fields_of
from wakeel.domain.platform_events import (
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)
from wakeel.flows.replay_item import Outcome, Run, Tried, carry_out_again, look_up
from wakeel.store import inbox_history

BY_COMMAND = "wakeel replay"
"""Who is named where this settles what was quarantined."""
_ROWS_A_QUERY = 50


class Kind(StrEnum):
    """What kinds of items are counted together."""

    TEXTS = "texts"
    TAPS = "taps"
    OTHER_MESSAGES = "other messages"
    IDENTITY = "changes of number or identity"
    STATUSES = "statuses"
    PREFERENCES = "WhatsApp's own switch for offers"
    ECHOES = "messages written in the WhatsApp Business app"
    TEMPLATES = "template news"
    ACCOUNT = "account and number news"
    UNKNOWN = "of a kind this version does not know"
    BROKEN = "items that cannot be read"
    BODIES = "webhooks of which nothing can be read"


@dataclass(frozen=True, slots=True)
class Replayed:
    """bodies: how many stored webhooks were looked at. counts: of their items, by kind and outcome; none that is 0."""

    bodies: int
    counts: Mapping[Kind, Counter[Outcome]]

    def total(self, outcome: Outcome) -> int:
        """Of all kinds."""
        return sum(found[outcome] for found in self.counts.values())


def replay(
    *, since: datetime, until: datetime | None = None, field: str | None = None, dry_run: bool = False, now: datetime
) -> Replayed:
    """Carry out what today's code finds in webhooks received in [since, until) and what was not carried out before.

    since, until: real time, as the webhooks are stamped; until: None for up to now. field: a webhook field, such as
    `messages`, or `statuses`; None for all. An item too broken to show its field counts as of every field.
    dry_run: nothing is changed: what was not done before is carried out in a transaction that is rolled back.
    """
    bodies = 0
    counts: defaultdict[Kind, Counter[Outcome]] = defaultdict(Counter)
    run = Run(by=BY_COMMAND, now=now, dry=dry_run)
    end = min(until, clock.real_now()) if until is not None else clock.real_now()

    def is_wanted(event: Event) -> bool:
        fields = fields_of(event)
        return field is None or fields is None or field in fields

    for ids in inbox_history.ids_between(since, end, size=_ROWS_A_QUERY):
        look_up(ids, run)
        for row_id in ids:
            tried = carry_out_again(row_id, run, wanted=is_wanted)
            bodies += bool(tried)
            for one in tried:
                counts[_kind_of(one)][one.outcome] += 1
    return Replayed(bodies, dict(counts))


def _kind_of(tried: Tried) -> Kind:
    if tried.event is None:
        return Kind.BODIES
    return _KINDS.get(type(tried.event), Kind.ACCOUNT)


_KINDS: dict[type[Event], Kind] = {
    TextReceived: Kind.TEXTS,
    ButtonTapped: Kind.TAPS,
    OtherMessage: Kind.OTHER_MESSAGES,
    IdentityChanged: Kind.IDENTITY,
    StatusReceived: Kind.STATUSES,
    PreferenceChanged: Kind.PREFERENCES,
    MessageEchoed: Kind.ECHOES,
    Malformed: Kind.BROKEN,
    Unrecognised: Kind.UNKNOWN,
    TemplateStatusChanged: Kind.TEMPLATES,
    TemplateQualityChanged: Kind.TEMPLATES,
    TemplateCategoryChanged: Kind.TEMPLATES,
    TemplateComponentsChanged: Kind.TEMPLATES,
}
