"""What the people of a run did, as they themselves would tell it: the side of the story no database knows."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Approved:
    """An operator said yes to exactly these words for this person. seen: what the card or page showed."""

    wa_id: str
    seen: str


@dataclass(slots=True)
class Notes:
    """asked: wamids of the operator's taps and texts. stops: wa_id to the wamid of the contact's STOP.

    finished: keys of stories that came to their end. pressing: forms on their way to the web process.
    """

    asked: list[str] = field(default_factory=list)
    approved: list[Approved] = field(default_factory=list)
    stops: dict[str, str] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    pressing: int = 0

    def begin_press(self) -> None:
        """A screen's form is on its way to the web process from now on."""
        self.pressing += 1

    def end_press(self) -> None:
        """Its answer came, or the connection ended."""
        self.pressing = 0
