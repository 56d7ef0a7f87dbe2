"""Words in both languages, side by side, so that neither can be changed alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    AR = "ar"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Arabic and English; `{name}` marks a value, the same ones in both."""

    ar: str
    en: str

    def say(self, language: str, **values: object) -> str:
        """The sentence in `language` (anything but `en` is Arabic) with its values filled in."""
        return (self.en if language == Language.EN else self.ar).format(**values)

    @classmethod
    def literal(cls, ar: str, en: str) -> "Text":
        """Finished sentences: what stands in them came from outside, and its braces are no values."""
        return cls(*(words.replace("{", "{{").replace("}", "}}") for words in (ar, en)))

    @classmethod
    def both(cls, say: Callable[[str], str]) -> "Text":
        """The same of what `say` says in each language."""
        return cls.literal(say(Language.AR), say(Language.EN))

    @classmethod
    def joined(cls, texts: Iterable["Text"]) -> "Text":
        """All of them in one line, with the comma of each language."""
        each = tuple(texts)
        return cls("، ".join(one.ar for one in each), ", ".join(one.en for one in each))
