"""`X-Hub-Signature-256`: HMAC-SHA256 of the raw body under the app secret. Meta, "Create a webhook endpoint",
read 2026-11-22. Always over the bytes as they came: Meta signs its own escaping of Arabic, re-encoding breaks it.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

_HEADER = re.compile(r"sha256=([0-9a-fA-F]{64})", re.ASCII)


def sign(raw: bytes, secret: str) -> str:
    """The header value Meta would send with `raw`."""
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"


def header_is_wellformed(header: str | None) -> bool:
    """Whether a header could be a signature at all; asked before the body is read."""
    return header is not None and _HEADER.fullmatch(header) is not None


def is_signed(raw: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Whether `raw` was signed with one of `secrets`. A missing or malformed header is False, so is no secret."""
    check = SignatureCheck(header, secrets)
    check.update(raw)
    return check.matches()


class SignatureCheck:
    """The same, fed while the body is read.

    header: None if it was missing. secrets: several while one is being rotated; an empty one never matches.
    """

    __slots__ = ("_expected", "_macs")

    def __init__(self, header: str | None, secrets: Sequence[str]) -> None:
        found = _HEADER.fullmatch(header) if header is not None else None
        self._expected = bytes.fromhex(found[1]) if found else None
        self._macs = [hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets if secret]

    def update(self, chunk: bytes) -> None:
        """Take the next part of the raw body."""
        for mac in self._macs:
            mac.update(chunk)

    def matches(self) -> bool:
        """Whether everything fed so far is signed. Every secret is compared, so time does not tell which one fits."""
        if self._expected is None:
            return False
        matched = False
        for mac in self._macs:
            matched |= hmac.compare_digest(mac.digest(), self._expected)
        return matched
