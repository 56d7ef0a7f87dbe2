"""A question whose answers are the rows of a list, in both languages."""

from dataclasses import dataclass
from typing import Any

from wakeel.domain.cards import BODY_LIMIT, ListCard, ListRow
from wakeel.domain.prompts import PromptKind
from wakeel.domain.text import shorten
from wakeel.domain.words import Text
from wakeel.whatsapp.cards import list_card_part


@dataclass(frozen=True, slots=True)
class Choice:
    """One row. id: a button id. more: the smaller line under it, None for none."""

    id: str
    title: Text
    more: Text | None = None


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """kind, subject: as for `ask_operator.ask`. opens: the words that open the list, at most 20 characters."""

    kind: PromptKind
    subject: str
    opens: Text
    choices: tuple[Choice, ...]

    def part(self, body: str, *, language: str) -> dict[str, Any]:
        """`type` + `interactive` of the message. body: what is said above the list; too long a one is shortened.

        Raises CardInvalid and CardTooLong for words of ours that break a limit.
        """
        rows = [
            ListRow(choice.id, choice.title.say(language), choice.more.say(language) if choice.more else None)
            for choice in self.choices
        ]
        return list_card_part(ListCard(shorten(body, limit=BODY_LIMIT), self.opens.say(language), tuple(rows)))
