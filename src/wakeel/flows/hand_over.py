"""What somebody was working on goes to the others, one piece after the other in turn. Issue 7."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import cycle

from wakeel import config
from wakeel.domain.drafts import DraftState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.recognition import OperatorState
from wakeel.flows.ask_operator import ask
from wakeel.flows.begin_wait import begin_wait
from wakeel.flows.show_waiting import say_how_many, show_waiting
from wakeel.store import cards, drafts, team
from wakeel.store.models import Draft, Operator, Opportunity, Prompt

_ADDRESS_FREE = ("type", "interactive", "text", "template")
"""Keys of a message that say what it says, and not to whom."""


def heirs_of(everybody: Mapping[str, Operator], leaving: Operator) -> list[Operator]:
    """Active operators but this one, whoever has the fewest open cards first."""
    others = [one for one in everybody.values() if one.id != leaving.id and one.state == OperatorState.ACTIVE]
    open_now = cards.open_opportunities([one.id for one in others]) if others else {}
    return sorted(others, key=lambda one: (open_now.get(one.id, 0), one.enrolled_at, one.id))


def share_out(opportunities: Sequence[Opportunity], heirs: Sequence[Operator], *, now: datetime) -> dict[str, int]:
    """Give these in turn, inside the caller's transaction; how many each got, by operator id. No heirs: to nobody."""
    if not heirs:
        team.give([one.id for one in opportunities], to=None, now=now)
        return {}
    given: dict[str, list[Opportunity]] = defaultdict(list)
    for opportunity, heir in zip(opportunities, cycle(heirs), strict=False):
        opportunity.owner = heir
        given[heir.id].append(opportunity)
    for heir in heirs:
        team.give([one.id for one in given[heir.id]], to=heir, now=now)
    return {pk: len(ones) for pk, ones in given.items()}


def stop_waiting_for_text(leaving: Operator, *, now: datetime) -> list[Draft]:
    """The text that was asked of them never comes: the versions there are, which wait for a decision again."""
    asked = team.edited_by(leaving)
    for draft in asked:
        drafts.move(
            draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.EDITING], editor=None, edit_asked_at=None
        )
    begin_wait(asked, now=now)
    return asked


def show_drafts_of(opportunities: Sequence[Opportunity], *, now: datetime) -> None:
    """Bring to their owners what of these waits for approval: a few cards each, the rest as a count."""
    shown: dict[str, int] = defaultdict(int)
    more: dict[str, Operator] = {}
    for draft in team.waiting_of([one.id for one in opportunities]):
        owner = draft.opportunity.owner
        if owner is None:
            continue
        if shown[owner.id] < config.get().open_cards and show_waiting(owner, draft, now=now):
            shown[owner.id] += 1
        else:
            more[owner.id] = owner
    for owner in more.values():
        say_how_many(owner, now=now)


def hand_on_questions(leaving: Operator, heirs: Sequence[Operator], *, now: datetime) -> None:
    """Close what they were asked; what somebody must answer is asked of whoever has the opportunity now."""
    asked = team.open_questions(leaving)
    team.close_questions(asked, now=now)
    if not heirs:
        return
    for prompt, in_turn in zip(asked, cycle(heirs), strict=False):
        if prompt.kind in team.GO_ON:
            hand_on(_owner(prompt, heirs) or in_turn, prompt, now=now)


def _owner(prompt: Prompt, heirs: Sequence[Operator]) -> Operator | None:
    about = prompt.outbox.about
    if about is None:
        return None
    owners = {pk for pk in about.opportunities.values_list("owner", flat=True) if pk is not None}
    return next((heir for heir in heirs if heir.id in owners), None)


def hand_on(heir: Operator, prompt: Prompt, *, now: datetime) -> None:
    """Ask somebody else what was asked with this, in the same words."""
    body = prompt.outbox.body
    part = {key: body[key] for key in _ADDRESS_FREE if key in body}
    ask(
        heir, PromptKind(prompt.kind), subject=prompt.subject, part=part, key=f"from:{prompt.id}",
        about=prompt.outbox.about, digest=prompt.digest, now=now,
    )  # fmt: skip
