"""The templates that ship, read from their files."""

import json
from functools import cache
from importlib import resources

from wakeel.domain.template_files import TemplateFile, read_file
from wakeel.domain.template_wording import NewTemplate

OPERATOR_BRIEF = "operator_brief"
"""Without it the window of an operator who was silent for a day cannot be opened by us."""


@cache
def starter_files() -> tuple[TemplateFile, ...]:
    """Every one, by name."""
    files = (file for file in resources.files("wakeel.starter_templates").iterdir() if file.name.endswith(".json"))
    found = (read_file(json.loads(file.read_text(encoding="utf-8"))) for file in files)
    return tuple(sorted(found, key=lambda file: file.name))


def starter(name: str, *, language: str) -> NewTemplate | None:
    """The wording that ships; None if there is none of that name in that language."""
    wordings = (wording for file in starter_files() if file.name == name for wording in file.wordings)
    return next((wording for wording in wordings if wording.language == language), None)
