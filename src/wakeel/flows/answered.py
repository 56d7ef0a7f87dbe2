"""One tap, click or typed word on a question that is no card of an opportunity or a draft."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.buttons import ButtonReply
from wakeel.flows.reply import Reply
from wakeel.store.models import Operator, Prompt


@dataclass(frozen=True, slots=True)
class Answered:
    """One tap, click or typed word. operator: locked. prompt: None if it was clicked on a page. tap_key: the tap's
    wamid or the page's one-time key; whoever decides something with it records a decision. via: phone or screen.
    """

    operator: Operator
    button: ButtonReply
    prompt: Prompt | None
    tap_key: str
    via: str

    @property
    def subject(self) -> str:
        return self.button.subject_id or ""


Handler = Callable[[Answered, datetime], Reply | None]
"""Carries a tap out inside the caller's transaction; None when what it queued is itself the answer."""
