"""A word or a text that could belong to several cards, or to none: the question which one is meant names only those
that it could be carried out on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.operator_texts import command_of, is_choice, new_text_of
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import fill_cards, show_unseen
from wakeel.flows.typed_choice import Question
from wakeel.store import cards, questions
from wakeel.store.models import Card, Operator

NAMED = 5
"""Opportunities whose titles stand in "which one?"; of more their number."""

_AND = Text("، ", ", ")
_MORE = Text(" و{n} غيرها", " and {n} more")
_SEVERAL = Text("{title} ({n} بطاقات)", "{title} ({n} cards)")
_TWO = Text("{title} (بطاقتان)", "{title} (two cards)")


def ask_which(operator: Operator, text: str, *, had_waiting: bool, now: datetime) -> Reply:
    """What an operator is asked whose words name nothing for certain; what waits for them comes first.

    text: as they typed it. had_waiting: something was waiting for their window to open.
    """
    coming = show_unseen(operator, now=now) + fill_cards(operator, now=now)
    if had_waiting or coming:
        return Reply(AnswerCode.CARDS_COMING)
    open_cards = cards.open_cards(operator)
    if not open_cards:
        return Reply(AnswerCode.NOTHING_OPEN)
    meant = _could_mean(open_cards, text)
    if meant or command_of(text) is None:
        return _naming(AnswerCode.WHICH_ONE, meant or open_cards)
    return _naming(AnswerCode.NO_CARD_HAS_IT, open_cards, word=one_line(text))


def _could_mean(open_cards: Sequence[Card], text: str) -> list[Card]:
    """Those on which these words could be carried out; all of them for words that are no answer."""
    if new_text_of(text) is not None:
        return [card for card in open_cards if card.draft is not None]
    if not is_choice(text):
        return list(open_cards)
    having = {one.card_id for one in questions.seen(open_cards) if Question(one).chosen(text) is not None}
    return [card for card in open_cards if card.id in having]


def _naming(code: AnswerCode, named: Sequence[Card], **values: str) -> Reply:
    """Each opportunity once: a draft and an invitation may wait about the same."""
    about: dict[str, list[Card]] = defaultdict(list)
    for card in named:
        about[card.opportunity_id].append(card)
    shown = list(about.values())[:NAMED]
    said = Text.both(lambda language: _said(shown, len(about) - len(shown), language))
    return Reply(code, {"open": said, **values}, names=[cards_of[0].opportunity.contact_id for cards_of in shown])


def _said(shown: Sequence[Sequence[Card]], more: int, language: str) -> str:
    titles = _AND.say(language).join(_title(about, language) for about in shown)
    return titles + (_MORE.say(language, n=more) if more else "")


def _title(about: Sequence[Card], language: str) -> str:
    title = one_line(about[0].opportunity.title) or "—"
    match len(about):
        case 1:
            return title
        case 2:
            return _TWO.say(language, title=title)
        case several:
            return _SEVERAL.say(language, title=title, n=several)
