"""Links between the pages lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT, anchors

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("source", PAGES, ids=lambda source: str(source.relative_to(ROOT)))
def test_every_link_to_a_page_of_ours_leads_somewhere(source: Path):
    text = source.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        found = (source.parent / path).resolve() if path else source
        assert found.exists(), f"{source.name}: {target}"
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), f"{source.name}: {target}"


def test_every_page_can_be_reached_from_the_readme():
    """A page nobody links to is a page nobody keeps true. Decisions are reached through their folder."""
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not target.startswith(("https://", "#"))
    }
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"}
    assert pages <= linked
    assert DOCS / "decisions" in linked
