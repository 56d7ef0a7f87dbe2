"""The triggers that keep the consent ledger append-only, on whichever database the suite runs on."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from tests import rows
from wakeel.domain.audit import Action
from wakeel.flows import audit
from wakeel.store import ledger_guard
from wakeel.store.models import AuditEntry, ConsentEventRow, ConsentPayload

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Iterator[ConsentEventRow]:
    """One entry in a guarded ledger; the triggers go with the test's transaction."""
    firm = rows.firm()
    row = rows.grant(rows.contact(firm), occurrence="once")
    ledger_guard.install(connection)
    yield row
    ledger_guard.remove(connection)


def refuse(sql: str, *values: object) -> None:
    before = ConsentEventRow.objects.count(), ConsentPayload.objects.count()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    assert (ConsentEventRow.objects.count(), ConsentPayload.objects.count()) == before == (1, 1)


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


def test_a_payload_cannot_be_changed(entry: ConsentEventRow):
    refuse("UPDATE consent_payload SET address_token = 'forged' WHERE event_id = %s", entry.id)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
@pytest.mark.parametrize("same", ["event_id", "occurrence"])
def test_a_payload_cannot_be_replaced(entry: ConsentEventRow, same: str):
    """Neither by its key nor through the other unique columns."""
    columns = [field.column for field in ConsentPayload._meta.fields]
    wanted = ["'cns_other'" if column == "event_id" and same != "event_id" else column for column in columns]
    names = ", ".join(columns)
    refuse(f"INSERT OR REPLACE INTO consent_payload ({names}) SELECT {', '.join(wanted)} FROM consent_payload")


def test_a_payload_can_be_deleted(entry: ConsentEventRow):
    """That is how a person is erased; the entry stays and the chain still verifies."""
    ConsentPayload.objects.filter(event=entry).delete()
    assert (ConsentEventRow.objects.count(), ConsentPayload.objects.count()) == (1, 0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has TRUNCATE")
@pytest.mark.parametrize("table", ["consent_event", "consent_payload"])
def test_the_ledger_cannot_be_truncated(entry: ConsentEventRow, table: str):
    """PostgreSQL's row triggers do not see it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refuse(f"TRUNCATE {table} CASCADE")


def test_new_entries_are_still_taken(entry: ConsentEventRow):
    second = rows.withdrawal(entry.payload.contact)
    assert (entry.seq, second.seq) == (1, 2)


def test_removing_the_guard_lets_the_suite_clean_up(entry: ConsentEventRow):
    ledger_guard.remove(connection)
    ConsentPayload.objects.all().delete()
    assert ConsentEventRow.objects.all().delete()[0] == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET subject = 'forged'",
        "DELETE FROM audit_entry",
        pytest.param(
            "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
            marks=pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE"),
        ),
        pytest.param(
            "TRUNCATE audit_entry",
            marks=pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE"),
        ),
    ],
)
def test_no_line_of_the_audit_log_is_changed_or_removed(sql: str):
    firm = rows.firm()
    audit.note(firm.business.id, by="user:1", action=Action.INVITED, subject="inv_1", now=rows.T0)
    connection.check_constraints()  # PostgreSQL truncates nothing while it still owes a row that check
    ledger_guard.install(connection)
    ledger_guard.install_audit(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.get().subject == "inv_1"
    ledger_guard.remove_audit(connection)
    ledger_guard.remove(connection)
