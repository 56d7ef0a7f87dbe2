"""Filters for the gate's answers, the ledger's words and findings in a text, in the language of the page."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.audit_words import ACTION_WORDS
from wakeel.domain.consent import Category, ConsentType
from wakeel.domain.consent_words import CATEGORY_WORDS, STANDING_WORDS, TYPE_WORDS, source_words
from wakeel.domain.content import KIND_WORDS, Finding, findings
from wakeel.domain.reasons import Answer
from wakeel.domain.steps import STEP_WORDS, Step
from wakeel.domain.text_changes import Kept, pieces
from wakeel.domain.words import Text
from wakeel.flows.verdict_line import Line
from wakeel.store.screens.timeline import Happening
from wakeel.web.language import page_language
from wakeel.whatsapp import errors

register = template.Library()

_ACTORS = {
    "contact": Text("الشخص نفسه", "the person"),
    "machine": Text("النظام", "the system"),
    "import": Text("الاستيراد", "the import"),
}
_BOXES = {
    Answer.ALLOW: "good-box",
    Answer.SIMULATE: "good-box",
    Answer.DEFER: "info-box",
    Answer.HOLD: "warn-box",
    Answer.BLOCK: "bad-box",
}


@register.filter
def what(line: Line) -> str:
    return line.what(page_language())


@register.filter
def answer(line: Line) -> str:
    return line.answer(page_language())


@register.filter
def because(line: Line) -> str:
    """The sentence of the rule that decides."""
    return line.reason(page_language())


@register.filter
def earliest(line: Line) -> str:
    return line.earliest(page_language())


@register.filter
def rests_on(line: Line) -> str:
    """The consent, '' without one."""
    return line.consent(page_language())


@register.filter
def box(line: Line) -> str:
    """The colour of the answer."""
    return _BOXES[line.verdict.answer]


@register.filter
def entry(word: str) -> str:
    """What kind of ledger entry it is."""
    return TYPE_WORDS[ConsentType(word)].say(page_language()) if word in set(ConsentType) else word


@register.filter
def acted(action: str) -> str:
    """What somebody decided, in the words of the audit log."""
    return ACTION_WORDS[action].say(page_language()) if action in ACTION_WORDS else action


@register.filter
def settle_words(verb: str) -> str:
    """What a button that settles a message says."""
    return STEP_WORDS[Step(verb)].say(page_language())


@register.filter
def category(word: str) -> str:
    return CATEGORY_WORDS[Category(word)].say(page_language()) if word in set(Category) else word


@register.filter
def purposes(words: Iterable[str]) -> str:
    said = (PURPOSE_WORDS[word] if word in PURPOSE_WORDS else Text.literal(word, word) for word in words)
    return Text.joined(said).say(page_language())


@register.filter
def source(word: str) -> str:
    """How an entry came about."""
    return source_words(word).say(page_language())


@register.filter
def standing(word: str) -> str:
    return STANDING_WORDS[word].say(page_language()) if word in STANDING_WORDS else word  # type: ignore[index]


@register.filter
def actor(word: str) -> str:
    """Who wrote an entry: a name, or our word for whoever it was."""
    return _ACTORS[word].say(page_language()) if word in _ACTORS else word


@register.filter
def marked(text: str, found: Iterable[Finding] | None = None) -> SafeString:
    """The text with its findings marked, each with its kind for those who cannot see the mark. found: None looks."""
    pieces, end = [], 0
    for one in findings(text) if found is None else found:
        pieces.append(format_html("{}", text[end : one.start]))
        pieces.append(format_html('<mark title="{}">{}</mark>', kind(one), text[one.start : one.end]))
        end = one.end
    pieces.append(format_html("{}", text[end:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def compared_to(old: str, new: str) -> SafeString:
    """The new text with what it no longer says of the old one struck through, and what is new underlined."""
    drawn = {Kept.SAME: "{}", Kept.GONE: "<del>{}</del>", Kept.NEW: "<ins>{}</ins>"}
    return format_html_join("", "{}", ((format_html(drawn[one.kept], one.text),) for one in pieces(old, new)))


@register.filter
def why_failed(event: Happening) -> str:
    """Why the step of the timeline that carries an error code came to nothing."""
    return errors.reason(event.code, details=event.details).say(page_language())


@register.filter
def kind(finding: Finding) -> str:
    """What a finding is suspected to be."""
    return KIND_WORDS[finding.kind].say(page_language())


@register.filter
def phrase(finding: Finding, text: str) -> str:
    """The words of the text that it is about."""
    return text[finding.start : finding.end]


@register.filter
def found_in(text: str) -> tuple[Finding, ...]:
    """What there is to look at in a text that somebody typed."""
    return findings(text)
