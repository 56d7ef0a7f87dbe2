"""One cause is one piece of news; what went unanswered together is one outage."""

from datetime import UTC, datetime, timedelta

from wakeel.domain.failures import OUTAGE_GAP, cause_key, outages

T0 = datetime(2026, 11, 22, 9, 10, tzinfo=UTC)


def test_the_same_reason_from_the_same_number_in_the_same_hour_is_one_cause():
    one = cause_key("send_failed:131026", number_id="1", at=T0)
    assert one == cause_key("send_failed:131026", number_id="1", at=T0 + timedelta(minutes=49))
    others = {
        cause_key("send_failed:131026", number_id="1", at=T0 + timedelta(minutes=50)),
        cause_key("send_failed:131026", number_id="2", at=T0),
        cause_key("send_failed:131047", number_id="1", at=T0),
    }
    assert len(others) == 3
    assert one not in others


def test_unanswered_sends_belong_together_until_there_is_a_gap():
    moment = timedelta(seconds=1)
    tries = [(T0 + OUTAGE_GAP, "b"), (T0, "a"), (T0 + 2 * OUTAGE_GAP + moment, "c")]
    assert outages(tries) == [["a", "b"], ["c"]]
    assert outages([]) == []
