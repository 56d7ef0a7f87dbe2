"""Files that people made: every fault with line and column, nothing half-written, hostile cells survive every room."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_xlsx import workbook
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows import policies
from wakeel.flows.import_consents import import_consents, preview_consents
from wakeel.flows.import_opportunities import import_opportunities, preview_opportunities
from wakeel.flows.table_report import Preview, Report, faults_as_csv
from wakeel.store import consent, contacts, suppressions
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentEventRow, Contact, ContactAlias, Opportunity

PHONE = "+966509722233"


def load(stage: Stage, text: str | bytes, *, accept_valid: bool = False) -> Report:
    data = text if isinstance(text, bytes) else text.encode()
    return import_opportunities(stage.firm.business.id, data, accept_valid=accept_valid, now=stage.now)


def faults(report: Report) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in report.faults]


# what is read


@pytest.mark.parametrize(
    "data",
    [
        f"title,phone,name\nتجديد,{PHONE},مريم\n",
        f"\ufefftitle,phone,name\nتجديد,{PHONE},مريم\n",
        f"\ufefftitle;phone;name\r\nتجديد;{PHONE};مريم\r\n",
        f"title\tphone\tname\nتجديد\t{PHONE}\tمريم",
        f"الفرصة,الجوال,الاسم\nتجديد,{PHONE},مريم\n",
        f"العنوان;رقم الجوال;اسم جهة الاتصال\nتجديد;{PHONE};مريم\n",
        f"Title , PHONE,Contact Name\n  تجديد , {PHONE} , مريم \n\n,,\n",
        "title,phone,name\nتجديد,٠٥٠٩٧٢٢٢٣٣,مريم\n",
        "title,phone,name\nتجديد,00966 50 972 2233,مريم\n",
    ],
)
def test_the_ways_people_write_the_same_file(stage: Stage, data: str):
    report = load(stage, data)
    assert (report.imported, report.faults) == (1, [])
    opportunity = Opportunity.objects.get()
    assert (opportunity.title, opportunity.contact.name, opportunity.state) == ("تجديد", "مريم", "new")
    assert ContactAlias.objects.get().value == PHONE
    assert opportunity.contact.last_inbound_at is None, "a row in a file makes nobody known"


def test_every_column_is_kept(stage: Stage):
    header = "key,title,phone,name,company,summary,value,score,purpose,message,expires_on"
    row = f'A-1,تجديد,{PHONE},مريم,أفق,"سطر أول\nسطر ثانٍ","36,000 ر.س",84,meetings,"أهلًا\nنلتقي؟",2026-12-31'
    load(stage, f"{header}\n{row}\n")
    found = Opportunity.objects.get()
    assert (found.external_key, found.value, found.score, found.purpose) == ("A-1", "36,000 ر.س", 84, "meetings")
    assert (found.summary, found.draft_text) == ("سطر أول\nسطر ثانٍ", "أهلًا\nنلتقي؟")
    assert found.contact.organisation == "أفق"
    assert found.expires_at is not None


def test_imported_opportunities_become_cards(stage: Stage):
    load(stage, f"title,phone\nتجديد,{PHONE}\n")
    stage.deliver()
    assert "تجديد" in stage.phone()[0]


def test_the_same_file_twice_changes_nothing(stage: Stage):
    data = f"title,phone\nتجديد,{PHONE}\n"
    load(stage, data)
    stage.deliver()
    report = load(stage, data)
    assert (report.imported, report.updated, report.unchanged) == (0, 0, 1)
    assert Opportunity.objects.count() == Contact.objects.count() == 1
    assert len(stage.showings()) == 1


def test_a_changed_row_updates_what_is_undecided_and_asks_anew(stage: Stage):
    load(stage, f"key,title,phone\nA,تجديد,{PHONE}\n")
    stage.deliver()
    report = load(stage, f"key,title,phone\nA,تجديد بسعر آخر,{PHONE}\n")
    assert report.updated == 1
    stage.deliver()
    assert stage.open_cards() == 1
    assert "بسعر آخر" in stage.phone()[-1]


def test_what_was_decided_is_not_touched(stage: Stage):
    load(stage, f"key,title,phone\nA,تجديد,{PHONE}\n")
    stage.deliver()
    stage.tap(f"opp:{Opportunity.objects.get().id}:accept")
    report = load(stage, f"key,title,phone\nA,عنوان آخر,{PHONE}\n")
    assert report.unchanged == 1
    assert Opportunity.objects.get().title == "تجديد"


# what is refused


BAD = f"""title,phone,score,purpose,expires_on,message,key
,{PHONE},,,,,a
تجديد,123,,,,,b
تجديد,"{PHONE} / 0501234567",,,,,c
تجديد,+966112345678,,,,,d
تجديد,+966509722241,101,,,,e
تجديد,+966509722242,-1,,,,f
تجديد,+966509722243,,sales,,,g
تجديد,+966509722244,,,31/12/2026,,h
تجديد,+966509722245,,,,{"س" * 3501},i
تجديد,+966509722246,,,,,j
تجديد,+966509722247,,,,,j
"""


def test_every_bad_row_is_listed_with_line_and_column_and_nothing_is_imported(stage: Stage):
    report = load(stage, BAD)
    assert faults(report) == [
        (2, "title"), (3, "phone"), (4, "phone"), (6, "score"), (7, "score"), (8, "purpose"),
        (9, "expires_on"), (10, "message"), (12, "key"),
    ]  # fmt: skip
    assert all(fault.reason.ar and fault.reason.en for fault in report.faults)
    assert report.imported == Opportunity.objects.count() == Contact.objects.count() == 0


def test_good_rows_are_taken_only_when_asked_for(stage: Stage):
    report = load(stage, BAD, accept_valid=True)
    assert report.imported == Opportunity.objects.count() == 2, (
        "the landline of line 5 too: businesses have such numbers"
    )
    assert len(report.faults) == 9
    assert any("not mobiles" in warning.en for warning in report.warnings)


@pytest.mark.parametrize("header", ["consent", "الموافقة", "opt-in", "Opted In"])
def test_an_opportunity_file_never_carries_consent(stage: Stage, header: str):
    report = load(stage, f"title,phone,{header}\nتجديد,{PHONE},yes\n", accept_valid=True)
    assert faults(report) == [(1, header)]
    assert "import-consents" in report.faults[0].reason.en
    assert not Opportunity.objects.exists()
    assert not ConsentEventRow.objects.exists()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        ("name\nمريم\n", 1),
        ("title,phone,colour\nت,1,2\n", 1),
        ("title,title,phone\nت,ت,1\n", 1),
        ("title,phone\nت".encode() + b"\xff\xfe,1\n", 2),
        ("title,phone\nت\0,1\n", 2),
        ('title,phone\n"ت,1\n', 2),
        (f"title,phone\nت,{PHONE},زائد\n", 2),
    ],
)
def test_a_file_that_cannot_be_read_says_where(stage: Stage, data: str | bytes, line: int):
    report = load(stage, data, accept_valid=True)
    assert report.faults[0].line == line
    assert not Opportunity.objects.exists()


def test_an_operators_number_is_nobodys_opportunity(stage: Stage):
    """An address belongs to an operator or to a contact, never both."""
    report = load(stage, "title,phone\nت,+966500000001\n", accept_valid=True)
    assert faults(report) == [(2, "phone")]
    assert not Contact.objects.exists()


def test_without_keys_the_same_person_and_title_is_the_same_opportunity(stage: Stage):
    report = load(stage, f"title,phone\nتجديد,{PHONE}\nتجديد,0509722233\nآخر,{PHONE}\n")
    assert [line for line, _ in faults(report)] == [3]


# hostile cells

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")', "<script>alert(1)</script>", "abc\u202egnp.exe\u2069",
    "'; DROP TABLE x;--", "\u0001bell", "{title}", "%s %(x)s", "\u0958" * 200, "\u3164", "\u200f", "٩" * 250,
    "9" * 5000, "0001-01-01", "9999-12-31T23:59:59-12:00", "ﷺ" * 60, "e\u0301" * 40, "🧑‍🤝‍🧑" * 20, "-1", "²",
]  # fmt: skip
COLUMNS = ["key", "title", "phone", "name", "company", "summary", "value", "score", "purpose", "message", "expires_on"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("cell", HOSTILE, ids=lambda cell: ascii(cell)[:20])
def test_a_hostile_cell_is_listed_or_lives_through_card_and_draft(stage: Stage, column: str, cell: str):
    cells: dict[str, Any] = {"title": "تجديد", "phone": PHONE, "name": "مريم"} | {column: cell}
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in cells.values())
    report = load(stage, f"{','.join(cells)}\n{quoted}\n")
    assert report.imported + len(report.faults) == 1
    if not report.imported:
        assert faults(report) == [(2, column)]
        return
    opportunity = Opportunity.objects.get()
    stage.deliver()
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "accepted"
    stage.deliver()
    for text in stage.phone():
        assert "\u202e" not in text
        assert "\u0001" not in text


class AnyCell(TestCase):
    """Rows from one example must not be seen by the next: each example has a transaction of its own."""

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=400), max_size=4))
    def test_no_cell_ever_breaks_the_import(self, cells: dict[str, str]):
        stage = Stage(rows.firm(), None)  # type: ignore[arg-type]
        cells = {"title": "تجديد", "phone": PHONE} | {
            name: value.encode("utf-8", "ignore").decode() for name, value in cells.items()
        }
        quoted = ",".join('"' + value.replace('"', '""') + '"' for value in cells.values())
        report = load(stage, f"{','.join(cells)}\n{quoted}\n", accept_valid=True)
        assert report.imported == Opportunity.objects.count()
        assert bool(report.faults) is not bool(report.imported)


# consents

HEADER = "phone,name,categories,purpose,happened_at,wording,evidence,collected_directly"


def consents(stage: Stage, *lines: str, accept_valid: bool = False, header: str = HEADER) -> Report:
    data = "\n".join([header, *lines]).encode()
    return import_consents(stage.firm.business.id, data, accept_valid=accept_valid, now=stage.now)


GOOD = f'{PHONE},مريم,"marketing, utility",offers,2026-06-01T10:00,أوافق على العروض,نموذج 17,نعم'


def test_a_consent_file_goes_through_the_ledger(stage: Stage):
    assert consents(stage, GOOD).imported == 1
    entry = ConsentEventRow.objects.get()
    assert (entry.type, entry.seq, sorted(entry.categories)) == ("import", 1, ["marketing", "utility"])
    assert consent.details_of(entry)["evidence"] == "نموذج 17"
    assert entry.at is not None
    assert entry.at.isoformat() == "2026-06-01T07:00:00+00:00", "a time without a zone is the business's"


def test_an_imported_consent_lets_an_approval_through(stage: Stage):
    opportunity = stage.person(consent=False)
    consents(stage, GOOD)
    draft = stage.accepted(opportunity)
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_the_same_consents_twice_are_recorded_once(stage: Stage):
    consents(stage, GOOD)
    report = consents(stage, GOOD)
    assert (report.imported, report.unchanged) == (0, 1)
    assert ConsentEventRow.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (GOOD.replace("نعم", "لا"), "collected_directly"),
        (GOOD.replace("نعم", ""), "collected_directly"),
        (GOOD.replace(PHONE, "123"), "phone"),
        (GOOD.replace("2026-06-01T10:00", "أمس"), "happened_at"),
        (GOOD.replace("2026-06-01T10:00", ""), "happened_at"),
        (GOOD.replace("2026-06-01T10:00", "2027-06-01"), "happened_at"),
        (GOOD.replace("2026-06-01T10:00", "0001-01-01"), "happened_at"),
        (GOOD.replace("نموذج 17", ""), "evidence"),
        (GOOD.replace("أوافق على العروض", " "), "wording"),
        (GOOD.replace("offers", ""), "purpose"),
        (GOOD.replace("marketing, utility", "everything"), "categories"),
        (GOOD.replace(PHONE, "+966500000001"), "phone"),
    ],
)
def test_a_consent_without_its_proof_is_refused_with_its_column(stage: Stage, line: str, column: str):
    report = consents(stage, line, GOOD.replace(PHONE, "+966509722299"))
    assert faults(report) == [(2, column)]
    assert not ConsentEventRow.objects.exists(), "nothing is written while anything is wrong"
    assert not Contact.objects.exists()
    assert consents(stage, line, GOOD.replace(PHONE, "+966509722299"), accept_valid=True).imported == 1


def test_a_file_never_reopens_what_a_person_closed(stage: Stage):
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact, at=rows.T0 - 300 * rows.DAY)
    report = consents(stage, GOOD)
    assert faults(report) == [(2, "phone")]
    assert ConsentEventRow.objects.count() == 1


def test_arabic_headers_and_semicolons(stage: Stage):
    header = "الجوال;الاسم;الأنواع;الغرض;وقت الموافقة;نص الموافقة;الدليل;من الشخص مباشرة"
    assert consents(stage, f"{PHONE};مريم;marketing;offers;2026-06-01;أوافق;نموذج;نعم", header=header).imported == 1


@pytest.mark.parametrize("missing", ["phone", "evidence", "wording", "collected_directly", "happened_at"])
def test_a_missing_column_is_named(stage: Stage, missing: str):
    header = ",".join(name for name in HEADER.split(",") if name != missing)
    report = consents(stage, header=header)
    assert len(report.faults) == 1
    assert report.faults[0].line == 1


# withdrawals, ends, other people's lists

FULL = f"{HEADER},kind,expires_at,language,notice_version,source,address_type,needs_confirmation"


def full(**changed: str) -> str:
    """One line of a file with every column."""
    values = {
        "phone": PHONE, "name": "مريم", "categories": "marketing", "purpose": "offers", "kind": "موافقة",
        "happened_at": "2026-06-01T10:00", "wording": "أوافق على العروض", "evidence": "نموذج 17",
        "collected_directly": "نعم", **changed,
    }  # fmt: skip
    return ",".join('"' + values.get(name, "").replace('"', '""') + '"' for name in FULL.split(","))


def test_every_column_of_a_consent_is_kept(stage: Stage):
    line = full(
        expires_at="2027-01-01", language="العربية", notice_version="v3", source="نموذج ورقي", needs_confirmation="نعم",
        purpose="offers, مواعيد", categories="تسويق، تحديثات",
    )  # fmt: skip
    report = consents(stage, line, header=FULL)
    assert (report.imported, report.faults) == (1, [])
    entry = ConsentEventRow.objects.get()
    assert (entry.categories, entry.purposes) == (["marketing", "utility"], ["meetings", "offers"])
    assert (entry.source, entry.method, entry.language, entry.notice_version) == ("paper", "written", "ar", "v3")
    assert (entry.needs_confirmation, entry.collected_directly, entry.clock) == (True, True, "import")
    assert entry.expires_at is not None
    assert entry.expires_at.isoformat() == "2026-12-31T21:00:00+00:00"
    sealed = consent.details_of(entry)
    assert (sealed["address"], sealed["line"], len(sealed["file_sha256"])) == (PHONE, "2", 64)


def test_a_consent_ends_after_24_months_unless_its_wording_says_otherwise(stage: Stage):
    consents(stage, full(happened_at="2026-06-01T10:00"), header=FULL)
    entry = ConsentEventRow.objects.get()
    assert entry.expires_at is not None
    assert entry.expires_at.isoformat() == "2028-06-01T07:00:00+00:00"
    old = full(phone="+966509722244", happened_at="2024-11-01")
    assert faults(consents(stage, old, header=FULL)) == [(2, "happened_at")]
    assert consents(
        stage, full(phone="+966509722244", happened_at="2024-11-01", expires_at="2030-01-01"), header=FULL
    ).imported


def test_a_withdrawal_in_a_file_is_a_stop_like_any_other(stage: Stage):
    message = stage.approved()
    assert message.contact
    line = full(kind="إيقاف", happened_at="", wording="", categories="", purpose="", collected_directly="")
    report = consents(stage, line, header=FULL)
    assert (report.withdrawn, report.imported, report.faults) == (1, 0, [])
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    entry = ConsentEventRow.objects.get(type="withdraw")
    assert {"marketing", "utility"} <= set(entry.categories)
    assert (entry.purposes, entry.at, entry.source) == (None, None, "import_file")
    assert consents(stage, line, header=FULL).unchanged == 1


def test_a_stop_list_keeps_out_people_nobody_knew_yet(stage: Stage):
    consents(stage, full(kind="stop", categories="marketing"), header=FULL)
    report = consents(stage, GOOD)
    assert (report.conflicts, faults(report)) == (1, [(2, "phone")])


def test_a_withdrawal_in_the_same_file_wins_wherever_it_stands(stage: Stage):
    report = consents(stage, full(), full(kind="إيقاف", categories="marketing"), header=FULL, accept_valid=True)
    assert (report.imported, report.withdrawn, report.conflicts) == (0, 1, 1)
    assert faults(report) == [(2, "phone")]
    assert "3" in report.faults[0].reason.ar
    other = consents(
        stage, full(phone="+966509722255", categories="utility"),
        full(phone="+966509722255", kind="إيقاف", categories="marketing"), header=FULL,
    )  # fmt: skip
    assert (other.imported, other.withdrawn) == (1, 1), "one kind of message stopped leaves the other"


def test_the_refusal_says_how_the_person_can_reopen(stage: Stage):
    rows.withdrawal(rows.contact(stage.firm), at=rows.T0 - 300 * rows.DAY)
    report = consents(stage, GOOD)
    assert report.conflicts == 1
    for words in (report.faults[0].reason.ar, report.faults[0].reason.en):
        assert "«ابدأ»" in words
        assert "https://wa.me/966110000001?text=%D8%A7%D8%A8%D8%AF%D8%A3" in words


def test_a_stop_said_from_a_number_counts_for_whoever_comes_with_it(stage: Stage):
    """A withdrawal acts on the address: correcting the contact's number does not make the old one free."""
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact, at=rows.T0 - 300 * rows.DAY)
    contacts.open_alias(contact, contacts.PHONE, "+966509722299", now=stage.now)
    report = consents(stage, GOOD)
    assert (report.conflicts, faults(report)) == (1, [(2, "phone")])


def test_a_number_that_excel_shortened_is_called_so(stage: Stage):
    report = load(stage, "title,phone\nت,9.66509E+11\nت,٩٫٦٦E+11\n", accept_valid=True)
    assert ["Excel" in fault.reason.en for fault in report.faults] == [True, True]


def test_by_a_policy_of_permanent_stops_a_newer_consent_did_not_bring_them_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """The file is judged by the policy that messages are judged by: it must not say that a consent stands."""
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact, at=rows.T0 - 300 * rows.DAY)
    rows.grant(contact, at=rows.T0 - 200 * rows.DAY)
    policy = replace(policies.current(), permanent_opt_out=True)
    monkeypatch.setattr(policies, "current", lambda: policy)
    report = consents(stage, GOOD)
    assert report.conflicts == 1
    assert "«ابدأ»" in report.faults[0].reason.ar


def test_whoever_came_back_by_themselves_needs_no_old_claim(stage: Stage):
    """The import would never count: it is older than their own withdrawal, whatever it says."""
    contact = rows.contact(stage.firm)
    rows.withdrawal(contact, at=rows.T0 - 300 * rows.DAY)
    rows.grant(contact, type=rows.ConsentType.RE_PERMISSION, at=rows.T0 - 200 * rows.DAY)
    report = consents(stage, GOOD)
    assert (report.conflicts, faults(report)) == (1, [(2, "phone")])
    assert "wa.me" not in report.faults[0].reason.en


def test_a_partners_list_may_carry_updates_and_never_marketing(stage: Stage):
    """PDPL articles 25 and 26; cases D054 and D055 of the oracle."""
    assert faults(consents(stage, full(collected_directly="لا"), header=FULL)) == [(2, "collected_directly")]
    report = consents(stage, full(collected_directly="لا", categories="utility"), header=FULL)
    assert report.imported == 1
    assert not ConsentEventRow.objects.get().collected_directly
    assert any("30" in warning.ar for warning in report.warnings), "they have to be told within 30 days"
    assert faults(consents(stage, full(collected_directly="", categories="utility"), header=FULL)) == [
        (2, "collected_directly")
    ]


def test_nobody_is_brought_back_whose_data_was_destroyed(stage: Stage):
    token = keyring().address_token(PHONE)
    suppressions.add(
        stage.firm.business.id, cause=SuppressionCause.ERASED, actor="test", now=stage.now, address_token=token
    )
    report = consents(stage, GOOD, full(phone="0509722266"), header=HEADER, accept_valid=False)
    assert (2, "phone") in faults(report)
    for kind in ("موافقة", "إيقاف"):
        report = consents(stage, full(kind=kind), header=FULL, accept_valid=True)
        assert (report.conflicts, faults(report)) == (1, [(2, "phone")])
    assert faults(load(stage, f"title,phone\nت,{PHONE}\n", accept_valid=True)) == [(2, "phone")]
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"kind": "ربما"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"purpose": "sales"}, "purpose"),
        ({"expires_at": "2026-05-01"}, "expires_at"),
        ({"expires_at": "2026-11-01"}, "expires_at"),
        ({"expires_at": "غدًا"}, "expires_at"),
        ({"language": "لغة"}, "language"),
        ({"notice_version": "v" * 41}, "notice_version"),
        ({"source": "guess"}, "source"),
        ({"needs_confirmation": "?"}, "needs_confirmation"),
        ({"address_type": "bsuid"}, "phone"),
        ({"address_type": "fax"}, "address_type"),
        ({"phone": f"{PHONE} / 0501234567"}, "phone"),
        ({"phone": "9.66509E+11"}, "phone"),
        ({"kind": "إيقاف", "evidence": ""}, "evidence"),
        ({"kind": "إيقاف", "categories": "رسائل"}, "categories"),
        ({"kind": "إيقاف", "happened_at": "2030-01-01"}, "happened_at"),
    ],
)
def test_a_cell_that_says_nothing_certain_is_refused_with_its_column(
    stage: Stage, changed: dict[str, str], column: str
):
    assert (2, column) in faults(consents(stage, full(**changed), header=FULL, accept_valid=True))
    assert not ConsentEventRow.objects.exists()


def test_a_person_may_be_named_by_a_whatsapp_identifier(stage: Stage):
    assert consents(stage, full(phone="SA.1A2b3C4d", address_type="معرف واتساب"), header=FULL).imported == 1
    assert ContactAlias.objects.get().kind == "bsuid"


def test_all_that_is_wrong_with_a_row_is_told_at_once(stage: Stage):
    report = consents(stage, full(phone="12", purpose="x", wording="", evidence=""), header=FULL)
    assert {column for _, column in faults(report)} == {"phone", "purpose", "wording", "evidence"}
    assert report.refused_lines == 1


# before importing


def preview(stage: Stage, *lines: str, header: str = FULL) -> Preview:
    return preview_consents(stage.firm.business.id, "\n".join([header, *lines]).encode(), now=stage.now)


def test_a_preview_says_what_would_happen_and_writes_nothing(stage: Stage):
    rows.withdrawal(rows.contact(stage.firm, phone="+966509722277"), at=rows.T0 - 300 * rows.DAY)
    before = ConsentEventRow.objects.count(), Contact.objects.count()
    seen = preview(
        stage, full(), full(phone="+966509722288", kind="إيقاف"), full(phone="+966509722277"), full(phone="x"), full()
    )
    report = seen.report
    assert (report.imported, report.withdrawn, report.unchanged, report.conflicts) == (1, 1, 1, 1)
    assert faults(report) == [(4, "phone"), (5, "phone")]
    assert [row.line for row in seen.rows] == [2, 3, 6]
    assert seen.rows[0].cells[0] == PHONE
    assert (ConsentEventRow.objects.count(), Contact.objects.count()) == before
    after = consents(stage, full(), full(phone="+966509722288", kind="إيقاف"), full(), header=FULL)
    assert (after.imported, after.withdrawn, after.unchanged) == (1, 1, 1), "and the import does what it said"


def test_what_was_assumed_about_numbers_is_shown_by_row_and_counted(stage: Stage):
    """0501234567 is a number in Saudi Arabia and in the Emirates: a person has to look."""
    seen = preview(stage, full(phone="0509722233"), full(phone="971501234567"), full(phone="+966509722299"))
    assert seen.report.assumed == 2
    notes = [row.note.en if row.note else "" for row in seen.rows]
    assert notes == ["no country code: read as of Saudi Arabia", "read as if it began with +", ""]
    assert [row.cells[0] for row in seen.rows] == [PHONE, "+971501234567", "+966509722299"]
    said = " ".join(warning.en for warning in seen.report.warnings)
    assert "1 numbers had no country code and were read as numbers of Saudi Arabia" in said
    assert "more than one way" in said
    assert preview(stage, full(phone=PHONE, wording="أوافق على عروض أفق")).report.warnings == []


def test_words_that_do_not_name_the_business_are_remarked_on(stage: Stage):
    """WhatsApp's own condition for an opt-in; reference 2.1."""
    [warning] = preview(stage, full(), full(phone="+966509722200", wording="أوافق على عروض أفق")).report.warnings
    assert warning.en.startswith("1 wordings do not name your business")


def test_only_the_first_rows_are_shown_and_all_are_counted(stage: Stage):
    seen = preview(stage, *(full(phone=f"+96650972{number}") for number in range(3000, 3030)))
    assert (len(seen.rows), seen.report.imported) == (20, 30)


def test_an_opportunity_file_is_previewed_the_same_way(stage: Stage):
    data = f"title,phone,score\nتجديد,{PHONE},7\nآخر,0501234567,\n,12,200\n".encode()
    seen = preview_opportunities(stage.firm.business.id, data, now=stage.now)
    assert (seen.report.imported, seen.report.assumed, len(seen.rows)) == (2, 1, 2)
    assert seen.rows[0].cells[:2] == (PHONE, "تجديد")
    assert not Opportunity.objects.exists()


def test_the_faults_can_be_taken_away_as_a_table_without_formulas(stage: Stage):
    report = load(stage, f"title,phone,=HYPERLINK(1)\nت,{PHONE},x\n")
    table = faults_as_csv(report.faults, "ar").decode("utf-8-sig").splitlines()
    assert table == ["السطر,العمود,السبب", "1,'=HYPERLINK(1),عمود غير معروف."]


def test_the_same_consents_as_a_workbook(stage: Stage):
    """Numbers as numbers, dates as dates: as people type them into a spreadsheet."""
    data = workbook(
        ["الجوال", "الأنواع", "الغرض", "وقت الموافقة", "نص الموافقة", "الدليل", "من الشخص مباشرة"],
        [509722233, "marketing", "offers", datetime(2026, 6, 1, 10, 0), "أوافق", "نموذج", True],
        [509722244, "marketing", "offers", "=TODAY()", "أوافق", "نموذج", True],
        [5.09722255e8, "marketing", "offers", datetime(2026, 6, 2), "أوافق", "نموذج", "نعم"],
        D2="yyyy-mm-dd hh:mm", D4="dd/mm/yyyy",
    )  # fmt: skip
    report = import_consents(stage.firm.business.id, data, accept_valid=True, now=stage.now)
    assert (report.imported, faults(report)) == (2, [(3, "وقت الموافقة")])
    assert sorted(ContactAlias.objects.values_list("value", flat=True)) == ["+966509722233", "+966509722255"]


@pytest.mark.parametrize("column", FULL.split(","))
@pytest.mark.parametrize("cell", HOSTILE, ids=lambda cell: ascii(cell)[:20])
def test_a_hostile_cell_of_a_consent_is_listed_or_recorded_as_text(stage: Stage, column: str, cell: str):
    report = consents(stage, full(**{column: cell}), header=FULL, accept_valid=True)
    assert report.imported + report.withdrawn + report.refused_lines == 1
    preview(stage, full(**{column: cell}))
