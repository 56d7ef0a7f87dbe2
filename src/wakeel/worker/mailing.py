"""Mail calendar files through the mail server that is configured, one at a time. Nothing without one."""

import asyncio
import logging
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate

from wakeel import clock, config
from wakeel.flows import mail_meeting
from wakeel.flows.mail_meeting import Mail, Mailed, MailOutcome
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

EVERY_S = 2.0
ANSWER_WITHIN_S = 20.0
_PERMANENT = 500
"""Replies from here on are final (RFC 5321, 4.2.1)."""


@dataclass(frozen=True, slots=True)
class MailOptions:
    """security: `starttls`, `tls` or `none`. user: '' for no log-in."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


async def keep_mailed(stop: asyncio.Event) -> None:
    """Until told to stop, on threads of its own: no message waits for a mail server."""
    settings = config.get()
    if not settings.smtp_host:
        return
    options = MailOptions(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_from, settings.smtp_user,
        settings.smtp_password,
    )  # fmt: skip
    database = DatabaseThread()
    try:
        while not stop.is_set():
            await database.write(mail_meeting.end_lost, now=clock.now())
            await mail_due(database, options)
            await pause(stop, EVERY_S)
    finally:
        await database.close()


async def mail_due(database: DatabaseThread, options: MailOptions) -> None:
    """One round: whatever is due, each noted before the next is taken."""
    while (mail := await database.write(mail_meeting.take, now=clock.now())) is not None:
        outcome = await asyncio.to_thread(_sent, options, mail)
        if outcome.mailed is not Mailed.SENT:
            log.warning("the calendar file of %s did not leave by e-mail (%s)", mail.meeting_id, outcome.why)
        await database.write(mail_meeting.note, mail, outcome, now=clock.now())


def _sent(options: MailOptions, mail: Mail) -> MailOutcome:
    try:
        return send(options, mail)
    except Exception as fault:
        # The class alone: it may hold an address. Ending the worker would end it at every start.
        log.error("a calendar file could not be mailed (%s)", type(fault).__name__)  # noqa: TRY400
        return MailOutcome(Mailed.UNKNOWN, "unknown")


def send(options: MailOptions, mail: Mail) -> MailOutcome:
    """Hand one message over; never raises for what the server or the network does."""
    try:
        server = _connected(options)
    except smtplib.SMTPAuthenticationError:
        return MailOutcome(Mailed.REFUSED, "unauthorised")
    except (smtplib.SMTPException, OSError):
        return MailOutcome(Mailed.NOT_SENT, "unreachable")
    try:
        return _handed_over(server, options, mail)
    finally:
        # It was answered already; how the good-bye ends says nothing.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _connected(options: MailOptions) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if options.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            options.host, options.port, local_hostname="localhost", timeout=ANSWER_WITHIN_S, context=context
        )
    else:
        server = smtplib.SMTP(options.host, options.port, local_hostname="localhost", timeout=ANSWER_WITHIN_S)
    try:
        if options.security == "starttls":
            server.starttls(context=context)
        if options.user:
            server.login(options.user, options.password)
    except BaseException:
        server.close()
        raise
    return server


def _handed_over(server: smtplib.SMTP, options: MailOptions, mail: Mail) -> MailOutcome:
    message = mail.message
    if "Date" not in message:
        message["Date"] = formatdate()
    try:
        refused = server.send_message(message, options.sender, list(mail.to))
    except smtplib.SMTPRecipientsRefused as fault:
        return _answered(max(code for code, _ in fault.recipients.values()))
    except smtplib.SMTPResponseException as fault:
        return _answered(fault.smtp_code)
    except smtplib.SMTPNotSupportedError:
        return MailOutcome(Mailed.REFUSED, "refused")
    except (smtplib.SMTPException, OSError):
        return MailOutcome(Mailed.UNKNOWN, "unknown")
    return MailOutcome(Mailed.REFUSED, "refused") if refused else MailOutcome(Mailed.SENT)


def _answered(code: int) -> MailOutcome:
    if code >= _PERMANENT:
        return MailOutcome(Mailed.REFUSED, "refused")
    return MailOutcome(Mailed.NOT_SENT, "unreachable")
