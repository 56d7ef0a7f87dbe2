"""One person decided: whoever had the same question on the phone hears it, once for all that was decided together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_team import DECIDED_ANYHOW, DECIDED_WORDS
from wakeel.domain.team import NAMED
from wakeel.domain.text import isolate, one_line
from wakeel.domain.words import Text
from wakeel.flows.gather_notices import notify
from wakeel.flows.reply import Reply
from wakeel.store import other_phones
from wakeel.store.models import Decision


def tell_others(taken: Iterable[Decision], *, now: datetime) -> None:
    """Tell everybody else whose open cards these decisions closed, inside their transaction, when all is written.

    taken: the decisions of one moment, each with its operator and opportunity; those that changed nothing say nothing.
    Cards to others that have not left yet are taken back instead.
    """
    decided = {one.opportunity_id: one for one in taken if one.carried_out and one.opportunity is not None}
    said: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for card in other_phones.closed_just_now([pk for pk in decided if pk is not None], now=now):
        one = decided[card.opportunity_id]
        together = said[card.operator_id, one.operator_id]
        if one.operator_id != card.operator_id and one not in together:
            together.append(one)
    told = {pair: ones for pair, ones in said.items() if ones}
    whom = other_phones.by_id({operator_id for operator_id, _ in told}) if told else {}
    for (operator_id, _), ones in told.items():
        notify(whom[operator_id], _said(ones), key=f"decided:{ones[0].tap_key}:{operator_id}", now=now)


def _said(ones: Sequence[Decision]) -> Reply:
    what = Text.both(lambda language: _lines(ones, language))
    named = tuple(one.opportunity.contact_id for one in ones[:NAMED] if one.opportunity is not None)
    return Reply(AnswerCode.DECIDED_JUST_NOW, {"who": isolate(ones[0].operator.name), "what": what}, names=named)


def _lines(ones: Sequence[Decision], language: str) -> str:
    lines = [
        f"• {DECIDED_WORDS.get(one.action, DECIDED_ANYHOW).say(language)}: {one_line(one.opportunity.title)}"
        for one in ones[:NAMED]
        if one.opportunity is not None
    ]
    return "\n".join([*lines, f"• +{len(ones) - NAMED}"] if len(ones) > NAMED else lines)
