"""Which templates people took out of use."""

from collections.abc import Iterable
from datetime import datetime

from wakeel.store.models import Template, TemplateOut, TemplateText

Spoken = tuple[str, str]
"""Name, as people call it, and language."""


def out_of_use(business_ids: Iterable[str]) -> set[tuple[str, str, str]]:
    """Business, name and language of each; one query."""
    rows = TemplateOut.objects.filter(business__in=set(business_ids))
    return set(rows.values_list("business", "name", "language"))


def take_out(business_id: str, spoken: Spoken, *, by: str, at: datetime) -> bool:
    """False if it was out of use before."""
    name, language = spoken
    _, made = TemplateOut.objects.get_or_create(
        business_id=business_id, name=name, language=language, defaults={"by": by, "at": at}
    )
    return made


def put_in(business_id: str, spoken: Spoken) -> bool:
    """False if it was in use before."""
    name, language = spoken
    return bool(TemplateOut.objects.filter(business=business_id, name=name, language=language).delete()[0])


def is_known(business_id: str, spoken: Spoken) -> bool:
    """Written here, or of the account at WhatsApp."""
    name, language = spoken
    return any(
        table.objects.filter(business=business_id, name=name, language=language).exists()
        for table in (TemplateText, Template)
    )
