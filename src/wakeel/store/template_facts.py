"""Templates as the gate and an approval see them: by the account of the sending number, name and language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q

from wakeel.domain.gate_request import TemplateFacts
from wakeel.domain.template_texts import Filled, components_hash, filled, read_template, rendered
from wakeel.domain.template_texts import Template as TemplateText
from wakeel.domain.templates import DELETED, SENDABLE, may_be_sent
from wakeel.store.models import SendingNumber, Template

CHANGED = "CHANGED"
"""Our own word: what Meta approved is not the text that was shown to whoever approved it."""
_USABLE = "APPROVED"

Key = tuple[str, str, str, str]
"""Business, account, name, language."""


@dataclass(frozen=True, slots=True)
class Known:
    """text: None if it cannot be filled in here. facts: as the gate asks."""

    row: Template
    text: TemplateText | None
    facts: TemplateFacts


@dataclass(frozen=True, slots=True)
class SentTemplate:
    """The template of a message in the outbox. words: what the contact will read, as Meta has approved it now."""

    facts: TemplateFacts
    words: str


MISSING = TemplateFacts(status=DELETED, category="")
"""A template nobody told us about: Meta would refuse it."""


def key_of(number: SendingNumber, name: str, language: str) -> Key:
    return number.business_id, number.waba_id, name, language


def read(keys: Iterable[Key]) -> Mapping[Key, Known]:
    """One query for any number of them, none for none; a template that is not known here is left out."""
    wanted = set(keys)
    if not wanted:
        return {}
    which = Q()
    for business_id, waba_id, name, language in wanted:
        which |= Q(business=business_id, waba_id=waba_id, name=name, language=language)
    found = (known(row) for row in Template.objects.filter(which))
    return {(one.row.business_id, one.row.waba_id, one.row.name, one.row.language): one for one in found}


@dataclass(frozen=True, slots=True)
class Sendable:
    """A template that can be sent, and filled in here."""

    row: Template
    template: TemplateText
    facts: TemplateFacts


def sendable(number: SendingNumber) -> list[Sendable]:
    """Every one of the number's account, by name and language."""
    rows = Template.objects.filter(business_id=number.business_id, waba_id=number.waba_id, status__in=SENDABLE)
    found = (known(row) for row in rows.order_by("name", "language"))
    return [Sendable(one.row, one.text, one.facts) for one in found if one.text is not None]


def known(row: Template) -> Known:
    facts = TemplateFacts(
        status=_USABLE if may_be_sent(row.status) else row.status,
        category=row.category,
        paused_until=row.paused_until,
        pending_category=row.pending_category or None,
        pending_category_at=row.pending_category_at,
        components=components_hash(row.components),
    )
    return Known(row, read_template(row.name, row.language, row.components), facts)


class Leaving(Protocol):
    """What is asked of a message here."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> SendingNumber: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


def of_bodies(messages: Sequence[Leaving]) -> Mapping[str, SentTemplate]:
    """The templates that these requests name, by message id; one query, none if there is no template among them."""
    asked = {m.id: (m.number, named) for m in messages if (named := filled(m.body)) is not None}
    found = read(key_of(number, named.name, named.language) for number, named in asked.values())
    return {
        pk: _sent(found.get(key_of(number, named.name, named.language)), named) for pk, (number, named) in asked.items()
    }


def _sent(found: Known | None, named: Filled) -> SentTemplate:
    if found is None:
        return SentTemplate(MISSING, "")
    return SentTemplate(found.facts, rendered(found.text, named.values) if found.text is not None else "")
