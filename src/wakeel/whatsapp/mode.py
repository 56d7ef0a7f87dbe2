"""Where messages may go: live, practice or dry. One strict reading of the Graph URL for every part that asks."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

_GRAPH_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[\w.~-]+)*)/?",
    re.ASCII,
)
"""Nothing but scheme, host, port and a plain path: user names, queries, fragments and backslashes are read
differently by different parsers, so none of them is taken."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LARGEST_PORT = 65535
_LOOPBACK_V4 = ipaddress.IPv4Network("127.0.0.0/8")
_LOOPBACK_V6 = ipaddress.IPv6Address("::1")


class Mode(StrEnum):
    LIVE = "live"
    """The flag is on and the Graph URL is not this machine: people are written to."""
    PRACTICE = "practice"
    """The Graph URL is this machine, whatever the flag says: messages are really posted, to the simulator."""
    DRY = "dry"
    """The flag is off and there is no simulator: nothing is posted."""


class BadGraphUrl(ValueError):
    """The Graph URL is not `http(s)://host[:port][/path]`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"WHATSAPP_GRAPH_URL {why}; write it as https://graph.facebook.com")


@dataclass(frozen=True, slots=True)
class GraphUrl:
    """A Graph URL taken apart. host: without brackets, as written; path: without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_loopback(self) -> bool:
        return is_loopback_host(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def parse_graph_url(url: str) -> GraphUrl:
    """Take a Graph URL apart; raises BadGraphUrl for anything that two parsers could read differently."""
    found = _GRAPH_URL.fullmatch(url)
    if found is None:
        raise BadGraphUrl("is not scheme, host, port and path only")
    port = int(found["port"]) if found["port"] else _DEFAULT_PORTS[found["scheme"]]
    if not 1 <= port <= _LARGEST_PORT:
        raise BadGraphUrl("has a port that does not exist")
    host = found["host"]
    if host.startswith("["):
        host = host[1:-1]
        _require_ipv6(host)
    return GraphUrl(scheme=found["scheme"], host=host, port=port, path=found["path"])


def is_loopback_host(host: str) -> bool:
    """Whether `host` is this machine beyond doubt: an address of 127.0.0.0/8, ::1, or exactly `localhost`.

    Other spellings that some resolver would take for it (127.1, 0.0.0.0, ::ffff:127.0.0.1, `localhost.`) are not.
    """
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address in _LOOPBACK_V4
    return address == _LOOPBACK_V6


def mode_of(graph_url: str, *, allow_live_send: bool) -> Mode:
    """The mode that these two settings mean together; raises BadGraphUrl."""
    if parse_graph_url(graph_url).is_loopback:
        return Mode.PRACTICE
    return Mode.LIVE if allow_live_send else Mode.DRY


def _require_ipv6(host: str) -> None:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        raise BadGraphUrl("has brackets round something that is no IPv6 address") from None
