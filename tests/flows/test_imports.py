"""Files that people made: every fault with line and column, nothing half-written, hostile cells survive every room."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import rows
from tests.flows.stage import Stage
from wakeel.flows.import_consents import import_consents
from wakeel.flows.import_opportunities import import_opportunities
from wakeel.flows.table_file import Report
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
        (2, "title"), (3, "phone"), (4, "phone"), (5, "phone"), (6, "score"), (7, "score"), (8, "purpose"),
        (9, "expires_on"), (10, "message"), (12, "key"),
    ]  # fmt: skip
    assert all(fault.reason.ar and fault.reason.en for fault in report.faults)
    assert report.imported == Opportunity.objects.count() == Contact.objects.count() == 0


def test_good_rows_are_taken_only_when_asked_for(stage: Stage):
    report = load(stage, BAD, accept_valid=True)
    assert report.imported == Opportunity.objects.count() == 1
    assert len(report.faults) == 10


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
    assert entry.proof_ref == "نموذج 17"
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
