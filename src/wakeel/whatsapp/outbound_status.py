"""One status of a message we sent, as an event. A failed one has no `contacts`, and may come before our own answer."""

from collections.abc import Iterator

import msgspec

from wakeel.domain.events import ReportedError, StatusReceived
from wakeel.whatsapp import wire
from wakeel.whatsapp.reading import (
    People,
    Place,
    bsuid_of,
    moment,
    number_of,
    optional,
    readable,
    wa_id_of,
    wamid_of,
    word_of,
    word_or_none,
)

_GROUP = "group"


def status_event(status: wire.Status, place: Place, people: People) -> StatusReceived:
    """The event of one element of `statuses`; raises Unreadable. Errors that cannot be read are left out."""
    pricing = optional(status.pricing, wire.Pricing)
    errors = () if status.errors is wire.ABSENT else tuple(reported_errors(status.errors))
    return event_of(status, pricing, errors, place, people)


def event_of(
    status: wire.StatusHead, pricing: wire.Pricing | None, errors: tuple[ReportedError, ...], place: Place,
    people: People,
) -> StatusReceived:  # fmt: skip
    """The same, with what it costs and what went wrong already read."""
    if status.recipient_type == _GROUP:
        wa_id, bsuid = wa_id_of(status.recipient_participant_id), bsuid_of(status.recipient_participant_user_id)
    else:
        wa_id, bsuid = wa_id_of(status.recipient_id), bsuid_of(status.recipient_user_id)
    if bsuid is None and wa_id is not None:
        contact = people.named(wa_id, None)
        bsuid = bsuid_of(contact.user_id) if contact else None
    return StatusReceived(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        wamid=wamid_of(status.id),
        status=word_of(status.status, "status"),
        at=moment(status.timestamp),
        recipient_wa_id=wa_id,
        recipient_bsuid=bsuid,
        callback_data=status.biz_opaque_callback_data,
        errors=errors,
        pricing_category=word_or_none(pricing.category) or "" if pricing else "",
        pricing_type=word_or_none(pricing.type) or "" if pricing else "",
        path=place.path,
    )


def reported_errors(raw: msgspec.Raw) -> Iterator[ReportedError]:
    """The readable entries of an `errors` array, in their order."""
    yield from map(reported_error, readable(raw, wire.Error))


def reported_error(error: wire.Error) -> ReportedError:
    return ReportedError(error.code, details_of(error))


def details_of(error: wire.Error) -> str:
    """What Meta adds to the code; '' if it adds nothing."""
    found = error.error_data.get("details") if isinstance(error.error_data, dict) else error.error_data
    return found if isinstance(found, str) else ""
