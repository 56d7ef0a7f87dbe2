"""The policy that ships, and a deployment's changes on top of it."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from tests.oracle import FILE
from wakeel import config
from wakeel.config import ConfigError, load
from wakeel.domain.cases import answer, read_cases
from wakeel.domain.policy import PolicyFault, as_document, policy_from
from wakeel.domain.quiet_hours import quiet_hours
from wakeel.flows import policies
from wakeel.policy_files import load as load_policy

COUNTRIES = {"SA", "AE", "BH", "QA", "KW", "OM", "JO", "EG"}
ORACLES = read_cases(FILE.read_text(encoding="utf-8")).defaults["policy"]
SHIPPED = load_policy("")
RIYADH = timedelta(hours=3)


def test_the_numbers_that_ship_are_the_references():
    ours = as_document(SHIPPED)
    assert {key: ours[key] for key in ORACLES if key != "calendars"} == {
        key: ORACLES[key] for key in ORACLES if key != "calendars"
    }
    assert ours["carry_grants_on_number_change"] is False, "the oracle's shape does not name it (reference 3.6)"


def test_every_case_of_the_oracle_that_asks_a_calendar_holds_with_ours():
    """What the reference says about Saudi Arabia and its neighbours, our data says too."""
    file = read_cases(FILE.read_text(encoding="utf-8"))
    defaults = {**file.defaults, "policy": as_document(SHIPPED)}
    for number in range(118, 138):
        (case,) = (case for case in file.cases if case.id == f"D{number}")
        got = answer(case, defaults)
        assert (got["reason_code"], got["next_allowed_at"]) == (
            case.expected["reason_code"], case.expected["next_allowed_at"],
        ), case.title  # fmt: skip


def test_every_country_says_its_version_and_source():
    assert set(SHIPPED.calendars) == COUNTRIES
    for country, calendar in SHIPPED.calendars.items():
        assert date.fromisoformat(calendar.version), country
        assert "Reference section" in calendar.source
        assert "hijridate" in calendar.source


def test_ramadan_and_eid_are_there_for_five_years_everywhere():
    """Umm al-Qura, by the reference's own figures for 1448 and 1449 (5.3)."""
    for country, calendar in SHIPPED.calendars.items():
        found = {period.name: period for period in calendar.special_periods}
        feasts = ("ramadan", "eid_al_fitr", "eid_al_adha")
        assert set(found) == {f"{feast}_{year}" for feast in feasts for year in range(1448, 1453)}, country
        assert (found["ramadan_1448"].starts_on, found["ramadan_1448"].ends_on) == (date(2027, 2, 8), date(2027, 3, 8))
        assert found["ramadan_1449"].starts_on == date(2028, 1, 28)
        assert found["eid_al_adha_1448"].starts_on == date(2027, 5, 15), "with the day of Arafah"
        for year in range(1448, 1453):
            ramadan, eid = found[f"ramadan_{year}"], found[f"eid_al_fitr_{year}"]
            assert (ramadan.ends_on - ramadan.starts_on).days in {28, 29}
            assert eid.starts_on == ramadan.ends_on + timedelta(days=1)
            assert eid.windows == {"marketing": ()}


@pytest.mark.parametrize(
    ("country", "earliest", "latest"),
    [("SA", 9, 21), ("AE", 9, 18), ("BH", 9, 20), ("KW", 9, 21), ("QA", 9, 21), ("EG", 9, 21), ("JO", 9, 21)],
)
def test_no_marketing_hour_is_outside_what_the_country_allows(country: str, earliest: int, latest: int):
    """Reference 1.2 and 1.3. Late evenings in Ramadan are Saudi Arabia's only, and inside its published hours."""
    for day in range(5 * 365):
        on = date(2026, 11, 22) + timedelta(days=day)
        for span in SHIPPED.spans_on(on, category="marketing", country=country):
            late = 23.5 if country == "SA" and span.start >= 21 * 60 else latest
            assert earliest * 60 <= span.start
            assert span.end <= late * 60


def test_the_calendar_files_are_in_the_package_that_is_installed():
    folder = resources.files("wakeel.policies") / "calendars"
    assert {file.name.removesuffix(".toml") for file in folder.iterdir()} == COUNTRIES
    for country in COUNTRIES:
        assert tomllib.loads((folder / f"{country}.toml").read_text(encoding="utf-8"))["source"]


def test_a_deployments_changes_are_merged_table_by_table():
    changed = load_policy(
        """
        pair_interval_s = 10
        [send_windows]
        marketing = [["10:00", "20:00"]]
        [calendars.SA.weekday_windows.marketing]
        sat = []
        """
    )
    assert changed.pair_interval == timedelta(seconds=10)
    assert changed.send_windows["utility"] == SHIPPED.send_windows["utility"]
    saudi = changed.calendars["SA"].weekday_windows["marketing"]
    assert set(saudi) == {4, 5}
    assert changed.calendars["EG"] == SHIPPED.calendars["EG"]
    assert changed.version != SHIPPED.version


def test_a_list_replaces_the_list_that_ships():
    assert len(load_policy('caps = [{category = "marketing", window_s = 60, max = 9}]').caps) == 1
    assert load_policy("caps = []").caps == ()


def opening(changes: str, on: datetime) -> datetime | None:
    asked = quiet_hours(load_policy(changes), category="marketing", country="SA", time_zones=["Asia/Riyadh"])
    assert asked is not None
    return asked.next_opening(on)


def test_an_announced_date_can_be_put_right():
    """Eid a day later: Ramadan's evening hours hold one day longer, and the closed days move."""
    last_evening = datetime(2027, 3, 9, 22, 0, tzinfo=UTC) - RIYADH
    first_open = datetime(2027, 3, 12, 16, 0, tzinfo=UTC) - RIYADH
    assert opening("", last_evening) == first_open
    moved = '[calendar_shifts]\n"SA.eid_al_fitr_1448" = 1'
    assert opening(moved, last_evening) == last_evening
    assert opening(moved, last_evening + timedelta(days=1)) == first_open + timedelta(hours=17), "Saturday 09:00"
    assert load_policy(moved.replace('"', "")) == load_policy(moved)


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ("pair_intervall_s = 6", {"pair_intervall_s"}),
        ("pair_interval_s = 'six'\ncaps = 3", {"pair_interval_s", "caps"}),
        ('[calendar_shifts]\n"SA.ramadan_1448" = 2\n"SA.nothing" = 1\nAE = 1',
         {"calendar_shifts.SA.ramadan_1448", "calendar_shifts.SA.nothing", "calendar_shifts.AE"}),
        ("reply_after_opt_out = 1\n[calendar_shifts]\n'SA.ramadan_1448' = 3",
         {"reply_after_opt_out", "calendar_shifts.SA.ramadan_1448"}),
        ("calendar_shifts = 3", {"calendar_shifts"}),
        ("a = ", {"the file"}),
    ],
)  # fmt: skip
def test_every_fault_of_the_changes_is_named(changes: str, paths: set[str]):
    with pytest.raises(PolicyFault) as caught:
        load_policy(changes)
    assert {fault.path for fault in caught.value.faults} == paths


def test_a_faulty_policy_stops_the_start_with_every_fault(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text("pair_interval_s = -1\nmood = 'hush-value'\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load({"WAKEEL_POLICY_FILE": str(file), "WAKEEL_PORT": "99999"})
    told = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in told] == [
        "WAKEEL_POLICY has a fault at mood", "WAKEEL_POLICY has a fault at pair_interval_s",
        "WAKEEL_PORT is out of range",
    ]  # fmt: skip
    assert "hush" not in str(caught.value)


@pytest.fixture
def read_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it after a change of the environment. Afterwards the settings are those of the suite again."""
    yield config.get.cache_clear
    monkeypatch.undo()
    config.get.cache_clear()


def test_the_policy_of_the_settings_is_the_one_in_force(tmp_path, monkeypatch, read_anew: Callable[[], None]):
    file = tmp_path / "policy.toml"
    file.write_text("pair_interval_s = 9\n", encoding="utf-8")
    monkeypatch.setenv("WAKEEL_POLICY_FILE", str(file))
    read_anew()
    assert policies.current().pair_interval == timedelta(seconds=9)
    monkeypatch.delenv("WAKEEL_POLICY_FILE")
    read_anew()
    assert policies.current() == policy_from(as_document(SHIPPED))
