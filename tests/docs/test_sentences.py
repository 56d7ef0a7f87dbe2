"""docs/reference/sentences.md is what its script writes today."""

import runpy

from tests.docs.pages import DOCS


def test_the_page_of_sentences_is_up_to_date():
    """If this fails: `python docs/make_sentences.py`."""
    script = runpy.run_path(str(DOCS / "make_sentences.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"]()
