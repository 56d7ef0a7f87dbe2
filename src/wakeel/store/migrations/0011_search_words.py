"""Whatever changes a word that people are found by is noted from now on, and everybody there is is noted once: the
worker reads them slice by slice, so that the upgrade itself does not wait for it."""

from django.db import migrations

from wakeel.store import search_triggers

_EVERYBODY = (
    "INSERT INTO search_due (business_id, kind, ref) SELECT business_id, 'person', id FROM contact",
    "INSERT INTO search_due (business_id, kind, ref) SELECT business_id, 'said', id FROM contact WHERE "
    "EXISTS (SELECT 1 FROM inbound_message WHERE contact_id = contact.id) "
    "OR EXISTS (SELECT 1 FROM draft WHERE contact_id = contact.id)",
)


class Migration(migrations.Migration):
    dependencies = [("store", "0010_roles_of_logins")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: search_triggers.install(editor.connection),
            lambda apps, editor: search_triggers.remove(editor.connection),
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in _EVERYBODY),
    ]
