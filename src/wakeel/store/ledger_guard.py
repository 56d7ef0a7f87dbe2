"""Triggers that keep the consent ledger and the audit log append-only against ordinary bugs and slips of the hand.

Entries are neither changed nor removed. Payloads are not changed either; they may be deleted, which is how a person is
erased. An administrator can drop the triggers: that is what the chain is for.
SQLite's `INSERT OR REPLACE` removes a row without firing its delete trigger, hence the third one there; PostgreSQL's
row triggers do not see TRUNCATE, hence the statement trigger. Source: reference "consent and contactability", 4.2.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE_ON = (
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON consent_event WHEN EXISTS (SELECT 1 FROM consent_event "
    "WHERE id = NEW.id OR (business_id = NEW.business_id AND seq = NEW.seq)) "
    "BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER payload_no_update BEFORE UPDATE ON consent_payload BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER payload_no_replace BEFORE INSERT ON consent_payload WHEN EXISTS (SELECT 1 FROM consent_payload "
    "WHERE event_id = NEW.event_id OR (business_id = NEW.business_id AND contact_id = NEW.contact_id "
    "AND occurrence = NEW.occurrence)) BEGIN SELECT RAISE(ABORT, 'append-only'); END",
)
_SQLITE_OFF = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "ledger_no_update",
        "ledger_no_delete",
        "ledger_no_replace",
        "payload_no_update",
        "payload_no_replace",
    )
)
_POSTGRESQL_ON = (
    "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON consent_event "
    "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON consent_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER payload_no_change BEFORE UPDATE ON consent_payload FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER payload_no_truncate BEFORE TRUNCATE ON consent_payload "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
)
_POSTGRESQL_OFF = (
    "DROP TRIGGER IF EXISTS ledger_no_change ON consent_event",
    "DROP TRIGGER IF EXISTS ledger_no_truncate ON consent_event",
    "DROP TRIGGER IF EXISTS payload_no_change ON consent_payload",
    "DROP TRIGGER IF EXISTS payload_no_truncate ON consent_payload",
    "DROP FUNCTION IF EXISTS ledger_refuse()",
)


_AUDIT_ON = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry "
        "WHERE id = NEW.id OR (business_id = NEW.business_id AND seq = NEW.seq)) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    ),
}
_AUDIT_OFF = {
    "sqlite": tuple(
        f"DROP TRIGGER IF EXISTS {name}" for name in ("audit_no_update", "audit_no_delete", "audit_no_replace")
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_no_change ON audit_entry",
        "DROP TRIGGER IF EXISTS audit_no_truncate ON audit_entry",
    ),
}


def install_audit(connection: BaseDatabaseWrapper) -> None:
    """On PostgreSQL after `install`, whose function they call."""
    _run(connection, _AUDIT_ON[connection.vendor])


def remove_audit(connection: BaseDatabaseWrapper) -> None:
    """On PostgreSQL before `remove`."""
    _run(connection, _AUDIT_OFF[connection.vendor])


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _SQLITE_ON if connection.vendor == "sqlite" else _POSTGRESQL_ON)


def remove(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _SQLITE_OFF if connection.vendor == "sqlite" else _POSTGRESQL_OFF)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
