"""The whole of `web` as one ASGI application: `/webhook` and `/healthz` lean, everything else Django.

Only `serve` builds it; importing this module does nothing, and Django must be set up before `build`.
"""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable

from django.core.asgi import get_asgi_application

from wakeel.config import Config
from wakeel.store.inbox_writer import InboxWriter, open_inbox
from wakeel.web.counters import Counters
from wakeel.web.webhook import Receive, Scope, Send, Webhook

log = logging.getLogger(__name__)

AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


def build(config: Config) -> "Application":
    """The application of one process. The inbox writer starts and stops with the server's lifespan."""
    writer = open_inbox(config)
    counters = Counters()
    webhook = Webhook(secrets=config.app_secrets, verify_token=config.verify_token, writer=writer, counters=counters)
    return Application(webhook=webhook, writer=writer, counters=counters, django=get_asgi_application())


class Application:
    """Routes by path; the outermost callable of the process."""

    def __init__(self, *, webhook: Webhook, writer: InboxWriter, counters: Counters, django: AsgiApp) -> None:
        self._webhook = webhook
        self._writer = writer
        self._counters = counters
        self._django = django

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            # A sender that leaves cancels the request's task; the server would log a trace for each.
            try:
                await self._route(scope, receive, send)
            except asyncio.CancelledError:
                log.debug("request given up by its sender")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["path"]:
            case "/webhook":
                await self._webhook(scope, receive, send)
            case "/healthz":
                await self._healthz(send)
            case _:
                await self._django(scope, receive, send)

    async def _healthz(self, send: Send) -> None:
        """This process answers, and what its webhook did. Asks no database: `/readyz` does."""
        body = json.dumps({"status": "ok", "pid": os.getpid(), "webhook": self._counters.as_json()}).encode()
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """The server shuts the lifespan down after the last request was answered: nothing acknowledged is lost."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._writer.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._writer.stop()
                self._counters.flush()
                await send({"type": "lifespan.shutdown.complete"})
                return
