"""Figures that are wrong are worse than none: what counts, what does not, and what is missed."""

from dataclasses import replace

from benchmarks.ingest_figures import LoadRun, Round, centile, medians, ratio, spread_ms
from benchmarks.ingest_targets import missed

LATENCY = {"p50_ms": 5.0, "p99_ms": 20.0, "p999_ms": 30.0, "max_ms": 40.0}
RUN = LoadRun(
    offered=1000, answered=1000, refused=0, broken=0, seconds=2.0, cores=0.3, late_p99_ms=None, latency=LATENCY,
    over_1s=0,
)  # fmt: skip


def rounds(server: str, *answered: int, cores: float = 0.3) -> list[Round]:
    return [Round(server, replace(RUN, answered=n, cores=cores), cpu_us=100.0) for n in answered]


def test_a_centile_is_a_value_that_was_measured_and_never_above_the_largest():
    hundred = [float(n) for n in range(1, 101)]
    assert [centile(hundred, share) for share in (0.5, 0.99, 0.999, 1.0)] == [50.0, 99.0, 100.0, 100.0]
    assert centile([], 0.99) == 0.0
    assert spread_ms([0.001])["p999_ms"] == 1.0


def test_a_round_whose_generator_took_more_than_half_a_core_is_in_no_median():
    found = rounds("pywa", 4000) + rounds("pywa", 9000, cores=0.51)
    figures = medians(found, "pywa")
    assert figures is not None
    assert (figures["per_s"], figures["rounds"]) == (2000, 1)
    assert medians(rounds("pywa", 9000, cores=0.51), "pywa") is None


def test_a_load_that_came_late_is_invalid_and_a_closed_loop_cannot_be_late():
    assert replace(RUN, late_p99_ms=5.1).faults
    assert not replace(RUN, late_p99_ms=4.9).faults
    assert not RUN.faults


def test_the_ratio_is_of_medians_and_nothing_without_a_peer():
    ours = medians(rounds("sqlite", 6000, 2000, 9000), "sqlite")
    peer = medians(rounds("pywa", 2000, 2000, 9000), "pywa")
    assert ratio(ours, peer) == 3.0
    assert ratio(ours, None) is None


def test_what_misses_its_target_is_named_and_what_was_not_measured_is_not():
    good = {"p50_ms": 9, "p99_ms": 90, "over_1s": 0, "drain_s": 1, "lost": 0}
    found = {
        "ratio_sqlite": 1.9, "ratio_postgres": None,
        "databases": {"sqlite": {"stream": {**good, "p99_ms": 251}}, "postgresql": {"stream": good}},
    }  # fmt: skip
    assert missed(found) == ["ratio_sqlite 1.9, at least 2.0", "sqlite: p99_ms 251 at 3,300/s, at most 250"]


def test_full_tables_are_held_against_the_same_targets():
    slow = {"processing": {"mix": {"times_arrival": 1.9}}}
    [words] = missed({"databases": {"postgresql": {"flat": slow}}})
    assert "full tables" in words
