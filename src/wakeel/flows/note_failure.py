"""What one error of Meta's says beyond its message: of the number, the template, or who has the number. Walk 3."""

from datetime import datetime

from wakeel.domain.recognition import IdentityDoubt
from wakeel.domain.template_texts import filled
from wakeel.flows import number_breaker
from wakeel.store import contacts, operators, templates
from wakeel.store.models import OutboxMessage
from wakeel.whatsapp.errors import template_state

IDENTITY_MISMATCH = 137000
"""Meta's code: the person behind the number is not the one it was."""
WINDOW_CLOSED = 131047
"""Meta's code: more than a day since they wrote. Known of messages that should have opened it (reference WA 5.1)."""


def note_failure(message: OutboxMessage, code: int | None, *, now: datetime) -> None:
    """Act on a refusal or a failed status, inside the caller's transaction; the same for both.

    The number stops where Meta says so, a paused or missing template is not sent again, a changed identity holds, an
    operator whose window Meta calls closed is asked to open it.
    """
    number_breaker.stop_if_told(message.number, code, now=now)
    named, state = filled(message.body), template_state(code)
    if named is not None and state:
        templates.note_refused(message.number, named.name, named.language, status=state, code=code, at=now)
    if code == WINDOW_CLOSED and message.operator_id is not None:
        operators.note_shut(message.operator_id, now=now)
    if code == IDENTITY_MISMATCH and message.contact is not None:
        contacts.hold(message.contact, IdentityDoubt.KEY_CHANGED)
