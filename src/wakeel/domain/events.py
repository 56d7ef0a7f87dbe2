"""What a webhook can tell us, as typed values. `whatsapp.webhook` makes them, `flows.route_item` acts on them.

What Meta says of the account, its numbers and templates is in `domain.platform_events`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from wakeel.domain.buttons import ButtonReply
from wakeel.domain.ids import Bsuid, WaId, Wamid
from wakeel.domain.message_contents import Content, Product, Referral
from wakeel.domain.platform_events import PlatformEvent


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the webhook said it.

    wa_id, bsuid: either may be None, not both, for a person; username is never a key.
    """

    wa_id: WaId | None
    bsuid: Bsuid | None
    name: str | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message from a person to one of our numbers.

    sent_at: aware UTC, Meta's own `timestamp` (whole seconds). context_wamid: the message it answers or quotes.
    opens_window: False for what Meta does not count as a message of the person (reactions, system changes).
    referral: the advertisement or post it was started from, product: the catalogue item it asks about, None for most.
    path: where the item stood in its body.
    """

    phone_number_id: str
    waba_id: str
    wamid: Wamid
    sent_at: datetime
    sender: Sender
    context_wamid: Wamid | None = None
    opens_window: bool = True
    is_forwarded: bool = False
    referral: Referral | None = None
    product: Product | None = None
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonTapped(Inbound):
    """A tap on a reply button, a list row or a template's quick reply.

    reply: what the button id means; a value that says why when it means nothing. title: the words on the button.
    """

    reply: ButtonReply
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Inbound):
    """Typed text, also a quick reply that came back with its own label as payload."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMessage(Inbound):
    """Any other message: image, voice, location, reaction, edit, revoke, unsupported …

    type: Meta's word for it. caption: text that came along, if any. content: what it holds, None if we read no more.
    """

    type: str
    caption: str | None = None
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """A person's number, BSUID or identity key changed (system message).

    kind: user_changed_number, user_changed_user_id or customer_identity_changed.
    sender: the identity before; new_wa_id, new_bsuid: what is known of the one after.
    """

    phone_number_id: str
    waba_id: str
    wamid: Wamid
    sent_at: datetime
    kind: str
    sender: Sender
    new_wa_id: WaId | None = None
    new_bsuid: Bsuid | None = None
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ReportedError:
    """One entry of an `errors` array; code decides, details explain, titles are not kept (Meta retires them)."""

    code: int
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReceived:
    """News of one message we sent.

    status: Meta's word, unknown words included. callback_data: our attempt id, None if Meta did not echo it.
    pricing_category, pricing_type: what Meta charges it as; '' on most statuses.
    """

    phone_number_id: str
    waba_id: str
    wamid: Wamid
    status: str
    at: datetime
    recipient_wa_id: WaId | None = None
    recipient_bsuid: Bsuid | None = None
    callback_data: str | None = None
    errors: tuple[ReportedError, ...] = ()
    pricing_category: str = ""
    pricing_type: str = ""
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanged:
    """WhatsApp's own "offers" switch: value is stop or resume, category is marketing_messages."""

    phone_number_id: str
    waba_id: str
    sender: Sender
    category: str
    value: str
    at: datetime
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEchoed:
    """A person of the business wrote to somebody from the WhatsApp Business app (coexistence): it left without us.

    to: the person written to. type: Meta's word; text: '' for anything but text and captions.
    """

    phone_number_id: str
    waba_id: str
    wamid: Wamid
    sent_at: datetime
    to: Sender
    type: str
    text: str = ""
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """Well-formed, but of a kind this version does not act on. Kept and shown, never an error.

    path: where it stood, for example `entry[0].changes[2].value.messages[0]`.
    """

    field: str
    what: str
    path: str
    phone_number_id: str | None = None
    waba_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """One item that could not be read. Its neighbours go on; this one is quarantined with the error.

    sender: who sent it, if that much could be read.
    """

    path: str
    error: str
    phone_number_id: str | None = None
    waba_id: str | None = None
    sender: Sender | None = None


Event = (
    ButtonTapped
    | TextReceived
    | OtherMessage
    | IdentityChanged
    | StatusReceived
    | PreferenceChanged
    | MessageEchoed
    | PlatformEvent
    | Unrecognised
    | Malformed
)
