"""The few parts of an XLSX file that are read, taken out of its zip with every limit checked before any XML is parsed.

Drawings, macros, pivots, links to other files and whatever else a workbook may carry stay behind. The limits keep
memory and time of the parser within bounds: it builds a tree for one row, one text, or one part that has neither.
"""

import io
import re
import zipfile
import zlib

from wakeel.domain.words import Text
from wakeel.flows.table_lines import MAX_UNPACKED_BYTES, Unreadable

PACKED_MARK = b"PK"
OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0"
"""An .xls, and every workbook with a password: both are the old compound files."""

_MOST_PARTS = 2_000
_LONGEST_STRETCH = 2 * 1024 * 1024
"""Bytes in which a new row or a new text must begin; more is formatting, not data."""
_MOST_TAGS = 12_000_000
"""A cell has four."""
_MOST_BOOK_TAGS = 60_000
"""In the parts without rows and texts; a cell's format is the dearest tag of all, 12 µs."""
_MOST_BEGINNINGS = 1_500_000
"""Rows and texts. 100,000 rows may have fourteen texts each that stand nowhere else."""
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
BEGINNING = re.compile(rb"<(?:\w+:)?(?:row|si)[\s/>]")
_BIT_BY_BIT = re.compile(r"xl/sharedStrings\.xml|xl/worksheets/.*", re.IGNORECASE)
"""The others are read as a whole."""
_LONG_ATTRIBUTE = re.compile(rb"""=\s*(?:"[^"]{4096}|'[^']{4096})""")
"""A number format has 255 characters in Excel; each cell format that names it has it looked at again."""
_ENCODING = re.compile(rb"\A<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)

TOO_LARGE = Text("محتوى الملف بعد فكّ ضغطه أكبر من 100 م.ب. قسّمه.", "Unpacked, the file is over 100 MB. Split it.")
NOT_A_WORKBOOK = Text(
    "ليس مصنف XLSX سليمًا. احفظه من جديد بصيغة XLSX أو CSV UTF-8.",
    "Not a sound XLSX workbook. Save it again as XLSX or CSV UTF-8.",
)
TOO_MANY_CELLS = Text(
    "في المصنف أكثر من 3 ملايين خلية تقريبًا. قسّمه، أو احذف منه الأعمدة التي لا تُستورد.",
    "The workbook holds over about 3 million cells. Split it, or leave out columns that are not imported.",
)
TOO_MANY_TEXTS = Text(
    f"في المصنف أكثر من {_MOST_BEGINNINGS:,} سطر ونص. قسّمه، أو احفظه بصيغة CSV UTF-8.",
    f"The workbook holds over {_MOST_BEGINNINGS:,} rows and texts. Split it, or save it as CSV UTF-8.",
)
OLD_OFFICE = Text(
    "ملف ‎.xls قديم أو مصنف محمي بكلمة مرور. احفظه بصيغة XLSX دون كلمة مرور.",
    "An old .xls file, or a workbook with a password. Save it as XLSX without a password.",
)
TOO_MUCH_BESIDE = Text(
    "في المصنف تنسيق كثير حول البيانات. انسخ القيم وحدها إلى مصنف جديد.",
    "The workbook holds more formatting than data. Copy the values alone into a new workbook.",
)


def slim(data: bytes) -> io.BytesIO:
    """The same workbook with only the parts that are read, unpacked. Raises Unreadable (line 1)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _copy(archive)
    except _BROKEN:
        raise Unreadable(1, NOT_A_WORKBOOK) from None


def _copy(archive: zipfile.ZipFile) -> io.BytesIO:
    entries = archive.infolist()
    if len(entries) > _MOST_PARTS or len({entry.filename for entry in entries}) < len(entries):
        raise Unreadable(1, NOT_A_WORKBOOK)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Unreadable(1, TOO_LARGE)
    room, tags, book_tags, beginnings = MAX_UNPACKED_BYTES, _MOST_TAGS, _MOST_BOOK_TAGS, _MOST_BEGINNINGS
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as kept:
        for entry in entries:
            if not _PARTS.fullmatch(entry.filename):
                continue
            if entry.flag_bits & 1:
                raise Unreadable(1, OLD_OFFICE)
            part = _unpacked(archive, entry, room)
            room -= len(part)
            in_part = part.count(b"<")
            tags -= in_part
            if tags < 0:
                raise Unreadable(1, TOO_MANY_CELLS)
            if not _BIT_BY_BIT.fullmatch(entry.filename):
                book_tags -= in_part
                if book_tags < 0 or _LONG_ATTRIBUTE.search(part):
                    raise Unreadable(1, TOO_MUCH_BESIDE)
            beginnings -= _refuse_what_no_program_writes(part, most=beginnings)
            kept.writestr(entry.filename, part)
    copy.seek(0)
    return copy


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """What is really in there, whatever size the entry declares."""
    with archive.open(entry) as stream:
        part = stream.read(room + 1)
    if len(part) > room:
        raise Unreadable(1, TOO_LARGE)
    return part


def _refuse_what_no_program_writes(part: bytes, *, most: int) -> int:
    """Another encoding, document types, entities, comments: nothing a spreadsheet program puts into these parts.

    How many rows and texts begin in it. `xlsx_texts` finds a text by where it begins: nothing may only look like it.
    """
    body = part.removeprefix(_UTF8_MARK)
    if not body.startswith(b"<") or _ENCODING.match(body) or b"<!" in body or b"<?" in body[1:]:
        raise Unreadable(1, NOT_A_WORKBOOK)
    before = count = 0
    for count, found in enumerate(BEGINNING.finditer(body), start=1):
        if count > most:
            raise Unreadable(1, TOO_MANY_TEXTS)
        if found.start() - before > _LONGEST_STRETCH:
            raise Unreadable(1, TOO_MUCH_BESIDE)
        before = found.start()
    if len(body) - before > _LONGEST_STRETCH:
        raise Unreadable(1, TOO_MUCH_BESIDE)
    return count
