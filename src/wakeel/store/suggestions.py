"""Texts that a model wrote ahead: kept with what they were written from, used once they are asked for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from wakeel.store.models import Card, Opportunity, Prompt, Suggestion

TRIES = 3
AGAIN_AFTER = timedelta(minutes=2)
"""Also how long a writer that died keeps the next one waiting."""


def ask(opportunity: Opportunity, *, wamid: str, digest: str, now: datetime) -> None:
    """Have a text written for this opportunity; one written from other facts is written anew.

    wamid: of the message it answers, '' for the first one.
    """
    found, made = Suggestion.objects.get_or_create(
        business_id=opportunity.business_id,
        opportunity=opportunity,
        wamid=wamid[:200],
        defaults={"digest": digest, "try_at": now, "created_at": now},
    )
    if not made and found.digest != digest:
        Suggestion.objects.filter(pk=found.pk).update(
            digest=digest, state="waiting", text="", written_by="", why="", tries=0, try_at=now
        )


def take(*, now: datetime, limit: int) -> list[Suggestion]:
    """What is to be written now; for a while nobody else gets these."""
    rows = Suggestion.objects.filter(state="waiting", try_at__lte=now).order_by("try_at")[:limit]
    taken = []
    for row in rows.select_related("opportunity__contact", "opportunity__business"):
        mine = Suggestion.objects.filter(pk=row.pk, state="waiting", try_at=row.try_at)
        if mine.update(try_at=now + AGAIN_AFTER, tries=row.tries + 1):
            row.tries += 1
            taken.append(row)
    return taken


def keep(suggestion_id: int, *, digest: str, text: str, written_by: str) -> None:
    """The text is there, unless the facts changed meanwhile."""
    rows = Suggestion.objects.filter(pk=suggestion_id, digest=digest, state="waiting")
    rows.update(state="ready", text=text, written_by=written_by[:80], why="")


def fail(suggestion_id: int, *, why: str, tries: int) -> None:
    """It could not be written. tries: how often it was tried; after the last one the template stands."""
    state = "failed" if tries >= TRIES else "waiting"
    Suggestion.objects.filter(pk=suggestion_id, state="waiting").update(state=state, why=why[:40])


def ready(opportunity: Opportunity, *, wamid: str, digest: str) -> Suggestion | None:
    """The text written for exactly this; None if there is none, or it was written from other facts."""
    rows = Suggestion.objects.filter(business_id=opportunity.business_id, opportunity=opportunity, wamid=wamid[:200])
    return rows.filter(state="ready", digest=digest).first()


SHOWN_AT_ONCE = 50


def shown_without() -> list[Opportunity]:
    """Opportunities on somebody's phone, undecided, for which nobody was asked to write yet."""
    cards = Card.objects.filter(closed_at=None, kind=Card.Kind.OPPORTUNITY).values("opportunity")
    rows = Opportunity.objects.filter(pk__in=cards, draft_text="").exclude(suggestions__wamid="")
    return list(rows.select_related("contact", "business")[:SHOWN_AT_ONCE])


def asked_about(kind: str) -> list[str]:
    """What open questions of one kind are about."""
    rows = Prompt.objects.filter(closed_at=None, kind=kind).order_by("-created_at")
    return list(dict.fromkeys(rows.values_list("subject", flat=True)[:SHOWN_AT_ONCE]))


def forget(opportunity_ids: Iterable[str]) -> None:
    """Nothing of what a model wrote about these people stays."""
    Suggestion.objects.filter(opportunity__in=list(opportunity_ids)).delete()
