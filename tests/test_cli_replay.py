"""`wakeel replay`: which times it takes, what it tells, how it ends."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.deployment import ON_POSTGRESQL, Deployment, make_deployment
from wakeel.commands.replay import moment
from wakeel.commands.start import Refused

RIYADH, NEW_YORK = ZoneInfo("Asia/Riyadh"), ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PHONE = "966509722233"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22", "2026-11-21T21:00+00:00"),
        ("2026-11-22T14:30", "2026-11-22T11:30+00:00"),
        ("2026-11-22 14:30", "2026-11-22T11:30+00:00"),
        ("2026-11-22T14:30:05Z", "2026-11-22T14:30:05+00:00"),
        ("2026-11-22T14:30+05:30", "2026-11-22T09:00+00:00"),
        ("90m", "2026-11-22T07:30+00:00"),
        ("2h", "2026-11-22T07:00+00:00"),
        ("3d", "2026-11-19T09:00+00:00"),
        ("1w", "2026-11-15T09:00+00:00"),
    ],
)
def test_a_time_is_a_date_a_moment_or_an_age(text: str, instant: str):
    assert moment(text, zone=RIYADH, now=NOW) == datetime.fromisoformat(instant)


def test_a_date_as_the_end_is_that_whole_day():
    assert moment("2026-11-22", zone=RIYADH, now=NOW, ends_day=True).astimezone(UTC).isoformat() == (
        "2026-11-22T21:00:00+00:00"
    )
    at = moment("2026-11-22T10:00", zone=RIYADH, now=NOW, ends_day=True)
    assert at == moment("2026-11-22T10:00", zone=RIYADH, now=NOW)


def test_a_day_has_the_length_that_the_zone_gives_it():
    """2026-11-01 has 25 hours in New York."""
    begin = moment("2026-11-01", zone=NEW_YORK, now=NOW)
    end = moment("2026-11-01", zone=NEW_YORK, now=NOW, ends_day=True)
    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=25)


@pytest.mark.parametrize(
    "text", ["yesterday", "2h30m", "-2h", "2026-13-01", "14:30", "9999-12-31", "999999w", "٢h", ""]
)
def test_anything_else_is_refused_with_what_can_be_given(text: str):
    with pytest.raises(Refused, match="age") as refused:
        moment(text, zone=RIYADH, now=NOW, ends_day=True)
    assert refused.value.exit_code == 2


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("replay")) as made:
        yield made


def wakeel(deployment: Deployment, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "wakeel.cli", "replay", *arguments]
    return subprocess.run(argv, env=deployment.environ, check=False, capture_output=True, text=True, timeout=60)


def keep(deployment: Deployment, item: dict[str, object]) -> None:
    """A webhook that an earlier version is through with and did not act on."""
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "105500000000002"}, "messages": [item]}
    entry = {"id": "215500000000001", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    digest, hexed = hashlib.sha256(body).hexdigest(), body.hex()
    binary = ("'\\x{}'" if ON_POSTGRESQL else "X'{}'").format
    at = datetime.now(UTC) if ON_POSTGRESQL else datetime.now(UTC).replace(tzinfo=None)
    deployment.change(
        "INSERT INTO inbox (digest, body, received_at, state, errors, attempts) "
        f"VALUES ({binary(digest)}, {binary(hexed)}, '{at}', 'done', '[]', 0)"
    )


@pytest.mark.processes
def test_the_command_tells_per_kind_and_ends_by_what_is_left(deployment: Deployment, tmp_path: Path):
    text = {
        "from": PHONE, "id": "wamid.CLI", "timestamp": str(int(datetime.now(UTC).timestamp())), "type": "text",
        "text": {"body": "كلام خاص"},
    }  # fmt: skip
    keep(deployment, text)

    dry = wakeel(deployment, "--since", "1h", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "texts: 1 would be carried out now" in dry.stdout
    assert "dry run: nothing was changed" in dry.stdout
    assert deployment.query("SELECT count(*) FROM inbound_message") == [(0,)]

    assert "0 stored webhooks" in wakeel(deployment, "--since", "1h", "--field", "statuses").stdout
    done = wakeel(deployment, "--since", "1h", "--field", "messages")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 stored webhook received from" in done.stdout
    assert "texts: 1 carried out now" in done.stdout
    assert deployment.query("SELECT count(*) FROM inbound_message") == [(1,)]
    assert "texts: 1 done before" in wakeel(deployment, "--since", "1h").stdout

    keep(deployment, text | {"id": "wamid.CLI2", "timestamp": "yesterday"})
    failed = wakeel(deployment, "--since", "1h")
    assert failed.returncode == 1
    assert "items that cannot be read: 1 quarantined" in failed.stdout
    assert "1 item cannot be carried out" in failed.stdout
    assert "texts: 1 done before" in failed.stdout
    for ended in (dry, done, failed):
        assert PHONE not in ended.stdout + ended.stderr
        assert "كلام" not in ended.stdout + ended.stderr


@pytest.mark.processes
@pytest.mark.parametrize("given", [["--since", "soon"], ["--since", "2999-01-01"], ["--since", "1h", "--until", "2h"]])
def test_a_span_that_makes_no_sense_is_refused(deployment: Deployment, given: list[str]):
    ended = wakeel(deployment, *given)
    assert ended.returncode == 2
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
