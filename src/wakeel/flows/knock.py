"""An operator's window is closed: one approved template asks them to open it, and says what waits. Issue 7.

Cards and answers are free text and fail outside the window (reference WA 1.2, 5.1); they wait in the outbox until any
button of this template, or any word of theirs, opens it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wakeel.domain.briefs import TEMPLATE_VARIABLES, Digest, template_values
from wakeel.domain.consent import Category
from wakeel.domain.prompts import PromptKind
from wakeel.domain.template_wording import NewTemplate
from wakeel.domain.words import Language
from wakeel.flows.ask_operator import ask
from wakeel.flows.ready_templates import ReadyTemplate, ready, refuse, template_part
from wakeel.flows.starter_templates import OPERATOR_BRIEF, starter
from wakeel.store import mentions, operators, prompts, template_texts
from wakeel.store.models import Operator

STANDS_FOR = timedelta(hours=3)
"""What it says is old after that: one that could not leave by then does not leave any more."""


def template_for(operator: Operator) -> ReadyTemplate | None:
    """In their language, else in the other one; None if WhatsApp has approved neither as a service notice, or if it has
    no button or asks for more than we can say.

    One that WhatsApp made marketing of is none: it would cost more and count as advertising.
    """
    return _approved(operator.business_id, first=operator.language, waba_id=operator.number.waba_id)


@dataclass(frozen=True, slots=True)
class ToSubmit:
    """The template that nobody's window can be opened without. wording: as it ships; None if it is written here, under
    name and language: it waits for its submission or its review."""

    name: str
    language: str
    wording: NewTemplate | None


def to_submit(business_id: str, *, language: str) -> ToSubmit | None:
    """None while a closed window can be knocked at. language: of the wording."""
    if _approved(business_id, first=language, waba_id=None) is not None:
        return None
    is_written = bool(template_texts.of_name(business_id, OPERATOR_BRIEF, language=language))
    return ToSubmit(OPERATOR_BRIEF, language, None if is_written else starter(OPERATOR_BRIEF, language=language))


def _approved(business_id: str, *, first: str, waba_id: str | None) -> ReadyTemplate | None:
    languages = (Language.EN, Language.AR) if first == Language.EN else (Language.AR, Language.EN)
    for language in languages:
        found = ready(business_id, OPERATOR_BRIEF, language=language, waba_id=waba_id)
        if found is not None and found.category == Category.UTILITY and _can_be_filled(found):
            return found
    return None


def _can_be_filled(template: ReadyTemplate) -> bool:
    return bool(template.payloads) and set(template.text.variables) <= TEMPLATE_VARIABLES


def part_of(operator: Operator, template: ReadyTemplate, digest: Digest) -> dict[str, Any] | None:
    """The message's part; None if these words do not fit into the template."""
    known = template_values(digest, template.language, name=operator.name)
    values = {name: known[name] for name in template.text.variables}
    return template_part(template, values) if refuse(template, values) is None else None


def knock(
    operator: Operator, part: Mapping[str, Any], digest: Digest, *, subject: str, key: str, now: datetime
) -> bool:
    """Queue it inside the caller's transaction; False if that was done before. part: from `part_of`.

    subject: id of the brief that it is, else of the operator. key: what makes it this one.
    """
    asked = ask(
        operator, PromptKind.BRIEF, subject=subject, part=part, key=f"knock:{key}", expires_at=now + STANDS_FOR, now=now
    )
    if asked is None:
        return False
    prompts.close_of(operator, PromptKind.BRIEF, but=asked, now=now)
    mentions.note(asked.outbox, digest.people)
    operators.knocked(operator, at=now)
    return True
