"""What a change is about, as pages that are open hear of it. Reference "operator UI", section 9."""

from enum import StrEnum


class Noun(StrEnum):
    """The kind of row that changed. Its id comes with it; what is there now is read when somebody looks."""

    OPPORTUNITY = "opportunity"  # itself, one of its drafts, a decision on it, a card that asks about it
    MESSAGE = "message"  # to a contact: its state, what WhatsApp says of it, when it leaves
    CONTACT = "contact"  # they wrote, or a consent of theirs changed
    MEETING = "meeting"
    TEMPLATE = "template"
    REQUEST = "request"  # what a person asked about their data
    STOP = "stop"  # a stop switch, or a number that pauses by itself; without an id


class News(StrEnum):
    CAME = "came"  # an opportunity or its draft waits for a decision, and did not before
    MOVED = "moved"  # anything else
