"""What really went over the wire, newest last. Of a request's headers none is kept, for they carry the token."""

import shlex
from collections import deque
from dataclasses import dataclass, field
from typing import Any

KEPT = 500
KEPT_BYTES = 64_000_000
"""A few very large bodies must not eat the machine: the oldest exchanges go first."""
SHOWN = 100_000
"""Characters of a body or an answer in a row; a longer one is cut there and says so."""

JSON = "application/json"


@dataclass(slots=True)
class Exchange:
    """One request and its answer. at: real time in Unix seconds; ms: until the answer, or until it was given up.

    towards: "simulator" or "product". path: with its query. url: of a webhook, the whole address.
    status: None when there was no answer.
    signature: what a webhook's header said: "" for no header at all, None for a request that is no webhook.
    fault: the kind that was wished for it, "" for none. again_of: number of the exchange that was sent again.
    is_whole: False when the body is only described, because it was a file, or has lost a secret.
    attempt: which try of a webhook this was, from 1; 0 for what is sent once. note: what came of it, "" while nobody
    knows: "taken" (200), "refused" (another answer), "unanswered", "given_up" (neither taken nor tried again).
    """

    n: int
    at: float
    towards: str
    method: str
    path: str
    body: bytes
    url: str = ""
    content_type: str = JSON
    signature: str | None = None
    fault: str = ""
    again_of: int | None = None
    is_whole: bool = True
    status: int | None = None
    ms: float = 0.0
    answer: str = ""
    attempt: int = 0
    note: str = ""


@dataclass(slots=True)
class WireLog:
    """The last requests in both directions. simulator_url: where a command for a shell sends a request."""

    simulator_url: str = ""
    _kept: deque[Exchange] = field(default_factory=deque)
    _bytes: int = 0
    _last: int = 0

    def note(self, *, at: float, towards: str, method: str, path: str, body: bytes, **more: Any) -> Exchange:
        """Write down a request; the caller fills status, ms and answer when they are known. more: further fields."""
        self._last += 1
        exchange = Exchange(n=self._last, at=at, towards=towards, method=method, path=path, body=body, **more)
        self._kept.append(exchange)
        self._bytes += len(body)
        while len(self._kept) > KEPT or (self._bytes > KEPT_BYTES and len(self._kept) > 1):
            self._bytes -= len(self._kept.popleft().body)
        return exchange

    def find(self, n: int) -> Exchange | None:
        """The exchange of this number; None when it is forgotten."""
        return next((exchange for exchange in self._kept if exchange.n == n), None)

    @property
    def latest(self) -> int:
        """The number of the newest exchange; 0 before the first."""
        return self._last

    def count_on(self, older: "WireLog") -> None:
        """Number on from another log: a number that a page has seen must not mean something else."""
        self._last = older.latest

    def since(self, n: int) -> list[Exchange]:
        """The exchanges with a higher number, oldest first."""
        return [exchange for exchange in self._kept if exchange.n > n]

    def rows(self, *, last: int | None = None, after: int = 0) -> list[dict[str, Any]]:
        """All kept exchanges as JSON objects, oldest first. last: only so many of the newest. after: see `since`."""
        kept = self.since(after)
        return [self.row(exchange) for exchange in (kept if last is None else kept[len(kept) - min(last, len(kept)) :])]

    def row(self, exchange: Exchange, *, whole: bool = False) -> dict[str, Any]:
        """One exchange as a JSON object. whole: however long it is."""
        body = exchange.body.decode("utf-8", "replace")
        shown = None if whole else SHOWN
        return {
            "n": exchange.n,
            "at": exchange.at,
            "towards": exchange.towards,
            "method": exchange.method,
            "path": exchange.path,
            "body": body[:shown],
            "size": len(exchange.body),
            "cut": not whole and max(len(body), len(exchange.answer)) > SHOWN,
            "signature": exchange.signature,
            "fault": exchange.fault,
            "again_of": exchange.again_of,
            "status": exchange.status,
            "ms": exchange.ms,
            "answer": exchange.answer[:shown],
            "attempt": exchange.attempt,
            "note": exchange.note,
            "curl": self._curl(exchange) if whole or len(body) <= SHOWN else None,
        }

    def _curl(self, exchange: Exchange) -> str | None:
        """The request as a command for a shell; None for bytes that no command line can carry."""
        if not exchange.is_whole:
            return None
        headers = [f"Content-Type: {exchange.content_type}"] if exchange.body else []
        if exchange.towards == "simulator":
            url = self.simulator_url + exchange.path
            headers.append("Authorization: Bearer any-token")  # any token is taken; the real one was never kept
        else:
            url = exchange.url
            headers += [f"X-Hub-Signature-256: {exchange.signature}"] if exchange.signature else []
        words = ["curl", "-sS", "-X", exchange.method, url]
        words += [word for header in headers for word in ("-H", header)]
        try:
            body = exchange.body.decode("utf-8")
        except UnicodeDecodeError:
            return None
        if "\0" in body:
            return None
        words += ["--data-raw", body] if body else []
        return shlex.join(words)
