"""What `wakeel doctor` reads in rows and settings, and its test of the six buttons."""

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from tests import rows
from tests.flows.stage import Stage
from wakeel import config
from wakeel.domain.checkup import Check, Grade
from wakeel.domain.stop_switches import Stop
from wakeel.flows import doctor, live_test, stop_sending
from wakeel.flows.doctor import look_at_rows, look_at_settings
from wakeel.flows.doctor_account import judge_account
from wakeel.store import heartbeat, schema
from wakeel.store.models import Decision, InboundMessage, OutboxMessage
from wakeel.whatsapp.account_check import AccountChecked
from wakeel.whatsapp.listing import CannotRead


def looked(stage: Stage, **changes: str) -> dict[Check, Grade]:
    """The database of the test run, whatever the settings call it: in memory it has no file."""
    usual = {"phone_number_id": rows.NUMBER_ID, "database_url": "postgresql://"}
    settings = dataclasses.replace(config.get(), **{**usual, **changes})
    return {one.check: one.grade for one in look_at_rows(settings, now=stage.now, real_now=stage.now)}


def test_a_database_is_read_whole_and_each_thing_that_is_wrong_is_a_line(stage: Stage):
    assert looked(stage) == {
        Check.DATABASE: "ok", Check.DISK: "ok", Check.WORKER: "fail", Check.INBOX: "ok", Check.STOPS: "ok",
        Check.OPERATORS: "ok", Check.LAST_WEBHOOK: "warn", Check.BRIEF_TEMPLATE: "warn",
    }  # fmt: skip
    stop_sending.press_stop(Stop.of_business(stage.firm.business.id), "sara", now=stage.now)
    heartbeat.beat("worker", pid=1, started_at=stage.now, real_now=stage.now)
    stage.wait(hours=25)
    heartbeat.beat("worker", pid=1, started_at=stage.now, real_now=stage.now - timedelta(seconds=5))
    found = looked(stage)
    assert (found[Check.WORKER], found[Check.STOPS], found[Check.OPERATORS]) == ("ok", "warn", "warn")
    assert looked(stage, phone_number_id="")[Check.OPERATORS] == "fail"
    assert looked(stage, phone_number_id="999")[Check.OPERATORS] == "fail"


def test_a_database_that_is_behind_or_away_is_one_line_and_the_rest_is_not_guessed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert schema.unapplied() == []
    monkeypatch.setattr(doctor.schema, "unapplied", lambda: ["0006_day"])
    assert looked(stage) == {Check.DATABASE: "fail"}

    def away() -> list[str]:
        raise OperationalError

    monkeypatch.setattr(doctor.schema, "unapplied", away)
    assert looked(stage) == {Check.DATABASE: "fail"}
    gone = tmp_path / "gone.sqlite3"
    assert looked(stage, database_url=f"sqlite:///{gone}") == {Check.DATABASE: "fail"}
    assert not gone.exists()


def test_secrets_that_others_may_read_are_named_and_live_sending_is_said(tmp_path: Path):
    closed, open_one = tmp_path / "token", tmp_path / "app_secret"
    for path, mode in ((closed, 0o600), (open_one, 0o640)):
        path.touch()
        path.chmod(mode)
    found = look_at_settings(config.get(), files=[closed, open_one, tmp_path / "gone"])
    assert [one.grade for one in found] == ["ok", "warn", "ok"]
    assert "app_secret" in found[1].lines("en")[0]
    assert "token" not in found[1].lines("en")[0]
    assert "Practice" in found[2].lines("en")[0]
    live = dataclasses.replace(config.get(), graph_url="https://graph.facebook.com", allow_live_send=True)
    dry = dataclasses.replace(live, allow_live_send=False)
    assert [look_at_settings(one, files=[])[2].grade for one in (live, dry)] == ["ok", "warn"]


def test_what_keeps_meta_from_telling_anything_is_one_line_and_anything_else_one_each():
    def cannot(why: str, what: str = "token") -> CannotRead:
        return CannotRead(what, why, object_id="215500000000001", code=190)

    def judged(token: str, templates: str) -> list[str]:
        away = AccountChecked(
            token=cannot(token), number=cannot("bad_token"), apps=cannot("bad_token"), templates=cannot(templates),
            answered_at=None,
        )  # fmt: skip
        found = judge_account(away, waba_id="215500000000001", ours="", now=rows.T0)
        assert all(len(one.lines(language)) == 2 for one in found for language in ("ar", "en"))
        return [f"{one.check} {one.grade}" for one in found]

    assert judged("bad_token", "bad_token") == ["token fail"]
    assert judged("bad_token", "slower") == ["token fail", "number fail", "subscription fail", "templates fail"]
    assert [one.grade for one in judge_account(None, waba_id="", ours="", now=rows.T0)] == ["skipped"]


def test_each_tap_of_the_six_buttons_is_seen_once_answered_and_decides_nothing(stage: Stage):
    [phone] = live_test.phones(stage.firm.business.id)
    test_id = live_test.begin(phone.operator_id, now=stage.now)
    assert [card.state for card in live_test.look(stage.firm.business.id, test_id).cards] == ["pending"] * 2
    assert len(stage.deliver()) == 2
    sent = OutboxMessage.objects.filter(request_key__startswith="live_test:").order_by("id")
    pressed = [
        (row.wamid, button["reply"]["id"]) for row in sent for button in row.body["interactive"]["action"]["buttons"]
    ]
    for count, (wamid, button_id) in enumerate(pressed, start=1):
        for _ in range(2):
            said = stage.tap(button_id, on=wamid)
            assert (said.code, f"({count} من 6)" in said.text) == ("test_tap", True)
        seen = live_test.look(stage.firm.business.id, test_id)
        assert (len(seen.tapped), seen.is_whole) == (count, count == 6)
    assert seen.tapped == ("قبول", "تخطي", "رسالة", "اعتماد", "تعديل", "إلغاء")
    assert [card.state for card in seen.cards] == ["accepted"] * 2
    assert not Decision.objects.exists()


def test_a_tap_on_the_card_of_an_old_test_is_answered_too_and_a_contact_has_no_part_in_it(stage: Stage):
    test_id = live_test.begin(stage.operator.id, now=stage.now)
    live_test.end(stage.firm.business.id, test_id, now=stage.now)
    assert stage.deliver() == []
    stage.wait(days=300)
    assert stage.tap(f"msg:{test_id}:approve", on="wamid.OLD").code == "test_tap"
    contact = stage.person().contact
    stage.tap(f"msg:{test_id}:edit", by=contact, on=None)
    assert live_test.look(stage.firm.business.id, test_id).tapped == ("اعتماد",)
    assert InboundMessage.objects.filter(contact=contact).exclude(handled="test_tap").exists()


def test_a_test_is_of_an_active_operators_phone_whose_window_is_open(stage: Stage):
    rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2", state="suspended")
    business_id = stage.firm.business.id
    [phone] = live_test.phones(business_id)
    assert (phone.operator_id, phone.masked.endswith("001")) == (stage.operator.id, True)
    assert "966500000001" not in phone.masked
    assert live_test.phones(business_id, "nobody") == []
    assert live_test.has_open_window(phone.operator_id, now=stage.now)
    assert not live_test.has_open_window(phone.operator_id, now=stage.now + rows.DAY)
