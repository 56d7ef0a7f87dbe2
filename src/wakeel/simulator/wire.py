"""What really went over the wire, newest last. Headers are never kept: they carry the token."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

KEPT = 500


@dataclass(slots=True)
class Exchange:
    """One request and its answer. status: None when there was no answer; at: real time in Unix seconds."""

    n: int
    at: float
    towards: str  # "simulator" or "product"
    method: str
    path: str
    body: str
    status: int | None = None
    ms: float = 0.0
    answer: str = ""


class WireLog:
    """The last requests in both directions."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._numbers: Iterator[int] = count(1)

    def note(self, *, at: float, towards: str, method: str, path: str, body: bytes) -> Exchange:
        """Write down a request; the caller fills status, ms and answer when they are known."""
        text = body.decode("utf-8", "replace")
        exchange = Exchange(n=next(self._numbers), at=at, towards=towards, method=method, path=path, body=text)
        self._kept.append(exchange)
        return exchange

    def rows(self) -> list[dict[str, Any]]:
        """All kept exchanges as JSON objects, oldest first."""
        return [asdict(exchange) for exchange in self._kept]
