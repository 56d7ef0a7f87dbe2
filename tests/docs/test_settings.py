"""The settings page and `config` name the same variables, with the same defaults."""

import re

from tests.docs.pages import rows, text_of
from wakeel import config

PAGE = "docs/reference/settings.md"
NAME = re.compile(r"`((?:WAKEEL|WHATSAPP|DATABASE)_[A-Z_]+)`")
FIELDS = {"WHATSAPP_APP_SECRET": "app_secrets"}


class Watched(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def documented() -> dict[str, str]:
    """Default by name, as the tables say."""
    return {found[1]: row[1] for row in rows(text_of(PAGE)) if (found := NAME.fullmatch(row[0]))}


def test_every_variable_that_is_read_has_its_row_and_the_reverse():
    environ = Watched()
    config.load(environ)
    asked = {name for name in environ.asked if not name.endswith("_FILE")}
    assert set(documented()) == asked
    assert {f"{name}_FILE" for name in asked} <= environ.asked


def test_every_default_in_the_table_is_the_real_one():
    defaults = config.load({})
    for name, cell in documented().items():
        field = FIELDS.get(name, re.sub(r"^(WAKEEL|WHATSAPP)_", "", name).lower())
        value = getattr(defaults, field)
        if cell == "not set":
            assert not value, name
        elif cell.startswith("`"):
            assert str(value).replace("False", "false") == cell.strip("`"), name


def test_no_page_names_a_variable_that_nothing_reads():
    known = set(documented()) | {"WAKEEL_PASSWORD_FILE"}
    for name in ("README.md", "CHANGELOG.md", "docs/go-live.md", "docs/quickstart.md", "docs/reference/commands.md"):
        used = set(re.findall(r"\b(?:WAKEEL|WHATSAPP)_[A-Z_]*[A-Z]", text_of(name)))
        assert {word if word in known else word.removesuffix("_FILE") for word in used} <= known, name
