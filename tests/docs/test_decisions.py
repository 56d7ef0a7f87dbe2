"""Every dependency has its decision, and every decision its shape."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, text_of

DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
HEADINGS = ["Context", "Choice", "Consequences", "What would change our mind"]
ONE_PAGE = 60


def dependencies() -> list[str]:
    project = tomllib.loads(text_of("pyproject.toml"))
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    return sorted({re.match(r"[A-Za-z0-9_.-]+", line)[0] for line in wanted})


@pytest.mark.parametrize("name", dependencies())
def test_a_dependency_is_named_in_a_decision(name: str):
    said = "\n".join(page.read_text(encoding="utf-8") for page in DECISIONS)
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said, re.IGNORECASE)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.stem)
def test_a_decision_is_one_page_with_its_four_parts(decision: Path):
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {decision.name[:4]} ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    assert len(text.splitlines()) <= ONE_PAGE


def test_decisions_are_numbered_without_gaps():
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
