"""Which opportunity comes first, with the reasons that are shown. No model: imported score, window, value."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wakeel.domain.gate import window_closes_at
from wakeel.domain.words import Text

CLOSING_SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Rank:
    """points: more comes first. reasons: why, in both languages, the heaviest first."""

    points: int
    reasons: tuple[Text, ...]


def rank(*, score: int | None, last_inbound_at: datetime | None, skipped_before: int, now: datetime) -> Rank:
    """Points and reasons for one opportunity.

    score: imported, 0 to 100, None if the file had none. skipped_before: earlier opportunities of this contact that
    were skipped.
    """
    points, reasons = score or 0, []
    closes_at = window_closes_at(last_inbound_at)
    if closes_at is not None and now < closes_at:
        soon = closes_at - now <= CLOSING_SOON
        points += 60 if soon else 40
        reasons.append(
            Text("نافذة الرد تُغلق قريبًا", "The reply window closes soon")
            if soon
            else Text("كتب خلال آخر 24 ساعة", "Wrote within the last 24 hours")
        )
    if score is not None:
        reasons.append(Text(f"الدرجة في الملف {score} من 100", f"Scored {score} of 100 in the file"))
    if skipped_before:
        points -= 10 * skipped_before
        reasons.append(Text("تُجوّزت له فرصة من قبل", "An earlier opportunity of theirs was skipped"))
    return Rank(points, tuple(reasons))
