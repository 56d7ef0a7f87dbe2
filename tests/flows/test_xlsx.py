"""XLSX files as people and attackers make them: values as seen, formulas refused, bombs told apart before parsing."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from wakeel.flows import xlsx_archive, xlsx_file
from wakeel.flows.table_file import Fault, Row, beginning, glance, read
from wakeel.flows.table_lines import Unreadable
from wakeel.flows.xlsx_archive import (
    NOT_A_WORKBOOK,
    OLD_OFFICE,
    TOO_LARGE,
    TOO_MANY_CELLS,
    TOO_MANY_TEXTS,
    TOO_MUCH_BESIDE,
)

NAMES = {"phone": ("الجوال",), "name": ("الاسم",), "at": ("الوقت",)}


def workbook(*lines: list[Any], **formats: str) -> bytes:
    """A real file. formats: number format by cell, such as A2="0000000000"."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in lines:
        sheet.append(line)
    for cell, pattern in formats.items():
        sheet[cell].number_format = pattern
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(data: bytes, **parts: Any) -> bytes:
    """The same zip with some parts (see below) replaced by bytes or by what a function gives."""
    paths = {
        "sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml", "workbook": "xl/workbook.xml",
        "styles": "xl/styles.xml", "types": "[Content_Types].xml",
    }  # fmt: skip
    wanted = {paths[name]: part for name, part in parts.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in wanted if name not in old.namelist())]:
            was = old.read(name) if name in old.namelist() else b"<sst/>"
            part = wanted.get(name, was)
            new.writestr(name, part(was) if callable(part) else part)
    return file.getvalue()


def load(data: bytes, **limits: int) -> tuple[list[Row], list[Fault]]:
    table = read(data, names=NAMES, required=frozenset({"phone"}), forbidden={}, **limits)
    return table.rows, table.faults


def refused(data: bytes) -> tuple[int, str]:
    """Line and English reason of a file that gives no row."""
    rows, faults = load(data)
    assert rows == []
    assert len(faults) == 1
    return faults[0].line, faults[0].reason.en


# what is read


@pytest.mark.parametrize(
    ("value", "pattern", "seen"),
    [
        ("0501234567", "General", "0501234567"),
        ("٠٥٠١٢٣٤٥٦٧", "@", "٠٥٠١٢٣٤٥٦٧"),
        (505010000, "General", "505010000"),
        (5.0501e8, "0.00E+00", "505010000"),
        (966501234567, "0", "966501234567"),
        (501234567, "0000000000", "0501234567"),
        (12.5, "General", "12.5"),
        (0.00001, "General", "0.00001"),
        (datetime(2026, 6, 1, 10, 0), "yyyy-mm-dd hh:mm", "2026-06-01T10:00:00"),
        (datetime(2026, 6, 1), "dd/mm/yyyy", "2026-06-01"),
        (date(2026, 6, 1), "dd/mm/yyyy", "2026-06-01"),
        (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
        (True, "General", "true"),
        ("  مريم \n", "General", "مريم"),
        ("=not a formula", "@", None),
    ],
)
def test_a_cell_is_read_as_people_see_it(value: Any, pattern: str, seen: str | None):
    rows, faults = load(workbook(["phone", "name"], [value, "x"], A2=pattern))
    assert [row.values["phone"] for row in rows] == ([seen] if seen is not None else [])
    assert bool(faults) is (seen is None)


def test_a_format_of_endless_zeros_makes_no_endless_text():
    """One long pattern in the styles would be repeated for every row."""
    data = workbook(["phone", "name"], *([501234567, "x"] for _ in range(3)), A2="0" * 5, A3="0" * 250, A4="0" * 250)
    long = changed(data, styles=lambda part: part.replace(b"0" * 250, b"0" * 4_000))
    rows, faults = load(long)
    assert faults == []
    assert max(len(row.values["phone"]) for row in rows) <= 32


def test_one_long_text_named_by_many_cells_is_told_and_not_kept(monkeypatch: pytest.MonkeyPatch):
    """A workbook names a text by its number: a small file could unpack to any size."""
    monkeypatch.setattr(xlsx_file, "MAX_UNPACKED_BYTES", 10_000)
    data = workbook(["phone", "name"], *(["1", " " + "x" * 2_000] for _ in range(20)))
    rows, faults = load(data)
    assert len(rows) < 5
    assert [fault.reason for fault in faults] == [TOO_LARGE]


def test_lines_are_counted_as_the_spreadsheet_counts_them_and_blank_ones_are_passed_over():
    rows, faults = load(workbook(["الجوال", "الاسم"], ["1", "a"], [None, None], ["  "], ["2", "b"]))
    assert faults == []
    assert [(row.line, row.values["name"]) for row in rows] == [(2, "a"), (5, "b")]


def test_the_first_sheet_that_is_seen_is_the_one_that_is_read():
    book = openpyxl.Workbook()
    book.active.title = "hidden"
    book.active.append(["wrong"])
    book.active.sheet_state = "hidden"
    book.create_sheet("الأول").append(["phone"])
    book.worksheets[1].append(["1"])
    book.create_sheet("الثاني").append(["name"])
    rows, faults = load(saved(book))
    assert ([row.values["phone"] for row in rows], faults) == (["1"], [])


def test_a_file_is_known_by_its_content_not_by_a_name():
    """There is no name to go by: a CSV that was renamed .xlsx is a CSV."""
    rows, _ = load(b"phone\n1\n")
    assert rows[0].values == {"phone": "1"}
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512) == (1, OLD_OFFICE.en)
    assert refused(b"PK\x03\x04 and then nothing") == (1, NOT_A_WORKBOOK.en)


def test_a_declared_size_that_lies_hides_no_row():
    data = changed(
        workbook(["phone"], ["1"], ["2"], ["3"]),
        sheet=lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A2"', part),
    )
    assert len(load(data)[0]) == 3


# what is refused in its row


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://evil.example","x")', "=A1", '=WEBSERVICE("http://x")'])
def test_a_formula_is_never_evaluated_and_is_a_fault_in_its_row(formula: str):
    rows, faults = load(workbook(["phone", "name"], ["1", "a"], [formula, "b"], ["3", "c"]))
    assert [row.values["phone"] for row in rows] == ["1", "3"]
    assert [(fault.line, fault.column) for fault in faults] == [(3, "phone")]
    assert "formula" in faults[0].reason.en.lower()


def test_the_value_a_formula_had_last_is_not_taken_for_its_value():
    """What Excel stored beside the formula is anybody's claim."""
    data = changed(
        workbook(["phone"], ["=1+1"]), sheet=lambda part: part.replace(b"<v/>", b"<v>0501234567</v>").replace(
            b"<v></v>", b"<v>0501234567</v>"),
    )  # fmt: skip
    rows, faults = load(data)
    assert rows == []
    assert [(fault.line, fault.column) for fault in faults] == [(2, "phone")]


def test_an_error_value_and_a_date_that_cannot_be_are_faults_in_their_row():
    data = workbook(["phone", "at"], ["1", "#N/A"], [966501234567, 99_999_999], B3="dd/mm/yyyy", A3="dd/mm/yyyy")
    rows, faults = load(data)
    assert rows == []
    assert [(fault.line, fault.column) for fault in faults] == [(2, "at"), (3, "phone"), (3, "at")]


def test_the_librarys_warnings_which_quote_cells_stay_out_of_the_log(tmp_path: Path):
    """In a process of its own: pytest sets the filters of this one aside."""
    (tmp_path / "file").write_bytes(workbook(["phone"], [966501234567], A2="dd/mm/yyyy"))
    script = (
        "import sys; from wakeel.flows.xlsx_file import lines; print(len([*lines(open(sys.argv[1], 'rb').read())]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "file")], capture_output=True, text=True, check=True, timeout=60
    )
    assert (ended.stdout, ended.stderr) == ("2\n", "")


def test_a_formula_among_the_headers_is_told_with_the_first_line():
    assert refused(workbook(["phone", "=1+1"], ["1", "2"]))[0] == 1


def test_a_value_without_a_column_is_a_fault_as_in_csv():
    rows, faults = load(workbook(["phone"], ["1", "2"]))
    assert rows == []
    assert [(fault.line, fault.column) for fault in faults] == [(2, "")]


def test_columns_out_of_sight_are_not_dropped_silently():
    line = ["1"] + [None] * 150 + ["far out"]
    rows, faults = load(workbook(["phone"], line))
    assert rows == []
    assert faults[0].line == 2
    assert "100 columns" in faults[0].reason.en


# size


def test_one_row_too_many_is_refused():
    rows, faults = load(workbook(["phone"], *[[str(n)] for n in range(51)]), most_rows=50)
    assert rows == []
    assert faults[0].line == 52
    assert "50" in faults[0].reason.en


def test_a_hundred_thousand_and_one_rows_are_one_too_many():
    strings = b'<row><c t="inlineStr"><is><t>phone</t></is></c></row>'
    lines = b"".join(b"<row><c><v>%d</v></c></row>" % n for n in range(100_001))
    data = changed(workbook(["phone"]), sheet=sheet_of(strings + lines))
    assert refused(data) == (100_002, "Over 100,000 rows. Split the file.")


def test_a_row_number_out_of_this_world_ends_the_file():
    """The reader would count empty rows up to it."""
    data = changed(workbook(["phone"]), sheet=lambda part: part.replace(
        b"</row>", b'</row><row r="99999999999"><c><v>1</v></c></row>'))  # fmt: skip
    line, reason = refused(data)
    assert reason == NOT_A_WORKBOOK.en
    assert line > 1_000_000


def sheet_of(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, rows)


def test_what_unpacks_to_more_than_a_hundred_megabytes_is_refused_before_it_is_parsed():
    packed = changed(workbook(["phone"]), sheet=sheet_of(b"<row/>" + b" " * (101 * 1024 * 1024)))
    assert len(packed) < 1_000_000
    assert refused(packed) == (1, TOO_LARGE.en)


def test_a_bomb_outside_the_parts_that_are_read_is_refused_too():
    file = io.BytesIO(workbook(["phone"], ["1"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * (101 * 1024 * 1024))
    assert refused(file.getvalue()) == (1, TOO_LARGE.en)


def test_a_size_that_an_entry_declares_falsely_does_not_get_through():
    """The central directory says a few bytes; the stream would go on for ever."""
    packed = changed(workbook(["phone"], ["1"]), sheet=sheet_of(b"<row/>" * 100_000))
    real = (100_000 * 6 + len(sheet_of(b""))).to_bytes(4, "little")
    assert packed.count(real) == 2, "once before the entry, once in the directory"
    assert refused(packed.replace(real, (100).to_bytes(4, "little")))[1] == NOT_A_WORKBOOK.en


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet": sheet_of(b"<row>" + b"<c/>" * 600_000 + b"</row>")},
        {"sheet": sheet_of(b"").replace(b"</worksheet>", b"<x/>" * 600_000 + b"</worksheet>")},
        {"strings": b"<sst>" + b"<x/>" * 600_000 + b"</sst>"},
        {"styles": b"<styleSheet>" + b"<xf/>" * 500_000 + b"</styleSheet>"},
        {"workbook": b"<workbook " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/>"},
    ],
    ids=["one endless row", "after the rows", "texts", "styles", "attributes"],
)  # fmt: skip
def test_a_tree_that_would_fill_the_memory_is_never_built(parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx_file, "ExcelReader", lambda *_, **__: pytest.fail("it was parsed"))
    assert refused(changed(workbook(["phone"], ["1"]), **parts)) == (1, TOO_MUCH_BESIDE.en)


def test_too_many_small_rows_are_too_much(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx_archive, "_MOST_TAGS", 10_000)
    assert refused(changed(workbook(["phone"]), sheet=sheet_of(b"<row/>" * 11_000))) == (1, TOO_MANY_CELLS.en)


# work: a person waits for the first look, and it takes the same few steps whatever the file holds

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="'
    b'application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def sharing(texts: bytes, rows: bytes, *, prefix: bytes = b"") -> bytes:
    """A workbook whose cells name texts by number, as Excel writes it."""
    around = (b"<%b:sst %b>", b"</%b:sst>") if prefix else (b"<sst%b %b>", b"</sst%b>")
    strings = around[0] % (prefix, MAIN.replace(b"xmlns", b"xmlns:" + prefix) if prefix else MAIN)
    return changed(
        workbook(["phone"]), types=lambda part: part.replace(b"</Types>", SHARED), sheet=sheet_of(rows),
        strings=b'<?xml version="1.0" encoding="UTF-8"?>\n' + strings + texts + around[1] % prefix,
    )  # fmt: skip


def named(*numbers: int) -> bytes:
    """One row of cells that name these texts."""
    return b"<row>" + b"".join(b'<c t="s"><v>%d</v></c>' % number for number in numbers) + b"</row>"


def test_shared_texts_are_what_the_library_reads_in_whatever_order_they_are_named():
    shapes = [
        b"<si><t>n%d</t></si>", b'<si><t xml:space="preserve"> n%d </t></si>',
        b"<si><t>&lt;%d&gt;&amp;&#1605;</t></si>",
        b"<si>\r\n<t>a\r\n%d</t>\n</si>\n", b"<si><r><rPr><b/></rPr><t>bold</t></r><r><t> %d</t></r></si>",
        b"<si><t>x005F_%d</t><rPh sb='0' eb='1'><t>no</t></rPh></si>", b"<si><t>%d</t></si >",
    ]  # fmt: skip
    texts = b"".join(shapes[n % len(shapes)] % n for n in range(100))
    order = [99, 0, 31, 32, 33, 64, 63, *range(100)]
    data = sharing(texts, b"".join(named(n) for n in order))
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    assert [line.cells for line in xlsx_file.lines(data)] == [[str(row[0].value)] for row in book.active.rows]
    prefixed = sharing(re.sub(rb"<(/?)(?=\w)", rb"<\1x:", texts), b"".join(named(n) for n in order), prefix=b"x")
    assert list(xlsx_file.lines(prefixed)) == list(xlsx_file.lines(data))


@pytest.mark.parametrize(
    "texts",
    [b"<si><t>0</t></si><si>", b"<si><t>0</t></si></sst><sst><si><t>1</t></si>", b"", b"<x><si><t>0</t></si></x>"],
)
def test_shared_texts_that_no_program_writes_are_a_fault_and_no_crash(texts: bytes):
    assert refused(sharing(texts, named(0, 1)))[1] == NOT_A_WORKBOOK.en


def test_only_what_is_looked_at_is_worked_for(monkeypatch: pytest.MonkeyPatch):
    """A small file may name millions of texts, hide a thousand formatted cells in a row, or write a text in pieces."""
    monkeypatch.setattr(xlsx_file, "BRIEFLY", 10_000)
    header = b'<row><c t="inlineStr"><is><t>phone</t></is></c></row>'
    for rows, texts in (
        (b"".join(named(n) for n in range(9_000)), b"<si><t>1</t></si>" * 9_000),
        (named(0) * 100, (b"<si>" + b"<r><t>1</t></r>" * 3_000 + b"</si>") * 10),
        (b"<row/>" * 60_000, b""),
        ((b"<row><c><v>1</v></c>" + b"<c/>" * 990 + b"</row>") * 60, b""),
        ((b'<row><c t="inlineStr"><is>' + b"<r><t>1</t></r>" * 500 + b"</is></c></row>") * 100, b""),
    ):
        found = glance(sharing(texts, header + rows), at_most=2_000)
        assert (found.is_cut, found.unreadable) == (True, None)
        assert [line.cells for line in found.lines][:1] in ([["phone"]], [])
        assert read(found, names=NAMES, required=frozenset(), forbidden={}).is_cut or not found.lines


def test_the_other_sheets_are_not_read(monkeypatch: pytest.MonkeyPatch):
    """A sheet that does not say how large it is would be measured from end to end, as often as it is named."""
    space = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = b'<sheet xmlns:r="' + space + b'" name="s%d" sheetId="%d" r:id="rId1"/>'
    data = changed(
        workbook(["phone"], ["1"]),
        workbook=lambda part: re.sub(
            rb"(?<=<sheets>).*(?=</sheets>)", b"".join(sheet % (n, n) for n in range(1, 500)), part, flags=re.S
        ),
    )
    parsed: list[Any] = []
    real = xlsx_file.iterparse
    monkeypatch.setattr(xlsx_file, "iterparse", lambda source: parsed.append(source) or real(source))
    monkeypatch.setattr("openpyxl.worksheet._reader.iterparse", lambda _source: pytest.fail("it was measured"))
    assert len(load(data)[0]) == 1
    assert len(parsed) == 1


def test_what_follows_the_rows_is_not_read():
    merged = b'</sheetData><mergeCells><mergeCell ref="nowhere"/></mergeCells>'
    data = changed(workbook(["phone"], ["1"]), sheet=lambda part: part.replace(b"</sheetData>", merged))
    assert len(load(data)[0]) == 1


def test_too_many_texts_are_told_with_the_limit_and_the_way_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx_archive, "_MOST_BEGINNINGS", 1_000)
    assert refused(sharing(b"<si><t/></si>" * 1_001, named(0))) == (1, TOO_MANY_TEXTS.en)
    assert "1,500,000" in TOO_MANY_TEXTS.en
    assert "CSV" in TOO_MANY_TEXTS.en


def test_cell_formats_beyond_any_real_workbook_are_too_much(monkeypatch: pytest.MonkeyPatch):
    """Each is the dearest tag there is to parse."""
    monkeypatch.setattr(xlsx_file, "ExcelReader", lambda *_, **__: pytest.fail("it was parsed"))
    styles = b"<styleSheet %b><cellXfs>" % MAIN + b"<xf/>" * 61_000 + b"</cellXfs></styleSheet>"
    assert refused(changed(workbook(["phone"], ["1"]), styles=styles)) == (1, TOO_MUCH_BESIDE.en)


def test_a_number_format_without_end_is_too_much(monkeypatch: pytest.MonkeyPatch):
    """Each cell format that names it would have it searched again."""
    monkeypatch.setattr(xlsx_file, "ExcelReader", lambda *_, **__: pytest.fail("it was parsed"))
    for mark in (b'"', b"'"):
        styles = b"<styleSheet %b><numFmts><numFmt formatCode=%b%b%b/></numFmts></styleSheet>"
        long = changed(workbook(["phone"], ["1"]), styles=styles % (MAIN, mark, b"0" * 5_000, mark))
        assert refused(long) == (1, TOO_MUCH_BESIDE.en)


def test_a_shared_formula_is_refused_without_being_taken_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("openpyxl.worksheet._reader.Translator", lambda *_: pytest.fail("it was taken apart"))
    header = b'<row><c t="inlineStr"><is><t>phone</t></is></c></row>'
    shared = b'<row><c r="A2"><f t="shared" si="1">1+1</f></c></row><row><c r="A3"><f t="shared" si="1"/></c></row>'
    rows, faults = load(changed(workbook(["phone"]), sheet=sheet_of(header + shared)))
    assert (rows, [fault.line for fault in faults]) == ([], [2, 3])


def test_a_look_at_a_file_counts_refused_rows_too_and_no_endless_blank_ones():
    found = glance(b"phone\n" + b"1,2\n" * 50, at_most=20)
    assert (len(found.lines), found.is_cut) == (21, True)
    assert beginning(found).headers == ("phone",)
    found = glance(b"phone\n" + b"\n" * 100_001 + b"1\n", at_most=20)
    assert (len(found.lines), found.is_cut) == (1, True)
    assert not glance(b"phone\n1\n\n\n", at_most=1).is_cut


# what no spreadsheet program writes

LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "prolog", [LAUGHS, OUTSIDE, b"<!-- <row -->", b"<!DOCTYPE x>", b"<?xml version='1.0'?><?x <si>?>"]
)
@pytest.mark.parametrize("part", ["sheet", "strings", "workbook", "styles"])
def test_document_types_entities_and_comments_are_refused(prolog: bytes, part: str):
    data = changed(workbook(["phone"], ["text"]), **{part: lambda body: re.sub(rb"\A(<\?xml.*?\?>)?", prolog, body)})
    assert refused(data) == (1, NOT_A_WORKBOOK.en)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "cp037"])
def test_another_encoding_cannot_hide_them(encoding: str):
    def encoded(body: bytes) -> bytes:
        text = re.sub(r"\A<\?xml.*?\?>", "", body.decode())
        return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)

    assert refused(changed(workbook(["phone"], ["1"]), sheet=encoded)) == (1, NOT_A_WORKBOOK.en)


def test_entities_would_not_be_read_even_behind_the_guard(monkeypatch: pytest.MonkeyPatch):
    """defusedxml is in force below: both have to fail before an entity is expanded."""
    assert openpyxl.DEFUSEDXML
    monkeypatch.setattr(xlsx_archive, "_refuse_what_no_program_writes", lambda part, *, most: 0)
    data = changed(workbook(["phone"], ["1"]), sheet=lambda body: re.sub(rb"\A(<\?xml.*?\?>)?", LAUGHS, body))
    assert refused(data)[1] == NOT_A_WORKBOOK.en


def test_nothing_is_read_when_the_library_was_told_to_do_without_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    with pytest.raises(xlsx_file.EntitiesNotRefused):
        load(workbook(["phone"], ["1"]))


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet": b"<worksheet"},
        {"sheet": b"not xml"},
        {"sheet": sheet_of(b'<row r="x"><c><v>1</v></c></row>')},
        {"sheet": sheet_of(b'<row><c t="s"><v>77</v></c></row>')},
        {"sheet": sheet_of(b'<row><c r="QQQQQQ1"><v>1</v></c></row>')},
        {"sheet": sheet_of(b'<row><c s="9999"><v>1</v></c></row>')},
        {"sheet": sheet_of(b"<row><c><v>one</v></c></row>")},
        {"sheet": sheet_of(b"<row><c><v>" + b"9" * 5000 + b"</v></c></row>")},
        {"workbook": b"<workbook/>"},
        {"workbook": b"<other/>"},
        {"styles": b"<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"},
    ],
)
def test_a_malformed_workbook_is_a_fault_and_no_crash(parts: dict[str, bytes]):
    rows, faults = load(changed(workbook(["phone"], ["text"]), **parts))
    assert rows == []
    assert faults


def test_every_cut_of_a_file_is_a_fault_and_no_crash():
    data = workbook(["phone", "name"], ["0501234567", "مريم"])
    for length in range(2, len(data), 97):
        rows, faults = load(data[:length])
        assert (rows, len(faults)) == ([], 1)


def test_a_part_with_a_password_says_so():
    file = bytearray(workbook(["phone"], ["1"]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = file.find(mark)
        while start >= 0:
            file[start + offset] |= 1
            start = file.find(mark, start + 4)
    assert refused(bytes(file)) == (1, OLD_OFFICE.en)


def test_a_fault_carries_no_cell():
    row = sheet_of(b"<row><c><v>0501234567</v></c><c t='s'><v>9</v></c></row>")
    with pytest.raises(Unreadable) as caught:
        list(xlsx_file.lines(changed(workbook(["phone"], ["x"]), sheet=row)))
    assert "0501234567" not in str(caught.value)
