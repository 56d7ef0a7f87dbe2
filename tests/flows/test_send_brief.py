"""The daily brief and the operator's closed window: one a day, never twice, never into a closed window as free text."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import rows
from tests.flows.brief_stage import approve_template, posted_templates, set_window, tap_template
from tests.flows.stage import Stage, words
from wakeel import config
from wakeel.domain.gate import is_window_open
from wakeel.domain.stop_switches import Stop
from wakeel.flows import brief_digest, knock, send_brief
from wakeel.flows.send_brief import BriefTimer, send_due
from wakeel.flows.show_card import fill_cards
from wakeel.store import erasure
from wakeel.store.models import Brief, Draft, Operator, Opportunity, OutboxMessage, Prompt, StopSwitch
from wakeel.whatsapp.answers import Refused
from wakeel.whatsapp.errors import classify

MONDAY_8 = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""In Riyadh."""
THURSDAY_NOON, SUNDAY_8 = datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 29, 5, tzinfo=UTC)


def at_monday_8(stage: Stage) -> None:
    """Their window is open since an hour."""
    stage.now = MONDAY_8
    set_window(stage.operator, wrote_at=MONDAY_8 - rows.HOUR)


def after_a_weekend(stage: Stage) -> None:
    """They last wrote on Thursday; on Sunday at eight one opportunity waits."""
    stage.person()
    stage.now = SUNDAY_8
    set_window(stage.operator, wrote_at=THURSDAY_NOON)
    fill_cards(stage.operator, now=stage.now)


def test_a_brief_says_what_was_decided_and_what_waits_and_comes_once_a_day(stage: Stage):
    """Found by whoever looks, however often; the next day there is the next one."""
    stage.accepted()
    skipped = stage.person(key="k2", phone="+966509722234")
    stage.person(key="k3", phone="+966509722235", title="عقد صيانة", score=90)
    stage.show_cards()
    stage.tap(f"opp:{skipped.id}:skip")
    stage.deliver()
    at_monday_8(stage)
    assert send_due(now=stage.now - timedelta(seconds=1)) == 0
    assert [send_due(now=stage.now) for _ in range(3)] == [1, 0, 0]
    stage.deliver()
    brief = stage.phone()[-1].splitlines()
    assert brief[0] == "القرارات منذ آخر ملخص: 2 (قبول 1، تخطي 1)"
    assert brief[1] == "بانتظارك: رسائل للاعتماد 1، فرص 1"
    assert "عقد صيانة" in brief[2]
    assert len(brief) <= 5
    stage.now += timedelta(days=1)
    set_window(stage.operator, wrote_at=stage.now - rows.HOUR)
    assert [send_due(now=stage.now) for _ in range(2)] == [1, 0]
    stage.deliver()
    assert stage.phone()[-1].startswith("لا قرارات منذ آخر ملخص.")
    assert list(Brief.objects.order_by("local_date").values_list("local_date", flat=True)) == [
        date(2026, 11, 23), date(2026, 11, 24),
    ]  # fmt: skip


def test_a_clock_that_jumps_over_the_hour_brings_it_late_or_not_at_all(stage: Stage):
    at_monday_8(stage)
    timer = BriefTimer()
    assert timer.look(now=MONDAY_8 - timedelta(hours=2)) == 0
    assert timer.look(now=MONDAY_8 + timedelta(hours=3, seconds=1)) == 0
    assert timer.look(now=MONDAY_8 + timedelta(days=1, hours=2, minutes=59)) == 0
    set_window(stage.operator, wrote_at=MONDAY_8 + timedelta(days=1))
    assert timer.look(now=MONDAY_8 + timedelta(days=1, hours=2, minutes=59, seconds=9)) == 1
    assert Brief.objects.get().local_date == date(2026, 11, 24)


def test_everybody_gets_it_by_their_own_clock_and_days(stage: Stage):
    at_monday_8(stage)
    berlin = rows.operator(
        stage.firm, "Lena", wa_id="491700000001", bsuid="DE.lena", time_zone="Europe/Berlin", brief_minute=7 * 60,
        last_inbound_at=MONDAY_8, language="en", brief_days="12345",
    )  # fmt: skip
    rows.operator(stage.firm, "ريم", wa_id="966500000002", bsuid="SA.reem", brief_minute=None, last_inbound_at=MONDAY_8)
    rows.operator(stage.firm, "هند", wa_id="966500000003", bsuid="SA.hind", last_inbound_at=MONDAY_8, state="suspended")
    assert send_due(now=MONDAY_8) == 1
    assert send_due(now=MONDAY_8 + timedelta(hours=1)) == 1
    stage.now = MONDAY_8 + timedelta(hours=1)
    stage.deliver()
    assert stage.phone(berlin) == ["Nothing was decided since the last brief.\nNothing waits for your decision."]


def test_whoever_moves_to_a_later_zone_has_no_second_brief_of_the_same_date(stage: Stage):
    at_monday_8(stage)
    assert send_due(now=MONDAY_8) == 1
    stage.operator.time_zone = "America/New_York"
    stage.operator.save()
    new_york_8 = MONDAY_8 + timedelta(hours=8)
    assert send_due(now=new_york_8) == 0
    assert send_due(now=new_york_8 + timedelta(days=1, minutes=1)) == 0, (
        "their window is closed, and no template is there"
    )
    set_window(stage.operator, wrote_at=new_york_8 + timedelta(days=1))
    assert send_due(now=new_york_8 + timedelta(days=1, minutes=1)) == 1


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The policy that ships, with its calendars."""
    monkeypatch.delenv("WAKEEL_POLICY_FILE")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.mark.usefixtures("shipped")
def test_on_a_holiday_of_the_gates_calendar_there_is_none_and_nobody_is_knocked_at(stage: Stage):
    """Eid al-Fitr 2027, a Tuesday; the number is Saudi Arabian."""
    stage.person()
    eid = datetime(2027, 3, 9, 5, tzinfo=UTC)
    set_window(stage.operator, wrote_at=eid - rows.HOUR)
    assert send_due(now=eid) == 0
    set_window(stage.operator, wrote_at=eid - timedelta(days=2))
    fill_cards(stage.operator, now=eid)
    approve_template(stage)
    assert send_due(now=eid) == 0


def test_a_clock_that_was_set_back_stops_nothing(stage: Stage):
    at_monday_8(stage)
    timer = BriefTimer()
    assert timer.look(now=MONDAY_8 + timedelta(hours=4)) == 0
    assert timer.look(now=MONDAY_8 + timedelta(hours=1)) == 1


def test_a_window_that_opens_while_the_brief_is_made_gets_the_card(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """And not a template that costs money."""
    after_a_weekend(stage)
    approve_template(stage)
    made = brief_digest.digest_of

    def meanwhile(*given: Any, **more: Any) -> Any:
        set_window(stage.operator, wrote_at=SUNDAY_8)
        return made(*given, **more)

    monkeypatch.setattr(send_brief, "digest_of", meanwhile)
    assert [send_due(now=SUNDAY_8) for _ in range(3)] == [0, 1, 0]
    assert posted_templates(stage.deliver()) == []


def test_decisions_are_counted_from_the_brief_that_reached_the_phone(stage: Stage):
    """A quiet day behind a closed window has one that nobody saw."""
    at_monday_8(stage)
    send_due(now=stage.now)
    stage.deliver()
    stage.wait(minutes=5)
    skipped = stage.person()
    stage.show_cards()
    stage.tap(f"opp:{skipped.id}:skip")
    stage.deliver()
    approve_template(stage)
    tuesday, wednesday = MONDAY_8 + timedelta(days=1, hours=2), MONDAY_8 + timedelta(days=2)
    assert send_due(now=tuesday) == 0
    assert Brief.objects.count() == 2
    stage.now = wednesday
    set_window(stage.operator, wrote_at=wednesday - rows.HOUR)
    send_due(now=wednesday)
    stage.deliver()
    assert stage.phone()[-1].startswith("القرارات منذ آخر ملخص: 1 (تخطي 1)")


def test_what_a_colleague_is_in_charge_of_and_what_expired_is_in_nobody_elses_brief(stage: Stage):
    colleague = rows.operator(
        stage.firm, "ريم", wa_id="966500000002", bsuid="SA.reem", brief_minute=None, last_inbound_at=MONDAY_8
    )
    theirs, gone = stage.person(score=95), stage.person(key="k2", phone="+966509722234", title="منتهية", score=94)
    mine = stage.person(key="k3", phone="+966509722235", title="عقد صيانة", score=10)
    for one, fields in ((theirs, {"owner": colleague, "state": "presented"}), (gone, {"expires_at": MONDAY_8})):
        Opportunity.objects.filter(pk=one.pk).update(**fields)
    at_monday_8(stage)
    send_due(now=stage.now)
    stage.deliver()
    said = stage.phone()[-1]
    assert "بانتظارك: فرص 1" in said
    assert [title in said for title in (mine.title, theirs.title, gone.title)] == [True, False, False]


def test_after_a_weekend_only_the_template_is_posted_and_its_tap_brings_the_cards(stage: Stage):
    after_a_weekend(stage)
    assert stage.deliver() == []
    approve_template(stage)
    assert [send_due(now=stage.now) for _ in range(2)] == [1, 0]
    left = stage.deliver()
    [template] = posted_templates(left)
    assert len(left) == 1
    digest = template["components"][0]["parameters"][1]["text"]
    assert "فرص 1" in digest
    assert [part["parameters"][0]["payload"] for part in template["components"][1:]] == [
        "brief:show_opportunities", "brief:show_pending", "brief:dismiss",
    ]  # fmt: skip
    stage.wait(minutes=5)
    answer = tap_template(stage, "brief:show_opportunities")
    assert (answer.code, "فرص تنتظر القرار: 1" in answer.text) == ("brief_opps", True)
    assert [one.body["type"] for one in stage.deliver()] == ["text", "interactive"]
    assert not OutboxMessage.objects.filter(operator=stage.operator, state="pending").exists()


def test_without_an_approved_template_nothing_is_posted_and_their_own_word_brings_the_brief_as_a_card(stage: Stage):
    after_a_weekend(stage)
    assert send_due(now=stage.now) == 0
    assert not Brief.objects.exists()
    stage.says("صباح الخير")
    assert send_due(now=stage.now) == 1
    assert "بانتظارك: فرص 1" in "\n".join(words(dict(one.body)) for one in stage.deliver())


def test_a_template_that_became_marketing_or_is_paused_is_not_sent(stage: Stage):
    after_a_weekend(stage)
    template = approve_template(stage, category="MARKETING")
    assert send_due(now=stage.now) == 0
    template.category, template.status = "UTILITY", "PAUSED"
    template.save()
    assert send_due(now=stage.now) == 0


def test_own_words_that_ask_for_more_than_we_can_say_are_as_good_as_none_and_that_is_shown(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage, body="مرحبًا {{name}}، ملخص اليوم {{digest}} من فرع {{branch}} لدينا.")
    assert send_due(now=stage.now) == 0
    assert knock.to_submit(stage.firm.business.id, language="ar") is not None


def test_one_that_is_paused_after_it_was_queued_does_not_leave(stage: Stage):
    after_a_weekend(stage)
    template = approve_template(stage)
    assert send_due(now=stage.now) == 1
    template.status = "PAUSED"
    template.save()
    assert stage.deliver() == []


def test_whoever_speaks_english_is_asked_in_arabic_where_only_that_is_approved(stage: Stage):
    after_a_weekend(stage)
    stage.operator.language = "en"
    stage.operator.save()
    approve_template(stage)
    assert send_due(now=stage.now) == 1
    assert "بانتظارك" in stage.deliver()[0].body["template"]["components"][0]["parameters"][1]["text"]


def test_nobody_pays_for_a_template_that_says_that_nothing_waits(stage: Stage):
    stage.now = SUNDAY_8
    set_window(stage.operator, wrote_at=THURSDAY_NOON)
    approve_template(stage)
    assert send_due(now=stage.now) == 0
    assert Brief.objects.count() == 1


def test_what_comes_up_later_knocks_once_that_day_and_again_the_next(stage: Stage):
    stage.now = SUNDAY_8
    set_window(stage.operator, wrote_at=THURSDAY_NOON)
    approve_template(stage)
    assert send_due(now=stage.now) == 0
    stage.person()
    stage.wait(hours=5)
    fill_cards(stage.operator, now=stage.now)
    assert [send_due(now=stage.now) for _ in range(2)] == [1, 0]
    assert len(posted_templates(stage.deliver())) == 1
    stage.wait(hours=3)
    assert send_due(now=stage.now) == 0
    stage.now = SUNDAY_8 + timedelta(days=1)
    assert [send_due(now=stage.now) for _ in range(2)] == [1, 0]


def test_nobody_is_knocked_at_at_night_or_on_their_weekend(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage)
    friday_noon = THURSDAY_NOON + timedelta(days=1, minutes=5)
    assert send_due(now=friday_noon) == 0
    assert send_due(now=SUNDAY_8 - timedelta(hours=3)) == 0


def test_a_template_that_could_not_leave_for_hours_does_not_leave_any_more(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage)
    send_due(now=stage.now)
    stage.wait(hours=3, seconds=1)
    assert stage.deliver() == []
    assert OutboxMessage.objects.get(body__type="template").state == "suppressed"


def test_a_word_before_the_template_left_brings_the_brief_as_a_card_instead(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage)
    send_due(now=stage.now)
    stage.says("مرحبا")
    left = stage.deliver()
    assert posted_templates(left) == []
    assert any("بانتظارك: فرص 1" in words(dict(one.body)) for one in left)


def test_a_stopped_number_keeps_the_template_back_too(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage)
    stop = Stop.of_number(rows.NUMBER_ID)
    StopSwitch.objects.create(scope=stop.scope, target=stop.target, pressed_by="x", pressed_at=stage.now)
    send_due(now=stage.now)
    assert stage.deliver() == []


def test_later_puts_the_cards_off_for_an_hour_and_says_when_the_next_brief_comes(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage)
    send_due(now=stage.now)
    stage.deliver()
    answer = tap_template(stage, "brief:dismiss")
    assert answer.code == "brief_later"
    assert "30 نوفمبر 2026، 8:00 ص" in answer.text
    assert "بعد ساعة" in answer.text
    assert [one.body["type"] for one in stage.deliver()] == ["text"]
    stage.wait(minutes=61)
    assert [one.body["type"] for one in stage.deliver()] == ["interactive"]
    Operator.objects.update(brief_days="")
    answer = tap_template(stage, "brief:dismiss")
    assert (answer.code, "موقوف" in answer.text) == ("brief_off", True)


def test_later_and_then_opportunities_brings_them_at_once(stage: Stage):
    after_a_weekend(stage)
    approve_template(stage)
    send_due(now=stage.now)
    stage.deliver()
    tap_template(stage, "brief:dismiss")
    stage.deliver()
    assert tap_template(stage, "brief:show_opportunities").code == "brief_opps"
    assert [one.body["type"] for one in stage.deliver()] == ["text", "interactive"]


def test_approvals_shows_three_counts_the_rest_and_says_how_to_approve_them_all(stage: Stage):
    for n in range(5):
        stage.wait(seconds=1)  # so that one of them is the oldest
        stage.accepted(stage.person(key=f"k{n}", phone=f"+96650972223{n}"))
    at_monday_8(stage)
    send_due(now=stage.now)
    stage.deliver()
    answer = stage.tap("brief:show_pending", on=_brief_wamid(stage))
    assert answer.code == "brief_pending"
    assert "رسائل تنتظر اعتمادك: 5. المعروض منها الآن: 3." in answer.text
    assert "اعتمد الكل" in answer.text
    shown = [one for one in stage.deliver() if one.body["type"] == "interactive"]
    assert len(shown) == 3
    oldest = Draft.objects.order_by("created_at").first()
    assert oldest is not None
    assert f"msg:{oldest.id}:approve" in str(shown[0].body)


def test_the_same_button_again_on_an_old_brief_is_answered_too(stage: Stage):
    at_monday_8(stage)
    send_due(now=stage.now)
    stage.deliver()
    wamid = _brief_wamid(stage)
    stage.wait(hours=20)
    for _ in range(2):
        assert stage.tap("brief:show_pending", on=wamid).code == "brief_no_pending"
        assert stage.tap("brief:show_opportunities", on=wamid).code == "brief_no_opps"


def test_a_tap_is_a_tap_whether_it_comes_as_a_templates_button_or_as_a_cards(stage: Stage):
    """Reference WA 3.4: `button.payload` there, `interactive.button_reply.id` here; and they may even change places."""
    opportunity = stage.person()
    stage.show_cards()
    card = stage.showing_of(f"opp:{opportunity.id}:skip")
    button = {"payload": f"opp:{opportunity.id}:skip", "text": "تخطي"}
    context = {"from": "966110000001", "id": card}
    assert stage.post({"type": "button", "button": button, "context": context}, by=stage.operator).code == "skipped"
    stage.now = SUNDAY_8
    set_window(stage.operator, wrote_at=THURSDAY_NOON)
    stage.person(key="k2", phone="+966509722234")
    fill_cards(stage.operator, now=stage.now)
    approve_template(stage)
    send_due(now=stage.now)
    stage.deliver()
    assert stage.tap("brief:show_opportunities", on=_brief_wamid(stage)).code == "brief_opps"
    assert any("تجديد العقد" in words(dict(one.body)) for one in stage.deliver())


def test_opportunities_that_stand_further_up_are_shown_once_more_but_not_at_every_tap(stage: Stage):
    stage.person()
    stage.show_cards()
    at_monday_8(stage)
    send_due(now=stage.now)
    stage.deliver()
    wamid = _brief_wamid(stage)
    stage.tap("brief:show_opportunities", on=wamid)
    assert [one.body["type"] for one in stage.deliver()] == ["text", "interactive"]
    stage.tap("brief:show_opportunities", on=wamid)
    assert [one.body["type"] for one in stage.deliver()] == ["text"]


def test_erasing_somebody_whom_a_brief_names_empties_it(stage: Stage):
    opportunity = stage.person()
    at_monday_8(stage)
    send_due(now=stage.now)
    stage.deliver()
    assert "تجديد العقد" in stage.phone()[-1]
    group = erasure.lock_group(opportunity.contact_id)
    assert set(erasure.spoken_of(group)) >= set(OutboxMessage.objects.filter(prompt__kind="brief"))


def test_a_window_that_meta_calls_closed_counts_as_closed(stage: Stage):
    """Meta admits that a message may not open one; the template is what still reaches them."""
    stage.person()
    at_monday_8(stage)
    fill_cards(stage.operator, now=stage.now)
    refused = Refused(classify(131047, http_status=400), before_wire=False)
    stage.deliver(lambda one: refused)
    stage.operator.refresh_from_db()
    assert not is_window_open(stage.operator.last_inbound_at, now=stage.now)
    approve_template(stage)
    assert send_due(now=stage.now) == 1
    assert len(posted_templates(stage.deliver())) == 1
    tap_template(stage, "brief:show_opportunities")
    assert any("تجديد العقد" in words(dict(one.body)) for one in stage.deliver())


def test_looking_costs_nothing_between_two_looks(stage: Stage, django_assert_num_queries: Any):
    at_monday_8(stage)
    timer, early = BriefTimer(), MONDAY_8 - timedelta(minutes=5)
    timer.look(now=early)
    with django_assert_num_queries(0):
        timer.look(now=early + send_brief.EVERY - timedelta(milliseconds=1))
    with django_assert_num_queries(1):
        timer.look(now=early + send_brief.EVERY)


def _brief_wamid(stage: Stage) -> str:
    wamid = Prompt.objects.filter(kind="brief", operator=stage.operator).latest("created_at").outbox.wamid
    assert wamid is not None
    return wamid
