"""The evidence pack verifies by its own script, in a program without Wakeel, and any change is found and named."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.consent import ConsentType
from wakeel.domain.rights import ErasureReason
from wakeel.flows.erase_person import Erased, erase
from wakeel.flows.export_ledger import Pack, export_ledger
from wakeel.store import consent
from wakeel.store.keyring import keyring
from wakeel.store.models import Contact

FILE = b"\x89PNG\r\n\x1a\n a signed form"


@pytest.fixture
def person(stage: Stage) -> Contact:
    """Somebody with a consent with a file, one with text, and a stop; among entries of others."""
    person, other = rows.contact(stage.firm), rows.contact(stage.firm, "ليلى", phone="+966501110001")
    for number in range(3):
        rows.grant(other, at=rows.T0 - (40 + number) * rows.DAY)
        rows.grant(person, at=rows.T0 - (30 + number) * rows.DAY, wording="أوافق على العروض", language="ar")
    consent.append(
        stage.firm.business.id, contact_id=person.id, type=ConsentType.GRANT, address="+966509722233",
        at=rows.T0 - rows.DAY, recorded_at=rows.T0 - rows.DAY, source="paper", actor="opr_1", categories=["marketing"],
        purposes=["offers"], explicit=True, collected_directly=True,
        evidence_file=consent.NewFile(media_type="image/png", data=FILE, name="نموذج.png"),
    )  # fmt: skip
    rows.withdrawal(person)
    rows.grant(other, at=rows.T0 - 9 * rows.DAY)
    return person


def pack_of(stage: Stage, person: Contact) -> Pack:
    pack = export_ledger(stage.firm.business.id, person.id, now=stage.now, real_now=stage.now)
    assert pack is not None
    return pack


def unpacked(pack: Pack, folder: Path) -> Path:
    for name, contents in pack.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    return folder


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As a third party would: the script from the pack, an interpreter that has no Wakeel on its path."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("WAKEEL", "DJANGO", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-I", "verify_pack.py", *arguments], cwd=folder, env=environ | {"PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_an_untouched_pack_verifies_entry_by_entry(stage: Stage, person: Contact, tmp_path: Path):
    pack = pack_of(stage, person)
    found = check(unpacked(pack, tmp_path), "--public-key", keyring().public_key)
    assert (found.returncode, found.stderr) == (0, "")
    assert pack.entries == 5
    assert found.stdout.count(": OK") == 5 + 2
    assert "5 entries, 0 faults" in found.stdout


def test_it_holds_nothing_of_other_people(stage: Stage, person: Contact):
    everything = b"\n".join(pack_of(stage, person).files.values()).decode(errors="replace")
    assert "+966509722233" in everything
    assert "966501110001" not in everything
    assert "ليلى" not in everything
    assert keyring().pepper.hex() not in everything


def test_the_page_can_be_read_in_both_languages(stage: Stage, person: Contact):
    html = pack_of(stage, person).files["page.html"].decode()
    for words in ("سجل الموافقات", "Consent ledger", "أوافق على العروض", "نموذج الموقع رقم 17", 'dir="rtl"', "@page"):
        assert words in html


Change = Callable[[dict[str, Any]], object]


def _entry(pack: dict[str, Any], number: int, **changed: object) -> None:
    entry = json.loads(pack["entries"][number]["entry"])
    text = json.dumps({**entry, **changed}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    pack["entries"][number]["entry"] = text


CHANGES: dict[str, tuple[Change, str]] = {
    "an entry": (lambda pack: _entry(pack, 0, categories=["marketing", "utility", "authentication"]), "anchored root"),
    "a time": (lambda pack: _entry(pack, 4, at="2026-11-01T00:00:00.000000+00:00"), "anchored root"),
    "a MAC": (lambda pack: pack["entries"][1].update(mac="00" * 32), "anchored root"),
    "a place": (lambda pack: pack["entries"][1].update(index=0), "not in its place"),
    "a proof": (lambda pack: pack["entries"][1]["proof"].pop(), "anchored root"),
    "shown contents": (
        lambda pack: pack["entries"][0]["payload"].update(
            opened=pack["entries"][0]["payload"]["opened"].replace("17", "18")
        ),
        "opened contents were changed",
    ),
    "sealed contents": (
        lambda pack: pack["entries"][0]["payload"].update(sealed=pack["entries"][1]["payload"]["sealed"]),
        "not those the entry commits to",
    ),
    "an address token": (
        lambda pack: pack["entries"][0]["payload"].update(address_token="0" * 64),
        "not those the entry commits to",
    ),
    "the key": (
        lambda pack: pack["subject_keys"].update(dict.fromkeys(pack["subject_keys"], "00" * 32)),
        "does not open",
    ),
    "contents taken out": (lambda pack: pack["entries"][0].update(payload=None), "contents are missing"),
    "the words shown": (
        lambda pack: pack["wordings"].update(dict.fromkeys(pack["wordings"], "نص آخر")),
        "words that were shown",
    ),
    "the anchor's size": (lambda pack: pack["anchor"].update(size=pack["anchor"]["size"] + 1), "signature"),
    "the anchor's root": (lambda pack: pack["anchor"].update(root="00" * 32), "signature"),
    "the signature": (lambda pack: pack["anchor"].update(signature="00" * 64), "signature"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_is_found_and_said(stage: Stage, person: Contact, tmp_path: Path, what: str):
    folder = unpacked(pack_of(stage, person), tmp_path)
    change, says = CHANGES[what]
    pack = json.loads((folder / "pack.json").read_text())
    change(pack)
    (folder / "pack.json").write_text(json.dumps(pack, ensure_ascii=False))
    found = check(folder)
    assert found.returncode == 1, found.stdout
    assert says in found.stdout


@pytest.mark.parametrize(("name", "says"), [("files", "evidence was changed"), ("page.html", "not the page")])
def test_a_changed_file_is_found(stage: Stage, person: Contact, tmp_path: Path, name: str, says: str):
    folder = unpacked(pack_of(stage, person), tmp_path)
    [path] = [path for path in folder.rglob("*") if path.is_file() and name in str(path.relative_to(folder))]
    path.write_bytes(path.read_bytes() + b" ")
    found = check(folder)
    assert (found.returncode, says in found.stdout) == (1, True)
    path.unlink()
    assert check(folder).returncode == 1


def test_another_signer_and_another_history_are_found(stage: Stage, person: Contact, tmp_path: Path):
    folder = unpacked(pack_of(stage, person), tmp_path)
    anchor = json.loads((folder / "pack.json").read_text())["anchor"]
    kept = tmp_path / "kept.jsonl"
    kept.write_text(json.dumps(anchor) + "\n")
    assert check(folder, "--anchors", str(kept)).returncode == 0
    kept.write_text(json.dumps({**anchor, "root": "11" * 32}) + "\n")
    assert "another root" in check(folder, "--anchors", str(kept)).stdout
    assert "another key" in check(folder, "--public-key", "11" * 32).stdout


def test_what_is_no_pack_is_said(tmp_path: Path, stage: Stage, person: Contact):
    folder = unpacked(pack_of(stage, person), tmp_path)
    for broken in ("", "{}", '{"format": "x"}', "[]"):
        (folder / "pack.json").write_text(broken)
        found = check(folder)
        assert found.returncode == 2
        assert "Traceback" not in found.stderr


def test_of_an_erased_person_the_entries_are_proven_without_their_contents(
    stage: Stage, person: Contact, tmp_path: Path
):
    assert isinstance(erase(person.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now), Erased)
    pack = pack_of(stage, person)
    assert b"966509722233" not in b"".join(pack.files.values())
    found = check(unpacked(pack, tmp_path))
    assert (found.returncode, pack.entries) == (0, 6), found.stdout


def test_nobody_and_nothing_make_no_pack(stage: Stage):
    business_id = stage.firm.business.id
    nobody = rows.contact(stage.firm, "بلا قيود", phone="+966501110002")
    for contact_id in ("con_nobody", nobody.id):
        assert export_ledger(business_id, contact_id, now=stage.now, real_now=stage.now) is None


def test_hostile_words_stay_text_on_the_page(stage: Stage):
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    person = rows.contact(stage.firm, bad)
    rows.grant(person, evidence=bad, wording=bad)
    html = pack_of(stage, person).files["page.html"].decode()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
