"""Records as one HTML page for people: Arabic and English side by side, right to left, printable, needing nothing else.

Every value is escaped and stands in a direction of its own. The page has no script and may load nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from wakeel.domain.words import Text
from wakeel.flows.reply import local_time

Value = str | int | bool | datetime | Text | None | Sequence["Value"]
Record = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its records. lead: a sentence under it, None for none."""

    heading: Text
    records: Sequence[Record]
    lead: Text | None = None


def printed_page(title: Text, sections: Sequence[Section], *, labels: Mapping[str, Text], lead: Text | None) -> bytes:
    """The page in UTF-8. labels: of the records' fields, in both languages; a field without one keeps its own name."""
    parts = [_HEAD.format(title=f"{escape(title.ar)} · {escape(title.en)}", style=_STYLE), _heading("h1", title)]
    parts += [_sentence(lead)] if lead else []
    for section in sections:
        parts.append(_heading("h2", section.heading))
        parts += [_sentence(section.lead)] if section.lead else []
        parts += [_record(record, labels) for record in section.records] or [_sentence(_NONE)]
    return "\n".join([*parts, "</body></html>\n"]).encode()


def _record(record: Record, labels: Mapping[str, Text]) -> str:
    rows = [
        f"<tr><th scope='row'>{_label(labels.get(name, Text(name, name)))}</th><td>{_said(value)}</td></tr>"
        for name, value in record.items()
        if value not in (None, "", [], ())
    ]
    return f"<table>{''.join(rows)}</table>"


def _said(value: Value) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return "نعم · yes" if value else "لا · no"
        case datetime():
            at = value.astimezone(UTC)
            return f"{_isolated(local_time(at, 'ar'))}<br>{_isolated(at.isoformat(timespec='seconds'), 'ltr')}"
        case Text():
            return f"{_isolated(value.ar)}<br>{_isolated(value.en, 'ltr')}"
        case str() | int():
            return _isolated(str(value))
        case _:
            return "<br>".join(_said(item) for item in value)


def _isolated(text: str, direction: str = "auto") -> str:
    return f'<bdi dir="{direction}">{escape(text)}</bdi>'


def _label(words: Text) -> str:
    if words.ar == words.en:
        return _isolated(words.ar)
    return f"{escape(words.ar)}<small dir='ltr'>{escape(words.en)}</small>"


def _heading(tag: str, words: Text) -> str:
    return f"<{tag}>{_label(words)}</{tag}>"


def _sentence(words: Text) -> str:
    return f"<p>{escape(words.ar)}</p><p class='en' dir='ltr' lang='en'>{escape(words.en)}</p>"


_NONE = Text("لا شيء.", "Nothing.")

_HEAD = """<!doctype html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head><body>"""

_STYLE = """
body { font: 15px/1.7 "Noto Sans Arabic", "Noto Sans", "Segoe UI", sans-serif; margin: 2rem auto; max-width: 60rem;
  padding: 0 1rem; color: #17221d; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 2px solid #0a6350; }
h1 small, h2 small { font-size: .8em; font-weight: 400; color: #4c5a53; margin: 0 .8em; }
p { margin: .3rem 0; } .en { color: #4c5a53; text-align: left; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; break-inside: avoid; }
th, td { border: 1px solid #c9c9c0; padding: .3rem .6rem; vertical-align: top; text-align: start; }
th { width: 13rem; background: #f4f2ec; font-weight: 600; } th small { display: block; font-weight: 400; }
bdi { white-space: pre-line; overflow-wrap: anywhere; }
@page { margin: 18mm; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2 { break-after: avoid; } }
"""
