"""News of the account, its numbers and templates: kept once, carried out once, whatever order it comes in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.cards import BETWEEN_NOTICES
from wakeel.domain.platform_events import (
    AccountAlerted,
    AccountErred,
    AccountUpdated,
    CapabilityChanged,
    NumberLimitChanged,
    NumberNameDecided,
    PlatformEvent,
    Restriction,
    SecurityChanged,
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)
from wakeel.domain.stop_switches import Stop
from wakeel.flows import release_stop
from wakeel.flows.account_changed import end_restrictions
from wakeel.flows.platform_event import note_platform_event
from wakeel.flows.route_item import route_item
from wakeel.store.models import OutboxMessage, PlatformEventRow, SendingNumber, StopSwitch, Template

BIZ, CUSTOMER = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
DISPLAY = "966110000001"


def named(kind: type, at: datetime | None, **fields: Any) -> Any:
    said = f"{kind.__name__}:{at}:{sorted(fields.items(), key=str)}"
    key = sha256(said.encode()).hexdigest()
    return kind(waba_id=rows.WABA_ID, webhook_field="x", at=at, key=key, **fields)


def account(event: str, at: datetime | None = rows.T0, **fields: Any) -> AccountUpdated:
    return named(AccountUpdated, at, event=event, **fields)


def restricted(at: datetime = rows.T0, *types: str, until: datetime | None = None) -> AccountUpdated:
    found = tuple(Restriction(type=one, until=until) for one in types or (BIZ,))
    return account("ACCOUNT_RESTRICTION", at, restrictions=found)


def ban(state: str, at: datetime = rows.T0) -> AccountUpdated:
    return account("DISABLED_UPDATE", at, ban_state=state)


def template(kind: type = TemplateStatusChanged, at: datetime | None = rows.T0, **fields: Any) -> Any:
    return named(kind, at, template_id="1", name="offer_v1", language="ar", **fields)


def note(stage: Stage, *events: PlatformEvent) -> None:
    for event in events:
        note_platform_event(event, stage.firm.number, now=stage.now)


def number(stage: Stage) -> SendingNumber:
    return SendingNumber.objects.get(pk=stage.firm.number.pk)


def is_stopped(stage: Stage) -> bool:
    return StopSwitch.objects.filter(target=stage.firm.business.id).exists()


STOPPING = [
    restricted(),
    restricted(rows.T0, CUSTOMER),
    restricted(rows.T0, "RESTRICTED_SOMETHING_NEW"),
    account("ACCOUNT_RESTRICTION"),
    account("ACCOUNT_VIOLATION"),
    ban("SCHEDULE_FOR_DISABLE"),
    ban("DISABLE"),
    account("ACCOUNT_DELETED"),
    account("ACCOUNT_OFFBOARDED"),
]


@pytest.mark.parametrize("event", STOPPING, ids=lambda event: event.ban_state or event.event)
def test_what_stops_the_account_stops_sending_at_once_and_says_so(stage: Stage, event: AccountUpdated):
    message = stage.approved()
    told = len(stage.told())
    note(stage, event, event)
    switch = StopSwitch.objects.get()
    word = event.ban_state or event.event
    assert (switch.pressed_by, switch.reason) == ("whatsapp", word)
    assert (number(stage).account_state, number(stage).account_at) == (word, rows.T0)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "KILL_SWITCH")
    [said] = stage.told()[told:]
    assert word in said
    assert "/health/" in said
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


@pytest.mark.parametrize(
    "kind",
    ["RESTRICTED_ADD_PHONE_NUMBER_ACTION", "RESTRICTED_UTILITY_TEMPLATES", "RESTRICTED_BUSINESS_INITIATED_CALLING"],
)
def test_a_restriction_of_something_else_is_told_and_stops_nothing(stage: Stage, kind: str):
    stage.approved()
    told = len(stage.told())
    note(stage, restricted(rows.T0, kind))
    assert not is_stopped(stage)
    assert number(stage).account_state == ""
    assert len(stage.told()) == told + 1
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_everybody_hears_it_once_in_their_language(stage: Stage):
    other = rows.operator(stage.firm, "Lina", wa_id="966500000002", bsuid="SA.operator2", language="en")
    until = rows.T0 + 3 * rows.DAY
    event = restricted(until=until)
    note(stage, event, event)
    [arabic], [english] = stage.told(), stage.told(other)
    assert "قيّد واتساب الحساب" in arabic
    assert "WhatsApp restricted the account" in english
    assert "25 November 2026" in english


def test_an_operator_is_told_also_while_the_account_is_restricted(stage: Stage):
    """Answers inside a window are what the restriction leaves."""
    note(stage, restricted())
    stage.deliver()
    assert any("ACCOUNT_RESTRICTION" in said for said in stage.phone())


def test_what_waits_for_operators_of_a_disabled_account_leaves_when_it_is_reinstated(stage: Stage):
    note(stage, ban("DISABLE"))
    stage.deliver()
    assert stage.phone() == []
    assert OutboxMessage.objects.get().hold_code == "SENDER_NOT_READY"
    note(stage, ban("REINSTATE", rows.T0 + rows.MINUTE))
    stage.wait(minutes=2)
    stage.deliver()
    [both] = stage.phone()
    assert both.count(BETWEEN_NOTICES) == 1


@pytest.mark.parametrize(
    ("stop", "free"),
    [
        (restricted(), ban("REINSTATE", rows.T0 + rows.MINUTE)),
        (ban("DISABLE"), ban("REINSTATE", rows.T0 + rows.MINUTE)),
        (account("ACCOUNT_OFFBOARDED"), account("ACCOUNT_RECONNECTED", rows.T0 + rows.MINUTE)),
    ],
)
def test_what_frees_the_account_never_releases_the_switch(stage: Stage, stop: PlatformEvent, free: PlatformEvent):
    stage.wait(minutes=5)
    note(stage, stop, free)
    assert number(stage).account_state == ""
    assert is_stopped(stage)
    assert "ما زال موقوفًا" in stage.told()[-1]


def test_a_reconnection_ends_no_restriction(stage: Stage):
    stage.wait(minutes=5)
    note(stage, restricted(), account("ACCOUNT_RECONNECTED", rows.T0 + rows.MINUTE))
    assert number(stage).account_state == "ACCOUNT_RESTRICTION"


def test_an_old_stop_that_comes_late_stops_nothing_that_newer_news_had_freed(stage: Stage):
    stage.wait(minutes=5)
    note(stage, ban("REINSTATE", rows.T0 + rows.MINUTE), ban("DISABLE"), restricted())
    assert not is_stopped(stage)
    assert number(stage).account_state == ""
    assert stage.told() == []


def test_an_old_release_that_comes_late_frees_nothing(stage: Stage):
    note(stage, ban("DISABLE", rows.T0), ban("REINSTATE", rows.T0 - rows.HOUR))
    assert number(stage).account_state == "DISABLE"


def test_a_restriction_that_is_over_when_it_arrives_stops_nothing(stage: Stage):
    note(stage, restricted(rows.T0 - 3 * rows.DAY, until=rows.T0 - rows.DAY))
    assert not is_stopped(stage)


NEWS: Sequence[AccountUpdated] = (
    restricted(rows.T0 - 4 * rows.HOUR),
    ban("REINSTATE", rows.T0 - 3 * rows.HOUR),
    account("ACCOUNT_OFFBOARDED", rows.T0 - 2 * rows.HOUR),
    account("ACCOUNT_RECONNECTED", rows.T0 - rows.HOUR),
    restricted(rows.T0 - rows.MINUTE, until=rows.T0 + rows.DAY),
)


def test_every_order_of_account_news_ends_in_one_state(stage: Stage):
    found = set()
    for order in permutations(NEWS):
        PlatformEventRow.objects.all().delete()
        SendingNumber.objects.update(account_state="", account_until=None, account_at=None)
        note(stage, *order, order[0])
        now = number(stage)
        found.add((now.account_state, now.account_until, now.account_at))
    assert found == {("ACCOUNT_RESTRICTION", rows.T0 + rows.DAY, rows.T0 - rows.MINUTE)}


def test_a_restriction_ends_by_itself_and_says_that_sending_is_still_stopped(stage: Stage):
    note(stage, restricted(until=rows.T0 + rows.DAY))
    end_restrictions(now=stage.now)
    assert number(stage).account_state == "ACCOUNT_RESTRICTION"
    stage.wait(days=1)
    end_restrictions(now=stage.now)
    end_restrictions(now=stage.now)
    assert number(stage).account_state == ""
    assert is_stopped(stage)
    assert len(stage.told()) == 2
    assert "انتهى تقييد الحساب" in stage.told()[-1]


def test_an_administrator_who_resumes_ends_a_stop_whose_end_whatsapp_never_tells(stage: Stage):
    """Nothing says that a violation is over."""
    stage.approved()
    note(stage, account("ACCOUNT_VIOLATION"))
    stage.wait(minutes=1)
    release_stop.release_stop(Stop.of_business(stage.firm.business.id), send=True, now=stage.now)
    assert number(stage).account_state == ""
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_a_restriction_with_an_end_outlasts_the_switch(stage: Stage):
    message = stage.approved()
    note(stage, restricted(until=rows.T0 + 2 * rows.HOUR))
    release_stop.release_stop(Stop.of_business(stage.firm.business.id), send=True, now=stage.now)
    stage.wait(minutes=1)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "SENDER_NOT_READY")
    assert stage.to_contacts() == []
    stage.wait(hours=2)
    end_restrictions(now=stage.now)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_all_numbers_of_the_account_are_meant_and_no_others(stage: Stage):
    more = {"business": stage.firm.business, "display_phone": "966110000002"}
    SendingNumber.objects.create(phone_number_id="7", waba_id=rows.WABA_ID, **more)
    SendingNumber.objects.create(phone_number_id="8", waba_id="9", **more)
    note(stage, ban("DISABLE"))
    states = dict(SendingNumber.objects.values_list("phone_number_id", "account_state"))
    assert states == {rows.NUMBER_ID: "DISABLE", "7": "DISABLE", "8": ""}


def test_a_template_row_follows_its_news(stage: Stage):
    later = rows.T0 + rows.HOUR
    parts = ({"type": "BODY", "text": "نص"},)
    stage.wait(hours=2)
    note(
        stage,
        template(event="PAUSED", category="UTILITY", note="FIRST_PAUSE · low quality"),
        template(TemplateQualityChanged, quality="RED", previous="GREEN"),
        template(
            TemplateCategoryChanged, category="UTILITY", correct_category="MARKETING", effective_at=later + rows.DAY
        ),
        template(TemplateComponentsChanged, components=parts),
    )
    row = Template.objects.get()
    assert (row.name, row.language, row.waba_id, row.template_id) == ("offer_v1", "ar", rows.WABA_ID, "1")
    assert (row.status, row.quality, row.category, row.components) == ("PAUSED", "RED", "UTILITY", list(parts))
    assert row.paused_until == rows.T0 + 3 * rows.HOUR
    assert (row.pending_category, row.pending_category_at) == ("MARKETING", later + rows.DAY)
    note(stage, template(TemplateCategoryChanged, later, category="MARKETING", previous="UTILITY"))
    row.refresh_from_db()
    assert (row.category, row.pending_category) == ("MARKETING", "")


def test_who_has_something_to_do_about_a_template_hears_of_it_once(stage: Stage):
    note(stage, *[template(event="REJECTED", reason="SCAM")] * 2, template(event="APPROVED", at=rows.T0 + rows.MINUTE))
    [said] = stage.told()
    assert "offer_v1 (ar)" in said
    assert "REJECTED" in said


def test_what_newer_news_took_back_and_what_is_long_past_rings_no_phone(stage: Stage):
    stage.wait(minutes=5)
    note(
        stage,
        template(event="APPROVED", at=rows.T0 + rows.MINUTE),
        template(event="REJECTED"),
        named(SecurityChanged, rows.T0 - 2 * rows.DAY, display_phone=DISPLAY, event="PIN_RESET_REQUEST"),
    )
    assert stage.told() == []
    assert PlatformEventRow.objects.count() == 3


@pytest.mark.parametrize(
    ("event", "is_told"),
    [
        (named(SecurityChanged, rows.T0, display_phone=DISPLAY, event="PIN_RESET_REQUEST"), True),
        (named(AccountAlerted, rows.T0, entity="BUSINESS", alert="OBA_REJECTED", severity="CRITICAL"), True),
        (named(AccountAlerted, rows.T0, entity="BUSINESS", alert="OBA_APPROVED", severity="INFORMATIONAL"), False),
        (named(AccountErred, rows.T0, code=130429), False),
        (account("VOLUME_BASED_PRICING_TIER_UPDATE"), False),
    ],
)
def test_operators_hear_what_they_must_act_on(stage: Stage, event: PlatformEvent, is_told: bool):
    note(stage, event, event)
    assert len(stage.told()) == is_told
    assert PlatformEventRow.objects.count() == 1


def test_limits_follow_the_newest_news_and_speed_never_falls(stage: Stage):
    stage.wait(hours=2)
    up = named(NumberLimitChanged, rows.T0, display_phone=DISPLAY, event="THROUGHPUT_UPGRADE", limit="TIER_100K")
    down = named(CapabilityChanged, rows.T0 + rows.HOUR, messaging_limit="2000")
    for order in permutations((up, down)):
        PlatformEventRow.objects.all().delete()
        SendingNumber.objects.update(messaging_limit=None, limit_at=None, throughput_mps=None)
        note(stage, *order)
        assert (number(stage).messaging_limit, number(stage).throughput_mps) == (2000, 1000)


def test_a_limit_nobody_knows_changes_nothing_and_is_kept(stage: Stage):
    note(stage, named(CapabilityChanged, rows.T0, messaging_limit="TIER_250"))
    note(stage, named(CapabilityChanged, rows.T0 + rows.MINUTE, messaging_limit="TIER_MANY"))
    assert number(stage).messaging_limit == 250
    assert PlatformEventRow.objects.count() == 2


def test_a_flagged_number_sends_no_marketing(stage: Stage):
    stage.approved()
    note(stage, named(NumberLimitChanged, rows.T0, display_phone=DISPLAY, event="FLAGGED"))
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []
    assert OutboxMessage.objects.get(audience="contact").hold_code == "SENDER_QUALITY_RED"


def test_the_name_of_the_newest_approval_counts(stage: Stage):
    stage.wait(hours=2)
    said = {"display_phone": DISPLAY, "decision": "APPROVED"}
    new = named(NumberNameDecided, rows.T0 + rows.HOUR, name="أفق للتجارة", **said)
    refused = named(NumberNameDecided, stage.now, display_phone=DISPLAY, decision="REJECTED", name="غيره")
    for order in permutations((new, named(NumberNameDecided, rows.T0, name="أفق", **said), refused)):
        PlatformEventRow.objects.all().delete()
        note(stage, *order)
        assert number(stage).verified_name == "أفق للتجارة"


@pytest.mark.parametrize("ahead", [None, timedelta(days=400)])
def test_news_without_a_time_or_from_a_clock_gone_wrong_is_dated_when_it_came(stage: Stage, ahead: timedelta | None):
    """A date far ahead would stand against all later news."""
    note(stage, template(event="PAUSED", at=None if ahead is None else stage.now + ahead))
    stage.wait(minutes=1)
    note(stage, template(event="APPROVED", at=stage.now))
    assert Template.objects.get().status == "APPROVED"


def test_it_comes_in_by_the_one_door_of_all_items(stage: Stage):
    where = {"late": [], "may_wait": False, "last_try": False}
    assert route_item(ban("DISABLE"), stage.firm.number, now=stage.now, **where) is None
    assert is_stopped(stage)
    assert route_item(ban("DISABLE"), None, now=stage.now, **where) is not None


def test_what_could_not_be_approved_meanwhile_is_shown_again_when_sending_resumes(stage: Stage):
    draft = stage.accepted()
    note(stage, restricted())
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    before = len(stage.showings())
    stage.wait(minutes=1)
    note(stage, ban("REINSTATE", stage.now))
    stage.deliver()
    assert len(stage.showings()) == before
    release_stop.release_stop(Stop.of_business(stage.firm.business.id), send=True, now=stage.now)
    stage.deliver()
    assert len(stage.showings()) == before + 1
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_two_stops_end_each_by_itself(stage: Stage):
    stage.wait(hours=1)
    until = stage.now + rows.HOUR
    note(stage, restricted(until=until), account("ACCOUNT_VIOLATION", rows.T0 + rows.MINUTE))
    assert "وحتى" not in stage.told()[-1].split(BETWEEN_NOTICES)[-1]
    stage.wait(hours=1)
    end_restrictions(now=stage.now)
    assert number(stage).account_state == "ACCOUNT_VIOLATION"


def test_neither_a_repetition_nor_other_news_presses_again_what_a_person_released(stage: Stage):
    stop = restricted(until=stage.now + rows.DAY)
    note(stage, stop)
    release_stop.release_stop(Stop.of_business(stage.firm.business.id), send=False, now=stage.now)
    note(stage, stop, account("VOLUME_BASED_PRICING_TIER_UPDATE", stage.now))
    assert number(stage).account_state == "ACCOUNT_RESTRICTION"
    assert not is_stopped(stage)
    assert len(stage.told()) == 1
