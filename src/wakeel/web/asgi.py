"""The whole of `web` as one ASGI application: `/webhook` and `/healthz` lean, everything else Django.

Only `serve` builds it, without a lifespan: it starts and stops the intake itself. Django must be set up before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.asgi import get_asgi_application

from wakeel.web.intake import Intake
from wakeel.web.webhook import Answer, Post, Webhook, head_of

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


def build(intake: Intake) -> "Application":
    """The application of one process."""
    return Application(intake=intake, django=get_asgi_application())


class Application:
    """Routes by path; the outermost callable of the process."""

    def __init__(self, *, intake: Intake, django: AsgiApp) -> None:
        self._intake = intake
        self._django = django

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A sender that leaves cancels the request's task; the server would log a trace for each.
        try:
            await self._route(scope, receive, send)
        except asyncio.CancelledError:
            log.debug("request given up by its sender")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["path"]:
            case "/webhook":
                answer = await webhook(self._intake.webhook, scope, receive)
                if answer is not None:
                    await respond(send, answer)
            case "/healthz":
                await respond(send, self._intake.health())
            case _:
                await self._django(scope, receive, send)


async def webhook(handler: Webhook, scope: Scope, receive: Receive) -> Answer | None:
    """One request at `/webhook`; None if its sender left."""
    match scope["method"]:
        case "POST":
            return await _post(handler, scope, receive)
        case "GET":
            return handler.verify(scope["query_string"])
        case _:
            return handler.unknown_method()


async def _post(handler: Webhook, scope: Scope, receive: Receive) -> Answer | None:
    """Reads beside waiting: the answer may come before the body does, or in the middle of it."""
    told: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
    post = Post(handler, lambda answer: None if told.done() else told.set_result(answer))
    post.begin(head_of(scope["headers"]))
    reading = asyncio.create_task(_read(post, receive))
    try:
        return await told
    finally:
        reading.cancel()
        post.leave()


async def _read(post: Post, receive: Receive) -> None:
    """Until the server says that nothing else comes; an empty part is not the end."""
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            post.leave()
            return
        post.feed(message.get("body", b""))
        has_more = message.get("more_body", False)
    post.end()


async def respond(send: Send, answer: Answer) -> None:
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
