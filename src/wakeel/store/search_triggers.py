"""Triggers that note whatever changes a word by which somebody is found; `store.search_words` reads it afterwards.

A trigger cannot fold a word, but it sees every write, batched ones too, in the transaction of the write. What is
searched by is read behind it by the worker, and the newest of what waits is searched as it is: nothing is found late,
and no message from WhatsApp waits for its words to be sorted. Django makes a changed table anew on SQLite, which drops
its triggers: `install` is to be called again after such a migration; a test asks whether all of them work.
Nothing fires when a row is deleted: whoever deletes rows says so (`search_words.forget`, `note_going`).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_COLUMNS = "business_id, kind, ref"
_NAMED = "OLD.name {not_same} NEW.name OR OLD.organisation {not_same} NEW.organisation"
_NUMBERED = "OLD.value {not_same} NEW.value OR OLD.valid_to {not_same} NEW.valid_to OR OLD.contact_id <> NEW.contact_id"
_TITLED = "OLD.title {not_same} NEW.title OR OLD.contact_id <> NEW.contact_id"
_WORDED = "OLD.text {not_same} NEW.text OR OLD.contact_id {not_same} NEW.contact_id"

# name → table, event, condition, then the rows that are due as selects of (business, kind, ref).
_OLD_AND_NEW = (
    "SELECT OLD.business_id, '{kind}', OLD.contact_id WHERE OLD.contact_id IS NOT NULL",
    "SELECT NEW.business_id, '{kind}', NEW.contact_id "
    "WHERE NEW.contact_id IS NOT NULL AND NEW.contact_id {not_same} OLD.contact_id",
)
_TRIGGERS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "search_contact_new": ("contact", "INSERT", "", ("SELECT NEW.business_id, 'person', NEW.id",)),
    "search_contact_changed": ("contact", "UPDATE", _NAMED, ("SELECT NEW.business_id, 'person', NEW.id",)),
    "search_alias_new": (
        "contact_alias",
        "INSERT",
        "NEW.kind = 'phone'",
        ("SELECT NEW.business_id, 'person', NEW.contact_id",),
    ),
    "search_alias_changed": (
        "contact_alias",
        "UPDATE",
        f"NEW.kind = 'phone' AND ({_NUMBERED})",
        tuple(one.replace("{kind}", "person") for one in _OLD_AND_NEW),
    ),
    "search_title_new": ("opportunity", "INSERT", "", ("SELECT NEW.business_id, 'person', NEW.contact_id",)),
    "search_title_changed": (
        "opportunity",
        "UPDATE",
        _TITLED,
        tuple(one.replace("{kind}", "person") for one in _OLD_AND_NEW),
    ),
    "search_message_new": (
        "inbound_message",
        "INSERT",
        "NEW.contact_id IS NOT NULL AND NEW.text <> ''",
        ("SELECT NEW.business_id, 'message', {text_of_id}",),
    ),
    "search_message_changed": (
        "inbound_message",
        "UPDATE",
        _WORDED,
        tuple(one.replace("{kind}", "said") for one in _OLD_AND_NEW),
    ),
    "search_version_new": (
        "draft_version",
        "INSERT",
        "NEW.text <> ''",
        ("SELECT NEW.business_id, 'version', {text_of_id}",),
    ),
    "search_version_changed": (
        "draft_version",
        "UPDATE",
        "OLD.text {not_same} NEW.text",
        ("SELECT NEW.business_id, 'said', contact_id FROM draft WHERE id = NEW.draft_id",),
    ),
}
_OF = {
    "search_contact_changed": "name, organisation",
    "search_alias_changed": "value, valid_to, contact_id",
    "search_title_changed": "title, contact_id",
    "search_message_changed": "text, contact_id",
    "search_version_changed": "text",
}
NAMES = tuple(_TRIGGERS)


def install(connection: BaseDatabaseWrapper) -> None:
    """Again, too: what stood there before is replaced."""
    remove(connection)
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for name in NAMES:
            for statement in make(name):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name, (table, *_) in _TRIGGERS.items():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}_due()")


def _sqlite(name: str) -> list[str]:
    table, event, condition, rows = _TRIGGERS[name]
    words = {"not_same": "IS NOT", "text_of_id": "CAST(NEW.id AS TEXT)"}
    of = f" OF {_OF[name]}" if name in _OF else ""
    when = f" WHEN {condition.format(**words)}" if condition else ""
    return [f"CREATE TRIGGER {name} AFTER {event}{of} ON {table}{when} BEGIN {_inserts(rows, words)} END"]


def _postgresql(name: str) -> list[str]:
    table, event, condition, rows = _TRIGGERS[name]
    words = {"not_same": "IS DISTINCT FROM", "text_of_id": "CAST(NEW.id AS varchar)"}
    of = f" OF {_OF[name]}" if name in _OF else ""
    when = f" WHEN ({condition.format(**words)})" if condition else ""
    return [
        f"CREATE FUNCTION {name}_due() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {_inserts(rows, words)} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {event}{of} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {name}_due()",
    ]


def _inserts(rows: tuple[str, ...], words: dict[str, str]) -> str:
    return " ".join(f"INSERT INTO search_due ({_COLUMNS}) {row.format(**words)};" for row in rows)
