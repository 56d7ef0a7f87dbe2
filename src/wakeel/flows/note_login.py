"""What becomes of a login stands in the audit log: signing in and out, refused tries, passwords and second factors."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action, login
from wakeel.flows.audit import note
from wakeel.store import logins, roles
from wakeel.store.retry import whole_transaction


@whole_transaction
def note_login(
    user_id: int, action: Action, *, now: datetime, after: Mapping[str, object] | None = None, is_theirs: bool = True
) -> None:
    """In each business where they have a role. is_theirs: False if nobody knows who tried."""
    by = login(user_id) if is_theirs else ""
    with transaction.atomic():
        for business_id in roles.businesses_of(user_id):
            note(business_id, by=by, action=action, subject=login(user_id), now=now, after=after)


def note_refused(username: str, *, now: datetime) -> None:
    """A wrong password for a login of ours; any other name leaves no trace: it may be a password."""
    user_id = logins.find(username)
    if user_id is not None:
        note_login(user_id, Action.SIGN_IN_REFUSED, now=now, is_theirs=False)
