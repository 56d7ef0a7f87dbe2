"""Drafts that wait: reminded, shown to everybody, said once more, over; all in working time, nothing twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.flows.ask_again import ask_again
from wakeel.flows.remind import remind_and_expire
from wakeel.flows.show_card import show_draft
from wakeel.store.models import Business, Card, Draft, InboxRow, Operator, Opportunity

RIYADH = ZoneInfo("Asia/Riyadh")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=RIYADH).astimezone(UTC)


@pytest.fixture
def fahd(stage: Stage) -> Operator:
    return rows.operator(stage.firm, "فهد", wa_id="966500000002", bsuid="SA.operator2", last_inbound_at=rows.T0)


def look(stage: Stage, written: str, *, awake: bool = True) -> int:
    """The clock at that Riyadh time, everybody having written a moment before unless asleep."""
    stage.now = at(written)
    if awake:
        Operator.objects.update(last_inbound_at=stage.now - timedelta(minutes=1))
    looked = remind_and_expire(now=stage.now)
    stage.deliver()
    return looked


def told(stage: Stage, who: Operator) -> list[str]:
    """First words of what the clock made us say."""
    words = {"رسائل تنتظر": "remind", "لم يُتخذ قرار": "everybody", "آخر تذكير": "last", "انتهت مهلة": "over"}
    return [name for line in stage.told(who) for start, name in words.items() if line.startswith(start)]


def test_a_draft_is_reminded_shown_to_all_said_once_more_and_then_over(stage, fahd):
    """T0 is noon on a Sunday in Riyadh: three working days end on Wednesday."""
    draft = stage.accepted()
    assert (draft.risk, draft.waits_until, draft.nudge_at) == ("normal", at("2026-11-25 12:00"), at("2026-11-22 16:00"))
    assert look(stage, "2026-11-22 15:59") == 0
    assert look(stage, "2026-11-22 16:00") == 1
    assert look(stage, "2026-11-22 16:01") == 0
    assert (told(stage, stage.operator), told(stage, fahd)) == (["remind"], [])
    assert "مريم" in stage.told()[-1]
    assert look(stage, "2026-11-23 12:00") == 1
    assert told(stage, fahd) == ["everybody"]
    assert Card.objects.filter(operator=fahd, draft=draft, closed_at=None).exists()
    assert look(stage, "2026-11-24 15:59") == 0
    assert look(stage, "2026-11-24 16:00") == 1
    assert (told(stage, stage.operator), told(stage, fahd)) == (["remind", "everybody", "last"], ["everybody", "last"])
    assert look(stage, "2026-11-25 12:00") == 1
    draft.refresh_from_db()
    assert (draft.state, Opportunity.objects.get().state) == ("expired", "presented")
    assert told(stage, stage.operator)[-1] == "over"
    assert not Card.objects.filter(kind="approval", closed_at=None).exists()
    assert stage.tap(f"msg:{draft.id}:approve").code == "draft_closed"
    assert look(stage, "2026-12-25 12:00") == 0
    assert stage.to_contacts() == []


def test_whoever_had_its_card_hears_that_it_is_over_and_nobody_else_does(stage, fahd):
    rows.operator(stage.firm, "نورة", wa_id="966500000003", bsuid="SA.operator3")
    draft = stage.accepted()
    show_draft(fahd, draft, now=stage.now)
    stage.deliver()
    Draft.objects.update(waits_until=at("2026-11-22 16:00"), nudge="expire", nudge_at=at("2026-11-22 16:00"))
    look(stage, "2026-11-22 16:00")
    everybody = Operator.objects.order_by("enrolled_at", "id")
    assert [told(stage, one) for one in everybody] == [["over"], ["over"], []]


def test_a_tap_that_arrived_in_time_and_is_not_read_yet_is_waited_for(stage):
    draft = stage.accepted()
    end = at("2026-11-22 16:00")
    Draft.objects.update(waits_until=end, nudge="expire", nudge_at=end)
    unread = InboxRow.objects.create(digest=b"u" * 32, body=b"{}", received_at=end - timedelta(seconds=1))
    look(stage, "2026-11-22 16:01")
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    InboxRow.objects.filter(pk=unread.pk).update(received_at=end + timedelta(seconds=1))
    look(stage, "2026-11-22 16:01")
    draft.refresh_from_db()
    assert draft.state == "expired"


def test_at_night_and_on_the_weekend_nobody_is_reminded(stage):
    stage.accepted()
    Draft.objects.update(nudge_at=at("2026-11-26 23:00"))
    assert look(stage, "2026-11-27 10:00") == 1
    assert told(stage, stage.operator) == []
    assert look(stage, "2026-11-29 08:59") == 0
    assert look(stage, "2026-11-29 09:00") == 1
    assert told(stage, stage.operator) != []


def test_a_clock_that_jumped_over_everything_still_says_it_once_before_the_end(stage, fahd):
    draft = stage.accepted()
    look(stage, "2026-12-20 10:00")
    assert (told(stage, stage.operator), told(stage, fahd)) == (["last"], ["last"])
    draft.refresh_from_db()
    assert (draft.state, draft.waits_until) == ("awaiting_approval", at("2026-12-20 14:00"))
    look(stage, "2026-12-20 14:00")
    draft.refresh_from_db()
    assert draft.state == "expired"


def test_nothing_is_over_while_nobody_is_there_and_whoever_comes_hears_of_it_first(stage, fahd):
    draft = stage.accepted()
    Operator.objects.update(state="suspended")
    look(stage, "2026-12-20 10:00")
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    Operator.objects.filter(pk=fahd.pk).update(state="active")
    look(stage, "2026-12-20 11:00")
    draft.refresh_from_db()
    assert (draft.state, told(stage, fahd)) == ("awaiting_approval", ["last"])


def test_what_waits_together_is_said_together_and_shown_a_few_at_once(stage):
    for number in range(5):
        stage.accepted(stage.person(key=f"k{number}", title=f"فرصة {number}", phone=f"+96650972{number:04d}"))
    before = len(stage.showings())
    assert look(stage, "2026-11-22 16:00") == 5
    assert told(stage, stage.operator) == ["remind"]
    assert len(stage.showings()) - before == 3


def test_a_phone_whose_window_is_closed_is_not_filled_with_reminders(stage):
    stage.accepted()
    Operator.objects.update(last_inbound_at=at("2026-11-21 10:00"))
    assert look(stage, "2026-11-22 16:00", awake=False) == 1
    assert told(stage, stage.operator) == []


def test_a_decision_ends_the_waiting_and_a_new_text_begins_it_anew(stage):
    draft = stage.accepted()
    stage.now = at("2026-11-22 15:00")
    stage.tap(f"msg:{draft.id}:edit")
    stage.says(rows.DRAFT_TEXT + " شكرًا")
    stage.deliver()
    draft.refresh_from_db()
    assert draft.waits_until == at("2026-11-25 15:00")
    assert look(stage, "2026-11-22 16:00") == 0
    stage.tap(f"msg:{draft.id}:cancel")
    assert look(stage, "2026-11-23 11:00") == 1
    assert told(stage, stage.operator) == []
    draft.refresh_from_db()
    assert (draft.nudge_at, draft.state) == (None, "cancelled")


def test_an_approved_text_that_is_asked_again_waits_from_then_on(stage):
    message = stage.approved()
    stage.now = at("2026-11-22 15:00")
    assert ask_again(message, now=stage.now) is True
    draft = Draft.objects.get()
    assert (draft.state, draft.waits_until) == ("awaiting_approval", at("2026-11-25 15:00"))


def test_a_text_that_never_came_is_asked_of_everybody_and_a_fresh_one_is_waited_for(stage, fahd):
    draft = stage.accepted()
    stage.now = at("2026-11-22 15:50")
    Operator.objects.update(last_inbound_at=stage.now)
    stage.tap(f"msg:{draft.id}:edit")
    assert look(stage, "2026-11-22 16:00") == 1
    assert told(stage, stage.operator) == []
    assert look(stage, "2026-11-22 16:20") == 1
    assert told(stage, stage.operator) == ["remind"]
    draft.refresh_from_db()
    assert draft.state == "editing"
    look(stage, "2026-11-23 13:00")
    draft.refresh_from_db()
    assert (draft.state, draft.editor, told(stage, fahd)) == ("awaiting_approval", None, ["everybody"])


def test_of_two_who_must_approve_only_who_has_not_is_reminded(stage, fahd):
    Business.objects.update(quorum_from="low")
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    look(stage, "2026-11-22 16:00")
    assert (told(stage, stage.operator), told(stage, fahd)) == ([], ["remind"])


def test_how_long_it_waits_is_the_business_own_choice_by_risk(stage):
    Business.objects.update(expiry_days={"normal": 1})
    draft = stage.accepted()
    assert (draft.nudge, draft.waits_until) == ("last", at("2026-11-23 12:00"))


def test_a_draft_without_anybody_is_shown_to_everybody(stage, fahd):
    stage.accepted()
    Opportunity.objects.update(owner=None)
    look(stage, "2026-11-22 16:00")
    assert (told(stage, stage.operator), told(stage, fahd)) == (["remind"], ["remind"])


def test_nothing_due_costs_one_question(stage, django_assert_num_queries):
    stage.accepted()
    with django_assert_num_queries(1):
        assert remind_and_expire(now=stage.now) == 0
