"""The two sides of a meeting: whose clocks, whose days off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.meetings import Side
from wakeel.flows.both_calendars import time_words, zone_words
from wakeel.store import contacts
from wakeel.store.models import Contact, Operator
from wakeel.store.phone_regions import country_of, time_zones_of


def sides_of(operator: Operator, contact: Contact) -> tuple[Side, Side]:
    """Ours, by this operator's clock and the country the deployment is in; theirs, by what their number tells. Where
    nobody knows their clock, ours counts."""
    settings = config.get()
    ours = Side(settings.default_region, (ZoneInfo(operator.time_zone or settings.time_zone),))
    address = contacts.address_of(contact.id) or ""
    zones = tuple(ZoneInfo(zone) for zone in _zones_of(contact, address))
    return ours, Side(country_of(address), zones or ours.zones)


def zone_for(contact: Contact, *, at: datetime) -> str:
    """The zone that times are written in for them: theirs if it is sure what their clocks show then, else ours."""
    zones = _zones_of(contact, contacts.address_of(contact.id) or "")
    offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}
    return zones[0] if len(offsets) == 1 else config.get().time_zone


@dataclass(frozen=True, slots=True)
class BothTimes:
    """One time on both sides' clocks, in words, each with its place. theirs: '' where the clocks show the same."""

    ours: str
    theirs: str


def on_both_clocks(contact_id: str, times: Iterable[datetime], *, language: str, zone: str) -> list[BothTimes]:
    """zone: ours. Reads the contact once."""
    contact = Contact.objects.get(pk=contact_id)
    found = []
    for at in times:
        theirs = zone_for(contact, at=at)
        is_same = at.astimezone(ZoneInfo(theirs)).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()
        found.append(BothTimes(_said(at, zone, language), "" if is_same else _said(at, theirs, language)))
    return found


def _said(at: datetime, zone: str, language: str) -> str:
    return f"{time_words(at, language, zone=zone)} {zone_words(zone, language)}"


def _zones_of(contact: Contact, address: str) -> tuple[str, ...]:
    return (contact.time_zone,) if contact.time_zone else time_zones_of(address)
