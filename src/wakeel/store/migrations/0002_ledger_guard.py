from django.db import migrations

from wakeel.store import ledger_guard


class Migration(migrations.Migration):
    dependencies = [("store", "0001_first")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: ledger_guard.install(editor.connection),
            lambda apps, editor: ledger_guard.remove(editor.connection),
        )
    ]
