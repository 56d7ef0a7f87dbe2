"""The oracle file of the contactability rules (tests/data/SOURCES.md), read once, one kind at a time."""

import json
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FILE = Path(__file__).parent / "data" / "contactability_cases.jsonl"


@cache
def _all() -> tuple[Json, ...]:
    return tuple(json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines())


def cases(kind: str) -> list[Json]:
    return [case for case in _all() if case["kind"] == kind]


def name(case: Json) -> str:
    return f"{case['id']} {case['title']}"
