"""The audit log: every act of a person, chained; whatever is changed behind the triggers' back is found and named."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.audit import Action, login
from wakeel.domain.roles import Role
from wakeel.domain.stop_switches import EVERYWHERE
from wakeel.flows import audit
from wakeel.flows.check_audit import check_all, check_newest
from wakeel.flows.people_of_business import Outcome, set_roles
from wakeel.flows.reveal_phone import reveal_phone
from wakeel.flows.stop_sending import press_stop
from wakeel.store import roles as role_rows
from wakeel.store.models import AuditEntry, Business, Decision, Heartbeat, LedgerHead, Operator, Opportunity
from wakeel.store.screens import audit as screen


def entries(**wanted: object) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(**wanted).order_by("seq"))


def faults(stage: Stage) -> list[str]:
    report = check_all(real_now=stage.now)
    return [finding.in_words("en") for finding in report.findings]


def notes(stage: Stage, count: int) -> None:
    for number in range(count):
        audit.note(
            stage.firm.business.id, by="user:7", action=Action.LIMITS_CHANGED, subject=f"n{number}", now=stage.now,
            after={"mps": number},
        )  # fmt: skip


def test_a_day_of_taps_and_clicks_is_in_the_log_with_who_where_and_what_became_of_it(stage: Stage):
    message = stage.approved()
    draft = message.draft
    taken = entries(by=stage.operator.id)
    assert [(one.place, one.action, one.subject) for one in taken] == [
        ("phone", "accept", draft.opportunity_id), ("phone", "approve", draft.id),
    ]  # fmt: skip
    assert '"state":"presented"' in taken[0].before
    assert '"answer":"approved"' in taken[1].after
    assert '"version":1' in taken[1].after
    assert len(taken) == Decision.objects.count()
    whole = "".join(f"{one.before}{one.after}{one.subject}" for one in entries())
    assert rows.DRAFT_TEXT not in whole
    assert "966509722233" not in whole
    assert faults(stage) == []


def test_a_tap_that_changed_nothing_says_so(stage: Stage):
    stage.approved()
    draft_id = Decision.objects.get(action="approve").draft_id
    stage.wait(minutes=5)
    stage.tap(f"msg:{draft_id}:cancel")
    last = entries()[-1]
    assert last.action == "cancel"
    assert ('"carried_out":false' in last.after) is not Decision.objects.latest("id").carried_out


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE audit_entry SET subject = 'forged' WHERE seq = 2", "changed"),
        ("UPDATE audit_entry SET after = '' WHERE seq = 2", "changed"),
        ("DELETE FROM audit_entry WHERE seq = 2", "entries 2 are gone"),
        ("DELETE FROM audit_entry WHERE seq = 4", "the end was cut off"),
        ("DELETE FROM ledger_head WHERE chain = 'audit'", "head row is gone"),
    ],
)
def test_what_is_changed_by_hand_is_named(stage: Stage, sql: str, said: str):
    notes(stage, 4)
    assert faults(stage) == []
    with connection.cursor() as cursor:
        cursor.execute(sql)
    (fault,) = faults(stage)
    assert said in fault
    checked = screen.checked(stage.firm.business.id)
    assert checked is not None
    assert checked.faults == 1


def test_the_newest_are_checked_from_where_they_begin(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Bounded: what lies before is the daily check's."""
    monkeypatch.setattr("wakeel.flows.check_audit.NEWEST", 3)
    notes(stage, 6)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET subject = 'forged' WHERE seq = 1")
    report = check_newest(stage.firm.business.id, by="7", now=stage.now)
    assert (report.entries, report.total) == (3, 0)
    assert (entries()[-1].action, entries()[-1].by) == ("audit_checked", "user:7")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET subject = 'forged' WHERE seq = 6")
    assert check_newest(stage.firm.business.id, by="7", now=stage.now).total == 1


def test_each_business_has_a_chain_of_its_own_and_a_stop_of_all_stands_in_each(stage: Stage):
    other = rows.firm("بيان", phone_number_id="105500000000003", waba_id="215500000000002")
    press_stop(EVERYWHERE, "sara", now=stage.now)
    assert {(one.business_id, one.seq) for one in entries(action="stop_pressed")} == {
        (pk, 1) for pk in Business.objects.values_list("pk", flat=True)
    }
    assert LedgerHead.objects.filter(chain="audit").count() == 2
    assert screen.actions(other.business.id) == ["stop_pressed"]
    assert set(Heartbeat.objects.values_list("role", flat=True)) & {"audit"} == set()
    assert faults(stage) == []


def test_whoever_loses_the_role_decides_nothing_by_tap_from_then_on_and_hears_so(stage: Stage):
    admin = rows.user("admin")
    business_id, user_id = stage.firm.business.id, stage.operator.user_id
    role_rows.replace(business_id, admin.pk, [Role.ADMIN], by="", now=stage.now)
    opportunity = stage.person()
    stage.show_cards()
    said = set_roles(business_id, user_id, [Role.AUDITOR], by="admin", by_user_id=admin.pk, now=stage.now)
    assert said is Outcome.DONE
    assert Operator.objects.get(pk=stage.operator.pk).state == "inactive"
    stage.wait(seconds=5)
    answer = stage.tap(f"opp:{opportunity.id}:accept")
    assert answer.code == "left_team"
    assert Opportunity.objects.get(pk=opportunity.pk).state == "presented"
    assert User.objects.get(pk=user_id).is_active
    (changed,) = entries(action="roles_changed")
    assert (changed.by, changed.subject) == (login(admin.pk), login(user_id))
    assert (changed.before, changed.after) == ('{"roles":["operator"]}', '{"roles":["auditor"]}')


def test_a_supervisor_who_was_an_operator_goes_on_deciding_by_tap(stage: Stage):
    admin = rows.user("admin")
    business_id, user_id = stage.firm.business.id, stage.operator.user_id
    role_rows.replace(business_id, admin.pk, [Role.ADMIN], by="", now=stage.now)
    opportunity = stage.person()
    stage.show_cards()
    set_roles(business_id, user_id, [Role.SUPERVISOR], by="admin", by_user_id=admin.pk, now=stage.now)
    assert stage.tap(f"opp:{opportunity.id}:skip").code == "skipped"


def test_a_number_is_revealed_for_a_reason_that_is_kept_without_numbers(stage: Stage):
    person = stage.person().contact
    business_id = stage.firm.business.id
    assert not isinstance(reveal_phone(business_id, person.id, reason="  ", by="7", now=stage.now), str)
    assert entries(action="phone_revealed") == []
    reason = "اتصال بشأن الشكوى 966509722233"
    assert reveal_phone(business_id, person.id, reason=reason, by="7", now=stage.now) == "+966509722233"
    (kept,) = entries(action="phone_revealed")
    assert (kept.by, kept.subject) == ("user:7", person.id)
    assert "966" not in kept.after
    assert "الشكوى" in kept.after
    other = rows.firm("بيان", phone_number_id="105500000000003", waba_id="215500000000002")
    assert not isinstance(reveal_phone(other.business.id, person.id, reason=reason, by="7", now=stage.now), str)


def test_the_log_is_read_in_pages_and_by_every_filter(stage: Stage):
    business_id = stage.firm.business.id
    notes(stage, 5)
    stage.wait(days=2)
    audit.note(business_id, by="user:8", action=Action.INVITED, subject="inv_1", now=stage.now)
    everything = screen.Scope()

    def seqs(wanted: screen.Filter, **more: object) -> list[int]:
        return [line.seq for line in screen.read(business_id, wanted, scope=everything, everybody=(), **more)[0]]

    assert seqs(screen.Filter(), most=4) == [6, 5, 4, 3]
    assert seqs(screen.Filter(), before=3) == [2, 1]
    assert seqs(screen.Filter(action="invited")) == [6]
    assert seqs(screen.Filter(subject="n1")) == [2]
    assert seqs(screen.Filter(since=stage.now - timedelta(days=1))) == [6]
    assert seqs(screen.Filter(until=stage.now - timedelta(days=1))) == [5, 4, 3, 2, 1]
    assert screen.read(business_id, screen.Filter(), scope=everything, everybody=(), most=6)[1] is None
    assert screen.actions(business_id) == ["invited", "limits_changed"]
