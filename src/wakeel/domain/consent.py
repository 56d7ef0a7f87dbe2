"""Where a person stands: computed from append-only consent events, never stored as truth.

Source: reference "consent and contactability", section 3.4 (normative), read 2026-11-22.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(seconds=120)
"""Clocks of different machines may differ by this much; inside it a withdrawal wins."""

ANY = "*"


class ConsentType(StrEnum):
    GRANT = "grant"
    CONFIRM = "confirm"
    RENEW = "renew"
    RE_PERMISSION = "re_permission"
    IMPORT = "import"
    WITHDRAW = "withdraw"
    RESUME = "resume"
    EXPIRE = "expire"
    REFUSE = "refuse"
    CORRECT = "correct"
    ERASE = "erase"


class Category(StrEnum):
    """Meta's message categories; `service` is a free answer inside the window and needs no stored consent."""

    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"
    SERVICE = "service"


class Standing(StrEnum):
    ACTIVE = "active"
    OPTED_OUT = "opted_out"
    NONE = "none"
    EXPIRED = "expired"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEvent:
    """One ledger entry. Fields as in the reference, section 3.2.

    at: when it happened, None only for a withdrawal without a time; recorded_at: when we learnt it; both aware.
    categories: what kinds of message, `*` or empty (all) only for withdrawals. purposes: None means all, only for
    withdrawals. clock: who stamped `at`, '' if nobody knows. address: E.164 or BSUID as it was then, `*` for the
    person as a whole.
    """

    id: str
    type: ConsentType
    at: datetime | None
    recorded_at: datetime
    contact: str
    address: str
    channel: str = "whatsapp"
    categories: frozenset[str] = frozenset()
    purposes: frozenset[str] | None = None
    explicit: bool = False
    needs_confirmation: bool = False
    expires_at: datetime | None = None
    grant_id: str | None = None
    withdraw_id: str | None = None
    source: str = ""
    collected_directly: bool = False
    proof_ref: str | None = None
    clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom the question is about. contacts: this id and every merged one; addresses: every alias of the person.

    Grants count only for `address` (the one we would write to) or another current alias of the same person.
    """

    contacts: frozenset[str]
    addresses: frozenset[str]
    address_epoch_started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentState:
    """standing; the grant that decides (None without one); when the person last withdrew; when the grant ends."""

    standing: Standing
    grant_id: str | None = None
    withdrawn_at: datetime | None = None
    ends_at: datetime | None = None


# A tuple: members are found by identity, which is several times quicker than hashing them.
_GRANTS = (ConsentType.GRANT, ConsentType.RE_PERMISSION, ConsentType.IMPORT)
_PLATFORM_STOPS = frozenset({"whatsapp_user_preferences", "whatsapp_error_131050"})


def state_of(
    events: Iterable[ConsentEvent],
    *,
    category: str,
    purpose: str,
    subject: Subject,
    as_of: datetime,
    permanent: bool = False,
    tolerance: timedelta = TOLERANCE,
) -> ConsentState:
    """Compute where the person stands for one category and purpose at `as_of`.

    The order in which events are given never matters. permanent: policy in which only a re-permission reopens.
    tolerance: how much clocks may differ.
    """
    rows = _known(events, subject=subject, as_of=as_of, tolerance=tolerance)
    withdrawals = _withdrawals(rows, category=category, purpose=purpose, subject=subject)
    last = max((eff for eff, _ in withdrawals), default=None)
    candidates = [
        (eff, row)
        for eff, row in rows
        if row.type in _GRANTS
        and _names(row, category=category, purpose=purpose, subject=subject)
        and _stands(row, eff, withdrawals, category=category, permanent=permanent, tolerance=tolerance)
    ]
    if not candidates:
        return ConsentState(Standing.OPTED_OUT if withdrawals else Standing.NONE, withdrawn_at=last)
    for _, row in sorted(candidates, key=lambda pair: (pair[0], pair[1].recorded_at, pair[1].id), reverse=True):
        if row.needs_confirmation and not _confirmed(row, rows):
            continue
        ends_at = _end_of(row, rows, last)
        ended = _expired_by_row(row, rows, as_of) or (ends_at is not None and ends_at <= as_of)
        return ConsentState(Standing.EXPIRED if ended else Standing.ACTIVE, row.id, last, ends_at)
    return ConsentState(Standing.PENDING, withdrawn_at=last)


@dataclass(frozen=True, slots=True)
class FullStop:
    """at: when. said_on_whatsapp: by the clock that also stamps what they write, so that no tolerance is needed."""

    at: datetime
    said_on_whatsapp: bool

    def is_followed_by(self, wrote_at: datetime | None, *, tolerance: timedelta) -> bool:
        """Whether they wrote again after it: then they may be answered (reference 3.5). wrote_at: None for never."""
        return wrote_at is not None and wrote_at > self.at + (timedelta(0) if self.said_on_whatsapp else tolerance)


def full_stop(
    events: Iterable[ConsentEvent],
    *,
    purpose: str,
    subject: Subject,
    as_of: datetime,
    permanent: bool = False,
    tolerance: timedelta = TOLERANCE,
) -> "FullStop | None":
    """The last stop of marketing and utility both; None if one of them is not stopped.

    What decides about service replies (reference 3.5): they need no grant, so a newer grant for any purpose lifts the
    stop of its category, and without one it stands.
    """
    rows = _known(events, subject=subject, as_of=as_of, tolerance=tolerance)
    stops: list[Dated] = []
    for category in (Category.MARKETING, Category.UTILITY):
        withdrawals = _withdrawals(rows, category=category, purpose=purpose, subject=subject)
        if not withdrawals or any(
            row.type in _GRANTS
            and _names(row, category=category, purpose=None, subject=subject)
            and _stands(row, eff, withdrawals, category=category, permanent=permanent, tolerance=tolerance)
            and (not row.needs_confirmation or _confirmed(row, rows))
            for eff, row in rows
        ):
            return None
        stops += withdrawals
    last = max(eff for eff, _ in stops)
    return FullStop(last, said_on_whatsapp=all(row.clock == "whatsapp" for eff, row in stops if eff == last))


def unconfirmed(events: Iterable[ConsentEvent], *, subject: Subject) -> tuple[ConsentEvent, ...]:
    """Grants of this person at this address that wait for a yes from it (double opt-in, reference 3.3)."""
    rows = list(events)
    confirmed = {row.grant_id for row in rows if row.type is ConsentType.CONFIRM}
    return tuple(
        row
        for row in rows
        if row.type in _GRANTS and row.needs_confirmation and row.id not in confirmed
        and row.contact in subject.contacts and row.address in subject.addresses
    )  # fmt: skip


Dated = tuple[datetime, ConsentEvent]


def _known(events: Iterable[ConsentEvent], *, subject: Subject, as_of: datetime, tolerance: timedelta) -> list[Dated]:
    rows, epoch = [], subject.address_epoch_started_at
    for row in events:
        if row.recorded_at > as_of or row.channel not in {"whatsapp", ANY}:
            continue
        eff = _effective(row, tolerance)
        if eff is not None and (epoch is None or eff >= epoch):
            rows.append((eff, row))
    return rows


def _effective(row: ConsentEvent, tolerance: timedelta) -> datetime | None:
    if row.at is None:
        return row.recorded_at if row.type is ConsentType.WITHDRAW else None
    return row.recorded_at if row.at > row.recorded_at + tolerance else row.at


def _withdrawals(rows: Sequence[Dated], *, category: str, purpose: str, subject: Subject) -> list[Dated]:
    resumes = [(eff, row) for eff, row in rows if row.type is ConsentType.RESUME]
    return [
        (eff, row)
        for eff, row in rows
        if row.type is ConsentType.WITHDRAW
        and (row.contact in subject.contacts or row.address in subject.addresses)
        and (not row.categories or ANY in row.categories or category in row.categories)
        and (row.purposes is None or purpose in row.purposes)
        and not _lifted(eff, row, resumes)
    ]


def _lifted(eff: datetime, row: ConsentEvent, resumes: Sequence[Dated]) -> bool:
    """Only the platform's own switch and a guess of ours can be lifted; nothing a person said ever is."""
    if row.source in _PLATFORM_STOPS:
        return any(at >= eff and resume.withdraw_id is None for at, resume in resumes)
    if row.source == "inferred_text":
        return any(at >= eff and resume.withdraw_id == row.id for at, resume in resumes)
    return False


def _names(row: ConsentEvent, *, category: str, purpose: str | None, subject: Subject) -> bool:
    """Whether a granting row speaks of this person, address, category and purpose. purpose None: any."""
    if row.contact not in subject.contacts or row.address not in subject.addresses or category not in row.categories:
        return False
    return row.purposes is not None and (purpose is None or purpose in row.purposes)


def _stands(
    row: ConsentEvent,
    eff: datetime,
    withdrawals: Sequence[Dated],
    *,
    category: str,
    permanent: bool,
    tolerance: timedelta,
) -> bool:
    """Whether a granting row is good against the withdrawals there are."""
    if row.type is ConsentType.IMPORT:
        # An import is our claim about the past, not a new act of the person: it never reopens.
        direct = row.collected_directly or category != Category.MARKETING
        return bool(row.proof_ref) and direct and not withdrawals
    if not row.explicit or (permanent and withdrawals and row.type is not ConsentType.RE_PERMISSION):
        return False
    return all(_clearly_newer(eff, row, w_eff, w, tolerance) for w_eff, w in withdrawals)


def _clearly_newer(
    eff: datetime, row: ConsentEvent, w_eff: datetime, withdrawal: ConsentEvent, tolerance: timedelta
) -> bool:
    one_clock = row.clock != "" and row.clock == withdrawal.clock
    return eff > w_eff if one_clock else eff > w_eff + tolerance


def _confirmed(grant: ConsentEvent, rows: Sequence[Dated]) -> bool:
    return any(row.type is ConsentType.CONFIRM and row.grant_id == grant.id for _, row in rows)


def _expired_by_row(grant: ConsentEvent, rows: Sequence[Dated], as_of: datetime) -> bool:
    return any(row.type is ConsentType.EXPIRE and row.grant_id == grant.id and eff <= as_of for eff, row in rows)


def _end_of(grant: ConsentEvent, rows: Sequence[Dated], last_withdrawal: datetime | None) -> datetime | None:
    """The grant's end, moved by each explicit renewal that came before the then-current end."""
    end = grant.expires_at
    renewals = sorted(
        (pair for pair in rows if pair[1].type is ConsentType.RENEW and pair[1].grant_id == grant.id),
        key=lambda pair: (pair[0], pair[1].recorded_at, pair[1].id),
    )
    for eff, row in renewals:
        in_time = end is None or eff < end
        if row.explicit and in_time and (last_withdrawal is None or eff > last_withdrawal):
            end = row.expires_at
    return end
