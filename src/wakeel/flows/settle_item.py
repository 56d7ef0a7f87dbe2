"""One quarantined item of a webhook, settled by a person: through today's code once more, or put aside. Walk 4."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain import inbox_notes
from wakeel.domain.audit import Action
from wakeel.domain.events import Event
from wakeel.domain.inbox_notes import open_paths
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.flows.hold_unread import release_unread, unread_events
from wakeel.flows.replay_item import Outcome, Run, carry_out_again
from wakeel.store import businesses, inbox_history
from wakeel.store.retry import whole_transaction


class Settled(StrEnum):
    """What became of the item."""

    CARRIED_OUT = "carried_out"
    DONE_BEFORE = "done_before"
    SEEN = "seen"  # it can be read now, and is of a kind that nothing is done about
    STILL_FAILS = "still_fails"
    SEALED = "sealed"  # the key it was sealed with is missing here
    DISMISSED = "dismissed"
    ALREADY = "already"  # somebody had settled it before


SETTLED_WORDS: dict[Settled, Text] = {
    Settled.CARRIED_OUT: Text("نُفّذ العنصر الآن.", "The item is carried out now."),
    Settled.DONE_BEFORE: Text(
        "كان العنصر منفَّذًا من قبل، فلم يُنفَّذ مرة ثانية.",
        "The item had been carried out before, so nothing was done a second time.",
    ),
    Settled.SEEN: Text(
        "صار العنصر مقروءًا، وهو من نوع لا يُتخذ حياله شيء.",
        "The item can be read now; it is of a kind that nothing is done about.",
    ),
    Settled.STILL_FAILS: Text(
        "ما زال العنصر متعذرًا للسبب المذكور بجانبه. يبقى محفوظًا هنا.",
        "The item still fails, for the reason beside it. It stays here.",
    ),
    Settled.SEALED: Text(
        "لا يُفتح هذا الإشعار لغياب مفتاحه. يُعاد ملف المفتاح إلى مكانه أولًا، ويبقى الإشعار محفوظًا هنا.",
        "This notice cannot be opened without its key. Put the key file back first; the notice stays here.",
    ),
    Settled.DISMISSED: Text("نُحّي العنصر باسمك، ويبقى محفوظًا.", "The item is put aside in your name. It stays stored."),
    Settled.ALREADY: Text("سُوّي هذا العنصر من قبل.", "This item was settled before."),
}
_GO_ON = Text("رسائل أُوقفت بسببه وتُستأنف الآن: {leaving}؛ ويُعاد عرضها: {asked}.",
              "Messages held for it that go on now: {leaving}; asked again: {asked}.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """leaving, asked: messages held for a dismissed item that go on now, or are shown again because they changed."""

    what: Settled
    leaving: int = 0
    asked: int = 0

    @property
    def changed(self) -> bool:
        """True if the item is settled now by this very act."""
        return self.what not in {Settled.STILL_FAILS, Settled.SEALED, Settled.ALREADY}

    def say(self, language: str) -> str:
        """For the person who settled it; with how many messages go on, if any do."""
        words = SETTLED_WORDS[self.what].say(language)
        if not self.leaving and not self.asked:
            return words
        return f"{words} {_GO_ON.say(language, leaving=self.leaving, asked=self.asked)}"


def replay_item(business_id: str, row_id: int, path: str, *, by: str, now: datetime) -> ItemAnswer:
    """Carry out one quarantined item through today's code; path: '' for a body of which nothing could be read.

    business_id, by: of the web account that asks. Where that place holds nothing, or what was done before, the item may
    have moved (another person's data was destroyed since): then every item of the body is tried, and what was done is
    not done again.
    """
    if not is_open(row_id, path):
        return ItemAnswer(Settled.ALREADY)
    run = Run(by=by, now=now)
    tried = carry_out_again(row_id, run, wanted=lambda event: event.path == path) if path else []
    if all(one.outcome is Outcome.DONE_BEFORE for one in tried):
        tried = carry_out_again(row_id, run, wanted=_every_one)
    settled = _settled({one.outcome for one in tried})
    # What was carried out stands in transactions of its own, an item each; this tells who asked for it.
    _note(business_id, row_id, settled, by=by, now=now)
    return ItemAnswer(settled)


@whole_transaction
def dismiss_item(row_id: int, path: str, *, by: str, now: datetime) -> ItemAnswer:
    """A person looked: the item stays noted as put aside by them, and what was held for its sender goes on."""
    with transaction.atomic():
        row = inbox_history.lock(row_id)
        if row is None or path not in open_paths(row.errors):
            return ItemAnswer(Settled.ALREADY)
        senders = [event for event in unread_events(row) if event.path == path]
        notes = inbox_notes.dismissed(row.errors, path, by=by, at=now)
        inbox_history.note(row_id, notes, quarantined=inbox_notes.is_quarantined(notes))
        leaving = asked = 0
        of_businesses = set()
        for event in senders:
            number = businesses.route(event.phone_number_id, event.waba_id)
            if number is not None:
                of_businesses.add(number.business_id)
                let_go = release_unread(number.business_id, getattr(event, "sender", None), now=now)
                leaving, asked = leaving + let_go[0], asked + let_go[1]
        for business_id in sorted(of_businesses):
            _note(business_id, row_id, Settled.DISMISSED, by=by, now=now)
        return ItemAnswer(Settled.DISMISSED, leaving, asked)


@whole_transaction
def _note(business_id: str, row_id: int, settled: Settled, *, by: str, now: datetime) -> None:
    after = {"done": settled.value}
    audit.note(business_id, by=by, action=Action.WEBHOOK_SETTLED, subject=str(row_id), after=after, now=now)


def _every_one(event: Event) -> bool:
    return True


def is_open(row_id: int, path: str) -> bool:
    """True while this item of this webhook is quarantined."""
    row = inbox_history.read(row_id)
    return row is not None and path in open_paths(row.errors)


def _settled(outcomes: set[Outcome]) -> Settled:
    """The worst of what was tried; a body without an item that could be tried has nothing left to carry out."""
    for outcome, settled in _WORST_FIRST:
        if outcome in outcomes:
            return settled
    return Settled.DONE_BEFORE


_WORST_FIRST = (
    (Outcome.QUARANTINED, Settled.STILL_FAILS),
    (Outcome.NOT_OURS, Settled.STILL_FAILS),
    (Outcome.SEALED, Settled.SEALED),
    (Outcome.CARRIED_OUT, Settled.CARRIED_OUT),
    (Outcome.UNRECOGNISED, Settled.SEEN),
)
