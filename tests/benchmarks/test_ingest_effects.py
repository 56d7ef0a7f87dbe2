"""What webhooks must have done, from the webhooks alone; and what is missing or too much."""

from collections import Counter

from benchmarks.ingest_bodies import Amounts, bodies
from benchmarks.ingest_effects import Expected, _differences
from tests.benchmarks.test_ingest_bodies import AT, population


def test_every_effect_is_expected_once_however_often_its_webhook_was_posted():
    made = bodies(population(), Amounts(statuses=29, texts=6, replies=2, taps=5), run="r", at=AT)
    expected = Expected.of([*made, *made[:20]], population=population())
    assert (len(expected.statuses), len(expected.texts), len(expected.taps)) == (29, 8, 5)
    assert len(expected.repliers) == 1  # both replies are of the one person whose matter is open
    assert len(expected.people) == 4
    assert expected.since == AT


def test_a_message_ends_with_its_last_news_in_whatever_order_it_came():
    made = bodies(population(), Amounts(statuses=29), run="r", at=AT)
    merged = Expected.of(reversed(made), population=population()).merged
    assert Counter(merged.values()) == {"read": 9, "delivered": 1}


def test_missing_and_doubled_effects_are_told_apart():
    there = Counter({"a": 2, "c": 1, "other": 1})
    assert _differences("answers", there, {"a", "b"}, among={"a", "b"}) == [
        "1 answers are missing", "1 answers are too many",
    ]  # fmt: skip
    assert _differences("answers", there, {"a", "b"}) == ["1 answers are missing", "3 answers are too many"]
    assert _differences("answers", Counter("ab"), {"a", "b"}) == []
