"""Triggers that note each change a page shows, so that no statement can forget it: batched SQL, a repair by hand.

SQLite has triggers for each row, PostgreSQL one for each statement, with the rows before and after (its transition
tables): a statement that changes five hundred messages notes them in one more. On PostgreSQL a commit with news wakes
whoever listens on CHANNEL. What is noted where, and why by triggers: docs/decisions/0023-live-updates.md.

Django remakes a table on SQLite to alter it, and its triggers are gone then: a migration that alters a table of WATCHED
calls `install` again (`tests/store/test_live_triggers.py` finds the one that forgets).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from wakeel.domain.live import News, Noun

CHANNEL = "wakeel_live"

_CAME, _MOVED = f"'{News.CAME}'", f"'{News.MOVED}'"
_OPEN = "('new', 'presented')"
_WAITING = "('awaiting_approval', 'editing')"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """One table. subject, where, news, business: SQL in which {row} is the row as it is now. became: of an update what
    `news` is else; in it {old} is the row as it was. columns: a change of one of them is news; () where rows never
    change. beside: another table that `business` names. ends: a deleted row is news as well.
    """

    table: str
    noun: Noun
    subject: str = "{row}.id"
    columns: tuple[str, ...] = ()
    where: str = ""
    news: str = _MOVED
    became: str = _MOVED
    business: str = "{row}.business_id"
    beside: str = ""
    key: str = "id"
    ends: bool = False

    def values(self, *, is_new: bool) -> str:
        news = self.news if is_new else self.became
        return f"{self.business}, '{self.noun}', {self.subject}, {news}"


_STOPPED = (
    "({row}.target IN ('', stopped.id) OR {row}.target IN "
    "(SELECT phone_number_id FROM sending_number WHERE business_id = stopped.id))"
)
WATCHED = (
    _Watch(
        table="opportunity", noun=Noun.OPPORTUNITY, columns=("state", "owner_id", "snoozed_until", "snoozed_for_reply"),
        news=f"CASE WHEN {{row}}.state IN {_OPEN} THEN {_CAME} ELSE {_MOVED} END",
        became=f"CASE WHEN {{row}}.state IN {_OPEN} AND {{old}}.state NOT IN {_OPEN} THEN {_CAME} ELSE {_MOVED} END",
    ),
    _Watch(
        table="draft", noun=Noun.OPPORTUNITY, subject="{row}.opportunity_id", columns=("state", "version"),
        news=f"CASE WHEN {{row}}.state IN {_WAITING} THEN {_CAME} ELSE {_MOVED} END",
        became=f"CASE WHEN {{row}}.state IN {_WAITING} AND {{old}}.state NOT IN {_WAITING} "
        f"THEN {_CAME} ELSE {_MOVED} END",
    ),
    _Watch(table="decision", noun=Noun.OPPORTUNITY, subject="{row}.opportunity_id",
           where="{row}.opportunity_id IS NOT NULL"),
    _Watch(table="showing", noun=Noun.OPPORTUNITY, columns=("wamid",),
           subject="(SELECT opportunity_id FROM card WHERE card.id = {row}.card_id)"),
    _Watch(table="outbox", noun=Noun.MESSAGE, columns=("state", "status", "due_at", "hold_code"),
           where="{row}.audience = 'contact'"),
    _Watch(table="inbound_message", noun=Noun.CONTACT, subject="{row}.contact_id",
           where="{row}.contact_id IS NOT NULL"),
    _Watch(table="consent_payload", noun=Noun.CONTACT, subject="{row}.contact_id"),
    _Watch(table="suppression", noun=Noun.CONTACT, subject="{row}.contact_id", columns=("lifted_at",),
           where="{row}.contact_id IS NOT NULL"),  # of an erased person there is only a token
    _Watch(table="meeting", noun=Noun.MEETING,
           columns=("state", "version", "answer", "chosen", "calendar", "mail", "mailed_at", "invited_at")),
    _Watch(table="template", noun=Noun.TEMPLATE, subject="CAST({row}.id AS VARCHAR(64))",
           columns=("status", "category", "quality", "paused_until")),
    _Watch(table="rights_request", noun=Noun.REQUEST, columns=("state",)),
    _Watch(table="breaker", noun=Noun.STOP, subject="''", columns=("state", "contacts_only"), key="number_id"),
    _Watch(table="stop_switch", noun=Noun.STOP, subject="''", columns=("reason",), business="stopped.id",
           beside="business stopped", where=_STOPPED, ends=True),
)  # fmt: skip

_INTO = "INSERT INTO live_event (business_id, noun, subject, news)"
_EVENTS = {"insert": "new_rows", "update": "new_rows", "delete": "old_rows"}


def install(connection: BaseDatabaseWrapper) -> None:
    """All of them, anew: also after a table was remade."""
    remove(connection)
    _run(connection, _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql())


def remove(connection: BaseDatabaseWrapper) -> None:
    names = [(watch.table, event) for watch in WATCHED for event in _events(watch)]
    if connection.vendor == "sqlite":
        _run(connection, (f"DROP TRIGGER IF EXISTS {name_of(table, event)}" for table, event in names))
    else:
        _run(connection, (f"DROP TRIGGER IF EXISTS {name_of(table, event)} ON {table}" for table, event in names))
        _run(connection, (f"DROP FUNCTION IF EXISTS {name_of(table, event)}()" for table, event in names))


def names() -> set[str]:
    """Of all the triggers there must be."""
    return {name_of(watch.table, event) for watch in WATCHED for event in _events(watch)}


def name_of(table: str, event: str) -> str:
    return f"live_{table}_{event}"


def _events(watch: _Watch) -> Iterator[str]:
    yield "insert"
    if watch.columns:
        yield "update"
    if watch.ends:
        yield "delete"


def _on_sqlite() -> Iterator[str]:
    for watch in WATCHED:
        for event in _events(watch):
            row = "OLD" if event == "delete" else "NEW"
            of = f" OF {', '.join(watch.columns)}" if event == "update" else ""
            told = [f"({' OR '.join(f'NEW.{c} IS NOT OLD.{c}' for c in watch.columns)})"] if of else []
            # What names another table cannot stand in WHEN; it is asked where the row is noted.
            when = [*told, *([] if watch.beside or not watch.where else [watch.where])]
            beside = f" FROM {watch.beside} WHERE {watch.where}" if watch.beside else ""
            yield (
                f"CREATE TRIGGER {name_of(watch.table, event)} AFTER {event.upper()}{of} ON {watch.table}"
                + (f" WHEN {' AND '.join(when)}" if when else "").format(row=row, old="OLD")
                + f" BEGIN {_INTO} SELECT {watch.values(is_new=event == 'insert')}{beside}; END".format(
                    row=row, old="OLD"
                )
            )


def _on_postgresql() -> Iterator[str]:
    for watch in WATCHED:
        for event in _events(watch):
            name, rows = name_of(watch.table, event), _EVENTS[event]
            sources = [f"{rows} r", *([watch.beside] if watch.beside else [])]
            wanted = [watch.where] if watch.where else []
            if event == "update":
                sources.append("old_rows o")
                wanted.append(f"r.{watch.key} = o.{watch.key}")
                both = (", ".join(f"{side}.{c}" for c in watch.columns) for side in "ro")
                wanted.append("({}) IS DISTINCT FROM ({})".format(*both))
            where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
            select = f"SELECT {watch.values(is_new=event == 'insert')} FROM {', '.join(sources)}{where}"  # noqa: S608
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_INTO} "
                f"{select.format(row='r', old='o')}; IF FOUND THEN PERFORM pg_notify('{CHANNEL}', ''); END IF; "
                "RETURN NULL; END $$"
            )
            tables = {"insert": "NEW TABLE AS new_rows", "delete": "OLD TABLE AS old_rows"}
            seen = tables.get(event, "NEW TABLE AS new_rows OLD TABLE AS old_rows")
            yield (
                f"CREATE TRIGGER {name} AFTER {event.upper()} ON {watch.table} REFERENCING {seen} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
