"""Closes the connection of one client without an answer: the fault no HTTP server offers."""

import os
import socket
import stat

HIGHEST_FD = 4096


def close_connection(*, peer_port: int, own_port: int) -> bool:
    """Shut the socket between a client's port and ours; True if one was found.

    The server keeps its sockets to itself, so they are found among this process's file descriptors.
    """
    return any(_shut(fd, peer_port=peer_port, own_port=own_port) for fd in range(3, HIGHEST_FD))


def _shut(fd: int, *, peer_port: int, own_port: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(fd).st_mode):
            return False
        with socket.socket(fileno=os.dup(fd)) as copy:
            if copy.getpeername()[1] != peer_port or copy.getsockname()[1] != own_port:
                return False
            copy.shutdown(socket.SHUT_RDWR)
    except (OSError, IndexError):  # a closed number, a listening socket, a Unix socket without a name
        return False
    return True
