import django.db.models.deletion
import wakeel.store.models.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("store", "0007_room_on_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=150)),
                ("place", models.CharField(max_length=8)),
                ("action", models.CharField(max_length=32)),
                ("subject", models.CharField(blank=True, max_length=160)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("epoch", models.PositiveSmallIntegerField()),
                ("mac", models.BinaryField(max_length=32)),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
            ],
            options={
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(fields=["business", "by", "seq"], name="audit_entry_by_person"),
                    models.Index(fields=["business", "subject", "seq"], name="audit_entry_by_subject"),
                    models.Index(fields=["business", "action", "seq"], name="audit_entry_by_action"),
                    models.Index(fields=["business", "at"], name="audit_entry_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "seq"), name="audit_entry_seq_once"),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ["command", "machine", "phone", "screen"])),
                        name="audit_entry_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayNumbers",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("counts", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
            ],
            options={
                "db_table": "day_numbers",
                "constraints": [models.UniqueConstraint(fields=("business", "day"), name="day_numbers_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportColumns",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("headers", models.CharField(max_length=64)),
                ("chosen", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "import_columns",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "kind", "headers"), name="import_columns_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("imp"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("sealed", models.BinaryField(null=True)),
                ("columns", models.JSONField(default=dict)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("why", models.CharField(blank=True, max_length=8)),
                ("line", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("imported", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("withdrawn", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("conflicts", models.PositiveIntegerField(default=0)),
                ("taken_back", models.PositiveIntegerField(default=0)),
                ("closed", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("starts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
            ],
            options={
                "db_table": "import_run",
                "indexes": [
                    models.Index(fields=["business", "-taken_at"], name="import_run_newest"),
                    models.Index(
                        condition=models.Q(
                            ("state", "queued"), ("state", "running"), ("state", "undoing"), _connector="OR"
                        ),
                        fields=["taken_at"],
                        name="import_run_at_work",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["done", "queued", "running", "stopped", "undoing", "undone"])
                        ),
                        name="import_run_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["consents", "opportunities"])), name="import_run_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made", models.CharField(max_length=12)),
                ("target", models.CharField(max_length=64)),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="made",
                        to="store.importrun",
                    ),
                ),
            ],
            options={
                "db_table": "imported_row",
                "indexes": [
                    models.Index(fields=["run", "id"], name="imported_row_of_run"),
                    models.Index(fields=["business", "target"], name="imported_row_of_target"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made__in", ["contact", "opportunity"])), name="imported_row_made"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("inv"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("roles", models.JSONField()),
                ("name", models.CharField(blank=True, max_length=120)),
                ("by", models.CharField(max_length=150)),
                ("state", models.CharField(default="open", max_length=10)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "invitation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "used", "withdrawn"])), name="invitation_state"
                    ),
                    models.UniqueConstraint(fields=("business", "token_hash"), name="invitation_token"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("noun", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=64)),
                ("news", models.CharField(max_length=5)),
                (
                    "business",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="store.business",
                    ),
                ),
            ],
            options={
                "db_table": "live_event",
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("language", models.CharField(blank=True, max_length=5)),
                ("digits", models.CharField(default="latin", max_length=8)),
                ("time_zone", models.CharField(blank=True, max_length=40)),
                ("has_shortcuts", models.BooleanField(default=True)),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "profile",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digits__in", ["arabic", "latin"])), name="profile_digits"
                    ),
                    models.UniqueConstraint(fields=("business", "user"), name="profile_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=200)),
                ("reason_ar", models.TextField()),
                ("reason_en", models.TextField()),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="store.importrun",
                    ),
                ),
            ],
            options={
                "db_table": "refused_row",
                "indexes": [models.Index(fields=["run", "id"], name="refused_row_of_run")],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=12)),
                ("by", models.CharField(blank=True, max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "role_grant",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["admin", "auditor", "operator", "supervisor"])),
                        name="role_grant_role",
                    ),
                    models.UniqueConstraint(fields=("business", "user", "role"), name="role_grant_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("ref", models.CharField(max_length=64)),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
            ],
            options={
                "db_table": "search_due",
                "indexes": [models.Index(fields=["business", "id"], name="search_due_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["message", "person", "said", "version"])),
                        name="search_due_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("word", models.BinaryField(max_length=160)),
                ("ref", models.CharField(blank=True, max_length=64)),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.contact",
                    ),
                ),
            ],
            options={
                "db_table": "search_word",
                "indexes": [models.Index(fields=["contact", "word", "place"], name="search_word_of_contact")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__in", [1, 2, 3, 4, 5])), name="search_word_place"
                    ),
                    models.UniqueConstraint(fields=("business", "place", "word", "contact"), name="search_word_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "tally",
            },
        ),
        migrations.CreateModel(
            name="TemplateOut",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=512)),
                ("language", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.business",
                    ),
                ),
            ],
            options={
                "db_table": "template_out",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "name", "language"), name="template_out_once")
                ],
            },
        ),
        migrations.RemoveIndex(
            model_name="contact",
            name="contact_by_window",
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["business", "last_inbound_at", "id"], name="contact_by_last_word"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["business", "at"], name="decision_by_time"),
        ),
    ]
