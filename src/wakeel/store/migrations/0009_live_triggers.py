from django.db import migrations

from wakeel.store import live_triggers


class Migration(migrations.Migration):
    dependencies = [("store", "0008_screens")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: live_triggers.install(editor.connection),
            lambda apps, editor: live_triggers.remove(editor.connection),
        )
    ]
