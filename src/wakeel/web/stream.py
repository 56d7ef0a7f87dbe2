"""`/events/`: what changed, for the pages that are open. One reader for the process, one stream for each browser.

How to make a place live. In the template, one of:

    <span data-live="opportunity:{{ id }}">{% live_chip chip %}</span>         {% load live %}; a Chip of `web.chips`
    <span data-live="message:{{ id }}">{% live_chip chip %}</span>
    <section id="timeline" data-live-on="opportunity:{{ id }} contact:{{ person }}"
             hx-get="…" hx-trigger="live" hx-select="#timeline" hx-swap="outerHTML">…</section>
    {% until row.due_at "sends" %}       counts down by itself; "left" for reply windows

`data-live` is for small words without names or texts: everybody of the business who may see pages gets them, drawn once
for each language. `data-live-on` is for everything else: the page asks again, with the rights of who looks.
A new KEY of the first kind is registered in `web.live_places`: a function of what changed that gives KEY -> HTML.
A new KEY of the second kind needs a trigger in `store.live_triggers` and its noun in `domain.live.Noun`.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from wakeel import clock
from wakeel.web.live_feed import Packet
from wakeel.web.live_hub import Stream, hub
from wakeel.web.live_places import time_of
from wakeel.web.live_rights import Watcher, watcher_of
from wakeel.web.seats import seat_of

LIFE_S = 600.0
"""Then the browser comes again, with what it heard last: a stream outlives no deployment and no change of rights."""
BEAT_S = 15.0
"""A browser that hears nothing for twice as long knows that the line is dead."""
AGAIN_MS = 1000
_NUMBER = re.compile(r"[0-9]{1,18}")


@require_safe
def events(request: HttpRequest) -> HttpResponseBase:
    """The stream of one browser. `?since=`, or Last-Event-ID of one that comes again: the newest change it knows."""
    watcher = watcher_of(request, seat_of(request))
    if hub.is_full_for(watcher.user_id):
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    since = _number(request.headers.get("Last-Event-ID") or request.GET.get("since", ""))
    answer = StreamingHttpResponse(_said(watcher, since), content_type="text/event-stream; charset=utf-8")
    # Proxies that gather an answer before they hand it on would hand on nothing.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


async def _said(watcher: Watcher, since: int | None) -> AsyncIterator[bytes]:
    """Until the browser leaves, its time is over, its rights end or the process stops."""
    # The request's own thread waits as long as the stream is open; its connection must not.
    await sync_to_async(_give_back_connection)()
    loop = asyncio.get_running_loop()
    ends = loop.time() + LIFE_S
    stream = Stream(watcher)
    yield f"retry: {AGAIN_MS}\n\n".encode()
    with hub.listening(stream):
        await hub.catch_up(stream, since)
        while not stream.is_over and loop.time() < ends:
            packet = await stream.next(within_s=min(BEAT_S, ends - loop.time()))
            if packet is not None or not stream.is_over:
                yield _event(packet, watcher)


def _give_back_connection() -> None:
    connection.close()


def _event(packet: Packet | None, watcher: Watcher) -> bytes:
    """One event; a beat if there is nothing to say. now, at: business time, for countdowns and for "as of"."""
    now = clock.now()
    told: dict[str, object] = {"now": int(now.timestamp() * 1000), "at": time_of(watcher.view, now=now)}
    if packet is None:
        return f"event: beat\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()
    told |= {"put": packet.put, "on": sorted(packet.on), "new": sorted(packet.new), "old": packet.is_too_old}
    return f"id: {packet.id}\nevent: news\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


def _number(given: str) -> int | None:
    """None for what is no number of a change: then only what comes is told."""
    return int(given) if _NUMBER.fullmatch(given) else None
