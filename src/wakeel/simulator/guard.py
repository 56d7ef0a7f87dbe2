"""Keeps other web sites from driving the phones: who may ask at all, and the headers of every answer."""

import asyncio
import json
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wakeel.simulator.settings import is_loopback_host

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """The outermost layer. A name that was re-bound to this machine, or a foreign page, gets 403."""

    def __init__(self, app: ASGIApp, *, host: str) -> None:
        """host: the address it listens on; callers may name it, and any name of this machine."""
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            if why := objection(scope["method"], scope["path"], Headers(scope=scope), own_host=self._host):
                await _forbid(send_with_headers, why)
            else:
                await self._app(scope, receive, send_with_headers)
        except asyncio.CancelledError:
            return  # the caller left; the server would log a trace for each of them


def objection(method: str, path: str, headers: Headers, *, own_host: str) -> str | None:
    """Why a request is not answered; None if it may pass. own_host: see `Guard`."""
    host = headers.get("host", "")
    if not _names_us(host, own_host):
        return f"the Host header must name this machine (localhost or {own_host})"
    if method in {"GET", "HEAD"}:
        return None
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return "another site, or another port of this machine, may not drive the phones"
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if path.startswith("/api/") and kind != "application/json":
        return "Content-Type must be application/json"
    return None


def _names_us(host: str, own_host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == own_host.lower() or is_loopback_host(name)


async def _forbid(send: Send, why: str) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps({"error": why}).encode()})
