"""All that `wakeel doctor` looks at: rows first, then Meta and our own webhook over HTTP. Needs Django."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from wakeel import clock
from wakeel.config import Config
from wakeel.domain.checkup import Check, Finding
from wakeel.domain.checkup_house import Knock, judge_clock, judge_knock
from wakeel.domain.graph_versions import judge_version
from wakeel.flows.doctor import look_at_rows, look_at_settings
from wakeel.flows.doctor_account import judge_account
from wakeel.whatsapp.account_check import AccountChecked, check_account
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.listing import CannotRead
from wakeel.whatsapp.mode import Mode
from wakeel.whatsapp.webhook_check import knock

GRAPH_TIMEOUT_S = 10.0
"""Four questions, one after the other, and a person waits."""


def examine(config: Config) -> list[Finding]:
    """Every line, in the order of the checks."""
    now, real_now = clock.now(), clock.real_now()
    offset = timedelta(seconds=round((now - real_now).total_seconds()))
    today = now.astimezone(ZoneInfo(config.time_zone)).date()
    found = look_at_settings(config, files=_setting_files())
    found += look_at_rows(config, now=now, real_now=real_now)
    checked, knocked = asyncio.run(_ask(config))
    found += judge_knock(knocked, is_public=config.public_url is not None or config.mode is Mode.PRACTICE)
    found.append(judge_version(config.graph_version, today=today))
    meta_at = checked.answered_at if isinstance(checked, AccountChecked) else None
    # Against the clock of the moment of the answer: what came before it may have taken a while.
    found.append(judge_clock(meta_at, real_now=clock.real_now(), offset=offset))
    ours = f"{config.public_url}/webhook" if config.public_url else ""
    found += judge_account(checked, waba_id=config.waba_id, ours=ours, now=real_now)
    order = list(Check)
    return sorted(found, key=lambda finding: order.index(finding.check))


async def _ask(config: Config) -> tuple[AccountChecked | CannotRead | None, Knock]:
    """What Meta says, None without a token and both ids; and what our webhook answers."""
    checked: AccountChecked | CannotRead | None = None
    if config.access_token and config.waba_id and config.phone_number_id:
        options = ApiOptions(
            graph_url=config.graph_url,
            version=config.graph_version,
            token=config.access_token,
            allow_live_send=config.allow_live_send,
            timeout_s=GRAPH_TIMEOUT_S,
        )
        try:
            checked = await check_account(options, waba_id=config.waba_id, phone_number_id=config.phone_number_id)
        except CannotRead as cannot:
            checked = cannot
    knocked = await knock(_webhook_url(config), verify_token=config.verify_token, secret=config.app_secrets[0])
    return checked, knocked


def _webhook_url(config: Config) -> str:
    """Where Meta should post; where it can only be tried from here while no public address is set."""
    if config.public_url:
        return f"{config.public_url}/webhook"
    host, port = config.host, config.port
    if config.ingest_port is not None:
        host, port = config.ingest_host, config.ingest_port
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked at, not listened on
    return f"http://[{host}]:{port}/webhook" if ":" in host else f"http://{host}:{port}/webhook"


def _setting_files() -> list[Path]:
    """Every file that a setting comes from, but the policy's, in which there is nothing to hide."""
    ours = {name for name in os.environ if name.startswith(("WHATSAPP_", "WAKEEL_")) and name.endswith("_FILE")}
    ours.discard("WAKEEL_POLICY_FILE")
    return [Path(os.environ[name]) for name in sorted(ours) if os.environ[name].strip()]
