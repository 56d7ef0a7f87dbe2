"""Giving Meta a template to review: one POST each, to the Graph host only, with the token only.

Shape of the request and the answers: reference WA 8 (create) and 1.3, read 2026-11-22. A name and language exist once,
so a submission whose answer was lost is simply made again: that it is there already is then the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp.abc import AbstractResolver

from wakeel.domain.text import bare_line, shorten
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.listing import WHYS, CannotRead, GraphReader, reading, refusal

ALREADY_THERE: Final = 2388024
"""Subcode of "content in this language already exists"."""
WORDS_LIMIT: Final = 400
_WHAT = "templates"
_OF_THE_ACCOUNT = frozenset({"bad_token", "no_permission", "slower", "away", "no_such_object"})
"""What every other template of the account would be answered as well."""
_NO_SUCH_OBJECT_SUBCODE = 33
_INVALID = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version to submit. name: with its version, as Meta will call it. is_named: its variables have names."""

    name: str
    language: str
    category: str
    components: Sequence[Mapping[str, Any]]
    is_named: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Meta has it. status, category: as it answered, which may be another category; '' if it was there already."""

    template_id: str
    status: str
    category: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Meta did not take this wording. words: its own, in one line, never empty."""

    words: str


class CannotSubmit(Exception):
    """Nothing can be submitted for now. why: a key of `listing.WHYS`; code: Meta's, None without."""

    def __init__(self, why: str, *, waba_id: str, code: int | None = None) -> None:
        self.why, self.waba_id, self.code = why, waba_id, code
        number = "" if code is None else f" (code {code})"
        super().__init__(f"WhatsApp took no template for {waba_id}{number}: {WHYS[why]}")


class _Created(msgspec.Struct):
    id: str
    status: str = ""
    category: str = ""


class _Error(msgspec.Struct):
    code: int
    message: str | None = None
    error_subcode: int | None = None
    error_user_title: str | None = None
    error_user_msg: str | None = None


class _ErrorAnswer(msgspec.Struct):
    error: _Error


_CREATED = msgspec.json.Decoder(_Created)
_ERROR = msgspec.json.Decoder(_ErrorAnswer)


async def submit(
    options: ApiOptions, submission: Submission, *, waba_id: str, resolver: AbstractResolver | None = None
) -> Taken | NotTaken:
    """Submit one version. Raises CannotSubmit when the fault is not the wording's; BadGraphUrl for a bad URL.

    resolver: another one than the system's, for tests and unusual networks.
    """
    try:
        async with reading(options, what=_WHAT, object_id=waba_id, resolver=resolver) as graph:
            return await _post(graph, submission, waba_id=waba_id)
    except CannotRead as cannot:
        raise CannotSubmit(cannot.why, waba_id=waba_id, code=cannot.code) from None


async def _post(graph: GraphReader, submission: Submission, *, waba_id: str) -> Taken | NotTaken:
    status, raw = await graph.post(_WHAT, waba_id, "/message_templates", msgspec.json.encode(_body(submission)))
    if status != HTTPStatus.OK:
        return _refused(status, raw, waba_id=waba_id)
    try:
        created = _CREATED.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CannotRead(_WHAT, "unreadable", object_id=waba_id) from None
    return Taken(created.id, created.status, created.category)


def _body(submission: Submission) -> dict[str, Any]:
    return {
        "name": submission.name,
        "language": submission.language,
        "category": submission.category,
        "parameter_format": "named" if submission.is_named else "positional",
        "components": [dict(part) for part in submission.components],
    }


def _refused(status: int, raw: bytes, *, waba_id: str) -> Taken | NotTaken:
    """The account's faults are raised: the next template would meet them too."""
    cannot = refusal(status, raw, what=_WHAT, object_id=waba_id)
    if cannot.code is None:
        raise cannot
    try:
        error = _ERROR.decode(raw).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise cannot from None
    if error.error_subcode == ALREADY_THERE:
        return Taken("", "", "")
    is_wording = cannot.code == _INVALID and error.error_subcode != _NO_SUCH_OBJECT_SUBCODE
    if cannot.why in _OF_THE_ACCOUNT and not is_wording:
        raise cannot
    said = ": ".join(part for part in (error.error_user_title, error.error_user_msg) if part)
    words = bare_line(said or error.message or "")
    return NotTaken(shorten(words, limit=WORDS_LIMIT) or f"code {cannot.code}")
