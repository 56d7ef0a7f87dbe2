"""Versions on their way to Meta: which are to be submitted, and what became of them. HTTP is between the two."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.template_wording import VARIABLE
from wakeel.domain.templates import ListedTemplate
from wakeel.flows.keep_listing import news_time
from wakeel.store import template_texts, templates
from wakeel.store.models import SendingNumber, TemplateText
from wakeel.store.retry import whole_transaction
from wakeel.whatsapp.template_push import NotTaken, Submission, Taken

AT_ONCE = 20
"""Of the hundred that Meta takes in an hour (reference WA 1.3, read 2026-11-22)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One version whose submission was asked for. version_id: of its row."""

    version_id: int
    submission: Submission


def waiting(phone_number_id: str) -> list[Waiting]:
    """What is to be submitted for the business of this number, the oldest wish first, at most AT_ONCE.

    A version that was followed by another one before it left stays here.
    """
    number = SendingNumber.objects.filter(pk=phone_number_id).first()
    if number is None:
        return []
    rows = template_texts.waiting(number.business_id, most=AT_ONCE)
    newest = {row.pk for row in template_texts.newest(number.business_id)} if rows else set()
    return [Waiting(row.pk, _submission(row)) for row in rows if row.pk in newest]


def not_submitted(business_id: str) -> list[TemplateText]:
    """The newest versions that Meta neither has nor refused, by name."""
    return [row for row in template_texts.newest(business_id) if row.submitted_at is None and not row.refused]


@whole_transaction
def ask_for_all(business_id: str, *, now: datetime) -> int:
    """Ask for the submission of every newest version that Meta neither has nor refused; returns how many there are."""
    with transaction.atomic():
        template_texts.lock_names(business_id)
        rows = not_submitted(business_id)
        for row in rows:
            if row.asked_at is None:
                template_texts.ask(row, now=now)
        return len(rows)


@whole_transaction
def keep_answer(
    version_id: int, answer: Taken | NotTaken, *, phone_number_id: str, began_at: datetime, real_now: datetime
) -> None:
    """Keep what Meta said of a submission. began_at: business time before it was made; real_now: real time of it.

    What it is at Meta from then on is dated like a listing of that time, so that every webhook about it is newer. Where
    Meta had it already, the next listing says what it is.
    """
    with transaction.atomic():
        row = TemplateText.objects.get(pk=version_id)
        if isinstance(answer, NotTaken):
            template_texts.note_refused(row, words=answer.words)
            return
        template_texts.note_submitted(row, at=began_at)
        if not answer.status:
            return
        number = SendingNumber.objects.get(pk=phone_number_id)
        found = ListedTemplate(
            template_id=answer.template_id,
            name=row.meta_name,
            language=row.language,
            status=answer.status,
            category=answer.category or row.category,
            components=tuple(row.components),
        )
        at = news_time(began_at)
        templates.take_listed(number.business_id, number.waba_id, [found], at=at, real_now=real_now)


def _submission(row: TemplateText) -> Submission:
    body = next(part["text"] for part in row.components if part["type"] == "BODY")
    return Submission(
        name=row.meta_name,
        language=row.language,
        category=row.category,
        components=row.components,
        is_named=any(not name.isdigit() for name in VARIABLE.findall(body)),
    )
