"""Queries whose SQL is made once: values of another shape are another query."""

import pytest

from tests import rows
from wakeel.store.compiled import LONGEST, Compiled
from wakeel.store.models import SendingNumber

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
