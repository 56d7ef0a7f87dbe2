"""What a run of the benchmark of sending says of what was measured."""

from benchmarks.send import ratios
from benchmarks.send_graph import Posted
from benchmarks.send_population import phone_of
from benchmarks.send_runs import busy_fake, by_component, claim_to_post_s, faults
from benchmarks.send_targets import missed


def test_the_cpu_of_the_worker_is_parted_by_what_it_was_spent_for():
    verbs = {
        "claim": {"calls": 2, "cpu_s": 0.2}, "record_all": {"calls": 2, "cpu_s": 0.1},
        "_tick": {"calls": 9, "cpu_s": 0.05},
    }  # fmt: skip
    told = by_component(verbs, worker_s=0.5, count=1000)
    parts = {name: told[name] for name in ("claim", "record", "other_database", "http_and_loop")}
    assert parts == {"claim": 200, "record": 100, "other_database": 50, "http_and_loop": 150}


def test_a_wait_is_from_the_claim_to_the_arrival_of_that_very_attempt():
    seen = [Posted("+1", "a1", 10.5), Posted("+2", "a2", 10.25), Posted("+operator", "a9", 11.0)]
    assert claim_to_post_s({"a1": 10.0, "a2": 10.0, "a3": 10.0}, seen) == [0.5, 0.25]


def test_a_run_without_trouble_must_have_everything_accepted():
    found = {"states": {"accepted": 8, "unknown": 2}, "lost": 0, "doubled": 0, "dishonest": []}
    assert faults(found, count=10) == ["2 are not accepted"]
    assert faults(found | {"states": {"accepted": 10}}, count=10) == []


def test_a_busy_fake_and_a_silent_one_make_a_run_invalid():
    assert busy_fake(0.4, 1.0) == []
    assert busy_fake(0.6, 1.0) == ["the fake took 0.60 of a core"]
    assert busy_fake(0.0, 0.0) == ["nothing was posted"]


def test_no_ratio_is_made_of_a_run_that_does_not_count():
    unpaced = {"messages_per_core_second": 2000, "per_s": 1500.0, "invalid": []}
    client = {"messages_per_core_second": 2500, "invalid": []}
    assert ratios({"unpaced": unpaced, "client": client})["ratio_to_client"] == 0.8
    assert ratios({"unpaced": unpaced | {"invalid": ["busy"]}, "client": client})["ratio_to_client"] is None
    assert ratios({"unpaced": unpaced})["ratio_to_dbos"] is None


def test_a_target_is_missed_only_by_a_figure_that_was_measured():
    assert missed({"sqlite": {}}) == []
    paced = {"offered_per_s": 1000, "per_s": 995.0, "claim_to_post": {"p99_ms": 251}}
    assert missed({"sqlite": {"paced": paced, "ratio_to_client": 0.79}}) == [
        "sqlite: ratio to the client alone 0.79, at least 0.8", "sqlite: claim to POST, p99 251 ms, at most 250",
    ]  # fmt: skip


def test_people_of_two_runs_have_different_phones():
    assert phone_of("a", 7) == "+966510000007"
    assert len({phone_of(mark, serial) for mark in "abfst" for serial in (0, 99_999, 100_000)}) == 15
