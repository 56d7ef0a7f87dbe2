"""Who must approve, how long drafts wait, and how the machine's drafts sound: an administrator's matter. Issue 7."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.team import TeamChange, TeamRules
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
        team.note(business_id, TeamChange.RULES, by=by, before=before.document(), after=rules.document(), now=now)
        return True
