"""Charts that the server draws as SVG: shapes and classes only, no text inside, so that they stretch to any width.

Mirrored for Arabic: bars grow from the right, and the newest day stands at the left edge. Every chart has its table
beside it, which says the same to whoever cannot see it; the chart itself is hidden from screen readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HIGH = 100
_STEP, _THICK = 10, 7
"""Units of one column and the part of it that is drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a column. kind: its class. says: what a pointer resting on it is told."""

    value: float
    kind: str
    says: str


def bar(value: float, *, most: float, mirrored: bool, kind: str = "go") -> SafeString:
    """One bar across the whole width it is given; full at `most`."""
    long = _scaled(value, most)
    return format_html(
        '<svg class="bar" viewBox="0 0 {0} 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="chart-ground" width="{0}" height="10"/><rect class="chart-{1}" x="{2}" width="{3}" height="10"/>'
        "</svg>",
        HIGH, kind, _short(HIGH - long if mirrored else 0), _short(long),
    )  # fmt: skip


def columns(series: Sequence[Sequence[Bar]], *, most: float, stacked: bool, mirrored: bool) -> SafeString:
    """One column for each entry of `series`, oldest first. stacked: its parts stand on each other; else the lower ones
    stand before the higher ones.
    """
    parts = []
    for number, column in enumerate(series):
        place = (len(series) - 1 - number if mirrored else number) * _STEP + (_STEP - _THICK) / 2
        floor = float(HIGH)
        for part in column if stacked else sorted(column, key=lambda one: -one.value):
            high = _scaled(part.value, most)
            top = floor - high
            parts.append((part.kind, _short(place), _short(top), _THICK, _short(high), part.says))
            floor = top if stacked else floor
    drawn = format_html_join(
        "",
        '<rect class="chart-{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        [part for part in parts if part[4] != "0"],
    )
    return format_html(
        '<svg class="columns" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        max(1, len(series)) * _STEP, HIGH, drawn,
    )  # fmt: skip


def _scaled(value: float, most: float) -> float:
    return HIGH * min(value, most) / most if most > 0 and value > 0 else 0.0


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
