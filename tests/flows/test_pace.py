import pytest

from wakeel.flows import pace
from wakeel.flows.pace import MOST, Pace


@pytest.fixture(autouse=True)
def ten_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "commit_s", lambda: 0.010)


def test_a_commit_has_as_much_as_fits_into_its_time():
    assert Pace(0.000_1, fewest=5).size == 100


def test_slower_items_make_smaller_commits_and_quicker_ones_larger():
    learnt = Pace(0.000_1, fewest=5)
    for _ in range(20):
        learnt.took(0.1, items=100)
    assert learnt.size == 10
    for _ in range(40):
        learnt.took(0.000_5, items=10)
    assert 190 <= learnt.size <= 200


def test_a_commit_stays_between_its_bounds():
    assert Pace(1.0, fewest=5).size == 5
    assert Pace(1e-9, fewest=5).size == MOST


def test_a_small_commit_teaches_nothing():
    """What a commit costs by itself would be taken for what an item takes."""
    learnt = Pace(0.000_1, fewest=50)
    learnt.took(0.010, items=1)
    assert learnt.size == 100


@pytest.mark.parametrize(("items", "share"), [(40, 40), (140, 140), (160, 80), (470, 94), (1, 1)])
def test_what_is_in_hand_is_shared_out_evenly(items: int, share: int):
    """A few that are left for a commit of their own would cost as much as a hundred."""
    assert Pace(0.000_1, fewest=5).share(items) == share
