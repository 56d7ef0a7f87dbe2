"""Which opportunity comes first, and the reasons that are shown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from wakeel.domain.opportunities import OpportunityState as S
from wakeel.domain.ranking import Earlier, Rank, rank

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ranked(*, score: int | None = 50, wrote: timedelta | None = None, skipped: int = 0) -> Rank:
    last = None if wrote is None else NOW - wrote
    earlier = [Earlier(S.SKIPPED, "", "offers", NOW)] * skipped
    return rank(score=score, last_inbound_at=last, purpose="offers", earlier=earlier, now=NOW)


def test_a_window_that_closes_soon_comes_before_an_open_one_and_that_before_a_closed_one():
    soon, fresh, closed = ranked(wrote=22 * HOUR), ranked(wrote=HOUR), ranked(wrote=25 * HOUR)
    assert soon.points > fresh.points > closed.points == ranked().points


def test_whoever_waits_for_an_answer_comes_before_every_closed_window():
    """Nobody scores who writes by themselves; with three cards at once nobody would ever see them."""
    won = [Earlier(S.WON, "", "offers", NOW, value=Decimal("999999999999"))] * 9
    best = rank(score=100, last_inbound_at=NOW - 25 * HOUR, purpose="offers", earlier=won, now=NOW)
    owned = rank(score=100, last_inbound_at=None, purpose="offers", earlier=won, has_owner=True, now=NOW)
    assert ranked(score=None, wrote=HOUR).points > best.points
    assert ranked(score=None, wrote=22 * HOUR).points > owned.points
    assert ranked(score=None, wrote=HOUR).reasons[0].en == "Wrote within the last 24 hours"


def test_whoever_wrote_by_themselves_counts_while_they_can_be_answered():
    def first(hours: int) -> Rank:
        last = NOW - hours * HOUR
        return rank(score=None, last_inbound_at=last, purpose="offers", wrote_first=True, now=NOW)

    assert first(1).points > ranked(score=50, wrote=HOUR).points
    assert len(first(1).reasons) == 2
    assert first(25) == ranked(score=None)


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


# what came before


def after(*earlier: Earlier, purpose: str = "offers") -> Rank:
    return rank(score=50, last_inbound_at=None, purpose=purpose, earlier=earlier, now=NOW)


def skip(reason: str = "", *, days: int = 1, purpose: str = "offers", same: bool = True) -> Earlier:
    return Earlier(S.SKIPPED, reason, purpose, NOW - timedelta(days=days), same)


def test_reasons_weigh_differently():
    wrong, no_fit, none, small = (after(skip(reason)).points for reason in ("1", "3", "", "4"))
    assert wrong < no_fit < none < small < after(skip("5")).points == after().points


def test_not_now_is_forgotten_after_a_month_and_the_wrong_person_is_not():
    assert after(skip("2", days=29)).points < after().points == after(skip("2", days=30)).points
    assert after(skip("1", days=3650)).points < after().points


def test_an_offer_that_did_not_fit_says_nothing_about_another_purpose():
    assert after(skip("3"), purpose="events") == after(purpose="events")


def test_colleagues_learn_only_that_an_offer_did_not_fit_and_less_than_the_person():
    assert after(skip("3")).points < after(skip("3", same=False)).points < after().points
    assert after(*[skip("3", same=False)] * 50).points > after(*[skip("3")] * 3).points
    for reason in ("", "1", "2", "4", "5"):
        assert after(skip(reason, same=False)) == after()


def test_won_counts_more_than_lost_and_both_are_said():
    won, lost = (Earlier(state, "", "offers", NOW) for state in (S.WON, S.LOST))
    assert after(won).points > after(won, lost).points > after().points > after(lost).points
    assert after(*[won] * 9).points == after(won, won).points, (
        "an old customer does not outrank an open window for ever"
    )
    assert len(after(won, lost, skip("1")).reasons) == 4


def test_what_a_win_was_worth_counts_a_little_and_is_said():
    def won(value: str | None) -> Earlier:
        return Earlier(S.WON, "", "offers", NOW, value=Decimal(value) if value is not None else None)

    points = [after(won(value)).points for value in (None, "0", "950.50", "12500", "999999999999.99")]
    assert points == sorted(points)
    assert points[0] == points[1] < points[2] < points[3] < points[4] < after(won("12500"), won("12500")).points
    said = after(won("12500"), won("500.50"), won(None)).reasons[-1]
    assert (said.ar, said.en) == (
        "نجحت له فرصة من قبل، بقيمة 13,000.50", "An earlier opportunity of theirs was won, worth 13,000.50"
    )  # fmt: skip


def test_the_heaviest_reason_is_the_one_that_is_said():
    said = after(skip("4"), skip("1"), skip()).reasons[-1]
    assert said.ar.endswith("الشخص غير مناسب")
    assert said.en.endswith("Not the right person")


def test_somebody_in_charge_is_a_reason_of_its_own():
    owned = rank(score=50, last_inbound_at=None, purpose="offers", has_owner=True, now=NOW)
    assert owned.points > after().points
    assert len(owned.reasons) == len(after().reasons) + 1
