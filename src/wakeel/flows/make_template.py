"""Write a version of a template, and ask for its submission. A version is never changed: the next wording is the next.

Nothing goes to Meta here; who asks for a submission finds it carried out by the worker, or by `wakeel templates push`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.template_faults import Fault, WordingFault
from wakeel.domain.template_wording import NewTemplate, components_of, faults_of, payloads_of
from wakeel.flows import audit
from wakeel.flows.starter_templates import starter_files
from wakeel.store import template_texts
from wakeel.store.models import TemplateText
from wakeel.store.retry import whole_transaction

STARTER = ""
"""The author of what ships: a deployment's own words are never followed by a version of these."""
FILE = "file"
"""The author of what a file of the deployment's own said."""


@dataclass(frozen=True, slots=True)
class Made:
    """A version that was written. version_id: of its row."""

    version_id: int
    name: str
    language: str
    version: int


class Asked(StrEnum):
    """What became of a wish to submit a version."""

    ASKED = "asked"
    SUBMITTED_BEFORE = "submitted_before"
    SUPERSEDED = "superseded"  # a newer wording is there
    GONE = "gone"


@whole_transaction
def make_version(business_id: str, new: NewTemplate, *, author: str, now: datetime) -> Made | tuple[WordingFault, ...]:
    """Write the next version of a template in one language; every rule that it breaks if it cannot be submitted.

    author: the log-in of who wrote it, STARTER for what ships. The same words as the newest version are a fault too.
    """
    faults = faults_of(new)
    if faults:
        return faults
    with transaction.atomic():
        template_texts.lock_names(business_id)
        version = next_version(business_id, new)
        if version is None:
            return (WordingFault("body", Fault.SAME),)
        row = template_texts.add(
            business_id, new, version=version, components=components_of(new), author=author, now=now
        )  # fmt: skip
        if author != STARTER:
            _note(row, Action.TEMPLATE_WRITTEN, by=author, now=now)
        return Made(row.pk, row.name, row.language, row.version)


@whole_transaction
def ask_for_submission(business_id: str, version_id: int, *, by: str, now: datetime) -> Asked:
    """Wish that Meta gets a version: the newest one that it does not have, or that it refused before."""
    with transaction.atomic():
        template_texts.lock_names(business_id)
        row = TemplateText.objects.filter(business_id=business_id, pk=version_id).first()
        if row is None:
            return Asked.GONE
        if template_texts.of_name(business_id, row.name, language=row.language)[0].pk != row.pk:
            return Asked.SUPERSEDED
        if not template_texts.ask(row, now=now):
            return Asked.SUBMITTED_BEFORE
        _note(row, Action.TEMPLATE_SUBMITTED, by=by, now=now)
        return Asked.ASKED


def _note(row: TemplateText, action: Action, *, by: str, now: datetime) -> None:
    subject, after = f"{row.name}/{row.language}", {"version": row.version}
    audit.note(row.business_id, by=by, action=action, subject=subject, after=after, now=now)


def take_starters(business_id: str, *, now: datetime) -> list[Made]:
    """Write those that ship and are not there yet, or were changed by a new release; never after somebody's own words.

    Returns what was written.
    """
    wordings = [wording for file in starter_files() for wording in file.wordings]
    made = [
        make_version(business_id, each, author=STARTER, now=now) for each in wordings if _is_free(business_id, each)
    ]
    return [one for one in made if isinstance(one, Made)]


def missing_starters(business_id: str) -> list[NewTemplate]:
    """What `take_starters` would write. Reads only."""
    wordings = [wording for file in starter_files() for wording in file.wordings]
    return [each for each in wordings if _is_free(business_id, each)]


def next_version(business_id: str, new: NewTemplate) -> int | None:
    """Which version this wording would be; None if it is the newest one already. Reads only."""
    before = template_texts.of_name(business_id, new.name, language=new.language)
    if before and _is_same(before[0], new):
        return None
    return before[0].version + 1 if before else 1


def _is_free(business_id: str, new: NewTemplate) -> bool:
    before = template_texts.of_name(business_id, new.name, language=new.language)
    return not before or (before[0].author == STARTER and not _is_same(before[0], new))


def _is_same(row: TemplateText, new: NewTemplate) -> bool:
    known = (row.components, row.payloads, row.category)
    return known == (components_of(new), payloads_of(new), new.category)
