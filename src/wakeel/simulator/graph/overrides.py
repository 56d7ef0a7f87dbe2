"""Other addresses for webhooks, given by the business. Source: Meta, "Webhook overrides", read 2026-11-22."""

import secrets
from typing import Any

import aiohttp

from wakeel.simulator.graph.calls import Refused
from wakeel.simulator.graph.refusals import GraphError, needed, wrong
from wakeel.simulator.settings import is_loopback_url

CALLBACK_LIMIT = 200
ANSWER_S = 10.0
LONGEST_ECHO = 200


async def checked_callback(given: Any) -> str:
    """The address of `override_callback_uri` after it proved itself; '' when it is taken away.

    given: an object with `verify_token` beside it. Raises Refused. Only this machine is reached, unlike with Meta.
    """
    if not isinstance(given, dict):
        raise Refused(wrong("webhook_configuration", "must be an object."))
    address = given.get("override_callback_uri", "")
    if address == "":
        return ""
    if not isinstance(address, str) or len(address) > CALLBACK_LIMIT:
        raise Refused(wrong("override_callback_uri", f"must be an address of at most {CALLBACK_LIMIT} characters."))
    if not is_loopback_url(address):
        raise Refused(wrong("override_callback_uri", "must be on this machine: this stand-in reaches no other."))
    token = given.get("verify_token")
    if not isinstance(token, str) or not token:
        raise Refused(needed("verify_token"))
    await _prove(address, token)
    return address


async def _prove(address: str, token: str) -> None:
    """Ask the address for the challenge, as Meta does. Raises Refused."""
    challenge = str(secrets.randbelow(10**10))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    limit = aiohttp.ClientTimeout(total=ANSWER_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=False) as session,
            session.get(address, params=query, allow_redirects=False) as answer,
        ):
            echo = (await answer.content.read(LONGEST_ECHO)).decode("utf-8", "replace")
            why = f"HTTP Status Code = {answer.status}"
            proved = answer.status == 200 and echo.strip() == challenge  # noqa: PLR2004  (nothing else will do)
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        why, proved = type(fault).__name__, False
    if not proved:
        message = f"(#2200) Callback verification failed with the following errors: {why}"
        raise Refused(GraphError(2200, message))
