"""Settings: typed, from variables or files, every fault at once, no secret in any of them."""

from pathlib import Path

import pytest

from wakeel.cli import main
from wakeel.config import Config, ConfigError, Role, load, load_strict
from wakeel.whatsapp.mode import Mode

SECRET_KEY = "k" * 40
READY = {
    "WHATSAPP_VERIFY_TOKEN": "verify",
    "WHATSAPP_APP_SECRET": "app-secret",
    "WAKEEL_SECRET_KEY": SECRET_KEY,
}


def faults(environ: dict[str, str], *, role: Role = Role.TOOL) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        load_strict(environ, role=role)
    return {fault.name: str(fault) for fault in caught.value.faults}


def test_an_empty_environment_is_dry_on_loopback_with_one_sqlite_file():
    config = load({})
    assert config.mode is Mode.DRY
    assert config.allow_live_send is False
    assert config.host == "127.0.0.1"
    assert config.sqlite_path == Path("data/wakeel.sqlite3").absolute()
    assert (config.time_zone, config.default_region, config.undo_seconds) == ("Asia/Riyadh", "SA", 10)
    assert config.open_cards == 3


def test_every_fault_is_reported_at_once():
    broken = {
        "WAKEEL_PORT": "99999",
        "WAKEEL_UNDO_SECONDS": "-1",
        "WAKEEL_OPEN_CARDS": "0",
        "WAKEEL_TIME_ZONE": "Mars/Olympus",
        "WAKEEL_DEFAULT_REGION": "Saudi",
        "WHATSAPP_ALLOW_LIVE_SEND": "yes",
        "WHATSAPP_GRAPH_URL": "http://graph.example.org",
        "WHATSAPP_GRAPH_VERSION": "26",
        "WHATSAPP_PHONE_NUMBER_ID": "+966",
        "DATABASE_URL": "mysql://x",
        "WAKEEL_SECRET_KEY": "short",
        "WAKEEL_PUBLIC_URL": "https://host/path",
        "WAKEEL_LOG_LEVEL": "loud",
    }
    assert set(faults(broken, role=Role.SERVE)) == {*broken, "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET"}


@pytest.mark.parametrize("text", ["True", "TRUE", "1", "yes", "on", "truee"])
def test_live_sending_takes_no_word_but_true(text: str):
    """A guess here would write to people."""
    assert "WHATSAPP_ALLOW_LIVE_SEND" in faults({"WHATSAPP_ALLOW_LIVE_SEND": text})


def test_no_fault_and_no_repr_shows_a_secret():
    words = {
        "WHATSAPP_VERIFY_TOKEN": "hush-verify",
        "WHATSAPP_APP_SECRET": "hush-app",
        "WHATSAPP_ACCESS_TOKEN": "hush token with spaces",
        "WAKEEL_SECRET_KEY": "hush-short",
        "DATABASE_URL": "odd://hush:password@host/db",
    }
    assert "hush" not in "".join(faults(words).values())
    good = {**READY, "DATABASE_URL": "postgresql://u:hush-db@h/db", "WHATSAPP_ACCESS_TOKEN": "hush-token"}
    shown = repr(load(good))
    assert "hush" not in shown
    assert "app-secret" not in shown
    assert SECRET_KEY not in shown


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        (Role.TOOL, set()),
        (Role.WEB, {"WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET", "WAKEEL_SECRET_KEY"}),
        (Role.INGEST, {"WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET"}),
        (Role.WORKER, {"WAKEEL_SECRET_KEY"}),
        (Role.SERVE, {"WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET", "WAKEEL_SECRET_KEY"}),
    ],
)
def test_each_role_asks_for_what_it_cannot_do_without(role: Role, missing: set[str]):
    if missing:
        assert set(faults({}, role=role)) == missing
    else:
        assert isinstance(load_strict({}, role=role), Config)


def test_live_sending_needs_a_token_and_a_number():
    live = {**READY, "WHATSAPP_ALLOW_LIVE_SEND": "true"}
    assert set(faults(live, role=Role.SERVE)) == {"WHATSAPP_ACCESS_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"}
    whole = {**live, "WHATSAPP_ACCESS_TOKEN": "token", "WHATSAPP_PHONE_NUMBER_ID": "1"}
    assert load_strict(whole, role=Role.SERVE).mode is Mode.LIVE


def test_a_value_may_come_from_a_file_and_its_last_line_break_is_not_part_of_it(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("new-secret, old-secret\n", encoding="utf-8")
    assert load({"WHATSAPP_APP_SECRET_FILE": str(secret)}).app_secrets == ("new-secret", "old-secret")


def test_the_file_of_a_secret_is_known_so_that_it_can_be_read_again(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("word")
    assert load({"WHATSAPP_APP_SECRET_FILE": str(secret)}).app_secret_file == secret
    assert load({"WHATSAPP_VERIFY_TOKEN_FILE": str(secret)}).verify_token_file == secret
    assert load({"WHATSAPP_APP_SECRET": "word"}).app_secret_file is None


def test_the_webhook_s_own_process_needs_a_port_of_its_own():
    assert load({}).ingest_port is None
    assert "WAKEEL_INGEST_PORT" in faults({"WAKEEL_INGEST_PORT": "8000"})
    assert "WAKEEL_INGEST_PORT" in faults({"WAKEEL_INGEST_PORT": "9000", "WAKEEL_PORT": "9000"})
    assert load({"WAKEEL_INGEST_PORT": "8000", "WAKEEL_INGEST_HOST": "127.0.0.2"}).ingest_port == 8000


def test_raw_bodies_are_kept_for_longer_than_meta_repeats_them():
    for days in ("7", "0", "3651", "-8"):
        assert "WAKEEL_RAW_DAYS" in faults({"WAKEEL_RAW_DAYS": days})
    assert [load({"WAKEEL_RAW_DAYS": days}).raw_days for days in ("8", "3650", "")] == [8, 3650, 30]


def test_a_value_given_twice_or_from_a_file_that_is_not_there_is_a_fault(tmp_path: Path):
    twice = {"WHATSAPP_VERIFY_TOKEN": "a", "WHATSAPP_VERIFY_TOKEN_FILE": str(tmp_path / "b")}
    assert "twice" in faults(twice)["WHATSAPP_VERIFY_TOKEN"]
    absent = {"WHATSAPP_VERIFY_TOKEN_FILE": str(tmp_path / "absent")}
    assert "cannot be read" in faults(absent)["WHATSAPP_VERIFY_TOKEN"]


def test_a_practice_folder_can_neither_go_live_nor_leave_the_machine():
    practice = {"WAKEEL_PRACTICE": "true", "WHATSAPP_GRAPH_URL": "http://127.0.0.1:8001"}
    assert load(practice).mode is Mode.PRACTICE
    assert "WHATSAPP_ALLOW_LIVE_SEND" in faults({**practice, "WHATSAPP_ALLOW_LIVE_SEND": "true"})
    assert "WHATSAPP_GRAPH_URL" in faults({"WAKEEL_PRACTICE": "true"})


@pytest.mark.parametrize("url", ["http://127.1", "http://0.0.0.0:80", "http://user@127.0.0.1", "http://localhost.:1"])
def test_only_loopback_beyond_doubt_may_be_plain_http(url: str):
    assert "WHATSAPP_GRAPH_URL" in faults({"WHATSAPP_GRAPH_URL": url})


def test_listening_to_the_network_needs_the_name_people_use():
    assert "WAKEEL_PUBLIC_URL" in faults({"WAKEEL_HOST": "0.0.0.0"})
    assert "WAKEEL_PUBLIC_URL" in faults({"WAKEEL_PUBLIC_URL": "http://wakeel.example.org"})
    assert load({"WAKEEL_HOST": "0.0.0.0", "WAKEEL_PUBLIC_URL": "https://wakeel.example.org/"}).is_https


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WAKEEL_CALDAV_URL", "http://calendar.example.com/sara/"),
        ("WAKEEL_CALDAV_URL", "https://sara:secret@calendar.example.com/"),
        ("WAKEEL_CALDAV_URL", "file:///etc/passwd"),
        ("WAKEEL_CALDAV_USER", "sara:secret"),
        ("WAKEEL_SMTP_HOST", "smtp://mail.example.com"),
        ("WAKEEL_SMTP_SECURITY", "none"),
        ("WAKEEL_SMTP_PASSWORD", "كلمة"),
        ("WAKEEL_SMTP_FROM", "office@example.com, b@example.com"),
        ("WAKEEL_SMTP_FROM", ""),
    ],
)
def test_a_calendar_and_a_mail_server_get_nothing_in_the_open_and_nothing_they_cannot_take(name: str, value: str):
    """smtplib logs in with ASCII only: found out at the first mail, it would end the worker."""
    mail = {"WAKEEL_SMTP_HOST": "mail.example.com", "WAKEEL_SMTP_FROM": "office@example.com"}
    assert name in faults({**mail, name: value})
    assert load(mail).smtp_host == "mail.example.com"


@pytest.mark.parametrize("url", ["http://example.com/n", "example.com/n", "https://", "https://example.com/a b"])
def test_the_privacy_notice_is_a_page_that_people_can_open(url: str):
    """It stands in a message to people outside."""
    assert "WAKEEL_NOTICE_URL" in faults({"WAKEEL_NOTICE_URL": url})
    assert (
        load({"WAKEEL_NOTICE_URL": "https://example.com/privacy?v=2"}).notice_url == "https://example.com/privacy?v=2"
    )


def test_a_relative_sqlite_address_is_made_absolute():
    """Two processes may have two working folders."""
    assert load({"DATABASE_URL": "sqlite:///rel.sqlite3"}).sqlite_path == Path("rel.sqlite3").absolute()
    assert load({"DATABASE_URL": "sqlite:////abs/x.sqlite3"}).sqlite_path == Path("/abs/x.sqlite3")
    assert load({"DATABASE_URL": "postgresql://u@h/db"}).sqlite_path is None


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_commands_print_every_fault_and_exit_2(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("WAKEEL_PORT", "none")
    monkeypatch.setenv("WAKEEL_TIME_ZONE", "nowhere")
    assert main([command]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in told] == ["WAKEEL_TIME_ZONE", "WAKEEL_PORT"]
