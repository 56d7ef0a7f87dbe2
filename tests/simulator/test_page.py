"""The page's words: both languages, nothing missing, nothing unused."""

import json
import re

from wakeel.simulator.page import FILES

WORDS = json.loads((FILES / "words.json").read_text(encoding="utf-8"))
HTML = (FILES / "phones.html").read_text(encoding="utf-8")
SCRIPT = (FILES / "phones.js").read_text(encoding="utf-8")
FILLED_IN = {"lang", "dir", "product_url", "product_hidden"}
BUILT = {"status_", "write_as_"}
"""Words whose names the script puts together from a status or a role."""


def test_both_languages_have_the_same_words():
    assert WORDS["ar"].keys() == WORDS["en"].keys()
    assert all(text.strip() for words in WORDS.values() for text in words.values())


def test_every_word_is_used_and_every_used_word_exists():
    in_page = set(re.findall(r"\{\{(\w+)\}\}", HTML)) - FILLED_IN
    in_script = set(re.findall(r"\bwords\.(?!json)(\w+)", SCRIPT))
    assert in_page | in_script <= WORDS["ar"].keys()
    unused = WORDS["ar"].keys() - in_page - in_script
    assert all(word.startswith(tuple(BUILT)) for word in unused), unused


def test_the_script_never_writes_markup_and_stays_small():
    """Text from outside is set with textContent; the bar for own browser code is 400 lines."""
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in SCRIPT
    assert len(SCRIPT.splitlines()) <= 400
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src=)", HTML)
