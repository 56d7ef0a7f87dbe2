"""Case files: what a business expects of its policy, in the oracle's schema (reference 9.1), and what we answer.

One JSON object a line. The first line is the meta line with the defaults; a case's `given` is a JSON Merge Patch on
them. Phone cases need a library and are answered in `flows.check_cases`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wakeel.domain.case_facts import BadFacts, consent_case_of, policy_of, request_of, scope_of
from wakeel.domain.consent import state_of
from wakeel.domain.document_reader import DocumentFault, merged
from wakeel.domain.gate import decide
from wakeel.domain.keywords import fold, match, match_payload
from wakeel.domain.text import lengths

SCHEMA = "contactability-cases/1"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One line. line: its number in the file, from 1. given: as written, without the defaults."""

    line: int
    kind: str
    id: str
    title: str
    given: Json
    expected: Json


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no case; why: what is wrong with it."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """defaults: of the meta line, may lack any key. faults: the lines that cannot be read."""

    defaults: Json
    cases: tuple[Case, ...]
    faults: tuple[BadLine, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """expected and got, of one field of the answer, as in the file."""

    field: str
    expected: object
    got: object


def read_cases(text: str) -> CaseFile:
    """Read a whole file; never raises. Without a usable meta line nothing else is read."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    faults: list[BadLine] = []
    meta = _object(*lines[0], faults) if lines else None
    if not lines or (meta is not None and (meta.get("kind") != "meta" or meta.get("schema") != SCHEMA)):
        line = lines[0][0] if lines else 1
        faults.append(
            BadLine(line, f'the first line must be the meta line: {{"kind": "meta", "schema": "{SCHEMA}", …}}')
        )
    defaults = meta.get("defaults", {}) if meta is not None else {}
    if not isinstance(defaults, Mapping):
        faults.append(BadLine(lines[0][0], "defaults must be an object"))
    if faults:
        return CaseFile({}, (), tuple(faults))
    cases = [case for number, line in lines[1:] if (case := _case(number, line, faults)) is not None]
    return CaseFile(defaults, tuple(cases), tuple(faults))


def answer(case: Case, defaults: Json) -> Json:
    """What our code says to a case, in the fields of its `expected`. Raises BadFacts if the case cannot be read."""
    return _ANSWERS[case.kind](case.given, defaults)


def differences(case: Case, got: Json) -> tuple[Difference, ...]:
    """Where the answer is another than expected. `also` asks for codes among all codes; `match_keys` is a set; times
    are compared as instants."""
    found = []
    for field, expected in case.expected.items():
        if field == "also":
            missing = sorted(set(expected) - set(got.get("all_codes", ())))
            if missing:
                found.append(Difference("also", missing, list(got.get("all_codes", ()))))
        elif _comparable(field, expected) != _comparable(field, got.get(field)):
            found.append(Difference(field, expected, got.get(field)))
    if case.kind == "phone" and "note" not in case.expected and got.get("note") is not None:
        found.append(Difference("note", None, got["note"]))
    return tuple(found)


def _comparable(field: str, value: object) -> object:
    if field == "match_keys" and isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(map(str, value))
    if field.endswith("_at") and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def _object(number: int, line: str, faults: list[BadLine]) -> Json | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        faults.append(BadLine(number, "is not JSON"))
        return None
    if not isinstance(found, Mapping):
        faults.append(BadLine(number, "is not a JSON object"))
        return None
    return found


def _case(number: int, line: str, faults: list[BadLine]) -> Case | None:
    found = _object(number, line, faults)
    if found is None:
        return None
    kind, given, expected = found.get("kind"), found.get("given"), found.get("expected")
    if kind not in KINDS:
        faults.append(BadLine(number, f"kind must be one of {', '.join(KINDS)}"))
    elif not isinstance(found.get("id"), str) or not isinstance(given, Mapping) or not isinstance(expected, Mapping):
        faults.append(BadLine(number, "needs id, given and expected"))
    elif not _is_texts(expected.get("also", [])):
        faults.append(BadLine(number, "also must be a list of codes"))
    else:
        return Case(number, kind, found["id"], str(found.get("title", "")), given, expected)
    return None


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _decision(given: Json, defaults: Json) -> Json:
    request, now = request_of(merged(defaults, given))
    verdict = decide(request, now=now)
    return {
        "decision": verdict.answer.value.upper(),
        "reason_code": verdict.code.value,
        "next_allowed_at": _written(verdict.next_allowed_at),
        "evaluated_at": _written(verdict.evaluated_at),
        "all_codes": [code.value for code in verdict.all_codes],
    }


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _consent_state(given: Json, defaults: Json) -> Json:
    facts = merged({key: defaults[key] for key in ("business", "contact", "policy") if key in defaults}, given)
    (category, purpose, at), (events, subject), policy = scope_of(facts), consent_case_of(facts), policy_of(facts)
    times = [at, subject.address_epoch_started_at]
    times += [time for event in events for time in (event.at, event.recorded_at, event.expires_at)]
    if any(time is not None and time.tzinfo is None for time in times):
        raise BadFacts((DocumentFault("consent_events", "every time needs its offset: 2026-11-22T09:00:00Z"),))
    state = state_of(
        events, category=category, purpose=purpose, subject=subject, as_of=at, permanent=policy.permanent_opt_out,
        tolerance=policy.clock_skew_tolerance,
    )  # fmt: skip
    return {"state": state.standing.value}


def _keyword(given: Json, _: Json) -> Json:
    """A button's payload decides alone."""
    text, payload, expecting = given.get("text"), given.get("button_payload"), given.get("expecting")
    if payload is not None:
        return {"action": match_payload(str(payload)).value, "normalised": fold(str(text or ""))}
    is_offer = given.get("last_outbound") == "marketing_within_72h"
    action = match(str(text or ""), expecting=expecting, last_outbound_marketing=is_offer)
    return {"action": action.value, "normalised": fold(str(text or ""))}


def _text_length(given: Json, _: Json) -> Json:
    counted, limit = lengths(str(given.get("text", ""))), given.get("limit")
    return {
        "code_points": counted.code_points,
        "utf16_units": counted.utf16_units,
        "graphemes": counted.graphemes,
        "fits": isinstance(limit, int) and counted.counted <= limit,
    }


_ANSWERS: dict[str, Callable[[Json, Json], Json]] = {
    "decision": _decision,
    "consent_state": _consent_state,
    "keyword": _keyword,
    "text_length": _text_length,
}
KINDS = (*_ANSWERS, "phone")
