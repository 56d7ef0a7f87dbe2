"""The commands page and the console script name the same commands and options."""

import re
from contextlib import suppress

import pytest

from tests.docs.pages import text_of
from wakeel.cli import main

PAGE = "docs/reference/commands.md"


def help_of(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What `wakeel ARGUMENTS --help` prints. The simulator hands its exit code back, the others leave."""
    with suppress(SystemExit):
        main([*arguments, "--help"])
    printed = capsys.readouterr().out
    assert printed.startswith("usage: wakeel")
    return printed


def commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    return set(re.findall(r"^    ([a-z][a-z-]+)(?:\s|$)", help_of(capsys=capsys), re.MULTILINE))


def test_every_command_has_its_section_and_the_reverse(capsys: pytest.CaptureFixture[str]):
    assert set(re.findall(r"^## wakeel ([a-z-]+)$", text_of(PAGE), re.MULTILINE)) == commands(capsys)


def test_every_option_is_on_the_page_and_the_reverse(capsys: pytest.CaptureFixture[str]):
    for section in re.split(r"^## wakeel ", text_of(PAGE), flags=re.MULTILINE)[1:]:
        name = section.split()[0]
        offered = set(re.findall(r"--[a-z][a-z-]+", help_of(name, capsys=capsys))) - {"--help"}
        assert set(re.findall(r"--[a-z][a-z-]+", section)) == offered, name


def test_every_make_target_on_the_page_exists():
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    pages = ("README.md", PAGE, "docs/quickstart.md", "docs/go-live.md")
    used = {target for page in pages for target in re.findall(r"(?:`|^)make ([a-z-]+)", text_of(page), re.MULTILINE)}
    assert used <= targets
