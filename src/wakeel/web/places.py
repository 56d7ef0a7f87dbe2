"""Where the next page of a list begins, as a link carries it: a time and an id."""

from datetime import UTC, datetime

Place = tuple[datetime, str]


def written_place(place: Place | None) -> str:
    """'' for None, the end of the list."""
    return f"{place[0].astimezone(UTC):%Y%m%dT%H%M%S%f}-{place[1]}" if place else ""


def read_place(written: str) -> Place | None:
    """None for anything that is no place: the list then begins at its beginning."""
    moment, _, key = written.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), key
    except ValueError:
        return None
