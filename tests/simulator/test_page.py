"""The page's words: both languages, nothing missing, nothing unused. And what its script must not do."""

import json
import re

from wakeel.simulator.fault_kinds import Kind, WebhookKind
from wakeel.simulator.page import FILES
from wakeel.simulator.personas import Reads
from wakeel.simulator.rules.book import Rules, Standing
from wakeel.simulator.scripts import Dialect

WORDS = json.loads((FILES / "words.json").read_text(encoding="utf-8"))
HTML = (FILES / "phones.html").read_text(encoding="utf-8")
MODULES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FILES.glob("*.js"))}
SCRIPT = "\n".join(MODULES.values())
STYLE = "\n".join(path.read_text(encoding="utf-8") for path in FILES.glob("*.css"))
FILLED_IN = {"lang", "dir", "product_url", "product_hidden"}
LONGEST = 250
"""Lines of one module."""


def used() -> set[str]:
    """Words that the page or a module names in full."""
    asked = re.findall(r"\bwords\.(?!js)(\w+)", SCRIPT)
    chosen = [
        word for place in re.findall(r"\bwords\[[^\]]*\]", SCRIPT) for word in re.findall(r'(?<!=== )"(\w+)"', place)
    ]
    return {*re.findall(r"\{\{(\w+)\}\}", HTML), *asked, *chosen} - FILLED_IN


def built() -> tuple[str, ...]:
    """Beginnings of words whose names the script puts together, such as `status_` from a status."""
    return tuple(re.findall(r"\bwords\[`(\w+_)\$\{", SCRIPT))


def test_both_languages_have_the_same_words():
    assert WORDS["ar"].keys() == WORDS["en"].keys()
    assert all(text.strip() for words in WORDS.values() for text in words.values())


def test_every_word_is_used_and_every_used_word_exists():
    assert used() <= WORDS["ar"].keys(), used() - WORDS["ar"].keys()
    unused = WORDS["ar"].keys() - used()
    assert {word for word in unused if not word.startswith(built())} == set()


def test_every_fault_rule_and_habit_of_the_simulator_has_its_words():
    """A name without words would be shown as it is, in English, on an Arabic page."""
    wanted = {f"fault_{kind}" for kind in Kind} | {f"update_{kind}" for kind in WebhookKind}
    wanted |= {f"rule_{name}" for name in Rules().row()} | {f"account_{state}" for state in Standing}
    wanted |= {f"reads_{habit}" for habit in Reads} | {f"speaks_{dialect}" for dialect in Dialect}
    assert wanted <= WORDS["ar"].keys(), wanted - WORDS["ar"].keys()


def test_the_script_never_writes_markup_and_its_modules_stay_small():
    """Text from outside is set with textContent."""
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "setHTML", "DOMParser"):
        assert way not in SCRIPT
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src=)", HTML)
    assert {name for name, text in MODULES.items() if len(text.splitlines()) > LONGEST} == set()


def test_every_module_is_loaded_and_everything_it_asks_for_exists():
    """No build step would notice."""
    imported = set()
    for name, text in MODULES.items():
        for names, source in re.findall(r"import \{([^}]+)\} from \"\./(\w+\.js)\"", text):
            imported.add(source)
            for wanted in re.split(r",\s*", names.strip()):
                exported = rf"export (?:async )?(?:function|const|let|class) {re.escape(wanted)}(?![\w$])"
                assert re.search(exported, MODULES[source]), f"{name} asks {source} for {wanted}"
                body = text.replace(f"import {{{names}}}", "", 1)
                assert re.search(rf"(?<![\w$]){re.escape(wanted)}(?![\w$])", body), f"{name} does not use {wanted}"
    assert MODULES.keys() - imported == {"phones.js"}


def test_the_style_knows_no_left_and_right():
    """One file for both directions."""
    assert not re.findall(r"(?:margin|padding|border|inset|text-align|float)[\w-]*:?[^;{}]*\b(?:left|right)\b", STYLE)
