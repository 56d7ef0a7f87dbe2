"""Queries whose SQL is made once: values of another shape are another query, and rows are those of the ORM."""

from typing import Any

import pytest
from django.db.models import Exists, Model, OuterRef, QuerySet

from tests import rows
from wakeel.store.compiled import LONGEST, Compiled, CompiledUpdate, HowMany
from wakeel.store.models import Contact, Opportunity, SendingNumber

pytestmark = pytest.mark.django_db

_FOUND = Compiled(lambda ids, names: SendingNumber.objects.filter(pk__in=ids, business__name__in=names))


def test_values_may_be_named_in_any_order_and_be_none_one_or_many():
    firm = rows.firm()
    ids, names = [firm.number.pk], [firm.business.name, "b", "c"]
    assert _FOUND(ids=ids, names=names) == [firm.number]
    assert _FOUND(names=names, ids=ids) == [firm.number]
    assert _FOUND(names=names[:1], ids=[*ids, "2", "3"]) == [firm.number]
    assert _FOUND(ids=[], names=names) == []
    assert _FOUND(ids=[*map(str, range(LONGEST)), *ids], names=names) == [firm.number]


def with_related(people: Any, before: Any) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.filter(contact__in=people, created_at__lt=before)
    return rows.select_related("contact", "owner").order_by("pk")


def with_column(people: Any, before: Any) -> QuerySet[Contact]:
    theirs = Opportunity.objects.filter(contact=OuterRef("pk"), owner=None, created_at__lt=before)
    return Contact.objects.filter(pk__in=people).annotate(asked=Exists(theirs)).order_by("pk")


def as_values(people: Any, before: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(contact__in=people, created_at__lt=before)
    return rows.values_list("pk", "created_at", "contact__name", "owner__name").order_by("-score", "pk")[:2]


def counted(people: Any, before: Any) -> QuerySet[SendingNumber, Any]:
    theirs = Opportunity.objects.filter(contact__in=people, created_at__lt=before).values("pk")[:1000]
    return SendingNumber.objects.annotate(many=HowMany(theirs)).values_list("pk", "many")


def contents(row: Any) -> Any:
    """Everything a row carries, the rows it leads to included."""
    if not isinstance(row, Model):
        return row
    beside = {name: contents(other) for name, other in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if name != "_state"}, beside, row._state.adding


@pytest.mark.parametrize("build", [with_related, with_column, as_values, counted])
def test_rows_are_those_of_the_orm_whatever_the_values(build: Any):
    """What it uses of Django's inside may move with a release (decision 18)."""
    firm, compiled = rows.firm(), Compiled(build)
    someone, other = rows.contact(firm), rows.contact(firm, "ليلى", phone="+966509722234")
    rows.opportunity(firm, someone)
    rows.opportunity(firm, someone, key="k2", owner=rows.operator(firm), score=70)
    rows.opportunity(firm, other, key="k3", created_at=rows.T0)
    for people in ([someone.pk], [someone.pk, other.pk], []):
        for before in (rows.T0, rows.T0 + rows.HOUR, rows.T0 - rows.DAY):
            expected = [contents(row) for row in build(people, before)]
            assert [contents(row) for row in compiled(people=people, before=before)] == expected


_HAND_OVER = CompiledUpdate(
    lambda ids, came_from, owner, now: (
        Opportunity.objects.filter(pk__in=ids, state=came_from),
        {"state": "accepted", "owner": owner, "expires_at": None, "updated_at": now},
    )
)


def test_an_update_changes_the_rows_it_names_and_says_how_many_there_were():
    firm = rows.firm()
    found = [rows.opportunity(firm, rows.contact(firm, phone=None), key=f"k{n}", state="new") for n in range(4)]
    owner, later = rows.operator(firm), rows.T0 + rows.HOUR
    ids = [row.pk for row in found]
    assert _HAND_OVER(ids=ids[:1], came_from="new", owner=owner.pk, now=later) == 1
    assert _HAND_OVER(ids=ids[:3], came_from="new", owner=owner.pk, now=later) == 2
    assert _HAND_OVER(ids=[], came_from="new", owner=owner.pk, now=later) == 0
    states = [(row.state, row.owner, row.updated_at) for row in Opportunity.objects.order_by("pk")]
    assert states == [("accepted", owner, later)] * 3 + [("new", None, rows.T0 - rows.HOUR)]
