"""The few parts of an XLSX file that are read, taken out of its zip with every limit checked before any XML is parsed.

Drawings, macros, pivots, links to other files and whatever else a workbook may carry stay behind. The limits keep
memory and time of the parser within bounds: it builds a tree for one row, or for one part that has no rows.
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
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_BEGINNING = re.compile(rb"<(?:\w+:)?(?:row|si)[\s/>]")
_ENCODING = re.compile(rb"\A<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)

TOO_LARGE = Text("محتوى الملف بعد فكّ ضغطه أكبر من 100 م.ب. قسّمه.", "Unpacked, the file is over 100 MB. Split it.")
NOT_A_WORKBOOK = Text(
    "ليس مصنف XLSX سليمًا. احفظه من جديد بصيغة XLSX أو CSV UTF-8.",
    "Not a sound XLSX workbook. Save it again as XLSX or CSV UTF-8.",
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
    room, tags = MAX_UNPACKED_BYTES, _MOST_TAGS
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as kept:
        for entry in entries:
            if not _PARTS.fullmatch(entry.filename):
                continue
            if entry.flag_bits & 1:
                raise Unreadable(1, OLD_OFFICE)
            part = _unpacked(archive, entry, room)
            room -= len(part)
            tags -= part.count(b"<")
            if tags < 0:
                raise Unreadable(1, TOO_MUCH_BESIDE)
            _refuse_what_no_program_writes(part)
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


def _refuse_what_no_program_writes(part: bytes) -> None:
    """Another encoding, document types, entities, comments: nothing a spreadsheet program puts into these parts."""
    body = part.removeprefix(_UTF8_MARK)
    if not body.startswith(b"<") or _ENCODING.match(body) or b"<!" in body:
        raise Unreadable(1, NOT_A_WORKBOOK)
    before = 0
    for found in _BEGINNING.finditer(body):
        if found.start() - before > _LONGEST_STRETCH:
            raise Unreadable(1, TOO_MUCH_BESIDE)
        before = found.start()
    if len(body) - before > _LONGEST_STRETCH:
        raise Unreadable(1, TOO_MUCH_BESIDE)
