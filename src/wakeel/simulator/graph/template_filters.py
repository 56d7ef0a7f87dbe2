"""Which templates a listing shows. Source: Meta, "Message templates: retrieve", read 2026-11-22."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from wakeel.simulator.templates import Template, labels

WORDS = ("status", "category", "language", "quality_score")
"""Filters that take one word, several with commas between them, or a JSON array."""


def chosen(rows: Iterable[Template], asked: Mapping[str, str]) -> list[Template]:
    """Those that pass every filter that was given, in their order."""
    return [row for row in rows if _is_named(row, asked) and _has_words(row, asked)]


def one_or_many(given: Any) -> list[str]:
    """`a`, `a,b`, `["a","b"]` and an array as a list; nothing as an empty one."""
    if isinstance(given, str) and given.startswith("["):
        try:
            given = json.loads(given)
        except ValueError:
            return [given]
    if isinstance(given, list):
        return [str(word) for word in given]
    return [word.strip() for word in str(given).split(",") if word.strip()] if given else []


def _has_words(row: Template, asked: Mapping[str, str]) -> bool:
    values = {"status": row.status, "category": row.category, "language": row.language, "quality_score": row.quality}
    return all(name not in asked or values[name] in one_or_many(asked[name]) for name in WORDS)


def _is_named(row: Template, asked: Mapping[str, str]) -> bool:
    content = "\n".join([*(str(part.get("text", "")) for part in row.components), *labels(row.components)])
    both = asked.get("name_or_content", "")
    return (
        asked.get("name", "") in row.name
        and asked.get("content", "") in content
        and (both in row.name or both in content)
    )
