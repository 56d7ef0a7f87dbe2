"""Commands about message templates: templates pull, templates status."""

import argparse
import asyncio

from wakeel.commands.start import Add, Refused, business, configured, set_up_django
from wakeel.processes import EXIT_SETTINGS


def add_to(command: Add) -> None:
    """Add them to the console script."""
    words = "read the message templates and the number's limits from WhatsApp, or show what is known of them"
    templates = command("templates", _templates, words)
    templates.add_argument("what", choices=["pull", "status"], metavar="pull|status")
    templates.add_argument("--language", choices=["ar", "en"], default="en")


def _templates(given: argparse.Namespace) -> int:
    return _pull() if given.what == "pull" else _status(given.language)


def _pull() -> int:
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
    business(config)
    from wakeel import clock
    from wakeel.flows.keep_listing import keep_listing
    from wakeel.whatsapp.client import ApiOptions
    from wakeel.whatsapp.listing import CannotRead, read_account

    began_at, real_now = clock.now(), clock.real_now()
    options = ApiOptions(
        graph_url=config.graph_url,
        version=config.graph_version,
        token=config.access_token,
        allow_live_send=config.allow_live_send,
    )
    try:
        read = asyncio.run(read_account(options, waba_id=config.waba_id, phone_number_id=config.phone_number_id))
    except CannotRead as cannot:
        raise Refused(str(cannot)) from None
    kept = keep_listing(config.phone_number_id, read, began_at=began_at, real_now=real_now)
    print(f"{kept.listed} templates listed, {kept.missing} no longer there")
    return 0


def _status(language: str) -> int:
    config = configured("tool")
    set_up_django("tool")
    from wakeel.flows.template_lines import template_lines

    print("\n".join(template_lines(business(config), language=language)))
    return 0
