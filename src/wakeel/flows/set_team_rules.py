"""Who must approve, how long drafts wait, and how the machine's drafts sound: an administrator's matter. Issue 7."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.team import TeamChange, TeamRules
from wakeel.flows import audit
from wakeel.store import team


def set_team_rules(business_id: str, rules: TeamRules, *, by: str, now: datetime) -> bool:
    """Keep these from now on, with what they were before; False if nothing is different.

    What waits keeps the time it was given, and what was approved by one stays approved.
    """
    with transaction.atomic():
        before = team.rules_of(business_id)
        if before.document() == rules.document():
            return False
        team.keep_rules(business_id, rules)
        was, becomes = before.document(), rules.document()
        team.note(business_id, TeamChange.RULES, by=by, before=was, after=becomes, now=now)
        differs = [name for name in becomes if becomes[name] != was.get(name)]
        audit.note(
            business_id, by=by, action=Action.RULES_CHANGED, subject=business_id, now=now,
            before={name: was.get(name) for name in differs}, after={name: becomes[name] for name in differs},
        )  # fmt: skip
        return True
