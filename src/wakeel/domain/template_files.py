"""A file of templates: one name in one or more languages, as `wakeel templates push` takes it and as ours ship."""

from dataclasses import dataclass
from typing import Any

from wakeel.domain.document_reader import Faulty, Node, one_of, text, text_or_empty
from wakeel.domain.template_wording import CATEGORIES, NewTemplate, QuickReply
from wakeel.domain.words import Text


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """about: when it is sent, for whoever reads it first. wordings: one a language."""

    about: Text
    wordings: tuple[NewTemplate, ...]

    @property
    def name(self) -> str:
        return self.wordings[0].name


class FileFaulty(Exception):
    """problems: every one of them, with its place; never what stood there."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def read_file(document: object) -> TemplateFile:
    """The templates of one JSON document. Raises FileFaulty; whether a wording keeps the rules is asked elsewhere."""
    node = Node(document)
    node.only("name", "category", "about", "languages")
    name, category = node.child("name").read(text, ""), node.child("category").read(one_of(*CATEGORIES), "")
    about = node.child("about")
    about.only("ar", "en")
    words = Text(about.child("ar").read(text_or_empty, ""), about.child("en").read(text_or_empty, ""))
    wordings = tuple(
        _wording(each, name=name, category=category, language=language)
        for language, each in node.child("languages").children()
    )
    for part, found in (("name", name), ("category", category), ("languages", wordings)):
        if not found and node.child(part).value is None:
            node.child(part).fault("is missing")
    if not node.faults and not wordings:
        node.child("languages").fault("give at least one language")
    if node.faults:
        raise FileFaulty(tuple(str(fault) for fault in node.faults))
    return TemplateFile(words, wordings)


def _wording(node: Node, *, name: str, category: str, language: str) -> NewTemplate:
    node.only("header", "body", "footer", "buttons", "samples")
    return NewTemplate(
        name=name,
        language=language,
        category=category,
        header=node.child("header").read(text_or_empty, ""),
        body=node.child("body").read(text_or_empty, ""),
        footer=node.child("footer").read(text_or_empty, ""),
        buttons=tuple(_button(each) for each in node.child("buttons").items()),
        samples=node.child("samples").read(_samples, {}),
    )


def _button(node: Node) -> QuickReply:
    node.only("label", "payload")
    return QuickReply(node.child("label").read(text, ""), node.child("payload").read(text_or_empty, ""))


def _samples(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise Faulty("give a table of texts")
    table: dict[Any, str] = value
    return {str(name): sample for name, sample in table.items()}
