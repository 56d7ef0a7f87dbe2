"""0001 to 0006 at once, for a new database: the chain writes each table several times."""

import django.db.models.deletion
import wakeel.store.models.columns
from django.conf import settings
from django.db import migrations, models

from wakeel.store import ledger_guard


class Migration(migrations.Migration):

    replaces = [
        ('store', '0001_first'), ('store', '0002_ledger_guard'), ('store', '0003_webhooks'), ('store', '0004_delivery'),
        ('store', '0005_ticks_in_place'), ('store', '0006_day'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('apr'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('words_read', models.TextField(blank=True)),
                ('grant_id', models.CharField(max_length=64, null=True)),
                ('via', models.CharField(max_length=8)),
                ('approved_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'approval',
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('att'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('request_key', models.CharField(max_length=200)),
                ('outcome', models.CharField(default='sending', max_length=10)),
                ('wamid', models.CharField(max_length=200, null=True)),
                ('message_status', models.CharField(blank=True, max_length=40)),
                ('http_status', models.PositiveSmallIntegerField(null=True)),
                ('failure_code', models.IntegerField(null=True)),
                ('details', models.TextField(blank=True)),
                ('settled_by', models.CharField(blank=True, max_length=64)),
                ('claimed_at', models.DateTimeField()),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'attempt',
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('bat'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('drafts', models.JSONField(default=list)),
                ('state', models.CharField(default='open', max_length=10)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'batch',
            },
        ),
        migrations.CreateModel(
            name='SendingNumber',
            fields=[
                ('phone_number_id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('waba_id', models.CharField(max_length=32)),
                ('display_phone', models.CharField(max_length=20)),
                ('webhook_seen_at', models.DateTimeField(null=True)),
                ('verified_name', models.CharField(blank=True, max_length=120)),
                ('quality', models.CharField(blank=True, max_length=20)),
                ('quality_at', models.DateTimeField(null=True)),
                ('throughput_mps', models.PositiveIntegerField(null=True)),
                ('messaging_limit', models.PositiveIntegerField(null=True)),
                ('limit_at', models.DateTimeField(null=True)),
                ('account_state', models.CharField(blank=True, max_length=60)),
                ('account_until', models.DateTimeField(null=True)),
                ('account_at', models.DateTimeField(null=True)),
                ('own_limit_mps', models.PositiveIntegerField(null=True)),
                ('pair_interval_ms', models.PositiveIntegerField(default=6000)),
                ('operator_burst', models.PositiveSmallIntegerField(default=10)),
                ('contact_burst', models.PositiveSmallIntegerField(default=3)),
            ],
            options={
                'db_table': 'sending_number',
            },
        ),
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('brf'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('local_date', models.DateField()),
                ('facts', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'brief',
            },
        ),
        migrations.CreateModel(
            name='Business',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('biz'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('practice', models.BooleanField(default=False)),
                ('tone', models.CharField(default='warm', max_length=8)),
                ('quorum_from', models.CharField(blank=True, max_length=8)),
                ('expiry_days', models.JSONField(default=dict)),
                ('high_value', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'business',
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('crd'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('opportunity', 'Opportunity'), ('approval', 'Approval')], max_length=12)),
                ('version', models.PositiveIntegerField(null=True)),
                ('digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'card',
            },
        ),
        migrations.CreateModel(
            name='ConsentEventRow',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('cns'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('seq', models.PositiveBigIntegerField()),
                ('type', models.CharField(max_length=16)),
                ('at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('clock', models.CharField(default='server', max_length=12)),
                ('channel', models.CharField(default='whatsapp', max_length=16)),
                ('categories', models.JSONField(default=list)),
                ('purposes', models.JSONField(null=True)),
                ('explicit', models.BooleanField(default=False)),
                ('needs_confirmation', models.BooleanField(default=False)),
                ('expires_at', models.DateTimeField(null=True)),
                ('grant_id', models.CharField(max_length=64, null=True)),
                ('withdraw_id', models.CharField(max_length=64, null=True)),
                ('source', models.CharField(max_length=40)),
                ('method', models.CharField(blank=True, max_length=12)),
                ('collected_directly', models.BooleanField(default=False)),
                ('lawful_basis', models.CharField(default='consent', max_length=16)),
                ('wording_sha256', models.CharField(blank=True, max_length=64)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('notice_version', models.CharField(blank=True, max_length=40)),
                ('proof_ref', models.CharField(blank=True, max_length=64)),
                ('subject_ref', models.CharField(max_length=64)),
                ('payload_commitment', models.CharField(max_length=64)),
                ('epoch', models.PositiveSmallIntegerField()),
                ('mac', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'consent_event',
            },
        ),
        migrations.CreateModel(
            name='ConsentStanding',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('category', models.CharField(max_length=16)),
                ('purpose', models.CharField(max_length=40)),
                ('standing', models.CharField(max_length=10)),
                ('grant_event', models.CharField(max_length=64, null=True)),
                ('valid_until', models.DateTimeField(null=True)),
                ('seq', models.PositiveBigIntegerField()),
            ],
            options={
                'db_table': 'consent_standing',
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('con'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('organisation', models.CharField(blank=True, max_length=200)),
                ('last_inbound_at', models.DateTimeField(null=True)),
                ('gave_number', models.TextField(blank=True)),
                ('identity_hold', models.BooleanField(default=False)),
                ('identity_doubt', models.CharField(blank=True, max_length=20)),
                ('time_zone', models.CharField(blank=True, max_length=40)),
                ('paused_until', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('expecting', models.CharField(blank=True, max_length=20)),
                ('expecting_since', models.DateTimeField(null=True)),
                ('epoch_started_at', models.DateTimeField(null=True)),
                ('unread_since', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('referred_at', models.DateTimeField(null=True)),
                ('free_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'contact',
            },
        ),
        migrations.CreateModel(
            name='ContactAlias',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('bsuid', 'Bsuid')], max_length=5)),
                ('value', models.CharField(max_length=160)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'contact_alias',
            },
        ),
        migrations.CreateModel(
            name='DatabaseRun',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('database', models.CharField(max_length=32)),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('finding', models.CharField(blank=True, max_length=12)),
                ('expected', models.PositiveBigIntegerField(null=True)),
                ('found', models.PositiveBigIntegerField(null=True)),
                ('restored_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'database_run',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('via', models.CharField(max_length=8)),
                ('tap_key', models.CharField(max_length=200)),
                ('action', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField(null=True)),
                ('answer', models.CharField(max_length=24)),
                ('carried_out', models.BooleanField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'decision',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('drf'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('category', models.CharField(max_length=16)),
                ('purpose', models.CharField(max_length=40)),
                ('state', models.CharField(default='awaiting_approval', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('edit_asked_at', models.DateTimeField(null=True)),
                ('reshow_when_cured', models.BooleanField(default=False)),
                ('answers', models.CharField(blank=True, max_length=200)),
                ('risk', models.CharField(default='normal', max_length=8)),
                ('waits_until', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('nudge', models.CharField(blank=True, max_length=8)),
                ('nudge_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'draft',
            },
        ),
        migrations.CreateModel(
            name='DraftVersion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('written_by', models.CharField(blank=True, max_length=80)),
                ('template', models.JSONField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'draft_version',
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('enr'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('code_hash', models.CharField(max_length=64)),
                ('state', models.CharField(default='issued', max_length=10)),
                ('expires_at', models.DateTimeField()),
                ('sender_wa_id', models.CharField(max_length=20, null=True)),
                ('sender_bsuid', models.CharField(max_length=160, null=True)),
                ('sender_name', models.CharField(blank=True, max_length=200)),
                ('sender_wrote_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'enrolment',
            },
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('evf'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('media_type', models.CharField(max_length=60)),
                ('sealed', models.BinaryField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'evidence_file',
            },
        ),
        migrations.CreateModel(
            name='FixedTextApproval',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('fxt'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('intent', models.CharField(max_length=40)),
                ('content_hash', models.CharField(max_length=64)),
                ('approved_by', models.CharField(max_length=64)),
                ('approved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'fixed_text_approval',
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('role', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('pid', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('counters', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'heartbeat',
            },
        ),
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('wamid', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('text', models.TextField(blank=True)),
                ('content', models.JSONField(default=dict)),
                ('button_id', models.CharField(blank=True, max_length=256)),
                ('context_wamid', models.CharField(blank=True, max_length=200)),
                ('handled', models.CharField(blank=True, max_length=40)),
                ('sent_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('read_wanted_at', models.DateTimeField(null=True)),
                ('read_sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'inbound_message',
            },
        ),
        migrations.CreateModel(
            name='InboxRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('body', models.BinaryField()),
                ('key_epoch', models.PositiveSmallIntegerField(null=True)),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('received', 'Received'), ('done', 'Done'), ('quarantined', 'Quarantined')], default='received', max_length=12)),
                ('errors', models.JSONField(default=list)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('processed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'inbox',
            },
        ),
        migrations.CreateModel(
            name='KeyCheck',
            fields=[
                ('name', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('check_value', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'key_check',
            },
        ),
        migrations.CreateModel(
            name='LedgerHead',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('chain', models.CharField(max_length=12)),
                ('last_seq', models.PositiveBigIntegerField(default=0)),
                ('last_mac', models.BinaryField(max_length=32)),
            ],
            options={
                'db_table': 'ledger_head',
            },
        ),
        migrations.CreateModel(
            name='MediaFile',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('med'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('media_id', models.CharField(max_length=64)),
                ('mime_type', models.CharField(blank=True, max_length=120)),
                ('file_name', models.CharField(blank=True, max_length=240)),
                ('bytes', models.PositiveBigIntegerField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('try_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'media_file',
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('mtg'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('attendees', models.JSONField(default=list)),
                ('minutes', models.PositiveSmallIntegerField(default=30)),
                ('slots', models.JSONField(default=list)),
                ('chosen', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('answer', models.CharField(blank=True, max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('uid', models.CharField(max_length=120)),
                ('calendar', models.CharField(blank=True, max_length=8)),
                ('calendar_why', models.CharField(blank=True, max_length=60)),
                ('calendar_tries', models.PositiveSmallIntegerField(default=0)),
                ('calendar_at', models.DateTimeField(null=True)),
                ('mail', models.CharField(blank=True, max_length=8)),
                ('mail_why', models.CharField(blank=True, max_length=60)),
                ('mail_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('invited_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'meeting',
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'mention',
            },
        ),
        migrations.CreateModel(
            name='Operator',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('opr'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('wa_id', models.CharField(max_length=20, null=True)),
                ('bsuid', models.CharField(max_length=160, null=True)),
                ('state', models.CharField(default='active', max_length=10)),
                ('language', models.CharField(default='ar', max_length=5)),
                ('time_zone', models.CharField(blank=True, max_length=40)),
                ('brief_minute', models.PositiveSmallIntegerField(default=480, null=True)),
                ('brief_days', models.CharField(default='71234', max_length=7)),
                ('knocked_at', models.DateTimeField(null=True)),
                ('last_inbound_at', models.DateTimeField(null=True)),
                ('enrolled_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'operator',
            },
        ),
        migrations.CreateModel(
            name='Opportunity',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('opp'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('external_key', models.CharField(max_length=120)),
                ('title', models.CharField(max_length=300)),
                ('summary', models.TextField(blank=True)),
                ('value', models.CharField(blank=True, max_length=60)),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('purpose', models.CharField(default='offers', max_length=40)),
                ('draft_text', models.TextField(blank=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('source', models.CharField(default='import', max_length=10)),
                ('state', models.CharField(default='new', max_length=12)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('snoozed_for_reply', models.BooleanField(default=False)),
                ('skip_reason', models.CharField(blank=True, max_length=1)),
                ('result_value', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'opportunity',
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('out'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('audience', models.CharField(max_length=8)),
                ('draft_version', models.PositiveIntegerField(null=True)),
                ('address', models.CharField(max_length=160)),
                ('lane', models.PositiveSmallIntegerField()),
                ('body', models.JSONField()),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('category', models.CharField(max_length=16)),
                ('purpose', models.CharField(blank=True, max_length=40)),
                ('intent', models.CharField(blank=True, max_length=40)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('request_key', models.CharField(max_length=200)),
                ('state', models.CharField(default='pending', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('hold_code', models.CharField(blank=True, max_length=40)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('recalled_at', models.DateTimeField(null=True)),
                ('failure_code', models.IntegerField(null=True)),
                ('failure_details', models.TextField(blank=True)),
                ('wamid', models.CharField(max_length=200, null=True)),
                ('status', models.CharField(max_length=10, null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'outbox',
            },
        ),
        migrations.CreateModel(
            name='PendingImport',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('imp'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16)),
                ('name', models.CharField(max_length=200)),
                ('sealed', models.BinaryField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'pending_import',
            },
        ),
        migrations.CreateModel(
            name='PlatformEventRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=64)),
                ('webhook_field', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'platform_event',
            },
        ),
        migrations.CreateModel(
            name='PolicyRow',
            fields=[
                ('version', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('document', models.JSONField()),
                ('first_used_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'policy',
            },
        ),
        migrations.CreateModel(
            name='PriceCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('category', models.CharField(max_length=40)),
                ('pricing_type', models.CharField(max_length=40)),
                ('messages', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'db_table': 'price_count',
            },
        ),
        migrations.CreateModel(
            name='PriceMark',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('status_event', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'db_table': 'price_mark',
            },
        ),
        migrations.CreateModel(
            name='Prompt',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('prm'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('subject', models.CharField(max_length=64)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('again_at', models.DateTimeField(null=True)),
                ('again_on_reply', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'prompt',
            },
        ),
        migrations.CreateModel(
            name='RightsRequest',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('rgt'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('right', models.CharField(max_length=10)),
                ('came_by', models.CharField(max_length=20)),
                ('words', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('extended_until', models.DateTimeField(null=True)),
                ('extension_reason', models.TextField(blank=True)),
                ('identity_checked', models.TextField(blank=True)),
                ('held_because', models.TextField(blank=True)),
                ('state', models.CharField(default='open', max_length=8)),
                ('answer', models.TextField(blank=True)),
                ('opened_by', models.CharField(max_length=64)),
                ('closed_by', models.CharField(blank=True, max_length=64)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'rights_request',
            },
        ),
        migrations.CreateModel(
            name='Showing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('wamid', models.CharField(max_length=200, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'showing',
            },
        ),
        migrations.CreateModel(
            name='StatusEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('wamid', models.CharField(max_length=200)),
                ('status', models.CharField(max_length=40)),
                ('recipient', models.CharField(blank=True, max_length=160)),
                ('failure_code', models.IntegerField(null=True)),
                ('details', models.TextField(blank=True)),
                ('pricing_category', models.CharField(blank=True, max_length=40)),
                ('pricing_type', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'status_event',
            },
        ),
        migrations.CreateModel(
            name='StopEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('pressed', 'Pressed'), ('released', 'Released')], max_length=10)),
                ('scope', models.CharField(choices=[('global', 'Everywhere'), ('business', 'Business'), ('number', 'Number')], max_length=10)),
                ('target', models.CharField(blank=True, max_length=64)),
                ('by', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('send', models.BooleanField(null=True)),
                ('leaving', models.PositiveIntegerField(default=0)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'stop_event',
            },
        ),
        migrations.CreateModel(
            name='StopSwitch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('global', 'Everywhere'), ('business', 'Business'), ('number', 'Number')], max_length=10)),
                ('target', models.CharField(blank=True, max_length=64)),
                ('pressed_by', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('pressed_at', models.DateTimeField()),
                ('leaving', models.JSONField(default=list)),
            ],
            options={
                'db_table': 'stop_switch',
            },
        ),
        migrations.CreateModel(
            name='SubjectKey',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject_ref', models.CharField(max_length=64)),
                ('epoch', models.PositiveSmallIntegerField()),
                ('wrapped', models.BinaryField()),
            ],
            options={
                'db_table': 'subject_key',
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('wamid', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(blank=True)),
                ('written_by', models.CharField(blank=True, max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('try_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'suggestion',
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.CharField(default=wakeel.store.models.columns.IdMaker('sup'), editable=False, max_length=64, primary_key=True, serialize=False)),
                ('address_token', models.CharField(blank=True, max_length=64)),
                ('cause', models.CharField(max_length=12)),
                ('note', models.TextField(blank=True)),
                ('actor', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'db_table': 'suppression',
            },
        ),
        migrations.CreateModel(
            name='TeamEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('by', models.CharField(max_length=150)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'team_event',
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('waba_id', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=512)),
                ('language', models.CharField(max_length=20)),
                ('template_id', models.CharField(blank=True, max_length=32)),
                ('status', models.CharField(blank=True, max_length=40)),
                ('status_note', models.TextField(blank=True)),
                ('category', models.CharField(blank=True, max_length=40)),
                ('pending_category', models.CharField(blank=True, max_length=40)),
                ('pending_category_at', models.DateTimeField(null=True)),
                ('pending_said_at', models.DateTimeField(null=True)),
                ('quality', models.CharField(blank=True, max_length=20)),
                ('components', models.JSONField(default=list)),
                ('paused_until', models.DateTimeField(null=True)),
                ('status_at', models.DateTimeField(null=True)),
                ('category_at', models.DateTimeField(null=True)),
                ('quality_at', models.DateTimeField(null=True)),
                ('components_at', models.DateTimeField(null=True)),
                ('pulled_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'template',
            },
        ),
        migrations.CreateModel(
            name='TemplateText',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=400)),
                ('version', models.PositiveIntegerField(default=1)),
                ('meta_name', models.CharField(max_length=512)),
                ('language', models.CharField(max_length=20)),
                ('category', models.CharField(max_length=40)),
                ('components', models.JSONField(default=list)),
                ('payloads', models.JSONField(default=list)),
                ('author', models.CharField(blank=True, max_length=64)),
                ('asked_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('refused', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'template_text',
            },
        ),
        migrations.CreateModel(
            name='VerdictRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('phase', models.CharField(max_length=8)),
                ('answer', models.CharField(max_length=10)),
                ('code', models.CharField(max_length=40)),
                ('all_codes', models.JSONField(default=list)),
                ('facts', models.JSONField(default=dict)),
                ('next_allowed_at', models.DateTimeField(null=True)),
                ('grant_id', models.CharField(max_length=64, null=True)),
                ('policy_version', models.CharField(max_length=40)),
                ('ledger_seq', models.PositiveBigIntegerField()),
                ('request', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'verdict',
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('via', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'vote',
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('language', models.CharField(blank=True, max_length=8)),
                ('first_used_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'wording',
            },
        ),
        migrations.CreateModel(
            name='WrongCode',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sender_hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'wrong_code',
            },
        ),
        migrations.CreateModel(
            name='Breaker',
            fields=[
                ('number', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='breaker', serialize=False, to='store.sendingnumber')),
                ('state', models.CharField(default='closed', max_length=10)),
                ('unknowns', models.PositiveSmallIntegerField(default=0)),
                ('cause', models.CharField(blank=True, max_length=10)),
                ('failure_code', models.IntegerField(null=True)),
                ('contacts_only', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField(null=True)),
                ('probe_at', models.DateTimeField(null=True)),
                ('probe_id', models.CharField(blank=True, max_length=64)),
                ('probes', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'db_table': 'breaker',
            },
        ),
        migrations.CreateModel(
            name='SenderSeat',
            fields=[
                ('number', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='seat', serialize=False, to='store.sendingnumber')),
                ('holder', models.CharField(max_length=64)),
                ('fence', models.PositiveIntegerField(default=1)),
                ('lease_until', models.DateTimeField()),
            ],
            options={
                'db_table': 'sender_seat',
            },
        ),
        migrations.AddField(
            model_name='sendingnumber',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddConstraint(
            model_name='business',
            constraint=models.CheckConstraint(condition=models.Q(('tone__in', ['formal', 'warm'])), name='business_tone'),
        ),
        migrations.AddConstraint(
            model_name='business',
            constraint=models.CheckConstraint(condition=models.Q(('quorum_from__in', ['', 'high', 'low', 'normal'])), name='business_quorum_from'),
        ),
        migrations.AddField(
            model_name='brief',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='batch',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='approval',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='card',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.CreateModel(
            name='ConsentPayload',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='payload', serialize=False, to='store.consenteventrow')),
                ('address_token', models.CharField(max_length=64)),
                ('occurrence', models.CharField(max_length=64, null=True)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'consent_payload',
            },
        ),
        migrations.AddField(
            model_name='consenteventrow',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='consentstanding',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.CreateModel(
            name='ReachedPerson',
            fields=[
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reached', serialize=False, to='store.contact')),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'reached_person',
            },
        ),
        migrations.AddField(
            model_name='contact',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='contact',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='store.contact'),
        ),
        migrations.AddField(
            model_name='consentstanding',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='store.contact'),
        ),
        migrations.AddField(
            model_name='contactalias',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='contactalias',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='store.contact'),
        ),
        migrations.AddField(
            model_name='decision',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='draft',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='draft',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='store.contact'),
        ),
        migrations.AddField(
            model_name='draft',
            name='number',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.sendingnumber'),
        ),
        migrations.AddField(
            model_name='decision',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='store.draft'),
        ),
        migrations.AddField(
            model_name='card',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='store.draft'),
        ),
        migrations.AddField(
            model_name='approval',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='store.draft'),
        ),
        migrations.AddField(
            model_name='draftversion',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='draftversion',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='store.draft'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='number',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.sendingnumber'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evidencefile',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='evidencefile',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_files', to='store.contact'),
        ),
        migrations.AddField(
            model_name='fixedtextapproval',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='inboundmessage',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='inboundmessage',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inbound', to='store.contact'),
        ),
        migrations.AddIndex(
            model_name='inboxrow',
            index=models.Index(condition=models.Q(('state', 'received')), fields=['id'], name='inbox_waiting'),
        ),
        migrations.AddIndex(
            model_name='inboxrow',
            index=models.Index(condition=models.Q(('state', 'quarantined')), fields=['id'], name='inbox_quarantined'),
        ),
        migrations.AddIndex(
            model_name='inboxrow',
            index=models.Index(condition=models.Q(('errors', []), _negated=True), fields=['id'], name='inbox_noted'),
        ),
        migrations.AddIndex(
            model_name='inboxrow',
            index=models.Index(fields=['received_at'], name='inbox_received_at'),
        ),
        migrations.AddConstraint(
            model_name='inboxrow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'done', 'quarantined'])), name='inbox_state'),
        ),
        migrations.AddField(
            model_name='ledgerhead',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='mediafile',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='mediafile',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='media', to='store.inboundmessage'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='store.contact'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='number',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.sendingnumber'),
        ),
        migrations.AddField(
            model_name='draft',
            name='meeting',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='store.meeting'),
        ),
        migrations.AddField(
            model_name='mention',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='mention',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.contact'),
        ),
        migrations.AddField(
            model_name='operator',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='operator',
            name='number',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.sendingnumber'),
        ),
        migrations.AddField(
            model_name='operator',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='operators', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='organiser',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='inboundmessage',
            name='operator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='draftversion',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='draft',
            name='editor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='decision',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='card',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='store.operator'),
        ),
        migrations.AddField(
            model_name='brief',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='store.operator'),
        ),
        migrations.AddField(
            model_name='batch',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='approval',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='store.contact'),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='store.opportunity'),
        ),
        migrations.AddField(
            model_name='draft',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='store.opportunity'),
        ),
        migrations.AddField(
            model_name='decision',
            name='opportunity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='store.opportunity'),
        ),
        migrations.AddField(
            model_name='card',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='store.opportunity'),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='about',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.contact'),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='contact',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outbox', to='store.contact'),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='draft',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outbox', to='store.draft'),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='number',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.sendingnumber'),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='operator',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='mention',
            name='message',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='store.outboxmessage'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='outbox',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='store.outboxmessage'),
        ),
        migrations.AddField(
            model_name='pendingimport',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='pendingimport',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='platformeventrow',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='pricecount',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='pricecount',
            name='number',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.sendingnumber'),
        ),
        migrations.AddField(
            model_name='prompt',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='prompt',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompts', to='store.operator'),
        ),
        migrations.AddField(
            model_name='prompt',
            name='outbox',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='prompt', to='store.outboxmessage'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rights_requests', to='store.contact'),
        ),
        migrations.AddField(
            model_name='showing',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='showing',
            name='card',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showings', to='store.card'),
        ),
        migrations.AddField(
            model_name='showing',
            name='outbox',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showings', to='store.outboxmessage'),
        ),
        migrations.AddField(
            model_name='showing',
            name='rendering',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.outboxmessage'),
        ),
        migrations.AddField(
            model_name='statusevent',
            name='attempt',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statuses', to='store.attempt'),
        ),
        migrations.AddField(
            model_name='statusevent',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddIndex(
            model_name='stopevent',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['id'], name='stop_event_undone'),
        ),
        migrations.AddIndex(
            model_name='stopevent',
            index=models.Index(fields=['at'], name='stop_event_by_time'),
        ),
        migrations.AddConstraint(
            model_name='stopswitch',
            constraint=models.UniqueConstraint(fields=('scope', 'target'), name='stop_switch_once'),
        ),
        migrations.AddField(
            model_name='subjectkey',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='store.opportunity'),
        ),
        migrations.AddField(
            model_name='suppression',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='suppression',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suppressions', to='store.contact'),
        ),
        migrations.AddField(
            model_name='teamevent',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='teamevent',
            name='operator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='template',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='templatetext',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='verdictrow',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='verdictrow',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='store.draft'),
        ),
        migrations.AddField(
            model_name='verdictrow',
            name='outbox',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='store.outboxmessage'),
        ),
        migrations.AddField(
            model_name='vote',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='vote',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='store.draft'),
        ),
        migrations.AddField(
            model_name='vote',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.operator'),
        ),
        migrations.AddField(
            model_name='wording',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='wrongcode',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='breaker',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='senderseat',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='consentpayload',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddField(
            model_name='consentpayload',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_payloads', to='store.contact'),
        ),
        migrations.AddIndex(
            model_name='consenteventrow',
            index=models.Index(fields=['business', 'subject_ref'], name='consent_event_by_subject'),
        ),
        migrations.AddConstraint(
            model_name='consenteventrow',
            constraint=models.UniqueConstraint(fields=('business', 'seq'), name='consent_event_seq_once'),
        ),
        migrations.AddConstraint(
            model_name='consenteventrow',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['confirm', 'correct', 'erase', 'expire', 'grant', 'import', 're_permission', 'refuse', 'renew', 'resume', 'withdraw'])), name='consent_event_type'),
        ),
        migrations.AddConstraint(
            model_name='consenteventrow',
            constraint=models.CheckConstraint(condition=models.Q(('at__isnull', False), ('type', 'withdraw'), _connector='OR'), name='consent_event_at_known'),
        ),
        migrations.AddField(
            model_name='reachedperson',
            name='business',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.business'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['business', 'last_inbound_at'], name='contact_by_window'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='contact_merged'),
        ),
        migrations.AddIndex(
            model_name='consentstanding',
            index=models.Index(condition=models.Q(('standing', 'active')), fields=['business', 'category', 'purpose', 'contact'], name='consent_standing_active'),
        ),
        migrations.AddConstraint(
            model_name='consentstanding',
            constraint=models.UniqueConstraint(fields=('business', 'contact', 'category', 'purpose'), name='consent_standing_once'),
        ),
        migrations.AddConstraint(
            model_name='consentstanding',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['authentication', 'marketing', 'service', 'utility'])), name='consent_standing_category'),
        ),
        migrations.AddConstraint(
            model_name='consentstanding',
            constraint=models.CheckConstraint(condition=models.Q(('standing__in', ['active', 'expired', 'none', 'opted_out', 'pending'])), name='consent_standing_standing'),
        ),
        migrations.AddIndex(
            model_name='contactalias',
            index=models.Index(fields=['business', 'value'], name='contact_alias_by_value'),
        ),
        migrations.AddConstraint(
            model_name='contactalias',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('business', 'value'), name='contact_alias_current_once'),
        ),
        migrations.AddConstraint(
            model_name='contactalias',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('business', 'contact', 'kind'), name='contact_alias_one_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='contactalias',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['bsuid', 'phone'])), name='contact_alias_kind'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['business', 'state', 'code_hash'], name='enrolment_by_code'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['confirmed', 'issued', 'matched', 'void'])), name='enrolment_state'),
        ),
        migrations.AddIndex(
            model_name='evidencefile',
            index=models.Index(fields=['business', 'contact'], name='evidence_file_by_contact'),
        ),
        migrations.AddConstraint(
            model_name='fixedtextapproval',
            constraint=models.UniqueConstraint(fields=('business', 'content_hash'), name='fixed_text_approval_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerhead',
            constraint=models.UniqueConstraint(fields=('business', 'chain'), name='ledger_head_once'),
        ),
        migrations.AddIndex(
            model_name='mediafile',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['try_at'], name='media_file_waiting'),
        ),
        migrations.AddConstraint(
            model_name='mediafile',
            constraint=models.UniqueConstraint(fields=('business', 'message', 'media_id'), name='media_file_once'),
        ),
        migrations.AddConstraint(
            model_name='mediafile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['failed', 'kept', 'refused', 'waiting'])), name='media_file_state'),
        ),
        migrations.AddConstraint(
            model_name='operator',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'inactive', 'suspended'])), name='operator_state'),
        ),
        migrations.AddConstraint(
            model_name='operator',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('business', 'bsuid'), name='operator_bsuid_once'),
        ),
        migrations.AddConstraint(
            model_name='operator',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('business', 'wa_id'), name='operator_phone_once'),
        ),
        migrations.AddConstraint(
            model_name='operator',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('business', 'user'), name='operator_per_user'),
        ),
        migrations.AddConstraint(
            model_name='operator',
            constraint=models.CheckConstraint(condition=models.Q(('wa_id__isnull', False), ('bsuid__isnull', False), _connector='OR'), name='operator_has_address'),
        ),
        migrations.AddIndex(
            model_name='inboundmessage',
            index=models.Index(fields=['business', 'contact', '-sent_at'], name='inbound_by_contact'),
        ),
        migrations.AddIndex(
            model_name='inboundmessage',
            index=models.Index(condition=models.Q(('read_sent_at', None), ('read_wanted_at__isnull', False)), fields=['id'], name='inbound_to_be_marked'),
        ),
        migrations.AddConstraint(
            model_name='inboundmessage',
            constraint=models.UniqueConstraint(fields=('business', 'wamid'), name='inbound_message_once'),
        ),
        migrations.AddConstraint(
            model_name='draftversion',
            constraint=models.UniqueConstraint(fields=('business', 'draft', 'number'), name='draft_version_once'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.UniqueConstraint(fields=('business', 'operator', 'local_date'), name='brief_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['approved', 'cancelled', 'open'])), name='batch_state'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('business', 'draft'), name='approval_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('via__in', ['phone', 'screen'])), name='approval_via'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(fields=['business', 'state'], name='opportunity_by_state'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('state', 'new'), ('state', 'presented'), _connector='OR'), fields=['business', '-score', 'created_at', 'id'], name='opportunity_waiting'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('state', 'presented')), fields=['expires_at'], name='opportunity_expiring'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until'], name='opportunity_coming_back'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('snoozed_for_reply', True)), fields=['contact'], name='opportunity_awaits_reply'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('skip_reason', '3'), ('state', 'skipped')), fields=['business', 'purpose'], name='opportunity_no_fit'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('source__in', ['inbound', 'referral']), models.Q(('state', 'new'), ('state', 'presented'), _connector='OR')), fields=['business', '-created_at'], name='opportunity_wrote_first'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(fields=['contact', 'state'], name='opportunity_of_contact'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.UniqueConstraint(fields=('business', 'external_key'), name='opportunity_key_once'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'contacted', 'drafting', 'expired', 'lost', 'new', 'presented', 'replied', 'researching', 'skipped', 'snoozed', 'won'])), name='opportunity_state'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['api', 'import', 'inbound', 'manual', 'referral'])), name='opportunity_source'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['business', 'state'], name='meeting_by_state'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(condition=models.Q(('calendar', 'waiting')), fields=['calendar_at'], name='meeting_to_be_written'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(condition=models.Q(('mail_at__isnull', False)), fields=['mail_at'], name='meeting_to_be_mailed'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['approved', 'booked', 'cancelled', 'draft', 'failed'])), name='meeting_state'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('calendar__in', ['', 'refused', 'waiting', 'written'])), name='meeting_calendar'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('mail__in', ['', 'refused', 'sending', 'sent', 'unknown', 'waiting'])), name='meeting_mail'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('business', 'uid'), name='meeting_uid_once'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(fields=['business', 'state'], name='draft_by_state'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(fields=['business', 'contact'], name='draft_by_contact'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('state', 'awaiting_approval'), ('state', 'editing'), _connector='OR'), fields=['business', 'created_at'], name='draft_waiting'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('nudge_at__isnull', False)), fields=['nudge_at'], name='draft_nudge'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['approved', 'awaiting_approval', 'cancelled', 'editing', 'expired', 'superseded'])), name='draft_state'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['authentication', 'marketing', 'service', 'utility'])), name='draft_category'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('answers', ''), ('meeting', None), ('state__in', ['awaiting_approval', 'approved', 'editing'])), fields=('business', 'opportunity'), name='draft_one_living'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['awaiting_approval', 'editing'])), fields=('business', 'meeting'), name='draft_one_of_meeting'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('risk__in', ['high', 'low', 'normal'])), name='draft_risk'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['business', 'opportunity'], name='decision_by_opportunity'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('business', 'tap_key'), name='decision_tap_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('via__in', ['phone', 'screen'])), name='decision_via'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['business', 'operator'], name='card_open'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['approval', 'opportunity'])), name='card_kind'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('business', 'operator', 'draft', 'digest'), name='card_of_draft_once'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('draft', None)), fields=('business', 'operator', 'opportunity', 'digest'), name='card_of_opportunity_once'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['business', 'number', 'lane', 'due_at', 'id'], name='outbox_due'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('state', 'sending')), fields=['business', 'lease_until'], name='outbox_leases'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['id'], name='outbox_held'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(fields=['number', 'address', 'state', 'lane', 'id'], name='outbox_queue'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact'], name='outbox_of_contact'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('operator__isnull', False)), fields=['operator'], name='outbox_of_operator'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('about__isnull', False)), fields=['about'], name='outbox_of_about'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('draft__isnull', False)), fields=['draft'], name='outbox_of_draft'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('wamid__isnull', False)), fields=['wamid'], name='outbox_of_wamid'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('audience', 'contact'), models.Q(('state', 'failed'), ('state', 'held'), ('state', 'suppressed'), ('state', 'unknown'), _connector='OR')), fields=['business', 'state', '-updated_at'], name='outbox_in_trouble'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('audience', 'contact'), ('failed_at__isnull', False)), fields=['business', '-failed_at'], name='outbox_not_delivered'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('audience', 'contact'), ('state', 'simulated')), fields=['business'], name='outbox_simulated'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('audience', 'operator'), ('state', 'pending')), fields=['business', 'operator'], name='outbox_for_operator'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.UniqueConstraint(fields=('business', 'request_key'), name='outbox_key_once'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'failed', 'held', 'pending', 'sending', 'simulated', 'suppressed', 'unknown'])), name='outbox_state'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['contact', 'operator'])), name='outbox_audience'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(('lane__in', [0, 1, 2, 3])), name='outbox_lane'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(('status__isnull', True), ('status__in', ['accepted', 'sent', 'failed', 'delivered', 'read']), _connector='OR'), name='outbox_status'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'operator'), ('contact__isnull', True), ('operator__isnull', False)), models.Q(('audience', 'contact'), ('contact__isnull', False), ('operator__isnull', True)), _connector='OR'), name='outbox_one_recipient'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='outbox_lease_known'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(('audience', 'operator'), models.Q(('digest', ''), _negated=True), _connector='OR'), name='outbox_contact_approved'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('business', 'message', 'contact'), name='mention_once'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['business', 'claimed_at'], name='attempt_by_claim'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('outbox', 'number'), name='attempt_number_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('business', 'wamid'), name='attempt_wamid_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['accepted', 'failed', 'not_sent', 'sending', 'unknown'])), name='attempt_outcome'),
        ),
        migrations.AddIndex(
            model_name='pendingimport',
            index=models.Index(fields=['business', 'created_at'], name='pending_import_age'),
        ),
        migrations.AddIndex(
            model_name='platformeventrow',
            index=models.Index(fields=['business', '-at'], name='platform_event_newest'),
        ),
        migrations.AddConstraint(
            model_name='platformeventrow',
            constraint=models.UniqueConstraint(fields=('business', 'key'), name='platform_event_once'),
        ),
        migrations.AddConstraint(
            model_name='pricecount',
            constraint=models.UniqueConstraint(fields=('business', 'number', 'month', 'category', 'pricing_type'), name='price_count_once'),
        ),
        migrations.AddIndex(
            model_name='prompt',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['business', 'operator'], name='prompt_open'),
        ),
        migrations.AddIndex(
            model_name='prompt',
            index=models.Index(fields=['business', 'subject'], name='prompt_by_subject'),
        ),
        migrations.AddIndex(
            model_name='prompt',
            index=models.Index(condition=models.Q(('again_at__isnull', False)), fields=['again_at'], name='prompt_again'),
        ),
        migrations.AddConstraint(
            model_name='prompt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['batch', 'brief', 'meeting', 'next', 'outcome', 'reasons', 'reply', 'times'])), name='prompt_kind'),
        ),
        migrations.AddIndex(
            model_name='rightsrequest',
            index=models.Index(fields=['business', 'state', 'due_at'], name='rights_request_due'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('right__in', ['access', 'copy', 'correct', 'destroy', 'inform', 'restrict', 'withdraw'])), name='rights_request_right'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['done', 'open', 'refused'])), name='rights_request_state'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.UniqueConstraint(fields=('business', 'card', 'number'), name='showing_number_once'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.UniqueConstraint(fields=('business', 'wamid'), name='showing_wamid_once'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.UniqueConstraint(fields=('business', 'outbox'), name='showing_message_once'),
        ),
        migrations.AddIndex(
            model_name='statusevent',
            index=models.Index(fields=['attempt'], name='status_event_by_attempt'),
        ),
        migrations.AddIndex(
            model_name='statusevent',
            index=models.Index(condition=models.Q(('attempt__isnull', True)), fields=['recorded_at'], name='status_event_parked'),
        ),
        migrations.AddConstraint(
            model_name='statusevent',
            constraint=models.UniqueConstraint(fields=('business', 'wamid', 'status', 'recipient'), name='status_event_once'),
        ),
        migrations.AddConstraint(
            model_name='subjectkey',
            constraint=models.UniqueConstraint(fields=('business', 'subject_ref'), name='subject_key_once'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['try_at'], name='suggestion_waiting'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(fields=('business', 'opportunity', 'wamid'), name='suggestion_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['failed', 'ready', 'waiting'])), name='suggestion_state'),
        ),
        migrations.AddIndex(
            model_name='suppression',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['business', 'contact'], name='suppression_by_contact'),
        ),
        migrations.AddIndex(
            model_name='suppression',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['business', 'address_token'], name='suppression_by_address'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['blocked', 'complaint', 'erased', 'legal', 'manual', 'minor', 'report', 'restricted'])), name='suppression_cause'),
        ),
        migrations.AddIndex(
            model_name='teamevent',
            index=models.Index(fields=['business', '-at'], name='team_event_newest'),
        ),
        migrations.AddConstraint(
            model_name='teamevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['given', 'left', 'may_return', 'rules'])), name='team_event_kind'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(fields=('business', 'waba_id', 'name', 'language'), name='template_once'),
        ),
        migrations.AddConstraint(
            model_name='templatetext',
            constraint=models.UniqueConstraint(fields=('business', 'name', 'language', 'version'), name='template_text_once'),
        ),
        migrations.AddConstraint(
            model_name='templatetext',
            constraint=models.UniqueConstraint(fields=('business', 'meta_name', 'language'), name='template_text_meta_name_once'),
        ),
        migrations.AddIndex(
            model_name='verdictrow',
            index=models.Index(fields=['business', 'draft'], name='verdict_by_draft'),
        ),
        migrations.AddIndex(
            model_name='verdictrow',
            index=models.Index(fields=['business', 'outbox'], name='verdict_by_outbox'),
        ),
        migrations.AddConstraint(
            model_name='verdictrow',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['claim', 'plan'])), name='verdict_phase'),
        ),
        migrations.AddConstraint(
            model_name='verdictrow',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['allow', 'block', 'defer', 'hold', 'simulate'])), name='verdict_answer'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('business', 'draft', 'version', 'digest', 'operator'), name='vote_once'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('business', 'sha256'), name='wording_once'),
        ),
        migrations.AddIndex(
            model_name='wrongcode',
            index=models.Index(fields=['business', 'at'], name='wrong_code_recent'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['closed', 'open', 'probing'])), name='breaker_state'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['', 'no_answer', 'refused'])), name='breaker_cause'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', ''), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('cause', ''), _negated=True), ('opened_at__isnull', False)), _connector='OR'), name='breaker_open_says_why'),
        ),
        migrations.AddIndex(
            model_name='consentpayload',
            index=models.Index(fields=['business', 'contact'], name='consent_payload_by_contact'),
        ),
        migrations.AddIndex(
            model_name='consentpayload',
            index=models.Index(fields=['business', 'address_token'], name='consent_payload_by_address'),
        ),
        migrations.AddConstraint(
            model_name='consentpayload',
            constraint=models.UniqueConstraint(fields=('business', 'contact', 'occurrence'), name='consent_payload_once'),
        ),
        migrations.AddIndex(
            model_name='reachedperson',
            index=models.Index(fields=['business', 'at'], name='reached_person_by_time'),
        ),
        migrations.RunPython(
            lambda apps, editor: ledger_guard.install(editor.connection),
            lambda apps, editor: ledger_guard.remove(editor.connection),
        ),
    ]
