"""One system message as an event: somebody's number, id or identity key is another one now.

Reference WA 3.5 and 4, read 2026-11-22: `from` may be missing; since August 2026 the former BSUID stands in
`previous_user_id`, before that only in the sentence of `body`.
"""

import re

from wakeel.domain.events import IdentityChanged, Sender, Unrecognised
from wakeel.whatsapp import wire
from wakeel.whatsapp.reading import (
    NOBODY,
    People,
    Place,
    Unreadable,
    bsuid_of,
    moment,
    number_of,
    sender_of,
    wa_id_of,
    wamid_of,
    word_of,
)

_NUMBER_CHANGES = frozenset({"user_changed_number", "user_changed_user_id"})
_IDENTITY_CHANGES = _NUMBER_CHANGES | {"customer_identity_changed"}
_FORMER = re.compile(r".* changed from (\S{1,150}) to (\S{1,150})\s*", re.DOTALL)
"""The last such words of the sentence: a profile name, which stands before them, may hold the same words."""


def system_event(message: wire.Message, place: Place, people: People) -> IdentityChanged | Unrecognised:
    """The event of one system message; raises Unreadable, also if nothing says whose identity it was."""
    system = message.system
    if system is None:
        raise Unreadable("type is system, but there is no system")
    if system.type not in _IDENTITY_CHANGES:
        return Unrecognised(
            field="messages", what=f"system {word_of(system.type, 'system.type')}", path=place.path,
            phone_number_id=place.phone_number_id, waba_id=place.waba_id,
        )  # fmt: skip
    is_new = system.type in _NUMBER_CHANGES
    return IdentityChanged(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        wamid=wamid_of(message.id),
        sent_at=moment(message.timestamp),
        kind=system.type,
        # A contact listed beside a change of number may be who they are now.
        sender=_former(message, system, NOBODY if is_new else people),
        new_wa_id=wa_id_of(system.wa_id or system.new_wa_id) if is_new else None,
        new_bsuid=bsuid_of(system.user_id) if is_new else None,
        path=place.path,
    )


def _former(message: wire.Message, system: wire.System, people: People) -> Sender:
    """The identity before. `from_user_id` is it only where it is not the new one."""
    phone = message.from_ or system.customer
    bsuid = system.previous_user_id
    if bsuid is None and message.from_user_id != system.user_id:
        bsuid = message.from_user_id
    if wa_id_of(phone) is None and bsuid_of(bsuid) is None:
        phone = bsuid = _former_in_words(system)
    return sender_of(phone, bsuid, people)


def _former_in_words(system: wire.System) -> str | None:
    """The id before, as the sentence has it, if the id after it is the one that the fields have."""
    said = _FORMER.fullmatch(system.body) if isinstance(system.body, str) else None
    if said is None:
        return None
    after = said[2].removeprefix("+")
    return said[1] if after in {system.user_id, system.wa_id, system.new_wa_id} else None
