"""A person withdraws by a request that did not come as a STOP: the same path, the same effects. Walk 4."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.consent import Category
from wakeel.domain.rights import CameBy, RequestState
from wakeel.domain.words import Text
from wakeel.flows.rights_requests import Answer, Changed, RefusedRequest
from wakeel.flows.withdraw_consent import withdraw
from wakeel.store import contacts, rights
from wakeel.store.models import Contact
from wakeel.store.retry import whole_transaction

EVERYTHING = (Category.MARKETING, Category.UTILITY, Category.AUTHENTICATION)
_SOURCES = {CameBy.PHONE: "phone_call", CameBy.IN_PERSON: "in_person", CameBy.LETTER: "paper"}


@whole_transaction
def withdraw_on_request(business_id: str, request_id: str, *, by: str, now: datetime) -> Answer:
    """Write the withdrawal of everything we start into the ledger, as of the moment the request came; once a request.

    Any open request may carry it: who asks for destruction or restriction often means this first.
    """
    with transaction.atomic():
        request = rights.lock(business_id, request_id)
        if request is None or request.state != RequestState.OPEN:
            return RefusedRequest("", _CLOSED)
        people = list(Contact.objects.filter(pk__in=contacts.group_of(request.contact)).order_by("id"))
        withdraw(
            people, EVERYTHING, at=request.received_at, source=_SOURCES.get(CameBy(request.came_by), "user_request"),
            occurrence=f"rights-request:{request.id}", evidence=request.words or request.id, actor=f"user:{by}",
            clock="server", now=now,
        )  # fmt: skip
        return Changed(request.id)


_CLOSED = Text("الطلب مغلق. لم يتغير شيء.", "The request is closed. Nothing was changed.")
