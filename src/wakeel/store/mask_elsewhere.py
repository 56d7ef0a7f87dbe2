"""The number of somebody whose data is destroyed, in rows that are about other people."""

import json
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from wakeel.domain.traces import Traces
from wakeel.store.models import Contact, InboundMessage, Opportunity, OutboxMessage, Suggestion


def mask_elsewhere(group: list[Contact], traces: Traces) -> None:
    """Somebody else wrote their number to us, and an operator may have been told so: only the number goes."""
    if not traces.spelled:
        return
    businesses = {contact.business_id for contact in group}
    inbound = InboundMessage.objects.filter(business__in=businesses).exclude(contact__in=group)
    said = inbound.annotate(raw=Cast("content", TextField()))
    for row in read_whole(said.filter(_any_of("text", traces) | _any_of("raw", traces))):
        content = json.loads(traces.mask(json.dumps(row.content)))
        InboundMessage.objects.filter(pk=row.pk).update(text=traces.mask(row.text), content=content)
    told = OutboxMessage.objects.filter(business__in=businesses, contact=None).annotate(raw=Cast("body", TextField()))
    for message in read_whole(told.filter(_any_of("raw", traces))):
        OutboxMessage.objects.filter(pk=message.pk).update(body=json.loads(traces.mask(json.dumps(message.body))))
    # What somebody wrote is also what their opportunity is called.
    made = Opportunity.objects.filter(business__in=businesses).exclude(contact__in=group)
    for row in read_whole(made.filter(_any_of("title", traces) | _any_of("summary", traces))):
        Opportunity.objects.filter(pk=row.pk).update(title=traces.mask(row.title), summary=traces.mask(row.summary))
    kept = Suggestion.objects.filter(business__in=businesses).exclude(opportunity__contact__in=group)
    for row in read_whole(kept.filter(_any_of("text", traces))):
        Suggestion.objects.filter(pk=row.pk).update(text=traces.mask(row.text))


def _any_of(column: str, traces: Traces) -> Q:
    found = Q(pk__in=[])
    for text in traces.spelled:
        found |= Q(**{f"{column}__contains": text})
    return found


def read_whole(rows: QuerySet[Any]) -> list[Any]:
    """Read to the end before the first is changed."""
    return list(rows.order_by("pk"))
