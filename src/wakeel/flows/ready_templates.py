"""Our own templates that can be sent now, and the message part with their values and payloads. Reads only.

A template is asked for by the name that we gave it; which version Meta has approved is looked up here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wakeel.domain.template_payloads import PayloadRefused, refuse_payloads
from wakeel.domain.template_texts import (
    Template,
    ValueRefused,
    components_hash,
    read_template,
    refuse_values,
)
from wakeel.store import template_texts
from wakeel.store.models import Template as TemplateRow
from wakeel.store.models import TemplateText
from wakeel.whatsapp import template_body


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTemplate:
    """A version that Meta approved and did not pause. name: ours; meta_name, language: as a message names it.

    category: as Meta has it now, in our letters: it may have made marketing of a utility template. components_hash: of
    what Meta approved. text: those components, read. payloads: of its quick replies, `{…}` for what is to be filled in.
    """

    name: str
    version: int
    meta_name: str
    language: str
    category: str
    components_hash: str
    text: Template
    payloads: tuple[str, ...]


class CannotFill(Exception):
    """These values or payloads do not make a message of this template. why: which rule they break."""

    def __init__(self, meta_name: str, why: ValueRefused | PayloadRefused) -> None:
        self.meta_name, self.why = meta_name, why
        super().__init__(f"template {meta_name} cannot be filled in: {why}; ask `refuse` before")


def ready(business_id: str, name: str, *, language: str, waba_id: str | None = None) -> ReadyTemplate | None:
    """The newest version of a template that can be sent now; None if there is none, and something else must be said.

    name: ours, without a version. waba_id: of the number it is to be sent from; None if the business has one account.
    Two queries.
    """
    versions = template_texts.of_name(business_id, name, language=language)
    approved = template_texts.sendable(
        business_id, [row.meta_name for row in versions], language=language, waba_id=waba_id
    )  # fmt: skip
    found = (_ready(row, approved[row.meta_name]) for row in versions if row.meta_name in approved)
    return next((one for one in found if one is not None), None)


def refuse(template: ReadyTemplate, values: Mapping[str, str]) -> ValueRefused | PayloadRefused | None:
    """Why it cannot go out with these and with its own payloads; None if it can."""
    return refuse_values(template.text, values) or refuse_payloads(template.text, template.payloads)


def template_part(template: ReadyTemplate, values: Mapping[str, str]) -> dict[str, Any]:
    """`type` + `template` of a message, for `whatsapp.payloads.message_body`.

    values: by variable, each in one line (`domain.template_texts.tidy_values` makes them so). Raises CannotFill for
    what `refuse` objects to.
    """
    why = refuse(template, values)
    if why is not None:
        raise CannotFill(template.meta_name, why)
    return template_body.template_part(template.text, values, template.payloads)


def _ready(version: TemplateText, row: TemplateRow) -> ReadyTemplate | None:
    """None if what Meta has approved does not say what was written here: somebody made or edited it elsewhere."""
    text = read_template(row.name, row.language, row.components)
    if text is None or not template_texts.says_what_was_written(version, row.components):
        return None
    return ReadyTemplate(
        name=version.name,
        version=version.version,
        meta_name=row.name,
        language=row.language,
        category=(row.category or version.category).lower(),
        components_hash=components_hash(row.components),
        text=text,
        payloads=tuple(version.payloads),
    )
