"""What the content checks say of one text in the name of one business, and how that is kept beside an approval.

Reading a text takes longer than everything else that the gate asks about it together, and the same text with the same
name always gives the same answer: what was read when it was approved need not be read again when it leaves.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from wakeel.domain import content

RULES = 1
"""Raised with every change of the content checks that may change an answer: what was read before is read again then."""
_MARK_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Words:
    """names_sender, has_opt_out: see `content`. findings: values of ReasonCode with their kind (`CONTENT_PII:iban`)."""

    names_sender: bool
    has_opt_out: bool
    findings: tuple[str, ...]


@lru_cache(8192)
def read_words(text: str, business_name: str) -> Words:
    """Every check once; one text may go to many people."""
    return Words(
        names_sender=content.names_sender(text, business_name),
        has_opt_out=content.has_opt_out(text),
        findings=tuple(f"{found.code}:{found.kind}" for found in content.findings(text)),
    )


def as_kept(text: str, business_name: str) -> str:
    """The answer as one line: whose it is, yes or no to both questions, and the findings. Not a word of the text."""
    words = read_words(text, business_name)
    return " ".join([_mark(text, business_name), *map(_flag, (words.names_sender, words.has_opt_out)), *words.findings])


def from_kept(kept: str, text: str, business_name: str) -> Words:
    """The answer for this very text: what was kept, if it is that text's, by these rules and in this name."""
    mark, _, answer = kept.partition(" ")
    return _answer(answer) if mark == _mark(text, business_name) else read_words(text, business_name)


def _mark(text: str, business_name: str) -> str:
    read = f"{RULES}\0{unicodedata.unidata_version}\0{business_name}\0{text}"
    return sha256(read.encode(errors="surrogatepass")).hexdigest()[:_MARK_LENGTH]


def _flag(said: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return "y" if said else "n"


@lru_cache(1024)
def _answer(written: str) -> Words:
    names_sender, has_opt_out, *findings = written.split(" ")
    return Words(names_sender == "y", has_opt_out == "y", tuple(findings))
