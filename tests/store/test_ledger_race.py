"""The ledger in a deployment of its own, with its triggers: processes that append at once, hands in the database."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.deployment import ON_POSTGRESQL, Deployment, end, make_deployment
from wakeel.store.sqlite.driver import Database

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]
EACH = 15

# Two threads a process; every third happening is one that the other process records too.
APPEND = """
import sys, threading
import django
django.setup()
from datetime import timedelta
from django.db import connection, transaction
from tests import rows
from wakeel.domain.consent import ConsentType
from wakeel.store import consent
from wakeel.store.models import Contact
from wakeel.store.retry import whole_transaction

name, each = sys.argv[1], int(sys.argv[2])

@whole_transaction
def once(contact_id, occurrence, at):
    with transaction.atomic():
        contact = Contact.objects.get(pk=contact_id)
        rows.withdrawal(contact, occurrence=occurrence, at=at)

def work(part):
    ids = list(Contact.objects.order_by("id").values_list("id", flat=True))
    for number in range(each):
        shared = number % 3 == 0
        key = f"shared:{part}:{number}" if shared else f"{name}:{part}:{number}"
        once(ids[number % len(ids)], key, rows.T0 + timedelta(seconds=number))
    connection.close()

threads = [threading.Thread(target=work, args=(part,)) for part in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""

PEOPLE = """
import django
django.setup()
from django.db import transaction
from tests import rows
from wakeel.store.models import Business, SendingNumber
firm = rows.Firm(Business.objects.get(), SendingNumber.objects.get())
with transaction.atomic():
    for n in range(3):
        rows.grant(rows.contact(firm, phone=f"+96650000020{n}"))
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Three people with a consent each."""
    with make_deployment(tmp_path, DJANGO_SETTINGS_MODULE="wakeel.settings", PYTHONPATH=os.getcwd()) as made:
        python(made, PEOPLE)
        yield made


def python(deployment: Deployment, code: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-c", code, *arguments], env=deployment.environ, check=True, timeout=60)


def verify(deployment: Deployment, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "wakeel.cli", "ledger-verify", *arguments]
    return subprocess.run(argv, env=deployment.environ, check=False, capture_output=True, text=True, timeout=60)


def by_hand(deployment: Deployment, *statements: str) -> None:
    """With the triggers off, as an administrator can."""
    if ON_POSTGRESQL:
        with psycopg.connect(deployment.database_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement)
        return
    with contextlib.closing(Database.connect(str(deployment.sqlite_path), isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_processes_that_append_at_once_leave_no_gap_and_no_double(deployment: Deployment):
    argv = [sys.executable, "-c", APPEND]
    running = [subprocess.Popen([*argv, name, str(EACH)], env=deployment.environ) for name in ("one", "two")]
    assert [process.wait(timeout=90) for process in running] == [0, 0]
    seqs = [seq for (seq,) in deployment.query("SELECT seq FROM consent_event ORDER BY seq")]
    shared = 2 * len(range(0, EACH, 3))
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) == 3 + 4 * EACH - shared
    ended = verify(deployment)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"the consent ledger is intact: {len(seqs)} entries, 0 anchors, 3 people\n")


def test_the_command_names_what_was_changed_by_hand_and_ends_with_1(deployment: Deployment):
    [(row_id,)] = deployment.query("SELECT id FROM consent_event WHERE seq = 2")
    by_hand(deployment, "UPDATE consent_event SET source = 'keyword_start_confirmed' WHERE seq = 2")
    ended = verify(deployment)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"#2 {row_id}: this entry was changed, or put in by hand. Compare with the last good backup" in ended.stderr
    assert "1 faults in the consent ledger" in ended.stderr
    assert "عُدّل هذا القيد" in verify(deployment, "--language", "ar").stderr


@pytest.mark.skipif(ON_POSTGRESQL, reason="only SQLite has INSERT OR REPLACE")
def test_a_replaced_row_is_named_by_the_command(deployment: Deployment):
    columns = [row[1] for row in deployment.query("PRAGMA table_info(consent_event)")]
    wanted = ["0" if column == "explicit" else column for column in columns]
    replace = f"INSERT OR REPLACE INTO consent_event ({', '.join(columns)}) SELECT {', '.join(wanted)}"
    by_hand(deployment, f"{replace} FROM consent_event WHERE seq = 3")
    ended = verify(deployment)
    assert ended.returncode == 1
    assert "#3 " in ended.stderr


def test_without_a_key_the_command_says_so_and_ends_with_2(deployment: Deployment):
    (deployment.folder / "keys" / "chain.1").unlink()
    ended = verify(deployment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("key chain.1 is missing: put it back from your backup")
    assert "Traceback" not in ended.stderr


def test_a_worker_without_its_keys_does_not_start(deployment: Deployment):
    """It would have to write a STOP into a ledger that nobody could verify."""
    (deployment.folder / "keys" / "pepper.1").unlink()
    process = deployment.run("-m", "wakeel.worker.run")
    assert process.wait(timeout=30) == 2
    assert "key pepper.1 is missing" in deployment.log.read_text()


def test_a_worker_that_stops_leaves_an_anchor(deployment: Deployment):
    process = deployment.run("-m", "wakeel.worker.run", stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"worker ready\n"
    assert end(process, within_s=20) == 0
    [path] = (deployment.folder / "anchors").glob("*.jsonl")
    assert json.loads(path.read_text())["size"] == 3
    assert "1 anchors" in verify(deployment).stdout
    by_hand(deployment, "DELETE FROM consent_payload WHERE event_id IN (SELECT id FROM consent_event WHERE seq = 3)")
    by_hand(deployment, "DELETE FROM consent_event WHERE seq = 3")
    by_hand(deployment, "UPDATE ledger_head SET last_seq = 2, last_mac = (SELECT mac FROM consent_event WHERE seq = 2)")
    ended = verify(deployment)
    assert ended.returncode == 1
    assert "the end was cut off: entries up to 3 were anchored, the last one now is 2." in ended.stderr
