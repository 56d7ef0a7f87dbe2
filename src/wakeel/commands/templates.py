"""Commands about message templates: templates pull, templates push, templates status."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

from wakeel.commands.start import EXIT_REFUSED, Add, Refused, business, configured, file_contents, set_up_django
from wakeel.processes import EXIT_SETTINGS

if TYPE_CHECKING:
    from wakeel.config import Config
    from wakeel.domain.ids import BusinessId
    from wakeel.domain.template_wording import NewTemplate
    from wakeel.whatsapp.client import ApiOptions


def add_to(command: Add) -> None:
    """Add them to the console script."""
    words = "read the message templates and the number's limits from WhatsApp, submit new ones, or show what is known"
    templates = command("templates", _templates, words)
    templates.add_argument("what", choices=["pull", "push", "status"], metavar="pull|push|status")
    files = "push: templates of your own instead of those that ship; see docs/how-to/templates.md"
    templates.add_argument("files", nargs="*", type=Path, metavar="FILE", help=files)
    templates.add_argument("--dry-run", action="store_true", help="push: only say what would be written and submitted")
    templates.add_argument("--language", choices=["ar", "en"], default="en")


def _templates(given: argparse.Namespace) -> int:
    if given.what != "push" and (given.files or given.dry_run):
        raise Refused("FILE and --dry-run belong to templates push", exit_code=EXIT_SETTINGS)
    match given.what:
        case "pull":
            return _pull()
        case "push":
            return _push(given.files, dry_run=given.dry_run)
        case _:
            return _status(given.language)


def _with_account() -> "Config":
    """Settings with what the account is asked with."""
    config = configured("tool")
    missing = [
        name
        for name, value in (
            ("WHATSAPP_WABA_ID", config.waba_id),
            ("WHATSAPP_PHONE_NUMBER_ID", config.phone_number_id),
            ("WHATSAPP_ACCESS_TOKEN", config.access_token),
        )
        if not value
    ]
    if missing:
        raise Refused(f"not set: {', '.join(missing)}", exit_code=EXIT_SETTINGS)
    set_up_django("tool")
    return config


def _options(config: "Config") -> "ApiOptions":
    from wakeel.whatsapp.client import ApiOptions

    return ApiOptions(
        graph_url=config.graph_url,
        version=config.graph_version,
        token=config.access_token,
        allow_live_send=config.allow_live_send,
    )


def _pull() -> int:
    config = _with_account()
    business(config)
    from wakeel import clock
    from wakeel.flows.keep_listing import keep_listing
    from wakeel.whatsapp.listing import CannotRead, read_account

    began_at, real_now = clock.now(), clock.real_now()
    try:
        read = asyncio.run(
            read_account(_options(config), waba_id=config.waba_id, phone_number_id=config.phone_number_id)
        )
    except CannotRead as cannot:
        raise Refused(str(cannot)) from None
    kept = keep_listing(config.phone_number_id, read, began_at=began_at, real_now=real_now)
    print(f"{kept.listed} templates listed, {kept.missing} no longer there")
    return 0


def _push(files: list[Path], *, dry_run: bool) -> int:
    """Write what is new in the files, then submit every newest version that WhatsApp has not got."""
    config = _with_account()
    of, own = business(config), _own_wordings(files)
    if dry_run:
        return _say_what_would_be(of, own, is_own=bool(files))
    from wakeel import clock
    from wakeel.flows import make_template
    from wakeel.flows.push_templates import ask_for_all

    if files:
        author = make_template.FILE
        results = [make_template.make_version(of, each, author=author, now=clock.now()) for each in own]
        made = [result for result in results if isinstance(result, make_template.Made)]
    else:
        made = make_template.take_starters(of, now=clock.now())
    for one in made:
        print(f"{one.name}_v{one.version} ({one.language}): written")
    if ask_for_all(of, now=clock.now()) == 0:
        print("nothing to submit")
        return 0
    return _submit(config)


def _submit(config: "Config") -> int:
    from wakeel import clock
    from wakeel.flows.push_templates import keep_answer, waiting
    from wakeel.whatsapp.template_push import CannotSubmit, NotTaken, submit

    code = 0
    while found := waiting(config.phone_number_id):
        for one in found:
            began_at, real_now = clock.now(), clock.real_now()
            try:
                answer = asyncio.run(submit(_options(config), one.submission, waba_id=config.waba_id))
            except CannotSubmit as cannot:
                raise Refused(str(cannot)) from None
            number = config.phone_number_id
            keep_answer(one.version_id, answer, phone_number_id=number, began_at=began_at, real_now=real_now)
            named = f"{one.submission.name} ({one.submission.language})"
            if isinstance(answer, NotTaken):
                code = EXIT_REFUSED
                print(f"{named}: refused: {answer.words}")
            elif answer.status:
                print(f"{named}: submitted as {answer.category or one.submission.category}, {answer.status}")
            else:
                print(f"{named}: was there already; wakeel templates pull says what it is")
    return code


def _own_wordings(files: list[Path]) -> list["NewTemplate"]:
    """Every wording of these files; all faults of all files are told at once."""
    from wakeel.domain.template_files import FileFaulty, read_file
    from wakeel.domain.template_wording import faults_of

    wordings: list[NewTemplate] = []
    problems: list[str] = []
    for path in files:
        try:
            file = read_file(json.loads(file_contents(path)))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            problems.append(f"{path}: write JSON")
            continue
        except FileFaulty as faulty:
            problems += [f"{path}: {problem}" for problem in faulty.problems]
            continue
        for each in file.wordings:
            problems += [f"{path}: {each.language}.{fault.field}: {fault.say('en')}" for fault in faults_of(each)]
            wordings.append(each)
    if problems:
        raise Refused("\n".join(problems))
    return wordings


def _say_what_would_be(of: "BusinessId", own: list["NewTemplate"], *, is_own: bool) -> int:
    from wakeel.flows.make_template import missing_starters, next_version
    from wakeel.flows.push_templates import not_submitted

    planned = own if is_own else missing_starters(of)
    numbered = [(each, next_version(of, each)) for each in planned]
    new = [(each, version) for each, version in numbered if version is not None]
    lines = [f"{each.name}_v{version} ({each.language}): would be written and submitted" for each, version in new]
    replaced = {(each.name, each.language) for each, _ in new}
    lines += [
        f"{row.meta_name} ({row.language}): would be submitted"
        for row in not_submitted(of)
        if (row.name, row.language) not in replaced
    ]
    print("\n".join(lines) or "nothing to submit")
    return 0


def _status(language: str) -> int:
    config = configured("tool")
    set_up_django("tool")
    from wakeel.flows.template_lines import template_lines

    print("\n".join(template_lines(business(config), language=language)))
    return 0
