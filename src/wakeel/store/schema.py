"""Whether the database's tables are ones this version can carry on with."""

from django.db import connection

from wakeel.store.models import ConsentEventRow


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
