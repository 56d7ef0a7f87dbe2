"""Writes reference/sentences.md: `python docs/make_sentences.py` after a sentence to operators has changed."""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import django

PAGE = Path(__file__).parent / "reference" / "sentences.md"
HEAD = """# Every sentence an operator can receive (كل ما قد يصل المشغّل)

Written by `docs/make_sentences.py` from the code; `{name}` is filled in. Answers are whole messages; the rest stands
inside of them or on cards. Every operator has a language, Arabic unless told otherwise; the labels of cards are always
Arabic.
"""
_TITLES = {"answer": "Answers (الأجوبة)", "card": "On cards (على البطاقات)"}


def page() -> str:
    """The whole of sentences.md."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    django.setup()
    from wakeel.flows.catalogue import sentences  # noqa: PLC0415  (models may be imported only now)

    parts = groupby(sentences(), key=lambda one: _part(one.name))
    return "\n".join([HEAD, *("\n".join(_section(title, list(found))) for title, found in parts)])


def _part(name: str) -> str:
    """`answer`, `card`, or the module."""
    return name.partition(":")[0] if ":" in name.partition("[")[0] else ".".join(name.split(".")[:2])


def _section(part: str, found: Iterable[object]) -> Iterator[str]:
    yield from (f"## {_TITLES.get(part, f'`{part}`')}", "", "| name | Arabic | English |", "|---|---|---|")
    for one in found:
        name = one.name.removeprefix(f"{part}:").removeprefix(f"{part}.")  # type: ignore[attr-defined]
        words = (_cell(one.text.ar), _cell(one.text.en))  # type: ignore[attr-defined]
        yield f"| `{name}` | {words[0]} | {words[1]} |"
    yield ""


def _cell(words: str) -> str:
    """Of several lines one cell; nothing in it is markup."""
    return words.strip().replace("|", "\\|").replace("<", "&lt;").replace("\n", " ↵ ") or "–"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
