"""Words an operator typed that are no button, no command and no text of a draft."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wakeel.flows.reply import Reply
from wakeel.store.models import Operator, Prompt


@dataclass(frozen=True, slots=True)
class Written:
    """One typed message, in the transaction of its webhook.

    prompt: the question that it quotes, None for none. opportunity_id: whose card it quotes, or an answer of ours about
    it; '' for neither. tap_key: its wamid; whoever decides something with it records a decision. sent_at: when it was
    typed.
    """

    operator: Operator
    text: str
    prompt: Prompt | None
    opportunity_id: str
    tap_key: str
    sent_at: datetime


WordHandler = Callable[[Written, datetime], Reply | None]
"""Takes the words if something waits for just these, inside the caller's transaction; None if they are not for it."""
