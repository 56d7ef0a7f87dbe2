"""Knocking at our own webhook as Meta would, for `wakeel doctor`. Source: reference WA 3.1 and 3.2, 2026-11-22."""

import secrets
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from wakeel.domain.checkup_house import Knock
from wakeel.whatsapp.answer_body import body_of
from wakeel.whatsapp.signature import sign

BODY: Final = b'{"object":"whatsapp_business_account","entry":[]}'
"""A webhook of no items: stored and done, whoever it is for."""
TIMEOUT_S: Final = 10.0
ANSWER_LIMIT: Final = 4096


async def knock(url: str, *, verify_token: str, secret: str, resolver: AbstractResolver | None = None) -> Knock:
    """What the address answers: the challenge, a signed webhook, a forged one. Never raises for the other side.

    Two requests carry what only Meta and we know: the verify token, and a signature over BODY. Redirects are not
    followed, since Meta follows none. resolver: another one than the system's, for tests and unusual networks.
    """
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1, resolver=resolver),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        trust_env=False,
    )
    async with session:
        caller = _Caller(session, url)
        began = time.monotonic()
        try:
            repeats = await caller.repeats_challenge(verify_token)
            took_ms = round((time.monotonic() - began) * 1000)
            believes = await caller.repeats_challenge(secrets.token_hex(16))
            signed = await caller.status_of(sign(BODY, secret))
            forged = await caller.status_of(sign(BODY, secrets.token_hex(16)))
        except aiohttp.ClientSSLError:
            return Knock(url=url, fault="certificate")
        except TimeoutError:
            return Knock(url=url, fault="timeout")
        except (aiohttp.ClientError, OSError):
            return Knock(url=url, fault="unreachable")
    return Knock(
        url=url, repeats_challenge=repeats, believes_anybody=believes, signed=signed, forged=forged, took_ms=took_ms
    )


@dataclass(frozen=True, slots=True)
class _Caller:
    session: aiohttp.ClientSession
    url: str

    async def repeats_challenge(self, verify_token: str) -> bool:
        """Whether a GET with this token gets the bare challenge."""
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        async with self.session.get(URL(self.url).with_query(query), allow_redirects=False) as answer:
            body = await body_of(answer, limit=ANSWER_LIMIT)
            return answer.status == HTTPStatus.OK and body == challenge.encode()

    async def status_of(self, signature: str) -> int:
        """What a POST with this signature gets."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature}
        async with self.session.post(self.url, data=BODY, headers=headers, allow_redirects=False) as answer:
            return answer.status
