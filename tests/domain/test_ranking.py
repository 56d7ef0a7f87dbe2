"""Which opportunity comes first, and the reasons that are shown."""

from datetime import UTC, datetime, timedelta

from wakeel.domain.ranking import Rank, rank

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ranked(*, score: int | None = 50, wrote: timedelta | None = None, skipped: int = 0) -> Rank:
    last = None if wrote is None else NOW - wrote
    return rank(score=score, last_inbound_at=last, skipped_before=skipped, now=NOW)


def test_a_window_that_closes_soon_comes_before_an_open_one_and_that_before_a_closed_one():
    soon, fresh, closed = ranked(wrote=22 * HOUR), ranked(wrote=HOUR), ranked(wrote=25 * HOUR)
    assert soon.points > fresh.points > closed.points == ranked().points


def test_our_margin_counts_as_closed():
    assert ranked(wrote=24 * HOUR - timedelta(seconds=120)).points == ranked().points


def test_every_earlier_skip_costs():
    assert ranked(skipped=2).points < ranked(skipped=1).points < ranked().points


def test_each_thing_that_counted_is_said():
    assert len(ranked(wrote=HOUR, skipped=1).reasons) == 3
    assert ranked(score=None).reasons == ()
    assert all(reason.ar and reason.en for reason in ranked(wrote=HOUR, skipped=1).reasons)


def test_no_score_is_not_a_bad_score_for_the_words():
    assert ranked(score=None).points == ranked(score=0).points
    assert "0" in ranked(score=0).reasons[0].en
