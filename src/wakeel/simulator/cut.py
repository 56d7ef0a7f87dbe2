"""Ends the connection of one client without an answer: the fault no HTTP server offers."""

import os
import socket
import stat
import struct
from enum import StrEnum

HIGHEST_FD = 4096
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: what was not sent is thrown away, and the other side hears a reset instead of an end."""


class Cut(StrEnum):
    """How a connection ends without an answer; the words of the wire log."""

    CLOSED = "connection closed"
    RESET = "connection reset"


def cut_connection(cut: Cut, *, peer_port: int, own_port: int) -> bool:
    """End the connection between a client's port and ours; True if one was found.

    The server keeps its sockets to itself, so they are found among this process's file descriptors.
    """
    return any(_end(fd, cut, peer_port=peer_port, own_port=own_port) for fd in range(3, HIGHEST_FD))


def _end(fd: int, cut: Cut, *, peer_port: int, own_port: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(fd).st_mode):
            return False
        with socket.socket(fileno=os.dup(fd)) as copy:
            if copy.getpeername()[1] != peer_port or copy.getsockname()[1] != own_port:
                return False
            if cut is Cut.CLOSED:
                copy.shutdown(socket.SHUT_RDWR)
                return True
            copy.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        _put_dead_socket(fd)
    except (OSError, IndexError):  # a closed number, a listening socket, a Unix socket without a name
        return False
    return True


def _put_dead_socket(fd: int) -> None:
    """Close what stands under a number that the server will close itself: it finds a socket without a connection."""
    with socket.socket() as dead:
        os.dup2(dead.fileno(), fd, inheritable=False)
