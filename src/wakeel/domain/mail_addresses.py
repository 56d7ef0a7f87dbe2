"""E-mail addresses that a calendar file may go to."""

import re

LONGEST = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets; read 2026-11-23."""
MOST = 8
"""So many get the file of one meeting."""
_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
"""A dot stands between two others (RFC 5321, 4.1.2): of anything else `email` can make no header."""


def is_mail_address(text: str) -> bool:
    """Whether it is one bare address in ASCII: nothing in it could stand for a second one or for another header, an
    encoded word (RFC 2047) included."""
    return len(text) <= LONGEST and "=?" not in text and _ADDRESS.fullmatch(text) is not None


def read_addresses(text: str) -> tuple[str, ...] | None:
    """The addresses of a form field, by commas, spaces or lines, each once; None if one of them is none or if there are
    more than `MOST`."""
    found = tuple(dict.fromkeys(re.split(r"[\s,;،]+", text.strip()))) if text.strip() else ()
    found = tuple(one for one in found if one)
    return found if len(found) <= MOST and all(map(is_mail_address, found)) else None
