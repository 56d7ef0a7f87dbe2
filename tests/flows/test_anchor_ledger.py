"""Anchors: how the ledger stood, signed, outside the database, once a day and never twice for nothing."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests import rows
from tests.keys import own_keys
from tests.rows import DAY, HOUR, T0
from wakeel.domain import chain
from wakeel.domain.anchors import anchor_from
from wakeel.flows import anchor_ledger
from wakeel.flows.anchor_ledger import anchor
from wakeel.store import ledger_rows
from wakeel.store.entries import link_of
from wakeel.store.models import Contact, LedgerHead

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WAKEEL_ANCHORS_DIR", str(tmp_path / "anchors"))
    with own_keys(tmp_path / "keys"):
        yield tmp_path / "anchors"


@pytest.fixture
def person(folder: Path) -> Contact:
    made = rows.contact(rows.firm())
    rows.grant(made)
    rows.withdrawal(made, categories=["marketing"])
    return made


def lines(folder: Path) -> list[bytes]:
    return [line for path in folder.glob("*.jsonl") for line in path.read_bytes().splitlines()]


def test_an_anchor_says_how_the_ledger_stands_and_anybody_can_check_it(folder: Path, person: Contact):
    """With the line, the entries and their MACs; no key of ours and no code of ours is needed."""
    anchor(person.business_id, real_now=T0)
    [line] = lines(folder)
    said = json.loads(line)
    head = LedgerHead.objects.get(chain="consent")
    assert (said["business"], said["chain"], said["size"]) == (person.business_id, "consent", 2)
    assert (said["first_seq"], said["last_seq"], said["last_mac"]) == (1, 2, bytes(head.last_mac).hex())
    assert said["at"] == "2026-11-22T09:00:00.000000+00:00"
    signature = said.pop("signature")
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"])).verify(bytes.fromhex(signature), canonical)
    [page] = ledger_rows.pages(person.business_id)
    assert chain.root(chain.leaf(link_of(row).mac, link_of(row).entry) for row in page).hex() == said["root"]


def test_the_file_is_for_this_account_alone(folder: Path, person: Contact):
    anchor(person.business_id, real_now=T0)
    [path] = folder.glob("*.jsonl")
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)


def test_nothing_new_gets_no_new_line(folder: Path, person: Contact):
    first = anchor(person.business_id, real_now=T0)
    assert anchor(person.business_id, real_now=T0 + DAY) == first
    assert len(lines(folder)) == 1


def test_an_empty_ledger_gets_no_file(folder: Path):
    assert anchor(rows.firm().business.id, real_now=T0) is None
    assert not list(folder.glob("*")) if folder.exists() else True


def test_the_next_anchor_goes_on_from_the_last_one(folder: Path, person: Contact, monkeypatch: pytest.MonkeyPatch):
    """A long history is not read again at every stop, and the root is the one over all of it."""
    anchor(person.business_id, real_now=T0)
    for minutes in range(5):
        rows.withdrawal(person, at=T0 + timedelta(minutes=minutes))
    read: list[int] = []
    pages = ledger_rows.pages

    def noted(business_id: str, *, after: int = 0, until: int | None = None) -> Iterator[list[object]]:
        for page in pages(business_id, after=after, until=until):
            read.extend(row.seq for row in page)
            yield page  # type: ignore[misc]

    monkeypatch.setattr(ledger_rows, "pages", noted)
    made = anchor(person.business_id, real_now=T0 + DAY)
    assert made is not None
    assert read == [3, 4, 5, 6, 7]
    leaves = [chain.leaf(link_of(row).mac, link_of(row).entry) for page in pages(person.business_id) for row in page]
    assert (made.size, made.root) == (7, chain.root(leaves).hex())


def test_once_a_day_by_the_calendar_of_the_deployment(folder: Path, person: Contact):
    """21:30 UTC is already tomorrow in Riyadh."""
    evening = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    anchor_ledger.anchor_daily(real_now=evening)
    rows.withdrawal(person, at=T0)
    anchor_ledger.anchor_daily(real_now=evening + 0.25 * HOUR)
    assert len(lines(folder)) == 1
    anchor_ledger.anchor_daily(real_now=evening + HOUR)
    assert len(lines(folder)) == 2


def test_a_line_cut_off_by_a_crash_does_not_swallow_the_next(folder: Path, person: Contact):
    anchor(person.business_id, real_now=T0)
    [path] = folder.glob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"business":"torn')
    rows.withdrawal(person, at=T0)
    anchor(person.business_id, real_now=T0 + DAY)
    assert anchor_from(lines(folder)[-1])[0].size == 3
    assert len(lines(folder)) == 3


def test_a_ledger_that_was_cut_is_anchored_as_it_stands(folder: Path, person: Contact):
    """Telling is `ledger-verify`'s task; going on from a tree that is no longer there would hide it."""
    anchor(person.business_id, real_now=T0)
    LedgerHead.objects.filter(chain="consent").update(last_seq=1, last_mac=bytes(ledger_rows_first(person).mac))
    made = anchor(person.business_id, real_now=T0 + DAY)
    assert made is not None
    assert made.size == 1


def ledger_rows_first(person: Contact):
    return next(ledger_rows.pages(person.business_id))[0]


def test_what_the_outside_address_has_not_got_is_named_in_order(folder: Path, person: Contact):
    anchor(person.business_id, real_now=T0)
    rows.withdrawal(person, at=T0)
    anchor(person.business_id, real_now=T0 + DAY)
    waiting = list(anchor_ledger.unposted())
    assert [one.size for one in waiting] == [2, 3]
    assert waiting[0].line == lines(folder)[0]
    anchor_ledger.note_posted(waiting[0])
    assert [one.size for one in anchor_ledger.unposted()] == [3]
    anchor_ledger.note_posted(waiting[1])
    assert list(anchor_ledger.unposted()) == []
