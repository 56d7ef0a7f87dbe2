"""The audit page: whose acts who sees, the filter, the check, the file; and whose numbers who sees in full."""

import csv
import io
import re

import pytest
from django.urls import reverse

from tests.web import rows
from wakeel.domain.audit import Action, Place, login
from wakeel.flows import audit
from wakeel.store.models import AuditEntry
from wakeel.store.models import Operator as OperatorRow
from wakeel.web import proof

PHONE = "+966509722233"


@pytest.fixture(autouse=True)
def _proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """That an export asks who sits there is `test_proof`'s matter."""
    monkeypatch.setattr(proof, "is_recent", lambda _request: True)


@pytest.fixture
def log(home: rows.House) -> dict[str, str]:
    """An act of the operator of the house, one of a supervisor, one of an administrator. Returns their marks."""
    marks = {"own": home.operator.id}
    for name, role in (("samir", "supervisor"), ("adel", "admin")):
        user = rows.User.objects.create_user(name, first_name=name)
        rows.may_be(home, role, user=user)
        marks[name] = login(user.pk)
    for number, (name, mark) in enumerate(marks.items()):
        audit.note(
            home.business.id, by=mark, action=Action.LIMITS_CHANGED, subject=f"=of-{name}", now=rows.now(),
            after={"mps": number}, place=Place.SCREEN,
        )  # fmt: skip
    return marks


def about(html: str) -> set[str]:
    return set(re.findall(r"=of-(\w+)", html))


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("operator", {"own"}), ("supervisor", {"own", "samir"}), ("auditor", {"own", "samir", "adel"}),
        ("admin", {"own", "samir", "adel"}),
    ],
)  # fmt: skip
def test_everybody_sees_what_the_table_says(page, home, log, role, sees):
    """Own items, the team's, all. The supervisor of the house is the one who looks, so theirs is the team's too."""
    rows.may_be(home, role)
    if role in {"auditor", "admin"}:
        OperatorRow.objects.update(state="inactive")
    elif role == "supervisor":
        rows.may_be(home, "supervisor")
    html = page.get(reverse("desk:audit")).content.decode()
    assert about(html) == sees
    assert ("فحص الأحدث الآن" in html) is (role in {"auditor", "admin"})
    assert ("تنزيل CSV" in html) is (role in {"auditor", "admin"})


def test_an_operator_sees_what_was_done_about_what_is_theirs(page, home, log):
    deal = rows.opportunity(home, rows.contact(home), owner=home.operator)
    other = rows.opportunity(home, rows.contact(home, phone="+966509722234"), key="other")
    for one in (deal, other):
        audit.note(home.business.id, by=log["adel"], action=Action.PERSON_ACT, subject=one.id, now=rows.now())
    html = page.get(reverse("desk:audit")).content.decode()
    assert deal.id in html
    assert other.id not in html


def test_the_filter_finds_by_person_act_and_day_and_nothing_is_said_in_words(page, home, log):
    rows.may_be(home, "auditor")
    samir = log["samir"].partition(":")[2]
    assert about(page.get(reverse("desk:audit"), {"who": samir}).content.decode()) == {"samir"}
    assert about(page.get(reverse("desk:audit"), {"subject": "=of-adel"}).content.decode()) == {"adel"}
    later = page.get(reverse("desk:audit"), {"since": "2999-01-01", "action": "limits_changed"}).content.decode()
    assert "لا عمل يطابق هذه التصفية" in later
    for since in ("2026-02-31", "x", "9999-99-99"):
        assert len(about(page.get(reverse("desk:audit"), {"since": since, "before": since}).content.decode())) == 3
    first = page.get(reverse("desk:audit"), {"action": "limits_changed", "until": "2999-01-01"}).content.decode()
    assert len(about(first)) == 3


def test_no_value_of_the_log_is_shown_as_a_code(page, home):
    rows.may_be(home, "admin")
    shown = {
        Action.REQUEST_OPENED: {"right": "destroy"}, Action.PERSON_ERASED: {"reason": "erasure_on_request"},
        Action.IMPORT_TAKEN: {"kind": "opportunities"}, Action.CONSENT_RECORDED: {"entry": 3, "type": "withdraw"},
        Action.PERSON_ACT: {"what": "suppressed", "cause": "legal"}, Action.OPERATOR_LEFT: {"state": "inactive"},
        Action.RULES_CHANGED: {"quorum_from": "high", "tone": "formal", "days": {"low": 1, "high": 2}},
        Action.LIMITS_CHANGED: {"a_second": 10, "pair_interval_s": 6.0}, Action.AUDIT_EXPORTED: {"filter": ["subject"]},
        Action.WEBHOOK_SETTLED: {"done": "still_fails"}, Action.ROLES_CHANGED: {"roles": ["admin", "operator"]},
    }  # fmt: skip
    for action, after in shown.items():
        audit.note(home.business.id, by=login(home.user.pk), action=action, subject="1", now=rows.now(), after=after)
    table = re.search("<tbody>.*</tbody>", page.get("/audit/").content.decode(), re.DOTALL)
    assert table is not None
    assert re.findall("[A-Za-z_]{3,}", re.sub("<[^>]*>", " ", table[0])) == []


def test_the_export_is_safe_for_spreadsheets_and_stands_in_the_log_itself(page, home, log):
    rows.may_be(home, "auditor")
    answer = page.post(reverse("desk:audit_export"), {"action": "limits_changed"})
    assert answer["Content-Type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {line["subject"] for line in table} == {"'=of-own", "'=of-samir", "'=of-adel"}
    last = AuditEntry.objects.latest("seq")
    assert (last.action, last.by) == ("audit_exported", login(home.user.pk))
    assert '"rows":3' in last.after


def test_the_check_says_that_the_log_is_whole_or_which_line_is_not(page, home, log):
    rows.may_be(home, "admin")
    answer = page.post(reverse("desk:audit_check"), follow=True).content.decode()
    assert "أحدث 3 من القيود كما كُتبت" in answer
    AuditEntry.objects.filter(seq=2).update(by="forged")
    answer = page.post(reverse("desk:audit_check"), follow=True).content.decode()
    assert "عُدّل هذا القيد" in answer


def test_nothing_of_another_business_is_in_the_log(page, home, log):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    audit.note(
        other.business.id, by=log["own"], action=Action.INVITED, subject="=of-theirs", now=rows.now(),
    )  # fmt: skip
    rows.may_be(home, "admin")
    assert "theirs" not in about(page.get(reverse("desk:audit")).content.decode())


@pytest.mark.parametrize(
    ("roles", "owns", "sees"),
    [
        (["operator"], True, True), (["operator"], False, False), (["supervisor"], False, True),
        (["auditor"], True, False), (["admin"], True, False), (["operator", "admin"], True, True),
        (["auditor", "supervisor"], False, True),
    ],
)  # fmt: skip
def test_a_number_is_whole_only_for_whom_the_table_names(page, home, roles, owns, sees):
    """On every page that shows a person."""
    person = rows.contact(home, phone=PHONE)
    rows.agreed(home, person)
    deal = rows.opportunity(home, person, **({"owner": home.operator, "state": "accepted"} if owns else {}))
    rows.may_be(home, *roles)
    paths = [
        reverse("desk:contact", args=[person.id]), reverse("desk:item", args=[deal.id]), reverse("desk:contacts"),
        f"{reverse('desk:search')}?q={PHONE[-6:]}",
    ]  # fmt: skip
    for path in paths:
        html = page.get(path).content.decode()
        shown = html.replace(f"q={PHONE[-6:]}", "").replace(f'value="{PHONE[-6:]}"', "")
        assert (PHONE in shown) is sees, path
        assert sees or PHONE[1:] not in shown, path


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_a_masked_number_is_shown_once_for_a_reason(page, home, role):
    person = rows.contact(home, phone=PHONE)
    path = reverse("desk:reveal", args=[person.id])
    rows.may_be(home, role)
    assert path in page.get(reverse("desk:contact", args=[person.id])).content.decode()
    assert PHONE not in page.get(path).content.decode()
    assert page.post(path, {"reason": " "}).status_code == 422
    assert PHONE in page.post(path, {"reason": "شكوى وصلت هاتفيًا"}).content.decode()
    assert PHONE not in page.get(path).content.decode()
    assert AuditEntry.objects.get(action="phone_revealed").subject == person.id
    html = page.get(reverse("desk:audit")).content.decode()
    assert "شكوى وصلت هاتفيًا" in html
    assert PHONE not in html


def test_a_number_of_another_business_is_revealed_to_nobody(page, home):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    person = rows.contact(other, phone=PHONE)
    rows.may_be(home, "auditor")
    assert page.post(reverse("desk:reveal", args=[person.id]), {"reason": "لا سبب له"}).status_code == 404
