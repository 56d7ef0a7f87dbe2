"""What `sent`, `delivered` and `read` of a message cost PostgreSQL; what had failed before is found by when it did."""

from typing import Any

from django.db import migrations
from django.db.models import F


def remember_failures(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("store", "OutboxMessage").objects.filter(status="failed", failed_at=None)
    rows.update(failed_at=F("updated_at"))


def leave_room(apps: Any, schema_editor: Any) -> None:
    """A new version of a row stays on its page, and the old ones make way without a vacuum. The second indexes that
    Django gives to text keys serve LIKE, which nobody asks of an id."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("ALTER TABLE outbox SET (fillfactor = 70)")
    for table in ("outbox", "attempt"):
        schema_editor.execute(f"DROP INDEX IF EXISTS {_like_index(schema_editor, table)}")


def _like_index(schema_editor: Any, table: str) -> str:
    return str(schema_editor.quote_name(schema_editor._create_index_name(table, ["id"], suffix="_like")))


class Migration(migrations.Migration):
    dependencies = [("store", "0004_delivery")]

    operations = [
        migrations.RunPython(leave_room, migrations.RunPython.noop),
        migrations.RunPython(remember_failures, migrations.RunPython.noop),
    ]
