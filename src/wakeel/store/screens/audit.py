"""The audit log as people read it: filtered, a page at a time, the newest first."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from wakeel.domain.audit import login
from wakeel.domain.roles import Role
from wakeel.store.heartbeat import AUDIT
from wakeel.store.models import AuditEntry, Draft, Heartbeat, Operator, Opportunity, OutboxMessage, RoleGrant

PER_PAGE = 50
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose acts may be asked for. marks: how they stand in the log: their login, its name, their phones."""

    user_id: int
    name: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted; '' and None for everything. who: a login's id as text. since, until: half-open."""

    who: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One act. by: a name, '' for nobody. opportunity_id: of what it was about, '' for anything else."""

    seq: int
    at: datetime
    by: str
    place: str
    action: str
    subject: str
    subject_name: str
    opportunity_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """The last check of the whole log. faults: 0 if it is what was written."""

    at: datetime
    entries: int
    faults: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose acts somebody sees. marks: of these people alone, None for everybody's. about_owner: also acts on what this
    operator has.
    """

    marks: frozenset[str] | None = None
    about_owner: str | None = None


def people(business_id: str) -> tuple[Person, ...]:
    """Everybody who has a role here or had a phone here, by name."""
    granted = RoleGrant.objects.filter(business_id=business_id).values("user_id")
    phones: dict[int, list[str]] = {}
    for pk, user_id in Operator.objects.filter(business_id=business_id).values_list("pk", "user_id"):
        phones.setdefault(user_id, []).append(pk)
    users = User.objects.filter(Q(pk__in=granted) | Q(pk__in=list(phones))).order_by("first_name", "username")
    return tuple(
        Person(one.pk, one.first_name or one.username, (login(one.pk), one.username, *phones.get(one.pk, ())))
        for one in users
    )


def own(everybody: Iterable[Person], user_id: int, *, operator_id: str | None) -> Scope:
    """What one person did, and what was done about what they have."""
    marks = frozenset(mark for one in everybody if one.user_id == user_id for mark in one.marks)
    return Scope(marks, operator_id)


def of_team(business_id: str, everybody: Iterable[Person]) -> Scope:
    """What those did who decide, and the product by itself."""
    deciding = {Role.OPERATOR.value, Role.SUPERVISOR.value}
    rows = RoleGrant.objects.filter(business_id=business_id, role__in=deciding)
    team = set(rows.values_list("user_id", flat=True))
    return Scope(frozenset({""}.union(mark for one in everybody if one.user_id in team for mark in one.marks)))


def read(
    business_id: str, wanted: Filter, *, scope: Scope, everybody: Collection[Person], before: int | None = None,
    most: int = PER_PAGE,
) -> tuple[tuple[Line, ...], int | None]:  # fmt: skip
    """At most this many, and where the next page begins: `before` of it, None on the last one."""
    rows = _meant(business_id, wanted, scope, everybody)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: most + 1])
    return _lines(business_id, found[:most], everybody), found[most - 1].seq if len(found) > most else None


def checked(business_id: str) -> Checked | None:
    """What the last check of the whole log found; None before the first."""
    row = Heartbeat.objects.filter(role=AUDIT).first()
    found = row.counters.get(business_id) if row else None
    return Checked(row.at, found["entries"], found["faults"]) if row and found else None


def actions(business_id: str) -> list[str]:
    """The words that stand in this log."""
    found: list[str] = []
    last = ""
    while True:  # one step of the index for each word, however many entries have it
        rows = AuditEntry.objects.filter(business_id=business_id, action__gt=last).order_by("action")
        word = rows.values_list("action", flat=True).first()
        if word is None:
            return found
        found.append(word)
        last = word


def _meant(business_id: str, wanted: Filter, scope: Scope, everybody: Collection[Person]) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(business_id=business_id)
    if scope.marks is not None:
        rows = rows.filter(_theirs(scope))
    if wanted.who:
        marks = [mark for one in everybody if str(one.user_id) == wanted.who for mark in one.marks]
        rows = rows.filter(by__in=marks)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    return rows if wanted.until is None else rows.filter(at__lt=wanted.until)


def _theirs(scope: Scope) -> Q:
    theirs = Q(by__in=sorted(scope.marks or ()))
    if scope.about_owner is None:
        return theirs
    deals = Opportunity.objects.filter(owner=scope.about_owner)
    drafts = Draft.objects.filter(opportunity__owner=scope.about_owner)
    return theirs | Q(subject__in=deals.values("pk")) | Q(subject__in=drafts.values("pk"))


def _lines(business_id: str, rows: Collection[AuditEntry], everybody: Iterable[Person]) -> tuple[Line, ...]:
    names = {mark: one.name for one in everybody for mark in one.marks}
    about = _opportunities(business_id, {row.subject for row in rows})
    return tuple(
        Line(
            seq=row.seq,
            at=row.at,
            by=names.get(row.by, row.by),
            place=row.place,
            action=row.action,
            subject=row.subject,
            subject_name=about.get(row.subject, ("", names.get(row.subject, "")))[1],
            opportunity_id=about.get(row.subject, ("", ""))[0],
            before=json.loads(row.before) if row.before else {},
            after=json.loads(row.after) if row.after else {},
        )
        for row in rows
    )


def _opportunities(business_id: str, subjects: Collection[str]) -> dict[str, tuple[str, str]]:
    """The opportunity and its title behind an id of an opportunity, a draft or a message."""
    given = {prefix: [one for one in subjects if one.startswith(prefix)] for prefix in ("opp_", "drf_", "out_")}
    found: dict[str, tuple[str, str]] = {}
    for prefix, rows, columns in (
        ("opp_", Opportunity.objects, ("pk", "pk", "title")),
        ("drf_", Draft.objects, ("pk", "opportunity_id", "opportunity__title")),
        ("out_", OutboxMessage.objects, ("pk", "draft__opportunity_id", "draft__opportunity__title")),
    ):
        ids = given[prefix]
        if ids:
            of_them = rows.filter(business_id=business_id, pk__in=ids).values_list(*columns)
            found |= {pk: (deal or "", title or "") for pk, deal, title in of_them}
    return found
