"""Lines of a CSV file: UTF-8 with or without a mark at its start; comma, Excel's semicolon or tab."""

import csv
import io
from collections.abc import Iterator

from wakeel.domain.words import Text
from wakeel.flows.table_lines import Line, Unreadable

_DELIMITERS = ",;\t"


def lines(data: bytes) -> Iterator[Line]:
    """Every line, blank ones too. Raises Unreadable at the first place that is no CSV."""
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield Line(number, cells)
            number = reader.line_num + 1
    except csv.Error as fault:
        if "field larger" in str(fault):
            raise Unreadable(number, Text("خلية أطول من المسموح.", "A cell is longer than allowed.")) from None
        raise Unreadable(number, Text("علامات اقتباس غير مكتملة.", "Quotation marks do not match.")) from None


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise Unreadable(line, Text("ليس UTF-8. احفظه بصيغة CSV UTF-8.", "Not UTF-8. Save it as CSV UTF-8.")) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Unreadable(line, Text("ليس ملفًا نصيًا.", "This is not a text file."))
    return text
