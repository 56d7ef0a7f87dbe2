"""Log-ins that were there before roles: an administrator stays one, everybody who decided goes on deciding. The audit
log becomes append-only.
"""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from wakeel.store import ledger_guard


def grant(apps, schema_editor):
    """A login belongs where its phone is; one that never linked a phone, to the only business there is."""
    business, operator, role_grant = (apps.get_model("store", name) for name in ("Business", "Operator", "RoleGrant"))
    businesses = list(business.objects.values_list("pk", flat=True)[:2])
    with_phone = {}
    for user_id, business_id in operator.objects.values_list("user_id", "business_id"):
        with_phone.setdefault(user_id, set()).add(business_id)
    now, grants = timezone.now(), []
    for user_id, is_staff in apps.get_model("auth", "User").objects.values_list("pk", "is_staff"):
        places = with_phone.get(user_id) or (set(businesses) if len(businesses) == 1 else set())
        # Who never linked a phone and only administered decides nothing from now on, unless there is nobody else.
        decides = not is_staff or user_id in with_phone or not with_phone
        roles = ["admin"] * bool(is_staff) + ["operator"] * decides
        grants += [role_grant(business_id=one, user_id=user_id, role=role, at=now) for one in places for role in roles]
    role_grant.objects.bulk_create(grants, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_live_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(
            lambda apps, editor: ledger_guard.install_audit(editor.connection),
            lambda apps, editor: ledger_guard.remove_audit(editor.connection),
        ),
    ]
