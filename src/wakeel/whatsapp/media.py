"""Fetching a file that somebody sent: its id is resolved at Graph, its bytes come from a host on our list.

An address in a webhook is never used. The token goes to the Graph host and to the listed hosts, over https; to this
machine over http in practice. Source: Meta, "Media", by reference WA 1.5, read 2026-11-22.
"""

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import SplitResult, urlsplit

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver
from yarl import URL

from wakeel.whatsapp.answer_body import body_of
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.listing import CannotRead, reading
from wakeel.whatsapp.loopback import loopback_socket
from wakeel.whatsapp.mode import is_loopback_host, parse_graph_url

_WITHIN_S: Final = 60.0
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fetched:
    """data: the whole file. mime_type: as Meta says it, with its parameters."""

    data: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class NotFetched:
    """why: size, gone, changed, address or no_answer. again: whether trying again may help."""

    why: str
    again: bool = False


class _Described(msgspec.Struct):
    url: str
    mime_type: str = ""
    sha256: str = ""
    file_size: int | None = None


_DESCRIBED = msgspec.json.Decoder(_Described)


async def fetch(
    options: ApiOptions, media_id: str, *, phone_number_id: str, hosts: Collection[str], limit: int,
    resolver: AbstractResolver | None = None,
) -> Fetched | NotFetched:  # fmt: skip
    """One file of at most `limit` bytes; never raises for what the other side does. hosts: in lower case."""
    try:
        async with reading(options, what="media", object_id=media_id, resolver=resolver) as reader:
            raw = await reader.get("media", media_id, "", {"phone_number_id": phone_number_id})
        described = _DESCRIBED.decode(raw)
    except CannotRead as cannot:
        return NotFetched("gone") if cannot.why in _GONE else NotFetched("no_answer", again=True)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NotFetched("no_answer", again=True)
    if described.file_size is not None and described.file_size > limit:
        return NotFetched("size")
    place = _allowed(described.url, options, hosts)
    if place is None:
        return NotFetched("address")
    return await _download(options, described, place, limit=limit, resolver=resolver)


_GONE = frozenset({"no_such_object", "refused", "bad_id"})


def _allowed(url: str, options: ApiOptions, hosts: Collection[str]) -> SplitResult | None:
    """The address taken apart if the token may go there; None otherwise."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host, graph = parts.hostname or "", parse_graph_url(options.graph_url)
    if "@" in parts.netloc or "\\" in url or not url.isascii() or not url.isprintable() or " " in url:
        return None
    if graph.is_loopback:
        # In practice nothing leaves this machine, and the simulator serves its own files.
        is_ours = is_loopback_host(host) and parts.scheme == graph.scheme and port == graph.port
        return parts if is_ours else None
    is_listed = host.lower() in hosts and not is_loopback_host(host)
    return parts if is_listed and parts.scheme == "https" and port in {None, 443} else None


async def _download(
    options: ApiOptions, described: _Described, place: SplitResult, *, limit: int, resolver: AbstractResolver | None
) -> Fetched | NotFetched:
    is_here = is_loopback_host(place.hostname or "")
    connector = aiohttp.TCPConnector(limit=1, resolver=resolver, socket_factory=loopback_socket if is_here else None)
    timeout = aiohttp.ClientTimeout(total=_WITHIN_S)
    headers = {"Authorization": f"Bearer {options.token}"}
    try:
        async with (
            aiohttp.ClientSession(
                connector=connector, timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
            ) as session,
            session.get(URL(place.geturl(), encoded=True), headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                return NotFetched("gone", again=True)
            if answer.status != HTTPStatus.OK:
                return NotFetched("no_answer", again=True)
            if (answer.content_length or 0) > limit:
                return NotFetched("size")
            data = await body_of(answer, limit=limit)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return NotFetched("no_answer", again=True)
    if not data:
        return NotFetched("size")
    return Fetched(data, described.mime_type) if _is_promised(data, described) else NotFetched("changed", again=True)


def _is_promised(data: bytes, described: _Described) -> bool:
    """Whether these are the bytes that were described; Meta writes the digest in hex there."""
    if described.file_size is not None and described.file_size != len(data):
        return False
    said = described.sha256.lower()
    return not _SHA256.fullmatch(said) or hmac.compare_digest(said, hashlib.sha256(data).hexdigest())
