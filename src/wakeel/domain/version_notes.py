"""What an operator is told of a new text: what it changed, how long it is, what to look at. Issue 7."""

from wakeel.domain.content import KIND_WORDS, findings
from wakeel.domain.text import measure, one_line
from wakeel.domain.text_changes import PIECE_LIMIT, changed_words
from wakeel.domain.words import Language, Text

FINDINGS_SHOWN = 3

_LENGTH = Text("الطول: {length} من {limit} حرف.", "Length: {length} of {limit} characters.")
_FINDINGS = Text("للانتباه قبل الاعتماد: {found}.", "To look at before approving: {found}.")
_FINDING = Text("{kind} «{phrase}»", "{kind} “{phrase}”")
_MORE = Text("وغيرها: {n}", "and {n} more")


def notes_on(text: str, *, before: str, limit: int) -> Text:
    """Lines to stand after "version 2 is kept", each on a line of its own.

    before: the version that it replaces. limit: characters the text may have; both counted by `measure`.
    """
    return Text.both(lambda language: _lines(text, before, limit, language))


def _lines(text: str, before: str, limit: int, language: str) -> str:
    length = _LENGTH.say(language, length=f"{measure(text):,}", limit=f"{limit:,}")
    lines = [changed_words(before, text, language), length, _findings(text, language)]
    return "".join(f"\n{line}" for line in lines if line)


def _findings(text: str, language: str) -> str:
    found = findings(text)
    said = [
        _FINDING.say(
            language,
            kind=KIND_WORDS[one.kind].say(language),
            phrase=one_line(text[one.start : one.end], limit=PIECE_LIMIT),
        )
        for one in found[:FINDINGS_SHOWN]
    ]
    if len(found) > FINDINGS_SHOWN:
        said.append(_MORE.say(language, n=len(found) - FINDINGS_SHOWN))
    between = "، " if language == Language.AR else ", "
    return _FINDINGS.say(language, found=between.join(said)) if said else ""
