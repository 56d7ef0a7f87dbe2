"""One status of a message we sent, as an event. A failed one has no `contacts`, and may come before our own answer."""

import msgspec

from wakeel.domain.events import ReportedError, StatusReceived
from wakeel.whatsapp import wire
from wakeel.whatsapp.reading import (
    People,
    Place,
    bsuid_of,
    moment,
    number_of,
    read,
    readable,
    wa_id_of,
    wamid_of,
    word_of,
)


def status_event(raw: msgspec.Raw, place: Place, people: People) -> StatusReceived:
    """The event of one element of `statuses`; raises Unreadable. Errors that cannot be read are left out."""
    status = read(raw, wire.Status)
    wa_id = wa_id_of(status.recipient_id)
    contact = people.by_wa_id.get(wa_id) if wa_id else None
    return StatusReceived(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        wamid=wamid_of(status.id),
        status=word_of(status.status, "status"),
        at=moment(status.timestamp),
        recipient_wa_id=wa_id,
        recipient_bsuid=bsuid_of(status.recipient_user_id) or bsuid_of(contact.user_id if contact else None),
        callback_data=status.biz_opaque_callback_data,
        errors=tuple(reported_errors(status.errors)),
    )


def reported_errors(raw: msgspec.Raw) -> list[ReportedError]:
    """The readable entries of an `errors` array, in their order."""
    return [ReportedError(error.code, _details(error.error_data)) for error in readable(raw, wire.Error)]


def _details(error_data: object) -> str:
    found = error_data.get("details") if isinstance(error_data, dict) else error_data
    return found if isinstance(found, str) else ""
