"""Compile the language catalogues whenever the project is built or installed, so that nobody needs gettext tools."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> list[Path]:
    """Write one `.mo` beside every `.po` below `root`; returns what was written."""
    written = []
    for source in sorted(root.glob("src/wakeel/**/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        with source.open("rb") as text, target.open("wb") as binary:
            write_mo(binary, read_po(text, locale=source.parts[-3]))
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface):
    """Without the artifacts entry the git-ignored `.mo` files would stay out of the wheel."""

    def initialize(self, version: str, build_data: dict) -> None:
        root = Path(self.root)
        build_data["artifacts"] += [str(path.relative_to(root)) for path in compile_catalogues(root)]
