"""The deployment's keys: made once, never silently remade, and what is made with them."""

import os
import secrets
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import rows
from tests.keys import forget, own_keys, started_again
from wakeel.store import key_files
from wakeel.store.key_files import KeyRefused
from wakeel.store.keyring import CannotOpen, keyring
from wakeel.store.models import KeyCheck

pytestmark = pytest.mark.django_db
NAMES = ["anchor.1", "chain.1", "field.1", "pepper.1"]


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    with own_keys(tmp_path / "keys") as folder:
        yield folder


def test_the_first_use_makes_the_keys_for_this_account_alone(keys: Path):
    keyring()
    assert sorted(path.name for path in keys.iterdir()) == NAMES
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    for path in keys.iterdir():
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_size) == (0o600, 32)
    assert len({path.read_bytes() for path in keys.iterdir()}) == 4
    assert sorted(KeyCheck.objects.values_list("name", flat=True)) == NAMES


def test_the_next_process_has_the_same_keys(keys: Path):
    assert keyring().chain == started_again().chain


def test_two_processes_that_start_at_once_get_the_same_key(keys: Path):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: key_files.make(keys, "chain.1"), range(40)))
    assert len(made) == 1
    assert [path.name for path in keys.iterdir()] == ["chain.1"], "no half-made file is left"


@pytest.mark.parametrize("name", NAMES)
def test_a_lost_key_is_refused_and_not_made_again(keys: Path, name: str):
    keyring()
    (keys / name).unlink()
    with pytest.raises(KeyRefused, match=f"key {name} is missing: put it back from your backup"):
        started_again()
    assert not (keys / name).exists()


def test_a_lost_folder_is_refused(keys: Path):
    keyring()
    for path in keys.iterdir():
        path.unlink()
    keys.rmdir()
    with pytest.raises(KeyRefused, match="is missing"):
        started_again()
    assert not keys.exists()


def test_another_key_under_the_same_name_is_refused_and_not_told(keys: Path):
    keyring()
    wrong = secrets.token_bytes(32)
    (keys / "pepper.1").write_bytes(wrong)
    with pytest.raises(KeyRefused, match=r"pepper\.1 is not the one this database was written with") as refused:
        started_again()
    assert wrong.hex() not in str(refused.value)


def test_a_ledger_without_any_trace_of_its_keys_is_refused(keys: Path):
    """Somebody emptied the list of known keys and took the folder away: new keys would be a new history."""
    rows.grant(rows.contact(rows.firm()))
    KeyCheck.objects.all().delete()
    for path in keys.iterdir():
        path.unlink()
    with pytest.raises(KeyRefused, match=r"chain\.1 is missing"):
        started_again()


@pytest.mark.parametrize("name", NAMES)
def test_one_key_lost_with_the_list_of_known_keys_is_refused(keys: Path, name: str):
    """The others being there is no reason to make this one anew: nothing it made could be recognised any more."""
    rows.grant(rows.contact(rows.firm()))
    KeyCheck.objects.all().delete()
    (keys / name).unlink()
    with pytest.raises(KeyRefused, match=f"{name} is missing"):
        started_again()
    assert not (keys / name).exists()


def test_a_process_that_starts_while_another_makes_the_keys_takes_those(keys: Path, monkeypatch: pytest.MonkeyPatch):
    """The other one makes and registers them between the two things this one looks at."""
    read = key_files.read

    def overtaken(folder: Path) -> dict[str, bytes]:
        found = read(folder)
        if not found:
            monkeypatch.setattr(key_files, "read", read)
            started_again()
        return found

    monkeypatch.setattr(key_files, "read", overtaken)
    forget()
    assert keyring().pepper == (keys / "pepper.1").read_bytes()


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_cut_key_file_is_refused(keys: Path, content: bytes):
    keys.mkdir()
    (keys / "field.1").write_bytes(content)
    (keys / "field.1").chmod(0o600)
    with pytest.raises(KeyRefused, match="exactly 32 bytes"):
        started_again()


def test_a_key_that_every_account_can_read_is_refused(keys: Path):
    keyring()
    (keys / "chain.1").chmod(0o604)
    with pytest.raises(KeyRefused, match="chmod 600"):
        started_again()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said_clearly(keys: Path):
    keys.mkdir(mode=0o500)
    with pytest.raises(KeyRefused, match="cannot be made"):
        started_again()


def test_a_new_chain_key_is_used_for_what_is_new_and_the_old_rows_keep_theirs(keys: Path):
    person = rows.contact(rows.firm())
    first = rows.grant(person)
    (keys / "chain.2").write_bytes(secrets.token_bytes(32))
    (keys / "chain.2").chmod(0o600)
    forget()
    assert [first.epoch, rows.withdrawal(person).epoch] == [1, 2]
    assert KeyCheck.objects.filter(name="chain.2").exists()


def test_what_an_older_field_key_sealed_is_still_opened(keys: Path):
    sealed = keyring().seal_field(b"before", place="here")
    (keys / "field.2").write_bytes(secrets.token_bytes(32))
    (keys / "field.2").chmod(0o600)
    ring = started_again()
    assert ring.open_field(sealed, place="here") == b"before"
    assert ring.open_field(ring.seal_field(b"after")) == b"after"
    assert ring.seal_field(b"after")[:2] != sealed[:2]


@pytest.mark.parametrize("kind", ["pepper", "anchor"])
def test_a_second_pepper_or_anchor_is_refused(keys: Path, kind: str):
    """Every token in the database would mean nobody; every anchor would be signed by a stranger."""
    keyring()
    (keys / f"{kind}.2").write_bytes(secrets.token_bytes(32))
    (keys / f"{kind}.2").chmod(0o600)
    with pytest.raises(KeyRefused, match=f"{kind}.2 cannot be used"):
        started_again()
    assert not KeyCheck.objects.filter(name=f"{kind}.2").exists(), "so that removing the file mends it"


def test_tokens_depend_on_the_pepper_and_on_what_they_are_for(keys: Path, tmp_path: Path):
    ring = keyring()
    tokens = {ring.address_token("x"), ring.subject_ref("x"), ring.occurrence("x")}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {64}
    assert ring.address_token("+5215512345678") == ring.address_token("+525512345678"), "twins of one number"
    assert ring.address_token("") == ""
    KeyCheck.objects.all().delete()
    with own_keys(tmp_path / "others"):
        assert keyring().address_token("x") not in tokens


def test_sealed_bytes_open_only_unchanged_in_their_place_with_their_key(keys: Path):
    ring, key = keyring(), secrets.token_bytes(32)
    sealed = ring.seal(key, "نص".encode(), place="cns_1")
    assert ring.open(key, sealed, place="cns_1") == "نص".encode()
    assert ring.seal(key, b"x") != ring.seal(key, b"x"), "a fresh nonce each time"
    for other in (
        (secrets.token_bytes(32), sealed, "cns_1"), (key, sealed, "cns_2"), (key, b"", "cns_1"),
        (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), "cns_1"),
    ):  # fmt: skip
        with pytest.raises(CannotOpen):
            ring.open(other[0], other[1], place=other[2])


def test_the_keys_are_in_no_text_about_the_keyring(keys: Path):
    ring = keyring()
    assert ring.pepper.hex() not in repr(ring)
    assert repr(ring.pepper) not in repr(ring)
