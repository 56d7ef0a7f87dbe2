"""First texts of drafts: what may be known to whoever writes one, and the writer that is always there, by template.

A text is only ever the first version of a draft: a person reads, changes and approves it. Whoever writes it, a template
or a model (`domain.model_texts`), can approve, address and send nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wakeel.domain.content import OPT_OUT_LINE
from wakeel.domain.drafts import standard_text
from wakeel.domain.text import bare_line
from wakeel.domain.tones import Tone
from wakeel.domain.words import Language, Text

LINES_KNOWN = 8
"""Messages of a conversation, the newest ones, that a writer is told."""
LINE_LIMIT = 700
_NAME_LIMIT, _TITLE_LIMIT, _QUOTED_LIMIT = 80, 200, 80


class Occasion(StrEnum):
    FIRST = "first"  # we write to them about an opportunity
    REPLY = "reply"  # they wrote, and this answers it


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the conversation. is_ours: we wrote it; False: the contact did."""

    is_ours: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFacts:
    """All that a writer may know. name, title, summary, value: of the contact and the opportunity, '' for unknown.

    title: '' also where it only repeats the contact's own words. said: the conversation, the oldest first.
    """

    occasion: Occasion
    language: Language
    tone: Tone
    business: str
    name: str = ""
    title: str = ""
    summary: str = ""
    value: str = ""
    said: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A first text. written_by: the name of the model that wrote it, '' for a template."""

    text: str
    written_by: str = ""


class Drafter(Protocol):
    """Whoever turns facts into a first text. Never raises: there always is a text."""

    def write(self, facts: DraftFacts) -> Written: ...


class TemplateDrafter:
    """Says what is certain and asks what must be asked; knows nothing that is not among the facts."""

    def write(self, facts: DraftFacts) -> Written:
        """A text in the facts' language and tone; a first message names the sender and the way to stop."""
        name, title = bare_line(facts.name, limit=_NAME_LIMIT), bare_line(facts.title, limit=_TITLE_LIMIT)
        business = bare_line(facts.business, limit=_NAME_LIMIT)
        warm_arabic = (Occasion.FIRST, Tone.WARM, Language.AR)
        if (facts.occasion, facts.tone, facts.language) == warm_arabic and title:
            return Written(standard_text(name=name, title=title, business=business))
        words = _WORDS[facts.occasion, facts.tone].say(
            facts.language,
            greeting=_GREETING[facts.tone, bool(name)].say(facts.language, name=name),
            business=business,
            about=_about(facts, title),
        )
        if facts.occasion is Occasion.FIRST:
            words = f"{words}\n\n{OPT_OUT_LINE.say(facts.language)}"
        return Written(words)


def _about(facts: DraftFacts, title: str) -> str:
    """Of an answer what they wrote last: the gate lets no text go to one person twice in a day."""
    theirs = next((line.text for line in reversed(facts.said) if not line.is_ours and line.text.strip()), "")
    if facts.occasion is Occasion.REPLY and (words := bare_line(theirs, limit=_QUOTED_LIMIT)):
        return _QUOTED.say(facts.language, words=words)
    return _ABOUT.say(facts.language, title=title) if title else ""


_GREETING: Mapping[tuple[Tone, bool], Text] = {
    (Tone.WARM, True): Text("السلام عليكم {name}،", "Hello {name},"),
    (Tone.WARM, False): Text("السلام عليكم،", "Hello,"),
    (Tone.FORMAL, True): Text("السلام عليكم ورحمة الله وبركاته، {name} المحترم/ة،", "Dear {name},"),
    (Tone.FORMAL, False): Text("السلام عليكم ورحمة الله وبركاته،", "Good day,"),
}
_ABOUT = Text(" بخصوص: {title}", " about: {title}")
_QUOTED = Text(" بخصوص ما كتبت: «{words}»", " about what you wrote: “{words}”")
_WORDS: Mapping[tuple[Occasion, Tone], Text] = {
    (Occasion.FIRST, Tone.WARM): Text(
        "{greeting}\nمعك {business}{about}.\nهل يناسبك أن نرسل لك التفاصيل هنا؟",
        "{greeting}\nthis is {business}{about}.\nMay we send you the details here?",
    ),
    (Occasion.FIRST, Tone.FORMAL): Text(
        "{greeting}\nنتواصل معكم من {business}{about}.\nنرجو إفادتنا إن كان يناسبكم استلام التفاصيل هنا.",
        "{greeting}\nwe are writing from {business}{about}.\n"
        "Please let us know whether we may send you the details here.",
    ),
    (Occasion.REPLY, Tone.WARM): Text(
        "{greeting}\nشكرًا على رسالتك. معك {business}{about}، ونعود إليك بالتفاصيل هنا.",
        "{greeting}\nthank you for your message. This is {business}{about}; we will come back to you here with the "
        "details.",
    ),
    (Occasion.REPLY, Tone.FORMAL): Text(
        "{greeting}\nنشكر لكم تواصلكم مع {business}{about}. استلمنا رسالتكم، وسنوافيكم بالرد هنا.",
        "{greeting}\nthank you for contacting {business}{about}. We have received your message and will reply here.",
    ),
}
