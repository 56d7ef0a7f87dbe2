"""After an erasure neither the database's bytes nor the logs hold anything of the person; everybody else is whole."""

import base64
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from tests.deployment import ON_POSTGRESQL, Deployment, make_deployment
from tests.flows.erasure_walk import ERASED, KEPT
from wakeel.store.body_seal import BodySeal
from wakeel.store.sqlite.driver import Database

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]

WALK = Path(__file__).with_name("erasure_walk.py")


@dataclass(frozen=True)
class After:
    """told: what the walk printed. haystack: every byte that is left, by the place where it was found."""

    deployment: Deployment
    told: dict[str, Any]
    haystack: dict[str, bytes]


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[After]:
    folder = tmp_path_factory.mktemp("erasure")
    with make_deployment(folder, WAKEEL_LOG_LEVEL="DEBUG") as deployment, _other_connection(deployment):
        log = deployment.log
        with log.open("wb") as stderr:
            ended = subprocess.run(
                [sys.executable, str(WALK)], env=deployment.environ, stdout=subprocess.PIPE, stderr=stderr, check=False,
                cwd=folder, timeout=240,
            )  # fmt: skip
        assert ended.returncode == 0, log.read_text()[-4000:]
        everything = _everything(deployment) | {"bodies of webhooks, opened": _opened_bodies(deployment)}
        yield After(deployment, json.loads(ended.stdout), everything)


@contextlib.contextmanager
def _other_connection(deployment: Deployment) -> Iterator[None]:
    """As a worker has one: while it is open, the end of the walk's process does not clear the WAL by itself."""
    if ON_POSTGRESQL:
        yield
        return
    with contextlib.closing(Database.connect(str(deployment.sqlite_path))) as connection:
        connection.execute("SELECT count(*) FROM business").fetchall()
        yield


def _everything(deployment: Deployment) -> dict[str, bytes]:
    """Database file, WAL and shared memory on SQLite, every column of every table on PostgreSQL; logs and keys."""
    files = {str(path.relative_to(deployment.folder)): path.read_bytes()
             for path in deployment.folder.rglob("*") if path.is_file()}  # fmt: skip
    if not ON_POSTGRESQL:
        assert "wakeel.sqlite3" in files
        return files
    with contextlib.closing(psycopg.connect(deployment.database_url)) as connection:
        tables = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        ).fetchall()
        for table, column in tables:
            cells = connection.execute(f'SELECT "{column}" FROM "{table}"').fetchall()
            files[f"{table}.{column}"] = b"\n".join(_bytes(cell) for (cell,) in cells)
    return files


def _opened_bodies(deployment: Deployment) -> bytes:
    """They lie sealed: what is left inside is seen only with the key."""
    seal = BodySeal({1: (deployment.folder / "keys" / "field.1").read_bytes()})
    rows = deployment.query("SELECT body, digest, key_epoch FROM inbox")
    assert all(epoch == 1 for _, _, epoch in rows)
    return b"\n".join(seal.open(bytes(body), bytes(digest), epoch=epoch) for body, digest, epoch in rows)


def _bytes(cell: object) -> bytes:
    if isinstance(cell, bytes | memoryview):
        return bytes(cell)
    return (json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else str(cell)).encode()


def traces(who: SimpleNamespace) -> dict[str, bytes]:
    """Everything of a person that could stand somewhere, in every encoding it could stand in."""
    words = {name: text for name, text in vars(who).items() if name != "stop"}
    found: dict[str, bytes] = {}
    for name, text in words.items():
        found[name] = text.encode()
        found[f"{name} in UTF-16"] = text.encode("utf-16-le")
        found[f"{name} as JSON"] = json.dumps(text).strip('"').encode()
    for part in who.name.split()[:1] + who.name.split()[-1:]:
        found[f"{part} of the name"] = part.encode()
        found[f"{part} of the name as JSON"] = json.dumps(part).strip('"').encode()
    for phone in (who.phone, who.old):
        found[f"+{phone}"] = f"+{phone}".encode()
        found[f"{phone} at home"] = f"0{phone[3:]}".encode()
        found[f"{phone} without its country"] = phone[3:].encode()
        for before in range(3):
            encoded = base64.b64encode(b"\0" * before + phone.encode() + b"\0\0").decode()
            found[f"{phone} in base64 at {before}"] = encoded[4 if before else 0 : 16].encode()
    return found


def test_nothing_of_the_erased_person_is_left_anywhere(after: After):
    left = [
        (what, where) for where, held in after.haystack.items() for what, text in traces(ERASED).items() if text in held
    ]
    assert left == []


def test_the_search_itself_finds_what_is_there(after: After):
    """The other person, met in the same ways, is found in every encoding that is used at all."""
    everything = b"\n".join(after.haystack.values())
    found = {what for what, text in traces(KEPT).items() if text in everything}
    for what in ("name", "organisation", "title", "summary", "edited", "said", "asked", "phone", "bsuid", "old"):
        assert what in found, what
    assert f"{KEPT.phone} at home" in found
    assert "name as JSON" in found, "profile names come escaped in raw bodies"
    assert any(f"{KEPT.phone} in base64 at {before}" in found for before in range(3))


def test_the_ledger_verifies_before_and_after(after: After):
    assert after.told["faults_before"] == []
    assert after.told["faults_after"] == []
    assert after.told["entries"] >= 6


def test_the_wal_is_empty_and_no_free_page_is_left(after: After):
    if ON_POSTGRESQL:
        pytest.skip("PostgreSQL frees row versions by its own VACUUM")
    assert after.told["compacted"] is True
    assert after.haystack.get("wakeel.sqlite3-wal", b"") == b""
    assert after.deployment.query("PRAGMA freelist_count") == [(0,)]


def test_a_body_that_could_not_be_taken_apart_is_overwritten_and_others_lose_only_items(after: After):
    """One unreadable body named the person, one the other; each keeps the digest under which it came."""
    assert after.told["overwritten"] == 1
    assert after.told["bodies"] >= 8
    whole = after.deployment.query("SELECT count(*) FROM inbox")[0][0]
    unreadable = after.deployment.query(
        "SELECT count(*) FROM inbox WHERE state = 'quarantined' AND length(body) > 0"
    )[0][0]  # fmt: skip
    assert whole > after.told["bodies"]
    assert unreadable >= 4


def test_the_other_person_is_as_before(after: After):
    kept = after.told["kept"]
    query = after.deployment.query
    assert query(f"SELECT name, organisation FROM contact WHERE id = '{kept}'") == [(KEPT.name, KEPT.organisation)]
    texts = {text for (text,) in query(f"SELECT text FROM inbound_message WHERE contact_id = '{kept}'")}
    assert KEPT.said in texts
    assert query(f"SELECT count(*) FROM consent_payload WHERE contact_id = '{kept}'")[0][0] >= 3
    assert query("SELECT count(*) FROM subject_key") == [(1,)]


def test_what_is_left_of_the_person_is_an_empty_record_and_tokens(after: After):
    erased, query = after.told["erased"], after.deployment.query
    [(name, organisation, erased_at)] = query(
        f"SELECT name, organisation, erased_at FROM contact WHERE id = '{erased}'"
    )
    assert (name, organisation) == ("", "")
    assert erased_at is not None
    assert query(f"SELECT count(*) FROM contact_alias WHERE contact_id = '{erased}'") == [(0,)]
    tokens = query("SELECT address_token FROM suppression WHERE cause = 'erased' AND lifted_at IS NULL")
    assert len({token for (token,) in tokens}) == 3, "two numbers and one BSUID"
    assert query("SELECT count(*) FROM consent_event WHERE type = 'erase'") == [(1,)]
