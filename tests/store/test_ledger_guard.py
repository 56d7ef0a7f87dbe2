"""The triggers that keep the consent ledger append-only, on whichever database the suite runs on."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from tests import rows
from wakeel.store import ledger_guard
from wakeel.store.models import ConsentEventRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Iterator[ConsentEventRow]:
    """One entry in a guarded ledger; the triggers go with the test's transaction."""
    firm = rows.firm()
    row = rows.grant(rows.contact(firm))
    ledger_guard.install(connection)
    yield row
    ledger_guard.remove(connection)


def refuse(sql: str, *values: object) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    assert ConsentEventRow.objects.count() == 1


def test_an_entry_cannot_be_changed(entry: ConsentEventRow):
    refuse("UPDATE consent_event SET source = 'forged' WHERE id = %s", entry.id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ConsentEventRow.objects.filter(pk=entry.pk).update(explicit=False)


def test_an_entry_cannot_be_deleted(entry: ConsentEventRow):
    refuse("DELETE FROM consent_event WHERE id = %s", entry.id)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
@pytest.mark.parametrize("same", ["id", "seq"])
def test_an_entry_cannot_be_replaced(entry: ConsentEventRow, same: str):
    """SQLite's REPLACE removes the old row without firing the delete trigger."""
    columns = [field.column for field in ConsentEventRow._meta.fields]
    wanted = [f"'{'x' + entry.id[1:]}'" if column == "id" and same == "seq" else column for column in columns]
    wanted = ["seq + 1" if column == "seq" and same == "id" else column for column in wanted]
    names = ", ".join(columns)
    refuse(f"INSERT OR REPLACE INTO consent_event ({names}) SELECT {', '.join(wanted)} FROM consent_event")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has TRUNCATE")
def test_the_ledger_cannot_be_truncated(entry: ConsentEventRow):
    """PostgreSQL's row triggers do not see it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refuse("TRUNCATE consent_event CASCADE")


def test_new_entries_are_still_taken(entry: ConsentEventRow):
    second = rows.withdrawal(entry.contact)
    assert (entry.seq, second.seq) == (1, 2)


def test_removing_the_guard_lets_the_suite_clean_up(entry: ConsentEventRow):
    ledger_guard.remove(connection)
    assert ConsentEventRow.objects.all().delete()[0] == 1
