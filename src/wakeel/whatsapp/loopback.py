"""A socket that only ever connects to this machine: the last check, on the address that is really connected to."""

import errno
import socket
from typing import Any

from wakeel.whatsapp.mode import is_loopback_host


class PeerNotLoopback(OSError):
    """The name was one of this machine, the address behind it is not; nothing was connected."""

    def __init__(self) -> None:
        super().__init__(errno.EPERM, "the peer is not this machine; live sending is off for it")


def loopback_socket(address: tuple[Any, ...]) -> socket.socket:
    """Socket factory for aiohttp: called with each resolved address (`getaddrinfo` form) just before connecting.

    aiohttp connects the socket to exactly this address (3.14, read 2026-11-22), so no packet leaves for another one.
    """
    family, kind, protocol, _, peer = address
    if not is_loopback_host(str(peer[0])):
        raise PeerNotLoopback
    return socket.socket(family=family, type=kind, proto=protocol)
