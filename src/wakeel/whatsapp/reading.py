"""Small readers that every kind of webhook item needs: the item itself, its time, its ids, and whose it is."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from wakeel.domain.events import Sender
from wakeel.domain.ids import Bsuid, WaId, Wamid
from wakeel.whatsapp import wire
from wakeel.whatsapp.lenient_json import repaired

_T = TypeVar("_T")
_SHORTEST_WA_ID, _LONGEST_WA_ID, _LONGEST_BSUID, _LONGEST_WAMID = 5, 20, 150, 255
_WORD = re.compile(r"[\w .:-]{1,40}")
_SECONDS = re.compile(r"[0-9]{1,10}", re.ASCII)
"""Until the year 2286; milliseconds, by mistake, would hold a window open for ever."""

_NO_PROFILE = wire.Profile()

_DECODERS: dict[Any, "msgspec.json.Decoder[Any]"] = {}
"""One for each shape of `wire`: making one costs far more than using it."""


class Unreadable(ValueError):
    """One item cannot be read. The message names the field and the fault, never the content."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an item stands and to which of our numbers it belongs; phone_number_id is None if metadata is missing."""

    path: str
    waba_id: str
    phone_number_id: str | None


class People:
    """The `contacts` of one value, found by id: their order says nothing about the messages beside them."""

    __slots__ = ("_by_id", "_contacts")

    def __init__(self, contacts: Iterable[wire.Contact] | None = None) -> None:
        self._contacts = contacts
        self._by_id: dict[str, wire.Contact] | None = None

    def named(self, wa_id: WaId | None, bsuid: Bsuid | None) -> wire.Contact | None:
        """Who has this BSUID, else who has this number; None for nobody. Most statuses never ask."""
        if self._by_id is None:
            self._by_id = dict(_by_id(self._contacts or ()))
        return self._by_id.get(bsuid or "") or self._by_id.get(wa_id or "")


def _by_id(contacts: Iterable[wire.Contact]) -> Iterator[tuple[str, wire.Contact]]:
    for contact in contacts:
        for found in (wa_id_of(contact.wa_id), bsuid_of(contact.user_id)):
            if found:
                yield found, contact


NOBODY = People()


def read(raw: msgspec.Raw | bytes, shape: type[_T]) -> _T:
    """One part as its shape, repaired if it is not strict JSON; raises Unreadable."""
    decoder = _decoder(shape)
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        return decoder.decode(repaired(bytes(raw)))
    except ValueError as error:
        raise Unreadable(str(error)) from None


def items(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """The elements of one array, none if it is null or missing; raises Unreadable if it is no array."""
    return read(raw, list[msgspec.Raw] | None) or []  # type: ignore[arg-type]


def readable(raw: msgspec.Raw, shape: type[_T]) -> Iterator[_T]:
    """The elements of an array that can be read, without the others: for what only adds to an item."""
    try:
        found = items(raw)
    except Unreadable:
        return
    for item in found:
        try:
            yield read(item, shape)
        except Unreadable:
            continue


def optional(raw: msgspec.Raw, shape: type[_T]) -> _T | None:
    """What only adds to an item: None if it is missing or cannot be read."""
    if raw is wire.ABSENT:
        return None
    try:
        return read(raw, shape)
    except Unreadable:
        return None


def sender_of(phone: object, bsuid: object, people: People) -> Sender:
    """The person behind `from` and `from_user_id`, completed from `contacts`; raises Unreadable if there is neither."""
    wa_id, own_bsuid = wa_id_of(phone), bsuid_of(bsuid)
    if wa_id is None and own_bsuid is None:
        raise Unreadable("neither from nor from_user_id names a person")
    contact = people.named(wa_id, own_bsuid)
    if contact is None:
        return Sender(wa_id, own_bsuid)
    profile = contact.profile or _NO_PROFILE
    return Sender(
        wa_id=wa_id or wa_id_of(contact.wa_id),
        bsuid=own_bsuid or bsuid_of(contact.user_id),
        name=profile.name,
        username=profile.username,
    )


@lru_cache(maxsize=1024)
def moment(value: str | int) -> datetime:
    """Aware UTC from Meta's Unix seconds, text or number; raises Unreadable. Neighbours mostly have the same second."""
    if not _SECONDS.fullmatch(str(value)):
        raise Unreadable("timestamp is not a number of seconds")
    return datetime.fromtimestamp(int(value), UTC)


def wamid_of(value: str) -> Wamid:
    """A message id as it came; raises Unreadable if it could not be one."""
    if not _is_visible(value) or len(value) > _LONGEST_WAMID:
        raise Unreadable("id is not a message id")
    return Wamid(value)


def word_of(value: str, what: str) -> str:
    """One of Meta's own words, also one we do not know; raises Unreadable for what is no word."""
    if not _is_word(value):
        raise Unreadable(f"{what} is not a word")
    return value


def word_or_none(value: object) -> str | None:
    """One of Meta's own words; None for what is no word, where the item is worth having without it."""
    return value if isinstance(value, str) and _is_word(value) else None


@lru_cache(maxsize=256)
def _is_word(value: str) -> bool:
    """The same few come again and again."""
    return _WORD.fullmatch(value) is not None


def number_of(place: Place) -> str:
    """Our sending number; raises Unreadable, because without it nobody knows whose item this is."""
    if not place.phone_number_id:
        raise Unreadable("metadata has no phone_number_id")
    return place.phone_number_id


def text_of(value: object) -> str:
    """A text, also of what Meta writes as a number now and then; '' for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def wa_id_of(value: object) -> WaId | None:
    """Phone digits without `+`; None for anything else (absent, a group id)."""
    if not isinstance(value, str):
        return None
    digits = value.removeprefix("+")
    return WaId(digits) if _are_digits(digits) and _SHORTEST_WA_ID <= len(digits) <= _LONGEST_WA_ID else None


def bsuid_of(value: object) -> Bsuid | None:
    """A BSUID as it came; None if it is absent or could not be one.

    Looser than Meta's format, so that a new form of it is still somebody; never what could be a phone number.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_BSUID or not _is_visible(value):
        return None
    return None if _are_digits(value.removeprefix("+")) else Bsuid(value)


def _are_digits(value: str) -> bool:
    return value.isdigit() and value.isascii()


def _is_visible(value: str) -> bool:
    """One ASCII letter, digit or sign at least, and nothing else."""
    return value.isascii() and value.isprintable() and " " not in value and value != ""


def _decoder(shape: type[_T]) -> "msgspec.json.Decoder[_T]":
    decoder = _DECODERS.get(shape)
    if decoder is None:
        decoder = _DECODERS[shape] = msgspec.json.Decoder(shape)
    return decoder
