"""Takes secrets out of what the wire log keeps of a request."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode

NAMES = ("access_token", "input_token", "pin", "verify_token", "hub.verify_token")
GONE = "not-kept"

_ANY_NAME = b"|".join(re.escape(name.encode()) for name in NAMES)
_IN_JSON = re.compile(rb'("(?:' + _ANY_NAME + rb')"\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s,}\]]+)')
_IN_FORM = re.compile(rb"(^|&)(" + _ANY_NAME + rb")=[^&]*")


def without_secrets(body: bytes, *, content_type: str) -> bytes:
    """The body of a request as it may be kept: the same bytes if there is no secret in it."""
    if content_type.startswith("application/x-www-form-urlencoded") and not body.lstrip().startswith(b"{"):
        return _IN_FORM.sub(rb"\1\2=" + GONE.encode(), body)
    return _IN_JSON.sub(rb'\1"' + GONE.encode() + b'"', body)


def query_without_secrets(query: Iterable[tuple[str, str]]) -> str:
    """A query as it may be kept, with its question mark; '' without one. A token is left out: any other will do."""
    kept = [(name, GONE if name in NAMES else value) for name, value in query if name != "access_token"]
    return f"?{urlencode(kept)}" if kept else ""
