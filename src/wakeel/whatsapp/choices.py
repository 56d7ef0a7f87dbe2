"""What the buttons and rows of one of our own messages are, read back from its body in their order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One button or row. id: what a tap brings back; title: its words, '' for a template's, which Meta keeps."""

    id: str
    title: str


def choices_of(body: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The choices of a body as we POST it; () for a message without any, and for one that was overwritten."""
    match body.get("type"):
        case "interactive":
            return tuple(_interactive(body["interactive"]["action"]))
        case "template":
            return tuple(_quick_replies(body["template"].get("components", ())))
        case _:
            return ()


def _interactive(action: Mapping[str, Any]) -> Iterator[Choice]:
    for button in action.get("buttons", ()):
        yield Choice(button["reply"]["id"], button["reply"]["title"])
    for section in action.get("sections", ()):
        for row in section["rows"]:
            yield Choice(row["id"], row["title"])


def _quick_replies(components: Any) -> Iterator[Choice]:
    for component in components:
        if component.get("type") == "button" and component.get("sub_type") == "quick_reply":
            yield from (Choice(one["payload"], "") for one in component["parameters"])
