"""What a message holds besides words: pictures, places, orders, edits. Field names: reference WA 3.4, 2026-11-22."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wakeel.domain.ids import Wamid


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """What the chat was started from. source_type: ad or post. click_id: '' for placements that have none."""

    source_type: str
    source_id: str = ""
    source_url: str = ""
    headline: str = ""
    body: str = ""
    click_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The catalogue item a question is about."""

    catalog_id: str = ""
    product_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, video, voice note, document or sticker. id: resolved at Meta; a URL of a webhook is never fetched."""

    id: str
    mime_type: str = ""
    sha256: str = ""
    filename: str = ""
    is_voice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Degrees; name and address are '' for a bare pin."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContacts:
    """Contact cards. is_own: they answered our request for their number, so Meta vouches for it; else any card, not to
    be trusted as the sender's own. phones: as written on the cards; wa_ids: those with WhatsApp, digits."""

    phones: tuple[str, ...] = ()
    wa_ids: tuple[str, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """emoji: None when a reaction was taken back."""

    wamid: Wamid
    emoji: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """price: as Meta wrote it, with its currency."""

    product_id: str
    quantity: int
    price: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """From a catalogue; words beside it are the message's caption."""

    catalog_id: str
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowReply:
    """A completed form. answers: its fields, values that are no text as JSON."""

    name: str
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The sender changed an earlier message; its new words are the message's caption. Nothing done by it is undone."""

    wamid: Wamid


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """The sender deleted an earlier message for everybody. Nothing done by it is undone."""

    wamid: Wamid


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Something the platform does not show to businesses. what: its word for it (poll …), '' if it gave none."""

    what: str = ""
    code: int | None = None


Content = Media | Location | SharedContacts | Reaction | Order | FlowReply | Edit | Revocation | Unsupported
