import pytest

from wakeel.domain.sending_limits import UnknownLimit, people_a_day, throughput_of


@pytest.mark.parametrize(
    ("word", "people"),
    [
        ("TIER_50", 50),
        ("TIER_1K", 1_000),
        ("TIER_100K", 100_000),
        ("TIER_UNLIMITED", None),
        ("-1", None),
        ("2000", 2_000),
        ("TIER_500", 500),
    ],
)
def test_a_limit_is_read_in_every_form_that_meta_writes_it(word: str, people: int | None):
    assert people_a_day(word) == people


@pytest.mark.parametrize("word", ["", "0", "TIER_", "TIER_5M", "-2", "٢٥٠", "1e3", "99999999999", "TIER_NOT_SET"])
def test_from_a_limit_in_another_form_nothing_is_concluded(word: str):
    """No bound and no limit at all would both be wrong."""
    with pytest.raises(UnknownLimit):
        people_a_day(word)


@pytest.mark.parametrize(("level", "speed"), [("STANDARD", 80), ("HIGH", 1000), ("NOT_APPLICABLE", None), ("", None)])
def test_a_level_nobody_knows_is_no_speed(level: str, speed: int | None):
    assert throughput_of(level) == speed
