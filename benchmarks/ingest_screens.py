"""One person at the screens: reads the queue page at a rate, or decides at a rate. A process of its own, by command:

    python -m benchmarks.ingest_screens --port N (--pages RATE | --decide FILE --per-s RATE) --seconds S

Open loop, latency from the time it should have begun. Deciding is the POST of "skip" with its answer; `FILE` is the
population. Prints `ready` when it is logged in, waits for a line on stdin, then prints one JSON line.
"""

import argparse
import asyncio
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.ingest_bodies import OnScreen, Population
from benchmarks.ingest_figures import spread_ms
from benchmarks.ingest_population import PASSWORD, USERNAME

SKIPPED = 302
"""The answer to a decision sends the browser back to the queue."""


async def run(given: argparse.Namespace) -> dict[str, Any]:
    jar = aiohttp.CookieJar(unsafe=True)
    connector, timeout = aiohttp.TCPConnector(limit=16), aiohttp.ClientTimeout(total=30)
    base = f"http://127.0.0.1:{given.port}"
    async with aiohttp.ClientSession(base, cookie_jar=jar, connector=connector, timeout=timeout) as session:
        token = await _log_in(session, jar)
        if given.decide:
            waiting = iter(Population.load(given.decide).on_screen)
            rate: float = given.per_s

            def one() -> Awaitable[bool]:
                return _decide(session, next(waiting), token)
        else:
            rate = given.pages

            def one() -> Awaitable[bool]:
                return _read(session)

        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        return await _repeat(one, rate=rate, seconds=given.seconds)


async def _log_in(session: aiohttp.ClientSession, jar: aiohttp.CookieJar) -> str:
    """The session's cookies are in the jar; returns the token forms carry."""
    async with session.get("/login/") as page:
        await page.read()
    fields = {"username": USERNAME, "password": PASSWORD, "csrfmiddlewaretoken": _token(jar)}
    async with session.post("/login/", data=fields, allow_redirects=False) as answer:
        if answer.status != SKIPPED:
            raise SystemExit(f"the log-in was answered with {answer.status}")
    return _token(jar)


def _token(jar: aiohttp.CookieJar) -> str:
    return next(cookie.value for cookie in jar if cookie.key.endswith("csrf"))


async def _read(session: aiohttp.ClientSession) -> bool:
    async with session.get("/") as page:
        await page.read()
        return page.status == 200


async def _decide(session: aiohttp.ClientSession, what: OnScreen, token: str) -> bool:
    fields = {"csrfmiddlewaretoken": token, "key": str(uuid.uuid4()), "digest": what.digest}
    async with session.post(f"/i/{what.opportunity}/skip/", data=fields, allow_redirects=False) as answer:
        await answer.read()
        return answer.status == SKIPPED


async def _repeat(one: Callable[[], Awaitable[bool]], *, rate: float, seconds: float) -> dict[str, Any]:
    started, taken, failed = time.perf_counter(), list[float](), 0

    async def timed(due: float) -> None:
        nonlocal failed
        await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
        try:
            failed += not await one()
        except (aiohttp.ClientError, TimeoutError):
            failed += 1
        taken.append(time.perf_counter() - started - due)

    await asyncio.gather(*(timed(number / rate) for number in range(int(rate * seconds))))
    return {"count": len(taken), "failed": failed, **spread_ms(taken)}


def main() -> int:
    parser = argparse.ArgumentParser(description="One person at the screens.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--pages", type=float, default=0.0)
    parser.add_argument("--decide", type=Path)
    parser.add_argument("--per-s", type=float, default=5.0)
    print(json.dumps(asyncio.run(run(parser.parse_args()))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
