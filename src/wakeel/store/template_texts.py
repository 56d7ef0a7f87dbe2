"""Versions of our own templates: rows that are added and never changed, but for what became of them at Meta."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.template_texts import Template as Wording
from wakeel.domain.template_texts import read_template, says_the_same
from wakeel.domain.template_wording import NewTemplate, payloads_of
from wakeel.domain.templates import SENDABLE
from wakeel.store.models import Business, Template, TemplateText


def of_name(business_id: str, name: str, *, language: str) -> list[TemplateText]:
    """Every version of one, the newest first."""
    rows = TemplateText.objects.filter(business_id=business_id, name=name, language=language)
    return list(rows.order_by("-version"))


def lock_names(business_id: str) -> None:
    """Held until the transaction ends: versions of one business are numbered one after the other."""
    Business.objects.select_for_update().get(pk=business_id)


def add(
    business_id: str, new: NewTemplate, *, version: int, components: list[dict[str, Any]], author: str, now: datetime
) -> TemplateText:
    """author: a log-in, or '' for what ships."""
    return TemplateText.objects.create(
        business_id=business_id,
        name=new.name,
        version=version,
        meta_name=f"{new.name}_v{version}",
        language=new.language,
        category=new.category,
        components=components,
        payloads=payloads_of(new),
        author=author,
        created_at=now,
    )


def newest(business_id: str) -> list[TemplateText]:
    """The newest version of every template and language, by name."""
    rows = TemplateText.objects.filter(business_id=business_id).order_by("name", "language", "-version")
    found: dict[tuple[str, str], TemplateText] = {}
    for row in rows:
        found.setdefault((row.name, row.language), row)
    return list(found.values())


def waiting(business_id: str, *, most: int) -> list[TemplateText]:
    """Versions whose submission was asked for and is still to come, the oldest first."""
    rows = TemplateText.objects.filter(business_id=business_id, submitted_at=None, refused="")
    return list(rows.exclude(asked_at=None).order_by("asked_at", "id")[:most])


def ask(row: TemplateText, *, now: datetime) -> bool:
    """Ask for its submission, also once more after a refusal; False if Meta has it already."""
    rows = TemplateText.objects.filter(pk=row.pk, submitted_at=None)
    return rows.update(asked_at=now, refused="") == 1


def note_submitted(row: TemplateText, *, at: datetime) -> None:
    TemplateText.objects.filter(pk=row.pk, submitted_at=None).update(submitted_at=at, refused="")


def note_refused(row: TemplateText, *, words: str) -> None:
    """words: Meta's, not empty."""
    TemplateText.objects.filter(pk=row.pk, submitted_at=None).update(refused=words)


def sendable(
    business_id: str, meta_names: Collection[str], *, language: str, waba_id: str | None = None
) -> dict[str, Template]:
    """What Meta says of those of these names that can be sent now, by name. waba_id: None for any account of ours."""
    rows = Template.objects.filter(
        business_id=business_id, name__in=meta_names, language=language, status__in=SENDABLE
    )  # fmt: skip
    if waba_id is not None:
        rows = rows.filter(waba_id=waba_id)
    return {row.name: row for row in rows.order_by("-waba_id")}


def text_of(row: TemplateText) -> Wording | None:
    """Its words, to be compared with what Meta has."""
    return read_template(row.meta_name, row.language, row.components)


def says_what_was_written(row: TemplateText, components: Sequence[Mapping[str, Any]]) -> bool:
    """False if somebody made or edited it elsewhere: then it is none of ours, whatever its name."""
    found, written = read_template(row.meta_name, row.language, components), text_of(row)
    return found is not None and written is not None and says_the_same(found, written)


@dataclass(frozen=True, slots=True)
class Own:
    """Which version of which of our templates a template at Meta is called. text: as we wrote it, None if it cannot be
    read; payloads: of its quick replies."""

    name: str
    language: str
    version: int
    text: Wording | None
    payloads: tuple[str, ...]


def ours(business_id: str, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Own]:
    """By (name at Meta, language); one query, none for no keys. A template that was not made here is left out."""
    if not keys:
        return {}
    rows = TemplateText.objects.filter(business_id=business_id, meta_name__in={name for name, _ in keys})
    return {
        (row.meta_name, row.language): Own(row.name, row.language, row.version, text_of(row), tuple(row.payloads))
        for row in rows
        if (row.meta_name, row.language) in keys
    }
