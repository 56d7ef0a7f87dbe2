"""Whether the database's tables are ones this version can carry on with."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wakeel.store.models import ConsentEventRow
from wakeel.store.sqlite.driver import Database


def is_older_than_the_chain() -> bool:
    """True for a database made before ledger entries were chained: its entries cannot be brought over.

    They carry numbers in the clear and no proof of their order; chaining them now would prove what nobody saw.
    """
    table = ConsentEventRow._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    return "mac" not in columns


def unapplied() -> list[str]:
    """Names of the migrations that the database lacks. Raises DatabaseError if it cannot be asked."""
    executor = MigrationExecutor(connection)
    return [migration.name for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def engine() -> str:
    """Which database answers, with its version."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        number: int = connection.pg_version  # type: ignore[attr-defined]  # of PostgreSQL's wrapper only
        return f"PostgreSQL {number // 10000}.{number % 10000}"
    return f"SQLite {Database.sqlite_version}"
