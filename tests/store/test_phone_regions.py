"""What a number tells about where it is used."""

from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import timezone

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


_SEVERAL_SPELLINGS = {52, 54, 55}


@pytest.mark.parametrize("after", ["", "0", "1234", "00112233", "8123456789", "01234567890"])
def test_a_number_is_where_the_library_says(after: str):
    """Of every calling code: what we read ourselves, to save time, is what the library would have read."""
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.keys() - _SEVERAL_SPELLINGS:
        for region in phonenumbers.region_codes_for_country_code(code):
            example = phonenumbers.example_number(region)
            written = f"+{code}{after or (example.national_number if example else 123456)}"
            assert (country_of(written), time_zones_of(written)) == _by_the_library(written), written


def _by_the_library(written: str) -> tuple[str | None, tuple[str, ...]]:
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None, ()
    country, zones = phonenumbers.region_code_for_number(number), timezone.time_zones_for_number(number)
    return None if country == "001" else country, tuple(sorted(set(zones) - {"Etc/Unknown"}))
