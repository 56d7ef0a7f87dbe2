"""Writing an act of a person into the audit log, in the transaction of the act itself."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Act, Action, Deed, Place, login
from wakeel.store import audit
from wakeel.store.models import Operator


def note(
    business_id: str, *, by: str, action: Action, subject: str, now: datetime,
    before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None, place: Place = Place.SCREEN,
) -> None:  # fmt: skip
    """One entry, never edited. Call it last in the transaction of the act, so that both stand or neither.

    by: `domain.audit.login(user.pk)`, its name or its bare id for who is signed in, the id of an operator, '' for
    nobody.
    subject: an id of ours, as `Action` says for each. before, after: what differs, such as
    `before={"roles": ["operator"]}, after={"roles": ["admin", "operator"]}`: texts and phone numbers never.
    """
    with transaction.atomic():
        act = Act(_who(by), action.value, subject, place, now, before=before or {}, after=after or {})
        audit.append(business_id, [act])


def note_about(contact_id: str, operator: Operator, what: Deed, *, now: datetime, **values: object) -> None:
    """What an operator said on a screen about a person, in the caller's transaction. values: stand in `after` too."""
    after = {"what": what, **values}
    note(operator.business_id, by=operator.id, action=Action.PERSON_ACT, subject=contact_id, after=after, now=now)


def _who(by: str) -> str:
    """The bare id of a login is a login."""
    return login(by) if by.isdecimal() else by
