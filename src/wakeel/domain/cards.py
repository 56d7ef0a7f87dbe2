"""Interactive messages as values that cannot exist outside Meta's limits.

Every limit: Meta for Developers, "Interactive reply buttons", "Interactive list messages" and "Text messages", with
the OpenAPI file "business-messaging-api_v23.0"; read 2026-11-22. Where the two disagree the smaller number is used.
Lengths are counted by `domain.text.measure`; nothing is ever cut here.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from wakeel.domain.text import measure

_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")

TEXT_LIMIT = 4096
BETWEEN_NOTICES = "\n\n———\n\n"
"""Stands between two notices that came as one message."""
BODY_LIMIT = 1024
"""Buttons: 1,024. Lists: 4,096 on the page, 1,024 in the schema."""
HEADER_LIMIT = 60
FOOTER_LIMIT = 60
BUTTONS_LIMIT = 3
BUTTON_TITLE_LIMIT = 20
BUTTON_ID_LIMIT = 256
LIST_BUTTON_LIMIT = 20
LIST_ROWS_LIMIT = 10
"""Over all sections together."""
SECTION_TITLE_LIMIT = 24
ROW_ID_LIMIT = 200
ROW_TITLE_LIMIT = 24
ROW_DESCRIPTION_LIMIT = 72


class CardError(ValueError):
    """A card that must not be sent as it stands."""


class CardTooLong(CardError):
    """what: the part that is too long; limit and length are counted by `measure`. The text itself is not kept."""

    def __init__(self, what: str, limit: int, length: int) -> None:
        self.what, self.limit, self.length = what, limit, length
        super().__init__(f"{what} has {length} characters, {limit} are allowed; shorten it")


class CardInvalid(CardError):
    """what: the field; why: what is wrong with it, without its content."""

    def __init__(self, what: str, why: str) -> None:
        self.what, self.why = what, why
        super().__init__(f"{what} {why}")


@dataclass(frozen=True, slots=True)
class Button:
    """One reply button. id: what comes back when it is tapped; title: what the person reads."""

    id: str
    title: str

    def __post_init__(self) -> None:
        check_label("button_id", self.id, limit=BUTTON_ID_LIMIT)
        check_label("button_title", self.title, limit=BUTTON_TITLE_LIMIT)


@dataclass(frozen=True, slots=True)
class ButtonCard:
    """A text with one to three reply buttons; header and footer are one line each, None for none."""

    body: str
    buttons: tuple[Button, ...]
    header: str | None = None
    footer: str | None = None

    def __post_init__(self) -> None:
        _check_frame(self.body, self.header, self.footer)
        if not 1 <= len(self.buttons) <= BUTTONS_LIMIT:
            raise CardInvalid("buttons", f"must be 1 to {BUTTONS_LIMIT}, not {len(self.buttons)}")
        _check_distinct("button_id", [button.id for button in self.buttons])
        _check_distinct("button_title", [button.title for button in self.buttons])


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list; description is the smaller line under the title, None for none."""

    id: str
    title: str
    description: str | None = None

    def __post_init__(self) -> None:
        check_label("row_id", self.id, limit=ROW_ID_LIMIT)
        check_label("row_title", self.title, limit=ROW_TITLE_LIMIT)
        if self.description is not None:
            check_label("row_description", self.description, limit=ROW_DESCRIPTION_LIMIT)


@dataclass(frozen=True, slots=True)
class ListCard:
    """A text with a button that opens one section of rows.

    button: the words that open the list. section_title: above the rows; None for the same words as `button`, because
    Meta's page calls a title required while the schema does not.
    """

    body: str
    button: str
    rows: tuple[ListRow, ...]
    section_title: str | None = None
    header: str | None = None
    footer: str | None = None

    def __post_init__(self) -> None:
        _check_frame(self.body, self.header, self.footer)
        check_label("list_button", self.button, limit=LIST_BUTTON_LIMIT)
        if self.section_title is not None:
            check_label("section_title", self.section_title, limit=SECTION_TITLE_LIMIT)
        if not 1 <= len(self.rows) <= LIST_ROWS_LIMIT:
            raise CardInvalid("rows", f"must be 1 to {LIST_ROWS_LIMIT}, not {len(self.rows)}")
        _check_distinct("row_id", [row.id for row in self.rows])


def check_text(what: str, text: str, *, limit: int) -> None:
    """Raise CardInvalid or CardTooLong unless `text` says something, can be sent and fits."""
    if not text.strip():
        raise CardInvalid(what, "is empty")
    if _HALF_A_CHARACTER.search(text):
        raise CardInvalid(what, "contains half a character (a lone surrogate) that no message can carry")
    if (length := measure(text)) > limit:
        raise CardTooLong(what, limit, length)


def check_label(what: str, text: str, *, limit: int) -> None:
    """`check_text` for one line without space around it (ids and titles)."""
    check_text(what, text, limit=limit)
    if text != text.strip():
        raise CardInvalid(what, "begins or ends with a space")
    if len(text.splitlines()) > 1:
        raise CardInvalid(what, "has more than one line")


def _check_frame(body: str, header: str | None, footer: str | None) -> None:
    check_text("body", body, limit=BODY_LIMIT)
    if header is not None:
        check_label("header", header, limit=HEADER_LIMIT)
    if footer is not None:
        check_label("footer", footer, limit=FOOTER_LIMIT)


def _check_distinct(what: str, values: Iterable[str]) -> None:
    normal = [unicodedata.normalize("NFC", value) for value in values]
    if len(set(normal)) != len(normal):
        raise CardInvalid(what, "is used twice in one message")
