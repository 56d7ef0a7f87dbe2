"""docs/states.md is what its script writes today."""

import runpy

from tests.docs.pages import DOCS


def test_the_states_page_is_up_to_date():
    """If this fails: `python docs/make_states.py`."""
    script = runpy.run_path(str(DOCS / "make_states.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"]()
