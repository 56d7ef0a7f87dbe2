"""Where a person stands, and the ledger entries it was computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from wakeel.domain.consent import Category, ConsentState, ConsentType, Standing
from wakeel.domain.consent_words import USUAL_PURPOSES
from wakeel.domain.policy import Policy, policy_from
from wakeel.domain.text import mask_phone
from wakeel.store import subjects
from wakeel.store.entries import details_by_id, subject_keys, wordings_of
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentEventRow, EvidenceFile, Operator, RoleGrant
from wakeel.store.standings import scopes
from wakeel.store.subjects import Asked

USUAL_POLICY = policy_from({})
CATEGORIES = (Category.MARKETING, Category.UTILITY)
"""What consent is asked for here; an answer inside the window needs none."""


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """One category's answer. at: of the withdrawal when opted out, of the grant when active; else None."""

    category: str
    purpose: str
    standing: Standing
    at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One entry as recorded, opened. purposes: None means all. is_late: it happened well before we learnt it.

    actor: a name, or the stored word for the person or the machine; '' after an erasure, as are address
    (masked) and evidence. file_id: of the evidence file, '' without one. is_theirs: False for an entry of somebody else
    at the same address, whose words are not shown here.
    """

    id: str
    seq: int
    type: str
    at: datetime | None
    recorded_at: datetime
    is_late: bool
    categories: tuple[str, ...]
    purposes: tuple[str, ...] | None
    source: str
    wording: str
    evidence: str
    note: str
    file_id: str
    actor: str
    address: str
    is_theirs: bool

    @property
    def stops(self) -> bool:
        return self.type in {ConsentType.WITHDRAW, ConsentType.EXPIRE, ConsentType.REFUSE}

    @property
    def is_grant(self) -> bool:
        """True for what a receipt can be given for."""
        return self.is_theirs and self.type in {ConsentType.GRANT, ConsentType.RE_PERMISSION, ConsentType.IMPORT}


def standings(contact_id: str, *, purpose: str, policy: Policy, now: datetime) -> tuple[CategoryStanding, ...]:
    """Marketing and utility, for one purpose."""
    asked = subjects.read([contact_id])[contact_id]
    return _standings(asked, [(category, purpose) for category in CATEGORIES], policy, now=now)


def all_standings(contact_id: str, *, policy: Policy, now: datetime) -> tuple[CategoryStanding, ...]:
    """Every category and purpose that somebody once granted, and the usual purpose of a category that has none."""
    asked = subjects.read([contact_id])[contact_id]
    granted = scopes(asked.events)
    categories = {category for category, _ in granted}
    missing = {(category.value, usual) for category, usual in USUAL_PURPOSES.items() if category not in categories}
    return _standings(asked, sorted(granted | missing), policy, now=now)


def _standings(
    asked: Asked, wanted: Iterable[tuple[str, str]], policy: Policy, *, now: datetime
) -> tuple[CategoryStanding, ...]:
    given_at = {event.id: event.at for event in asked.events}
    return tuple(
        _standing(category, purpose, asked.state(category, purpose, policy=policy, as_of=now), given_at)
        for category, purpose in wanted
    )


def _standing(
    category: str, purpose: str, state: ConsentState, given_at: Mapping[str, datetime | None]
) -> CategoryStanding:
    at = state.withdrawn_at if state.standing is Standing.OPTED_OUT else given_at.get(state.grant_id or "")
    return CategoryStanding(category, purpose, state.standing, at, state.ends_at)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the rows of one page point to. theirs: ids of entries of this person; names: by what `actor` may hold."""

    theirs: frozenset[str]
    details: Mapping[str, Mapping[str, str]]
    wordings: Mapping[str, str]
    names: Mapping[str, str]
    files: frozenset[str]


def ledger(contact_id: str, *, policy: Policy) -> tuple[LedgerRow, ...]:
    """Every entry that counts for a person, the newest first: theirs, of merged records, and at their addresses."""
    asked = subjects.read([contact_id])[contact_id]
    epoch = asked.subject.address_epoch_started_at
    theirs = {event.id for event in asked.events if event.contact in asked.subject.contacts}
    rows = list(ConsentEventRow.objects.filter(pk__in=[event.id for event in asked.events]).order_by("-seq"))
    counting = [row for row in rows if row.id in theirs or epoch is None or row.recorded_at >= epoch]
    opened = _Opened(
        frozenset(theirs),
        details_by_id([row for row in counting if row.id in theirs]),
        wordings_of(counting),
        _names(asked.business_id),
        frozenset(EvidenceFile.objects.filter(pk__in=[row.proof_ref for row in counting]).values_list("pk", flat=True)),
    )
    return tuple(_row(row, opened, policy) for row in counting)


def _row(row: ConsentEventRow, opened: _Opened, policy: Policy) -> LedgerRow:
    details = opened.details.get(row.id, {})
    is_theirs, actor = row.id in opened.theirs, details.get("actor", "")
    return LedgerRow(
        id=row.id,
        seq=row.seq,
        type=row.type,
        at=row.at,
        recorded_at=row.recorded_at,
        is_late=row.at is not None and row.recorded_at - row.at > policy.clock_skew_tolerance,
        categories=tuple(row.categories),
        purposes=None if row.purposes is None else tuple(row.purposes),
        source=row.source,
        wording=opened.wordings.get(row.wording_sha256, ""),
        evidence=details.get("evidence", ""),
        note=details.get("note", ""),
        file_id=row.proof_ref if is_theirs and row.proof_ref in opened.files else "",
        actor=opened.names.get(actor, actor),
        address=_masked(details.get("address", "")),
        is_theirs=is_theirs,
    )


def _names(business_id: str) -> dict[str, str]:
    """Operators by their id; who needs no phone for it, by `user:` and the id of the log-in."""
    theirs = User.objects.filter(pk__in=RoleGrant.objects.filter(business_id=business_id).values("user_id"))
    logins = {f"user:{login.pk}": login.first_name or login.username for login in theirs}
    return logins | dict(Operator.objects.filter(business_id=business_id).values_list("pk", "name"))


def _masked(address: str) -> str:
    """The number as it was then; a BSUID is never shown, and the person as a whole has no address."""
    return mask_phone(address[1:]) if address.startswith("+") else ""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An evidence file for the one who asked to see it. media_type: found from the content when it was kept."""

    media_type: str
    data: bytes


def evidence_file(contact_id: str, file_id: str) -> OpenedFile | None:
    """None unless it proves an entry of this very person (merged records too), or once it was erased."""
    theirs = subjects.read([contact_id])[contact_id].subject.contacts
    file = EvidenceFile.objects.filter(pk=file_id, contact__in=theirs).first()
    row = ConsentEventRow.objects.filter(proof_ref=file_id).first() if file else None
    key = subject_keys([row.subject_ref]).get(row.subject_ref) if row else None
    if file is None or row is None or key is None:
        return None
    return OpenedFile(file.media_type, keyring().open(key, bytes(file.sealed), place=file.id))
