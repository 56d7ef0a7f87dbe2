"""The catalogue of what an operator can receive: whole, in two languages, and nothing in it that nothing says.

That each answer is really said is found out over a whole run of the tests, see `tests/said.py`.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter

import wakeel
from wakeel.domain.answers import ANSWERS, AnswerCode
from wakeel.domain.cards import TEXT_LIMIT
from wakeel.domain.text import measure
from wakeel.flows.catalogue import CARD_LABELS, ELSEWHERE, Sentence, sentences

SOURCE = Path(wakeel.__file__).parent
ARABIC = re.compile(r"[\u0600-\u06ff]")
QUOTED = re.compile(r"«[^»]*»|“[^”]*”|أوقف الكل|فرصة: [^.]*|عدّل:|[\u0660-\u0669]|" + "|".join(CARD_LABELS))
"""What an English sentence says in Arabic: words to be typed, buttons to be tapped."""
ROOMS_THAT_SAY = ("flows", "web", "worker", "commands")
ROOMS = (*ROOMS_THAT_SAY, "domain", "whatsapp", "store/screens")


@cache
def catalogue() -> tuple[Sentence, ...]:
    return sentences()


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module that could say something."""
    found = (path for room in ROOMS for path in (SOURCE / room).rglob("*.py") if "migrations" not in path.parts)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in found}


def fields(words: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(words) if name)


def test_every_answer_has_its_sentence_and_every_name_is_there_once():
    assert set(ANSWERS) == set(AnswerCode)
    names = Counter(one.name for one in catalogue())
    assert [name for name, count in names.items() if count > 1] == []
    assert {f"answer:{code.value}" for code in AnswerCode} <= set(names)


def test_every_sentence_is_said_in_both_languages_with_the_same_values():
    for one in catalogue():
        ar, en = one.text.ar, one.text.en
        assert fields(ar).keys() == fields(en).keys(), one.name
        has_words = re.sub(r"\{\w*\}|[\W\d_]", "", en)
        if has_words:
            assert ARABIC.search(ar) or ar == en, one.name
        assert not ARABIC.search(QUOTED.sub("", en)), one.name


def test_every_sentence_leaves_room_for_its_values_in_a_message():
    """Values are lines of at most 60 characters each, or are shortened where they are put in."""
    for one in catalogue():
        for words in (one.text.ar, one.text.en):
            assert measure(words) + 60 * fields(words).total() <= TEXT_LIMIT, one.name


def test_no_function_has_words_of_its_own_to_say():
    """What is written inside of a function the catalogue does not see."""
    found = []
    for path, tree in trees().items():
        name = ".".join(("wakeel", *path.relative_to(SOURCE).with_suffix("").parts))
        if path.is_relative_to(SOURCE / "flows") or path.is_relative_to(SOURCE / "domain"):
            found += [name for call in _texts_made_in_functions(tree) if name not in ELSEWHERE and _has_words(call)]
    assert found == []


def _texts_made_in_functions(tree: ast.Module) -> Iterator[ast.Call]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    calls = (node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call))
    return (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Text")


def _has_words(call: ast.Call) -> bool:
    constants = (node.value for node in ast.walk(call) if isinstance(node, ast.Constant))
    return any(isinstance(one, str) and ARABIC.search(one) for one in constants)


def test_the_labels_of_cards_are_those_that_the_cards_have():
    found: set[str] = set()
    for name in ("whatsapp/cards", "whatsapp/choices", "flows/new_person"):
        tree = trees()[SOURCE / f"{name}.py"]
        documented = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _DOCUMENTED)}
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found |= {one for one in constants if isinstance(one, str) and ARABIC.search(one) and one not in documented}
    assert found == set(CARD_LABELS)


def test_whatever_is_said_elsewhere_is_a_module_with_words():
    for name in ELSEWHERE:
        source = Path(str(import_module(name).__file__)).read_text(encoding="utf-8")
        assert "Text(" in source, f"{name} says nothing any more"


def test_some_flow_gives_each_answer():
    given: set[str] = set()
    for room in ROOMS_THAT_SAY:
        for path in (SOURCE / room).rglob("*.py"):
            given |= set(re.findall(r"AnswerCode\.([A-Z_]+)", path.read_text(encoding="utf-8")))
    assert [code.name for code in AnswerCode if code.name not in given] == []


def test_no_words_lie_about_that_nothing_reads():
    """A constant of sentences is read where it stands, or imported."""
    unread = [
        (name, one)
        for name, constants in _constants().items()
        for one in constants
        if one not in _read_in(name) and (name, one) not in _imported()
    ]
    assert unread == []


@cache
def _constants() -> dict[str, set[str]]:
    """Constants with sentences, by module."""
    found: dict[str, set[str]] = {}
    for one in catalogue():
        if not one.name.startswith(("answer:", "card:")):
            room, module, constant = re.split(r"\.", re.split(r"[\[]", one.name)[0], maxsplit=2)
            found.setdefault(f"wakeel.{room}.{module}", set()).add(constant.partition(".")[0])
    return found


@cache
def _read_in(module: str) -> set[str]:
    path = SOURCE.parent.joinpath(*module.split(".")).with_suffix(".py")
    names = (node for node in ast.walk(trees()[path]) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Load)}


@cache
def _imported() -> set[tuple[str, str]]:
    """(module, name) of everything that is imported by name, or read as an attribute of an imported module."""
    return {pair for tree in trees().values() for pair in _imports_of(tree)}


def _imports_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr


_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
