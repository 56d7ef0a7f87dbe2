"""Commands about the consent ledger: ledger-verify, ledger-export, and compact after an erasure."""

import argparse
import os
import sys
import zipfile
from pathlib import Path

from wakeel.commands.start import Add, Refused, business, configured, set_up_django
from wakeel.processes import EXIT_SETTINGS


def add_to(command: Add) -> None:
    """Add them to the console script."""
    verifier = command(
        "ledger-verify", _ledger_verify, "find any changed, removed or inserted entry of consent ledger and audit log"
    )
    verifier.add_argument("--anchors", type=Path, metavar="FOLDER", help="compare with anchor files kept elsewhere")
    verifier.add_argument(
        "--refresh-standings", action="store_true", help="first compute the stored consent standings again"
    )
    verifier.add_argument("--language", choices=["ar", "en"], default="en")
    exporter = command("ledger-export", _ledger_export, "write one person's ledger entries with what proves them")
    exporter.add_argument("person", metavar="PERSON", help="the contact's id, or their number as people write it")
    exporter.add_argument(
        "--output", type=Path, metavar="PATH", help="a new folder, or a file that ends in .zip; ./evidence-ID by itself"
    )
    command("compact", _compact, "clear what SQLite's free pages still hold, after an erasure that found it busy")


def _ledger_verify(given: argparse.Namespace) -> int:
    configured("tool")
    set_up_django("tool")
    from wakeel import clock
    from wakeel.flows.check_audit import check_all
    from wakeel.flows.verify_ledger import verify_and_note
    from wakeel.flows.verify_standings import refresh_standings

    if given.anchors is not None and not given.anchors.is_dir():
        raise Refused(f"{given.anchors} is not a folder", exit_code=EXIT_SETTINGS)
    if given.refresh_standings:
        refresh_standings(now=clock.now())
    reports = (verify_and_note(anchors_dir=given.anchors), check_all(real_now=clock.real_now()))
    for report in reports:
        for finding in report.findings:
            print(finding.in_words(given.language), file=sys.stderr)
    summary = "\n".join(report.summary.say(given.language) for report in reports)
    if any(report.total for report in reports):
        raise Refused(summary)
    print(summary)
    return 0


def _ledger_export(given: argparse.Namespace) -> int:
    config = configured("tool")
    set_up_django("tool")
    from wakeel import clock
    from wakeel.flows.export_ledger import export_ledger
    from wakeel.flows.may_contact import find
    from wakeel.flows.phone_numbers import BadNumber
    from wakeel.flows.verify_ledger import verify
    from wakeel.store.keyring import KeyRefused

    business_id = business(config)
    try:
        contact_id = find(business_id, given.person)
        if verify(now=clock.now()).total:
            raise Refused("the ledger does not verify, so nothing can be proven with it: run wakeel ledger-verify")
        pack = export_ledger(business_id, contact_id or "", now=clock.now(), real_now=clock.real_now())
    except BadNumber as bad:
        raise Refused(f"this is no mobile number ({bad.why}): give it with its country code, or an id") from None
    except KeyRefused as refused:
        raise Refused(str(refused), exit_code=EXIT_SETTINGS) from None
    if pack is None:
        raise Refused("there is no such person, or the ledger holds nothing about them")
    path = given.output or Path(f"evidence-{pack.contact_id}")
    _write_pack(pack.files, path)
    print(f"{pack.entries} entries in {path}; check it with verify_pack.py in there")
    return 0


def _write_pack(files: dict[str, bytes], path: Path) -> None:
    """A new folder or zip file that only its owner reads: there is a person's key in it."""
    try:
        if path.suffix == ".zip":
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, contents in files.items():
                    archive.writestr(name, contents)
            return
        path.mkdir(mode=0o700)
        for name, contents in files.items():
            (path / name).parent.mkdir(mode=0o700, exist_ok=True)
            (path / name).write_bytes(contents)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from None


def _compact(given: argparse.Namespace) -> int:
    configured("tool")
    set_up_django("tool")
    from wakeel.store.compact import compact

    if not compact():
        raise Refused("the database is busy: try again when little is going on")
    print("done")
    return 0
