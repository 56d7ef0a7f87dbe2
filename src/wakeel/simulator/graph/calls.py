"""One call of Graph as its handlers see it, and what they answer."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from wakeel.simulator.bodies import BodyTooLarge, read_body
from wakeel.simulator.graph.refusals import GraphError, Refusal, wrong

Json = dict[str, Any]

URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FORMS = frozenset({URL_ENCODED, MULTIPART})
"""Graph also takes the token from their fields."""

BODY_LIMIT = 1_000_000
FILE_LIMIT = 101 * 1024 * 1024
"""A little above the largest file Meta takes, so that a file a little too large gets Meta's answer."""


class Refused(Exception):
    """Carries a refusal out of a handler."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(type(refusal).__name__)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller gets. torn: only half of the body arrives, as a fault."""

    status: int
    body: Any
    torn: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form. mime: '' when the form names none."""

    content: bytes = field(repr=False)
    mime: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked. edge: '' for the object itself.

    token: in the header, the query or a form, '' without one. query, params: without it; params: query and body
    together. address: of the call, with its query.
    raw: the body as it came, but of a file nothing; body: the bytes of an upload without a form. files: of a form.
    """

    method: str
    object_id: str
    edge: str
    address: str
    query: Mapping[str, str]
    params: Json
    headers: Headers
    token: str = field(default="", repr=False)
    raw: bytes = field(default=b"", repr=False)
    body: bytes = field(default=b"", repr=False)
    files: Mapping[str, File] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A parameter as text; '' when it is absent. Raises Refused when it is something else."""
        value = self.params.get(name, "")
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise Refused(wrong(name, "must be a string."))
        return str(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """A parameter that is true or false, as JSON or as a word. Raises Refused."""
        value = self.params.get(name, default)
        value = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise Refused(wrong(name, "must be a boolean."))
        return value

    def logged(self) -> bytes:
        """The body for the wire log: of files only what they are."""
        files = [f"{name}: {len(file.content)} bytes, {file.mime}" for name, file in self.files.items()]
        files += [f"{len(self.body)} bytes"] if self.body else []
        return f"({'; '.join(files)})".encode() if files else self.raw


Handler = Callable[[Call], Answer | Awaitable[Answer]]


def refuse(refusal: Refusal, *, http_status: int | None = None) -> Answer:
    """A refusal as an answer; http_status overrides the usual one."""
    return Answer(http_status or refusal.http_status, refusal.body())


def token(request: Request) -> str:
    """The access token in the header of a request or in its query; '' without one. Any token will do."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "oauth"} and given.strip():
        return given.strip()
    return request.query_params.get("access_token", "")


async def read_call(request: Request, *, object_id: str, edge: str) -> Call:
    """The call with its parameters and files. Raises Refused for a body that cannot be read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    query = {name: value for name, value in request.query_params.items() if name != "access_token"}
    params: Json = {}
    files: dict[str, File] = {}
    raw = body = b""
    try:
        if kind == MULTIPART:
            params, files = await _form(request)
        elif object_id.startswith("upload:"):
            body = await read_body(request, limit=FILE_LIMIT)
        else:
            raw = await read_body(request, limit=BODY_LIMIT)
            params = _params(raw, kind)
    except BodyTooLarge:
        raise Refused(GraphError(1, "The request is too large", http_status=413)) from None
    return Call(
        method=request.method,
        object_id=object_id,
        edge=edge,
        address=str(request.url),
        query=query,
        params=query | {name: value for name, value in params.items() if name != "access_token"},
        headers=request.headers,
        token=token(request) or (str(params.get("access_token", "")) if kind in FORMS else ""),
        raw=raw,
        body=body,
        files=files,
    )


def _params(body: bytes, kind: str) -> Json:
    if not body.strip():
        return {}
    if kind == URL_ENCODED and not body.lstrip().startswith(b"{"):
        return {name: _unpacked(value) for name, value in parse_qsl(body.decode("utf-8", "replace"))}
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refused(GraphError(100, "(#100) The request body is not a JSON object"))
    return given


def _unpacked(value: str) -> Any:
    """In a form, arrays and objects are JSON in text."""
    if not value.startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


async def _form(request: Request) -> tuple[Json, dict[str, File]]:
    if int(request.headers.get("content-length", "0") or 0) > FILE_LIMIT:
        raise BodyTooLarge
    fields: Json = {}
    files: dict[str, File] = {}
    try:
        async with request.form(max_files=4, max_fields=20, max_part_size=FILE_LIMIT) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = File(await value.read(), value.content_type or "", value.filename or "")
                else:
                    fields[name] = value
    except HTTPException as fault:
        raise Refused(GraphError(100, f"(#100) The form cannot be read: {fault.detail}")) from None
    return fields, files
