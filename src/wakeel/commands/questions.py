"""Commands that answer a question and change nothing: explain, may-contact, check-cases."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from wakeel.commands.start import EXIT_REFUSED, Add, Refused, business, configured, file_contents, set_up_django


def add_to(command: Add) -> None:
    """Add them to the console script."""
    explainer = command("explain", _explain, "tell a message's whole life, and decide it again from what is kept")
    explainer.add_argument("message", metavar="MESSAGE", help="id of the message or of its draft, or a wamid")
    explainer.add_argument("--language", choices=["ar", "en"], default="en")
    explainer.add_argument("--json", action="store_true", help="the same for programs")
    asker = command("may-contact", _may_contact, "say whether a person may be written to now, and what would change it")
    asker.add_argument("who", metavar="NUMBER", help="their number as people write it, or the contact's id")
    asker.add_argument("--purpose", choices=["offers", "order_updates", "meetings"], help="ask for this purpose only")
    asker.add_argument(
        "--at", metavar="TIME", help="another moment, in ISO 8601 with its offset: 2026-11-22T22:30+03:00"
    )
    asker.add_argument("--language", choices=["ar", "en"], default="en")
    asker.add_argument("--json", action="store_true", help="the same for programs")
    checker = command("check-cases", _check_cases, "run case files against the code and print every difference")
    checker.add_argument("files", nargs="+", type=Path, metavar="FILE")


def _explain(given: argparse.Namespace) -> int:
    configured("tool")
    set_up_django("tool")
    from wakeel.flows.explain_message import as_document, explain, in_words

    found = explain(given.message)
    if found is None:
        raise Refused(f"there is no message {given.message}: give its id, its draft's id or its wamid")
    if given.json:
        print(json.dumps(as_document(found), ensure_ascii=False))
    else:
        print("\n".join(in_words(found, language=given.language)))
    return 0 if found.is_proven else EXIT_REFUSED


def _may_contact(given: argparse.Namespace) -> int:
    at = _instant(given.at) if given.at else None
    config = configured("tool")
    set_up_django("tool")
    from wakeel import clock
    from wakeel.flows.may_contact import ask
    from wakeel.flows.phone_numbers import BadNumber

    try:
        found = ask(business(config), given.who, now=at or clock.now(), purpose=given.purpose)
    except BadNumber as bad:
        raise Refused(
            f"this is no mobile number ({bad.why}): give it with its country code, or a contact's id"
        ) from None
    print(
        json.dumps(found.as_document(), ensure_ascii=False) if given.json else "\n".join(found.in_words(given.language))
    )
    return 0


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("the time cannot be read: write it like 2026-11-22T22:30+03:00") from None
    if at.tzinfo is None:
        raise Refused("the time has no offset: write it like 2026-11-22T22:30+03:00")
    return at


def _check_cases(given: argparse.Namespace) -> int:
    files = [(str(path), file_contents(path)) for path in given.files]
    config = configured("tool")
    from wakeel.flows.check_cases import check_cases

    report = check_cases(files, policy=config.policy)
    for line in report.lines:
        print(line)
    print(f"{report.passed} passed, {report.failed} failed")
    return EXIT_REFUSED if report.failed else 0
