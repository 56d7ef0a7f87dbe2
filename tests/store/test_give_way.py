"""Who held SQLite's write lock leaves it free for as long, if others want it; what is done meanwhile counts."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from wakeel.store import give_way
from wakeel.store.give_way import LONGEST_PAUSE_S, taking_turns
from wakeel.store.sqlite import wish as wishes
from wakeel.store.sqlite.base import DatabaseWrapper
from wakeel.store.sqlite.wish import Wish

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """Stands still unless something sleeps or works."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.slept = 100.0, 0.0
        monkeypatch.setattr(give_way, "_turn", give_way._Turn())
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    if connection.vendor != "sqlite":
        pytest.skip("writers of PostgreSQL do not wait for each other")
    return Clock(monkeypatch)


def hold(clock: Clock, seconds: float) -> float:
    """One transaction of so long; how long it was waited for."""
    before = clock.slept
    with taking_turns():
        waited = clock.slept - before
        clock.now += seconds
    return waited


def test_the_lock_is_left_free_for_as_long_as_it_was_held(clock: Clock):
    assert hold(clock, 0.008) == 0
    assert hold(clock, 0.002) == pytest.approx(0.008)
    assert hold(clock, 0.001) == pytest.approx(0.002)


def test_only_the_rest_is_waited_for_after_other_work(clock: Clock):
    hold(clock, 0.008)
    clock.now += 0.005
    assert hold(clock, 0.008) == pytest.approx(0.003)
    clock.now += 0.5
    assert hold(clock, 0.008) == 0


def test_nobody_waits_longer_than_a_transaction_may_take(clock: Clock):
    hold(clock, 3.0)
    assert hold(clock, 0.001) == pytest.approx(LONGEST_PAUSE_S)


def fail_after(clock: Clock, seconds: float) -> None:
    with taking_turns():
        clock.now += seconds
        raise ValueError("x")


def test_a_transaction_that_failed_had_the_lock_too(clock: Clock):
    with pytest.raises(ValueError, match="x"):
        fail_after(clock, 0.010)
    assert hold(clock, 0.001) == pytest.approx(0.010)


def test_inside_a_transaction_nothing_is_waited_for(clock: Clock):
    hold(clock, 0.010)
    with transaction.atomic():
        assert hold(clock, 0.001) == 0


def test_a_backlog_is_worked_off_without_pauses_until_another_process_is_about_to_write(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(wishes, "COUNTS_FOR_S", 60.0)
    wish = Wish(tmp_path / "wish")
    monkeypatch.setattr(DatabaseWrapper, "wish", wish)
    assert [hold(clock, 0.010) for _ in range(3)] == [0, 0, 0]
    wish.say()
    assert [hold(clock, 0.010) for _ in range(3)] == [pytest.approx(0.010)] * 3


def test_two_threads_of_a_process_take_turns_among_themselves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The second one has no need to ask SQLite again and again: the first one wakes it."""
    if connection.vendor != "sqlite":
        pytest.skip("writers of PostgreSQL do not wait for each other")
    monkeypatch.setattr(DatabaseWrapper, "wish", Wish(tmp_path / "nobody"))
    inside, order = threading.Event(), list[str]()

    def second() -> None:
        inside.wait()
        with taking_turns():
            order.append("second")
        connection.close()

    other = threading.Thread(target=second)
    other.start()
    with taking_turns():
        inside.set()
        other.join(timeout=0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
