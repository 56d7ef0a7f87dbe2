"""The buttons of a card about one thing."""

from collections.abc import Iterable

from wakeel.domain.buttons import ButtonKind, button_id
from wakeel.domain.cards import Button
from wakeel.domain.words import Text


def buttons_about(
    subject_id: str | None, kind: ButtonKind, actions: Iterable[tuple[str, Text]], *, language: str
) -> tuple[Button, ...]:
    """One for each action and title, in their order. subject_id: None where they are about nothing, as in a brief."""
    return tuple(
        Button(button_id(kind, action, subject_id=subject_id), title.say(language)) for action, title in actions
    )
