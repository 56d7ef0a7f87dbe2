"""How the stories of a run ended, without what may differ between two runs: ids, times, how often was tried."""

from collections.abc import Sequence
from typing import Any

from wakeel.rehearsal.chaos.eyes import Eyes, words
from wakeel.rehearsal.chaos.plan import Story
from wakeel.rehearsal.household import Household

STANDINGS = """SELECT s.category, s.purpose, s.standing FROM consent_standing s
JOIN opportunity o ON o.contact_id = s.contact_id WHERE o.external_key = ? ORDER BY s.category, s.purpose"""
DRAFTS = """SELECT d.state, d.version FROM draft d JOIN opportunity o ON o.id = d.opportunity_id
WHERE o.external_key = ? ORDER BY d.created_at, d.id"""


def final_state(home: Household, eyes: Eyes, stories: Sequence[Story]) -> dict[str, Any]:
    """By story key: opportunity, drafts, approved messages, what lies on the person's phone, their consent."""
    return {story.key: _of(home, eyes, story) for story in stories}


def _of(home: Household, eyes: Eyes, story: Story) -> dict[str, Any]:
    messages = [one for one in eyes.messages.get(story.wa_id, []) if one.draft_id]
    tried = {attempt for one in messages for attempt in eyes.attempts.get(one.id, ())}
    return {
        "opportunity": eyes.opportunities[story.key].state,
        "drafts": home.rows(DRAFTS, [story.key]),
        "messages": [(one.state, one.status, one.failure_code if one.state == "failed" else None) for one in messages],
        "phone": [words(row["payload"]) for row in eyes.to(story.wa_id) if row["callback"] in tried],
        "consent": home.rows(STANDINGS, [story.key]),
    }
