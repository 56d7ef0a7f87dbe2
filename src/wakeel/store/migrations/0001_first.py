"""Constraints and indexes stand inside their tables: on SQLite each one added later would write its table anew."""

import django.db.models.deletion
import wakeel.store.models.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Business",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("biz"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("practice", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "business",
            },
        ),
        migrations.CreateModel(
            name="ConsentEventRow",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("cns"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seq", models.PositiveBigIntegerField()),
                ("type", models.CharField(max_length=16)),
                ("at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("clock", models.CharField(default="server", max_length=12)),
                ("channel", models.CharField(default="whatsapp", max_length=16)),
                ("categories", models.JSONField(default=list)),
                ("purposes", models.JSONField(null=True)),
                ("explicit", models.BooleanField(default=False)),
                ("needs_confirmation", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField(null=True)),
                ("grant_id", models.CharField(max_length=64, null=True)),
                ("withdraw_id", models.CharField(max_length=64, null=True)),
                ("source", models.CharField(max_length=40)),
                ("method", models.CharField(blank=True, max_length=12)),
                ("collected_directly", models.BooleanField(default=False)),
                ("lawful_basis", models.CharField(default="consent", max_length=16)),
                ("wording_sha256", models.CharField(blank=True, max_length=64)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("notice_version", models.CharField(blank=True, max_length=40)),
                ("proof_ref", models.CharField(blank=True, max_length=64)),
                ("subject_ref", models.CharField(max_length=64)),
                ("payload_commitment", models.CharField(max_length=64)),
                ("epoch", models.PositiveSmallIntegerField()),
                ("mac", models.BinaryField(max_length=32)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "consent_event",
                "indexes": [models.Index(fields=["business", "subject_ref"], name="consent_event_by_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "seq"), name="consent_event_seq_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "confirm",
                                    "correct",
                                    "erase",
                                    "expire",
                                    "grant",
                                    "import",
                                    "re_permission",
                                    "refuse",
                                    "renew",
                                    "resume",
                                    "withdraw",
                                ],
                            )
                        ),
                        name="consent_event_type",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at__isnull", False), ("type", "withdraw"), _connector="OR"),
                        name="consent_event_at_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("role", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("pid", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("counters", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "heartbeat",
            },
        ),
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                ("name", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("check_value", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "key_check",
            },
        ),
        migrations.CreateModel(
            name="PolicyRow",
            fields=[
                ("version", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("document", models.JSONField()),
                ("first_used_at", models.DateTimeField()),
            ],
            options={
                "db_table": "policy",
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("con"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("organisation", models.CharField(blank=True, max_length=200)),
                ("last_inbound_at", models.DateTimeField(null=True)),
                ("gave_number", models.TextField(blank=True)),
                ("identity_hold", models.BooleanField(default=False)),
                ("time_zone", models.CharField(blank=True, max_length=40)),
                ("paused_until", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("expecting", models.CharField(blank=True, max_length=20)),
                ("expecting_since", models.DateTimeField(null=True)),
                ("epoch_started_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="store.contact",
                    ),
                ),
            ],
            options={
                "db_table": "contact",
                "indexes": [models.Index(fields=["business", "last_inbound_at"], name="contact_by_window")],
            },
        ),
        migrations.CreateModel(
            name="ConsentStanding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("category", models.CharField(max_length=16)),
                ("purpose", models.CharField(max_length=40)),
                ("standing", models.CharField(max_length=10)),
                ("grant_event", models.CharField(max_length=64, null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("seq", models.PositiveBigIntegerField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="store.contact"
                    ),
                ),
            ],
            options={
                "db_table": "consent_standing",
                "indexes": [
                    models.Index(
                        condition=models.Q(("standing", "active")),
                        fields=["business", "category", "purpose", "contact"],
                        name="consent_standing_active",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "contact", "category", "purpose"), name="consent_standing_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category__in", ["authentication", "marketing", "service", "utility"])),
                        name="consent_standing_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["active", "expired", "none", "opted_out", "pending"])),
                        name="consent_standing_standing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactAlias",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("phone", "Phone"), ("bsuid", "Bsuid")], max_length=5)),
                ("value", models.CharField(max_length=160)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="store.contact"
                    ),
                ),
            ],
            options={
                "db_table": "contact_alias",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("business", "value"),
                        name="contact_alias_current_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("business", "contact", "kind"),
                        name="contact_alias_one_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["bsuid", "phone"])), name="contact_alias_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("drf"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("category", models.CharField(max_length=16)),
                ("purpose", models.CharField(max_length=40)),
                ("state", models.CharField(default="awaiting_approval", max_length=20)),
                ("version", models.PositiveIntegerField(default=1)),
                ("edit_asked_at", models.DateTimeField(null=True)),
                ("reshow_when_cured", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="store.contact"
                    ),
                ),
            ],
            options={
                "db_table": "draft",
                "indexes": [
                    models.Index(fields=["business", "state"], name="draft_by_state"),
                    models.Index(fields=["business", "contact"], name="draft_by_contact"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["approved", "awaiting_approval", "cancelled", "editing", "expired", "superseded"],
                            )
                        ),
                        name="draft_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category__in", ["authentication", "marketing", "service", "utility"])),
                        name="draft_category",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("evf"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("media_type", models.CharField(max_length=60)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence_files", to="store.contact"
                    ),
                ),
            ],
            options={
                "db_table": "evidence_file",
                "indexes": [models.Index(fields=["business", "contact"], name="evidence_file_by_contact")],
            },
        ),
        migrations.CreateModel(
            name="FixedTextApproval",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("fxt"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("intent", models.CharField(max_length=40)),
                ("content_hash", models.CharField(max_length=64)),
                ("approved_by", models.CharField(max_length=64)),
                ("approved_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "fixed_text_approval",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "content_hash"), name="fixed_text_approval_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "Received"), ("done", "Done"), ("quarantined", "Quarantined")],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("errors", models.JSONField(default=list)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("processed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "inbox",
                "indexes": [
                    models.Index(condition=models.Q(("state", "received")), fields=["id"], name="inbox_waiting"),
                    models.Index(fields=["received_at"], name="inbox_received_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "done", "quarantined"])), name="inbox_state"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("chain", models.CharField(max_length=12)),
                ("last_seq", models.PositiveBigIntegerField(default=0)),
                ("last_mac", models.BinaryField(max_length=32)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "ledger_head",
                "constraints": [models.UniqueConstraint(fields=("business", "chain"), name="ledger_head_once")],
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("opr"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("wa_id", models.CharField(max_length=20, null=True)),
                ("bsuid", models.CharField(max_length=160, null=True)),
                ("state", models.CharField(default="active", max_length=10)),
                ("language", models.CharField(default="ar", max_length=5)),
                ("last_inbound_at", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operators",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "operator",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "suspended"])), name="operator_state"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("business", "bsuid"),
                        name="operator_bsuid_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("business", "wa_id"),
                        name="operator_phone_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")), fields=("business", "user"), name="operator_per_user"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wa_id__isnull", False), ("bsuid__isnull", False), _connector="OR"),
                        name="operator_has_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wamid", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True)),
                ("button_id", models.CharField(blank=True, max_length=256)),
                ("context_wamid", models.CharField(blank=True, max_length=200)),
                ("handled", models.CharField(blank=True, max_length=40)),
                ("sent_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbound",
                        to="store.contact",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
            ],
            options={
                "db_table": "inbound_message",
                "indexes": [models.Index(fields=["business", "contact"], name="inbound_by_contact")],
                "constraints": [models.UniqueConstraint(fields=("business", "wamid"), name="inbound_message_once")],
            },
        ),
        migrations.CreateModel(
            name="DraftVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="store.draft"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
            ],
            options={
                "db_table": "draft_version",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "draft", "number"), name="draft_version_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="editor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
            ),
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("apr"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("grant_id", models.CharField(max_length=64, null=True)),
                ("via", models.CharField(max_length=8)),
                ("approved_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="store.draft"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
            ],
            options={
                "db_table": "approval",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("business", "draft"),
                        name="approval_one_standing",
                    ),
                    models.CheckConstraint(condition=models.Q(("via__in", ["phone", "screen"])), name="approval_via"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opportunity",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("opp"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("external_key", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=300)),
                ("summary", models.TextField(blank=True)),
                ("value", models.CharField(blank=True, max_length=60)),
                ("score", models.PositiveSmallIntegerField(null=True)),
                ("purpose", models.CharField(default="offers", max_length=40)),
                ("draft_text", models.TextField(blank=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="new", max_length=12)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opportunities", to="store.contact"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
            ],
            options={
                "db_table": "opportunity",
                "indexes": [models.Index(fields=["business", "state"], name="opportunity_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "external_key"), name="opportunity_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "accepted",
                                    "contacted",
                                    "drafting",
                                    "expired",
                                    "lost",
                                    "new",
                                    "presented",
                                    "replied",
                                    "researching",
                                    "skipped",
                                    "snoozed",
                                    "won",
                                ],
                            )
                        ),
                        name="opportunity_state",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="opportunity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="store.opportunity"
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("via", models.CharField(max_length=8)),
                ("tap_key", models.CharField(max_length=200)),
                ("action", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField(null=True)),
                ("answer", models.CharField(max_length=24)),
                ("carried_out", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="store.draft",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="store.opportunity",
                    ),
                ),
            ],
            options={
                "db_table": "decision",
                "indexes": [models.Index(fields=["business", "opportunity"], name="decision_by_opportunity")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "tap_key"), name="decision_tap_once"),
                    models.CheckConstraint(condition=models.Q(("via__in", ["phone", "screen"])), name="decision_via"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("crd"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("opportunity", "Opportunity"), ("approval", "Approval")], max_length=12),
                ),
                ("version", models.PositiveIntegerField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="store.draft"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="store.operator"
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="store.opportunity"
                    ),
                ),
            ],
            options={
                "db_table": "card",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["business", "operator"], name="card_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["approval", "opportunity"])), name="card_kind"
                    ),
                    models.UniqueConstraint(
                        fields=("business", "operator", "draft", "digest"), name="card_of_draft_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("draft", None)),
                        fields=("business", "operator", "opportunity", "digest"),
                        name="card_of_opportunity_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("out"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("audience", models.CharField(max_length=8)),
                ("draft_version", models.PositiveIntegerField(null=True)),
                ("address", models.CharField(max_length=160)),
                ("lane", models.PositiveSmallIntegerField()),
                ("body", models.JSONField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("category", models.CharField(max_length=16)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("intent", models.CharField(blank=True, max_length=40)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("request_key", models.CharField(max_length=200)),
                ("state", models.CharField(default="pending", max_length=10)),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("hold_code", models.CharField(blank=True, max_length=40)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("recalled_at", models.DateTimeField(null=True)),
                ("failure_code", models.IntegerField(null=True)),
                ("failure_details", models.TextField(blank=True)),
                ("wamid", models.CharField(max_length=200, null=True)),
                ("status", models.CharField(max_length=10, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "about",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.contact"
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outbox",
                        to="store.contact",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="outbox", to="store.draft"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.operator"
                    ),
                ),
            ],
            options={
                "db_table": "outbox",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["business", "lane", "due_at", "id"],
                        name="outbox_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["business", "lease_until"],
                        name="outbox_leases",
                    ),
                    models.Index(fields=["business", "contact"], name="outbox_by_contact"),
                    models.Index(fields=["business", "operator"], name="outbox_by_operator"),
                    models.Index(fields=["business", "wamid"], name="outbox_by_wamid"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "request_key"), name="outbox_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "accepted",
                                    "failed",
                                    "held",
                                    "pending",
                                    "sending",
                                    "simulated",
                                    "suppressed",
                                    "unknown",
                                ],
                            )
                        ),
                        name="outbox_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["contact", "operator"])), name="outbox_audience"
                    ),
                    models.CheckConstraint(condition=models.Q(("lane__in", [0, 1, 2, 3])), name="outbox_lane"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", True),
                            ("status__in", ["accepted", "sent", "failed", "delivered", "read"]),
                            _connector="OR",
                        ),
                        name="outbox_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "operator"), ("contact__isnull", True), ("operator__isnull", False)),
                            models.Q(("audience", "contact"), ("contact__isnull", False), ("operator__isnull", True)),
                            _connector="OR",
                        ),
                        name="outbox_one_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="outbox_lease_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience", "operator"), models.Q(("digest", ""), _negated=True), _connector="OR"
                        ),
                        name="outbox_contact_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("att"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("request_key", models.CharField(max_length=200)),
                ("outcome", models.CharField(default="sending", max_length=10)),
                ("wamid", models.CharField(max_length=200, null=True)),
                ("message_status", models.CharField(blank=True, max_length=40)),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("failure_code", models.IntegerField(null=True)),
                ("details", models.TextField(blank=True)),
                ("settled_by", models.CharField(blank=True, max_length=64)),
                ("claimed_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "outbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="store.outboxmessage"
                    ),
                ),
            ],
            options={
                "db_table": "attempt",
                "indexes": [models.Index(fields=["business", "claimed_at"], name="attempt_by_claim")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "outbox", "number"), name="attempt_number_once"),
                    models.UniqueConstraint(fields=("business", "wamid"), name="attempt_wamid_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["accepted", "failed", "not_sent", "sending", "unknown"])),
                        name="attempt_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingImport",
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
                ("name", models.CharField(max_length=200)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
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
                "db_table": "pending_import",
                "indexes": [models.Index(fields=["business", "created_at"], name="pending_import_age")],
            },
        ),
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("rgt"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("right", models.CharField(max_length=10)),
                ("came_by", models.CharField(max_length=20)),
                ("words", models.TextField(blank=True)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("extended_until", models.DateTimeField(null=True)),
                ("extension_reason", models.TextField(blank=True)),
                ("identity_checked", models.TextField(blank=True)),
                ("held_because", models.TextField(blank=True)),
                ("state", models.CharField(default="open", max_length=8)),
                ("answer", models.TextField(blank=True)),
                ("opened_by", models.CharField(max_length=64)),
                ("closed_by", models.CharField(blank=True, max_length=64)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rights_requests", to="store.contact"
                    ),
                ),
            ],
            options={
                "db_table": "rights_request",
                "indexes": [models.Index(fields=["business", "state", "due_at"], name="rights_request_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("right__in", ["access", "copy", "correct", "destroy", "inform", "restrict", "withdraw"])
                        ),
                        name="rights_request_right",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["done", "open", "refused"])), name="rights_request_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SendingNumber",
            fields=[
                ("phone_number_id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("waba_id", models.CharField(max_length=32)),
                ("display_phone", models.CharField(max_length=20)),
                ("webhook_seen_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "sending_number",
            },
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="number",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.sendingnumber"
            ),
        ),
        migrations.AddField(
            model_name="operator",
            name="number",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.sendingnumber"
            ),
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("enr"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code_hash", models.CharField(max_length=64)),
                ("state", models.CharField(default="issued", max_length=10)),
                ("expires_at", models.DateTimeField()),
                ("sender_wa_id", models.CharField(max_length=20, null=True)),
                ("sender_bsuid", models.CharField(max_length=160, null=True)),
                ("sender_name", models.CharField(blank=True, max_length=200)),
                ("sender_wrote_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.sendingnumber"
                    ),
                ),
            ],
            options={
                "db_table": "enrolment",
                "indexes": [models.Index(fields=["business", "state", "code_hash"], name="enrolment_by_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["confirmed", "issued", "matched", "void"])),
                        name="enrolment_state",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="number",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.sendingnumber"
            ),
        ),
        migrations.CreateModel(
            name="Showing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("wamid", models.CharField(max_length=200, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showings", to="store.card"
                    ),
                ),
                (
                    "outbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showings", to="store.outboxmessage"
                    ),
                ),
                (
                    "rendering",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.outboxmessage",
                    ),
                ),
            ],
            options={
                "db_table": "showing",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "card", "number"), name="showing_number_once"),
                    models.UniqueConstraint(fields=("business", "wamid"), name="showing_wamid_once"),
                    models.UniqueConstraint(fields=("business", "outbox"), name="showing_message_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wamid", models.CharField(max_length=200)),
                ("status", models.CharField(max_length=40)),
                ("recipient", models.CharField(blank=True, max_length=160)),
                ("failure_code", models.IntegerField(null=True)),
                ("details", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statuses",
                        to="store.attempt",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "status_event",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "wamid", "status", "recipient"), name="status_event_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StopSwitch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "scope",
                    models.CharField(
                        choices=[("global", "Everywhere"), ("business", "Business"), ("number", "Number")],
                        max_length=10,
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=64)),
                ("pressed_by", models.CharField(max_length=64)),
                ("pressed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "stop_switch",
                "constraints": [models.UniqueConstraint(fields=("scope", "target"), name="stop_switch_once")],
            },
        ),
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject_ref", models.CharField(max_length=64)),
                ("epoch", models.PositiveSmallIntegerField()),
                ("wrapped", models.BinaryField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "subject_key",
                "constraints": [models.UniqueConstraint(fields=("business", "subject_ref"), name="subject_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=wakeel.store.models.columns.IdMaker("sup"),
                        editable=False,
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("address_token", models.CharField(blank=True, max_length=64)),
                ("cause", models.CharField(max_length=12)),
                ("note", models.TextField(blank=True)),
                ("actor", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=64)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suppressions",
                        to="store.contact",
                    ),
                ),
            ],
            options={
                "db_table": "suppression",
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["business", "contact"],
                        name="suppression_by_contact",
                    ),
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["business", "address_token"],
                        name="suppression_by_address",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                ["blocked", "complaint", "erased", "legal", "manual", "minor", "report", "restricted"],
                            )
                        ),
                        name="suppression_cause",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VerdictRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("phase", models.CharField(max_length=8)),
                ("answer", models.CharField(max_length=10)),
                ("code", models.CharField(max_length=40)),
                ("all_codes", models.JSONField(default=list)),
                ("facts", models.JSONField(default=dict)),
                ("next_allowed_at", models.DateTimeField(null=True)),
                ("grant_id", models.CharField(max_length=64, null=True)),
                ("policy_version", models.CharField(max_length=40)),
                ("ledger_seq", models.PositiveBigIntegerField()),
                ("request", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="store.draft",
                    ),
                ),
                (
                    "outbox",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="store.outboxmessage",
                    ),
                ),
            ],
            options={
                "db_table": "verdict",
                "indexes": [
                    models.Index(fields=["business", "draft"], name="verdict_by_draft"),
                    models.Index(fields=["business", "outbox"], name="verdict_by_outbox"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("phase__in", ["claim", "plan"])), name="verdict_phase"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["allow", "block", "defer", "hold", "simulate"])),
                        name="verdict_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("language", models.CharField(blank=True, max_length=8)),
                ("first_used_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "wording",
                "constraints": [models.UniqueConstraint(fields=("business", "sha256"), name="wording_once")],
            },
        ),
        migrations.CreateModel(
            name="WrongCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sender_hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
            ],
            options={
                "db_table": "wrong_code",
                "indexes": [models.Index(fields=["business", "at"], name="wrong_code_recent")],
            },
        ),
        migrations.CreateModel(
            name="ConsentPayload",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="payload",
                        serialize=False,
                        to="store.consenteventrow",
                    ),
                ),
                ("address_token", models.CharField(max_length=64)),
                ("occurrence", models.CharField(max_length=64, null=True)),
                ("sealed", models.BinaryField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.business"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consent_payloads", to="store.contact"
                    ),
                ),
            ],
            options={
                "db_table": "consent_payload",
                "indexes": [
                    models.Index(fields=["business", "contact"], name="consent_payload_by_contact"),
                    models.Index(fields=["business", "address_token"], name="consent_payload_by_address"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "contact", "occurrence"), name="consent_payload_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["awaiting_approval", "approved", "editing"])),
                fields=("business", "opportunity"),
                name="draft_one_living",
            ),
        ),
    ]
