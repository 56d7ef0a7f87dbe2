"""What a brief for one operator is made of, when theirs come, and the card that says it. Reads only."""

from datetime import datetime
from functools import partial
from typing import Any

from babel.dates import format_date

from wakeel.domain import briefs
from wakeel.domain.briefs import Digest, Hours, Top
from wakeel.domain.buttons import ButtonKind
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import ButtonCard
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.operator_clock import zone_of
from wakeel.store import briefs as rows
from wakeel.store.models import Operator
from wakeel.store.phone_regions import country_of
from wakeel.store.screens import failures, queue
from wakeel.whatsapp.cards import button_card_part

BUTTONS: tuple[tuple[str, Text], ...] = (
    ("show_opportunities", Text("الفرص", "Opportunities")),
    ("show_pending", Text("الموافقات", "Approvals")),
    ("dismiss", Text("لاحقاً", "Later")),
)
_HEADER = Text("ملخص {day}", "Brief of {day}")


def hours_of(operator: Operator) -> Hours:
    """When their briefs come. Holidays are those of the country of the number that they write to."""
    calendar = policies.current().calendars.get(country_of(f"+{operator.number.display_phone}") or "")
    return Hours(
        zone=zone_of(operator),
        minute=operator.brief_minute,
        days=operator.brief_days,
        is_holiday=partial(briefs.is_holiday, calendar),
    )


def digest_of(operator: Operator, *, now: datetime) -> Digest:
    """Counted and ranked now; some ten queries over a bounded number of rows, outside of any transaction."""
    business_id, last = operator.business_id, rows.last_of(operator)
    waiting = rows.count_opportunities(operator, now=now)
    ranked = queue.read(business_id, now=now, in_all=waiting, drafts=False).rows if waiting else ()
    people = rows.people_of(operator, [row.opportunity_id for row in ranked], now=now)
    best = [row for row in ranked if row.opportunity_id in people][: briefs.TOP_SHOWN]
    return Digest(
        decided=rows.decided_since(business_id, briefs.since(last.created_at if last else None, now=now)),
        approvals=rows.count_approvals(operator),
        opportunities=waiting,
        replies=rows.count_replies(operator),
        failed=failures.count(business_id, now=now),
        top=tuple(Top(row.title, row.reasons) for row in best),
        people=tuple(people[row.opportunity_id] for row in best),
    )


def card_of(operator: Operator, digest: Digest, *, now: datetime) -> dict[str, Any]:
    """The brief as a card with its three buttons, in the operator's language."""
    language = operator.language
    day = format_date(now.astimezone(zone_of(operator)), "EEEE d MMMM", locale=language).replace("\u200f", "")
    card = ButtonCard(
        body="\n".join(briefs.lines(digest, language)),
        buttons=buttons_about(None, ButtonKind.BRIEF, BUTTONS, language=language),
        header=_HEADER.say(language, day=day),
    )
    return button_card_part(card)
