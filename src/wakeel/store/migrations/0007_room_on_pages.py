"""What 0005 did, for a database that was made at once: Django adds the LIKE indexes of text keys only after the last
operation of the migration that makes their tables, so that they cannot be dropped in it."""

from importlib import import_module

from django.db import migrations

leave_room = import_module("wakeel.store.migrations.0005_ticks_in_place").leave_room


class Migration(migrations.Migration):
    dependencies = [("store", "0006_day")]

    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
