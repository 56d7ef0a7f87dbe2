"""What a number tells about where it is used."""

from zoneinfo import ZoneInfo

import pytest

from wakeel.store.phone_regions import country_of, time_zones_of


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("+966501234567", "SA"), ("+971501234567", "AE"), ("+12125551234", "US"), ("+14165551234", "CA"),
        ("+5215512345678", "MX"), ("+525512345678", "MX"), ("+558299448232", "BR"), ("+800123456789", None),
        ("US.abc123", "US"), ("nonsense", None), ("", None), ("+", None), ("+999", None),
    ],
)  # fmt: skip
def test_the_country_of_an_address(address: str, country: str | None):
    assert country_of(address) == country


@pytest.mark.parametrize(
    ("address", "zones"),
    [
        ("+966501234567", ("Asia/Riyadh",)), ("+201001234567", ("Africa/Cairo",)),
        ("+12125551234", ("America/New_York",)),
        ("+5215512345678", ("America/Mexico_City",)), ("SA.abc", ()), ("+999", ()), ("", ()),
    ],
)  # fmt: skip
def test_the_zones_of_an_address(address: str, zones: tuple[str, ...]):
    """Of an old Mexican id too: the library calls it invalid, people are reached by it."""
    assert time_zones_of(address) == zones


def test_a_country_of_many_zones_gives_all_of_them_and_each_exists():
    zones = time_zones_of("+79161234567")
    assert "Europe/Moscow" in zones
    assert list(zones) == sorted(zones)
    assert all(ZoneInfo(zone).key == zone for zone in zones)
