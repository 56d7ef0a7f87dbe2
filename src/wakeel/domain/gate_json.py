"""What one decision read, as JSON beside its verdict, so that the same decision can be made again.

Consent events and policy are not in it: they come from the ledger by `ledger_seq` and from the stored policy. Of the
address only that there was one: nobody is found by a verdict, and an erased person is not in it.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from wakeel.domain.consent import ConsentEvent
from wakeel.domain.gate_request import GateRequest, RecipientFacts
from wakeel.domain.policy import Policy

_ELSEWHERE = frozenset({"consent_events", "policy"})
_GIVEN = "given"
"""Stands for an address that was there."""


def request_document(request: GateRequest) -> dict[str, Any]:
    """The request as JSON-able data, without ledger, policy and address."""
    return {name: _written(part) for name, part in request_parts(request).items()}


def request_parts(request: GateRequest) -> dict[str, Any]:
    """The same before it is JSON: dataclasses, times and sets are as they are, for a serialiser that knows them."""
    parts: dict[str, Any] = {name: getattr(request, name) for name in _NAMES_KEPT}
    recipient = {name: getattr(request.recipient, name) for name in _RECIPIENT}
    return parts | {"recipient": recipient | {"address": _GIVEN if request.recipient.address else None}}


def request_from(document: Mapping[str, Any], *, events: tuple[ConsentEvent, ...], policy: Policy) -> GateRequest:
    """The request that `request_document` wrote; `decide` gives the same answer to it.

    A field that a later version does not know is left alone, one that an earlier one did not write has its default.
    """
    return GateRequest(**_arguments(GateRequest, document), consent_events=events, policy=policy)


_NAMES_KEPT = tuple(field.name for field in fields(GateRequest) if field.name not in _ELSEWHERE)
_RECIPIENT = tuple(field.name for field in fields(RecipientFacts))


def _written(value: object) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case frozenset():
            return sorted(value)
        case tuple():
            return [_written(item) for item in value]
        case dict():
            return {name: _written(item) for name, item in value.items()}
        case _ if is_dataclass(value):
            return {field.name: _written(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _arguments(shape: type, document: Mapping[str, Any]) -> dict[str, Any]:
    kinds = get_type_hints(shape)
    known = [field.name for field in fields(shape) if field.name not in _ELSEWHERE]
    return {name: _read(kinds[name], document[name]) for name in known if name in document}


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, UnionType):
        if value is None:
            return None
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is frozenset:
        return frozenset(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**_arguments(kind, value))
    return kind(value) if issubclass(kind, Enum) else value
