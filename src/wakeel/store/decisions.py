"""Decisions on opportunities and drafts: locking what is decided, moving it, remembering who did what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.audit import Act, Place
from wakeel.domain.opportunities import ALLOWED, OpportunityState
from wakeel.store import audit
from wakeel.store.compiled import Compiled, CompiledUpdate
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Contact, Decision, Draft, Operator, Opportunity

SENDING_ACTIONS = ("approve", "send_again", "retry")
"""Actions after which a message may leave."""
NEXT_VERSION = frozenset({"text", "use_template"})
"""Actions that made the version they name."""


def lock_operator(operator_id: str) -> Operator:
    """Decisions of one person are taken one after the other."""
    return Operator.objects.select_for_update(of=("self",)).get(pk=operator_id)


def lock_operators(operator_ids: Collection[str]) -> dict[str, Operator]:
    """The same for several, by id. In the order of their ids: nobody waits for each other in a circle."""
    return {operator.id: operator for operator in _OPERATORS(ids=operator_ids)}


_OPERATORS = Compiled(lambda ids: Operator.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))


def lock_opportunities(ids: Collection[str]) -> dict[str, Opportunity]:
    """Opportunities with contact and business, by id, locked until the transaction ends."""
    if not ids:
        return {}
    return {opportunity.id: opportunity for opportunity in _OPPORTUNITIES(ids=ids)}


_OPPORTUNITIES = Compiled(
    lambda ids: (
        Opportunity.objects.select_for_update(of=("self",))
        .select_related("contact", "business")
        .filter(pk__in=ids)
        .order_by("pk")
    )
)


def was_taken(business_id: str, tap_key: str) -> bool:
    return Decision.objects.filter(business_id=business_id, tap_key=tap_key).exists()


def taken_among(business_id: str, tap_keys: Collection[str]) -> dict[str, Decision]:
    """What was decided with these taps before, by key."""
    return {taken.tap_key: taken for taken in _TAKEN(business=business_id, keys=tap_keys)}


_TAKEN = Compiled(lambda business, keys: Decision.objects.filter(business=business, tap_key__in=keys))


def person_of(business_id: str, tap_key: str) -> Contact | None:
    """Whom the decision taken with this tap was about; None if nothing was decided with it."""
    about = Decision.objects.filter(business_id=business_id, tap_key=tap_key)
    for ids in about.values_list("draft__contact", "opportunity__contact"):
        return Contact.objects.filter(pk=ids[0] or ids[1]).first()
    return None


def made(
    operator: Operator,
    *,
    action: str,
    via: str,
    tap_key: str,
    reply: str,
    carried_out: bool,
    now: datetime,
    opportunity: Opportunity | None = None,
    draft: Draft | None = None,
) -> Decision:
    """One decision, not saved yet."""
    return Decision(
        business_id=operator.business_id,
        operator=operator,
        via=via,
        tap_key=tap_key,
        action=action,
        opportunity=opportunity,
        draft=draft,
        version=draft.version if draft else None,
        answer=reply,
        carried_out=carried_out,
        at=now,
    )


def record(operator: Operator, **said: Any) -> Decision:
    """Save one decision, in the audit log too. said: as for `made`."""
    decision = made(operator, **said)
    decision.save(force_insert=True)
    log_all([decision])
    return decision


def record_all(rows: Sequence[Decision]) -> None:
    """Raises IntegrityError if one of these taps decided something before. `log_all` follows in the transaction."""
    insert_rows(rows)


def log_all(rows: Sequence[Decision], *, before: Mapping[str, str] | None = None) -> None:
    """Write these into the audit log: what was answered, and where what was decided on stands since then.

    before: the states of opportunities that these decisions moved, by id.
    """
    acts: dict[str, list[Act]] = defaultdict(list)
    for row in rows:
        acts[row.business_id].append(_act(row, before or {}))
    for business_id, of_one in acts.items():
        audit.append(business_id, of_one)


def _act(row: Decision, states: Mapping[str, str]) -> Act:
    subject = row.draft or row.opportunity
    before: dict[str, object] = {}
    after: dict[str, object] = {"answer": str(row.answer)}
    if subject is not None:
        after["state"] = str(subject.state)
    if subject is not None and subject.pk in states:
        before["state"] = states[subject.pk]
    if row.version is not None:
        after["version"] = row.version
        if row.action in NEXT_VERSION:
            before["version"] = row.version - 1
    if not row.carried_out:
        after["carried_out"] = False
    return Act(
        row.operator_id, row.action, subject.pk if subject else "", Place(row.via), row.at, before=before, after=after
    )


@dataclass(slots=True)
class Move:
    """An opportunity that the caller holds the lock of, and where it goes. owner: None leaves it as it is."""

    opportunity: Opportunity
    come_from: OpportunityState
    to: OpportunityState
    owner: Operator | None = None


class Overtaken(Exception):
    """A locked row was not in the state that was read under its lock: nothing of the transaction may stand."""


def write_moves(moves: Iterable[Move], *, now: datetime) -> None:
    """Compare-and-set for many, the moves checked against `ALLOWED` by the caller. Raises Overtaken."""
    alike: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
    for move in moves:
        owner_id = move.owner.id if move.owner else None
        alike[move.come_from.value, move.to.value, owner_id].append(move.opportunity.id)
    for (come_from, to, owner_id), ids in alike.items():
        given = {"ids": ids, "come_from": come_from, "to": to, "now": now}
        if (_MOVE_TO(**given, owner=owner_id) if owner_id else _MOVE(**given)) != len(ids):
            raise Overtaken


_MOVE = CompiledUpdate(
    lambda ids, come_from, to, now: (
        Opportunity.objects.filter(pk__in=ids, state=come_from),
        {"state": to, "updated_at": now},
    )
)
_MOVE_TO = CompiledUpdate(
    lambda ids, come_from, to, now, owner: (
        Opportunity.objects.filter(pk__in=ids, state=come_from),
        {"state": to, "updated_at": now, "owner": owner},
    )
)


def move_opportunity(
    opportunity: Opportunity,
    *,
    to: OpportunityState,
    come_from: Iterable[OpportunityState],
    now: datetime,
    owner: Operator | None = None,
) -> bool:
    """Compare-and-set, only along `ALLOWED`; True if this caller moved it. owner: None leaves it as it is."""
    allowed = [state.value for state in come_from if to in ALLOWED[state]]
    rows = Opportunity.objects.filter(pk=opportunity.pk, state__in=allowed)
    fields = {} if owner is None else {"owner": owner}
    if rows.update(state=to.value, updated_at=now, **fields) != 1:
        opportunity.refresh_from_db(fields=["state"])
        return False
    opportunity.state = to.value
    if owner is not None:
        opportunity.owner = owner
    return True


def move_opportunities(
    opportunity_ids: Iterable[str], *, to: OpportunityState, come_from: Iterable[OpportunityState], now: datetime
) -> None:
    """The same for many at once: those that may move are moved, in the order of their ids."""
    ids, allowed = list(opportunity_ids), [state.value for state in come_from if to in ALLOWED[state]]
    # Locked in one order, so that two that move several never wait for each other.
    found = [pk for (pk,) in _MOVABLE(ids=ids, states=allowed)] if ids else []
    if found:
        _MOVE_ALL(ids=found, to=to.value, now=now)


_MOVABLE = Compiled(
    lambda ids, states: (
        Opportunity.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, state__in=states)
        .order_by("pk")
        .values_list("pk")
    )
)
_MOVE_ALL = CompiledUpdate(
    lambda ids, to, now: (Opportunity.objects.filter(pk__in=ids), {"state": to, "updated_at": now})
)


def opportunities_of(draft_ids: Iterable[str]) -> list[str]:
    """Which opportunities these drafts are about."""
    return [opportunity_id for (opportunity_id,) in _opportunities(drafts=list(draft_ids))]


@Compiled
def _opportunities(*, drafts: Any) -> "QuerySet[Draft, Any]":
    return Draft.objects.filter(pk__in=drafts).values_list("opportunity_id")


def decider_of(opportunity: Opportunity) -> Operator | None:
    """Who took the last decision that was carried out; None if nobody did. Giving it to somebody decides nothing."""
    rows = Decision.objects.filter(opportunity=opportunity, draft=None, carried_out=True).exclude(action="assign")
    last = rows.select_related("operator").order_by("-id").first()
    return last.operator if last else None


def sends_wanted(draft_id: str) -> int:
    """How often somebody said that this draft shall leave: approved, released, sent again, tried again."""
    rows = Decision.objects.filter(draft=draft_id, carried_out=True, action__in=SENDING_ACTIONS)
    return rows.count()


def give_to(opportunity: Opportunity, operator: Operator, *, now: datetime) -> None:
    """What nobody has is this operator's from now on. The caller holds its lock."""
    rows = Opportunity.objects.filter(pk=opportunity.pk, owner=None)
    if rows.update(owner=operator, updated_at=now):
        opportunity.owner = operator
