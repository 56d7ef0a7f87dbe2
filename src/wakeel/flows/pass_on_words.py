"""What contacts wrote reaches whoever works on them; where nothing is open yet, it opens something. Issue 7, 11.

One person's words or many people's at once, always in a handful of queries: texts come by the thousand.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.message_contents import Referral
from wakeel.domain.opportunities import OPEN_STATES, WROTE_FIRST, OpportunityState
from wakeel.domain.recognition import OperatorState
from wakeel.domain.words import Text
from wakeel.flows.new_person import Arrived, open_opportunities, with_words
from wakeel.flows.show_reply import Heard, show_replies
from wakeel.store import cards, decisions, operators, said_to_us
from wakeel.store.models import Contact, Operator, Opportunity


@dataclass(frozen=True, slots=True)
class Words:
    """One message of a contact. contact_id: of the record they wrote as; group: all records of that person.

    said: its words, or its kind where it has none. opens: it may open an opportunity; False for what only says
    something about being written to. is_shown: a card with these words is on its way already.
    """

    business_id: str
    contact_id: str
    said: Text
    wamid: str
    sent_at: datetime
    group: tuple[str, ...] = ()
    referral: Referral | None = None
    opens: bool = True
    is_shown: bool = False

    @property
    def records(self) -> tuple[str, ...]:
        return self.group or (self.contact_id,)


def pass_on(spoken: Sequence[Words], *, now: datetime) -> None:
    """Inside the caller's transaction: an answer moves its opportunity on, its operators get a card, and somebody
    about whom nothing is open becomes an opportunity."""
    if not spoken:
        return
    open_of = said_to_us.unfinished({record for words in spoken for record in words.records})
    _move_on([row for rows in open_of.values() for row in rows], now=now)
    undecided = [row.id for rows in open_of.values() for row in rows if row.state in OPEN_STATES]
    holders = cards.holders(undecided)
    heard: list[Heard] = []
    arrived: dict[str, list[Arrived]] = defaultdict(list)
    grown: dict[str, Opportunity] = {}
    for words in spoken:
        about = [row for record in words.records for row in open_of.get(record, ())]
        if about and not words.is_shown:
            hearers = _hearers(words, about, holders)
            heard += [Heard(one, _writer(words, about), words.said, words.wamid, words.sent_at) for one in hearers]
            if not hearers:
                grown |= _grown(words, about)
        elif not about and words.opens:
            one = Arrived(words.contact_id, words.said, words.wamid, words.referral)
            arrived[words.business_id].append(one)
    said_to_us.keep_words(grown.values(), now=now)
    show_replies(heard, now=now)
    for business_id, theirs in arrived.items():
        open_opportunities(business_id, theirs, now=now)


def _move_on(about: Sequence[Opportunity], *, now: datetime) -> None:
    first = [row.id for row in about if row.owner_id and row.state == OpportunityState.CONTACTED]
    if first:
        decisions.move_opportunities(
            first, to=OpportunityState.REPLIED, come_from=[OpportunityState.CONTACTED], now=now
        )


def _writer(words: Words, about: Sequence[Opportunity]) -> Contact:
    return next((row.contact for row in about if row.contact_id == words.contact_id), about[0].contact)


def _hearers(
    words: Words, about: Sequence[Opportunity], holders: Mapping[str, Sequence[Operator]]
) -> Collection[Operator]:
    """Whoever works on it; else whoever was asked about it. Nobody if nobody was asked yet: its card will tell."""
    owners = {row.owner.id: row.owner for row in about if row.owner and row.owner.state == OperatorState.ACTIVE}
    asked = {operator.id: operator for row in about for operator in holders.get(row.id, ())}
    if not (owners or asked) and any(row.state not in OPEN_STATES for row in about):
        # Whoever worked on it is gone: it must not wait for nobody.
        return operators.active(words.business_id)
    return (owners or asked).values()


def _grown(words: Words, about: Sequence[Opportunity]) -> dict[str, Opportunity]:
    """Those whose card is still to be written, by id, with these words: it will say all that was said until then."""
    found = {}
    for row in about:
        summary = with_words(row.summary, words.said)
        if row.state == OpportunityState.NEW and row.source in WROTE_FIRST and summary != row.summary:
            row.summary = summary
            found[row.id] = row
    return found
