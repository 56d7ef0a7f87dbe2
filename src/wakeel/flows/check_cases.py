"""Run case files against the code: what a business expects of its policy, and whether we do it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wakeel.domain.case_facts import BadFacts
from wakeel.domain.cases import Case, answer, differences, read_cases
from wakeel.domain.policy import Policy, as_document
from wakeel.flows.phone_numbers import of_wa_id, read_number


@dataclass(frozen=True, slots=True)
class CaseReport:
    """lines: one for each difference, and one for each line or case that could not be read; those count as failed."""

    passed: int
    failed: int
    lines: tuple[str, ...]


def check_cases(files: Iterable[tuple[str, bytes]], *, policy: Policy) -> CaseReport:
    """Check every case of every file, (name, contents). policy: for files whose defaults name none. Never raises."""
    passed, failed, lines = 0, 0, []
    for name, contents in files:
        for told in _checked(name, contents, policy):
            lines += told
            passed, failed = (passed, failed + 1) if told else (passed + 1, failed)
    return CaseReport(passed, failed, tuple(lines))


def answer_of(case: Case, defaults: Mapping[str, Any]) -> Mapping[str, Any]:
    """What our code says to a case of any kind, in the fields of its `expected`. Raises BadFacts."""
    return _phone(case.given) if case.kind == "phone" else answer(case, defaults)


def _checked(name: str, contents: bytes, policy: Policy) -> Iterator[list[str]]:
    """For each case the lines that are wrong with it, none if it passed."""
    try:
        found = read_cases(contents.decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield [f"{name}: is not UTF-8 text"]
        return
    for fault in found.faults:
        yield [f"{name} line {fault.line}: {fault.why}"]
    defaults = {"policy": as_document(policy), **found.defaults}
    for case in found.cases:
        yield _wrong(case, defaults, place=f"{name} line {case.line}")


def _wrong(case: Case, defaults: Mapping[str, Any], *, place: str) -> list[str]:
    try:
        got = answer_of(case, defaults)
    except BadFacts as bad:
        return [f"{place}: {case.id} cannot be read: {fault}" for fault in bad.faults]
    found = differences(case, got)
    return [f"{case.id} {case.title}: {one.field} expected {one.expected!r}, got {one.got!r}" for one in found]


def _phone(given: Mapping[str, Any]) -> Mapping[str, Any]:
    raw, region = str(given.get("raw", "")), given.get("default_region")
    is_id = given.get("source") == "wa_id"
    number = of_wa_id(raw) if is_id else read_number(raw, region=None if region is None else str(region))
    return {
        "status": number.status.value,
        "e164": number.e164,
        "reply_to": number.reply_to,
        "match_keys": sorted(number.match_keys),
        "note": None if number.note is None else number.note.value,
    }
