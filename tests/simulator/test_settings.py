"""Options: everything on this machine, the secret only from a file."""

from pathlib import Path

import pytest

from wakeel.simulator.settings import FAST_LADDER, NORMAL_LADDER, is_loopback_url, parse


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text("abc\n")
    return str(path)


def test_the_secret_is_read_from_its_file_without_the_line_end(secret: str):
    options = parse(["--webhook-url", "http://127.0.0.1:8000/webhook", "--app-secret-file", secret])
    assert options.app_secret == b"abc"
    assert (options.port, options.host, options.phone_number_id) == (8001, "127.0.0.1", "105500000000002")
    assert options.ladder == NORMAL_LADDER
    fast = ["--webhook-url", "http://[::1]:8000/", "--app-secret-file", secret, "--fast-statuses"]
    assert parse(fast).ladder == FAST_LADDER
    reviews = [parse([*fast, "--review-seconds", given]).review_s for given in ("0", "1.5", "never")]
    assert reviews == [0.0, 1.5, None]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--host", "0.0.0.0"],
        ["--host", "wakeel.example"],
        ["--port", "0"],
        ["--webhook-url", "http://10.0.0.1/webhook"],
        ["--webhook-url", "ftp://127.0.0.1/webhook"],
        ["--product-url", "javascript:alert(1)"],
        ["--phone-number-id", "١٢٣"],
        ["--personas", "/nowhere/personas.toml"],
        ["--data-dir", "/nowhere"],
        ["--app-secret-file", "/dev/null"],
        ["--review-seconds", "-1"],
        ["--review-seconds", "soon"],
    ],
)
def test_a_wrong_option_ends_with_code_2(secret: str, wrong: list[str], capsys: pytest.CaptureFixture[str]):
    right = ["--webhook-url", "http://127.0.0.1:8000/webhook", "--app-secret-file", secret]
    with pytest.raises(SystemExit) as leaving:
        parse([*right, *wrong])
    assert leaving.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_the_network_is_reached_only_when_it_is_allowed(secret: str):
    line = ["--app-secret-file", secret, "--host", "192.0.2.7", "--webhook-url", "https://staging.example/webhook"]
    with pytest.raises(SystemExit):
        parse(line)
    options = parse([*line, "--allow-network"])
    assert (options.address, options.webhook_url) == ("http://192.0.2.7:8001", "https://staging.example/webhook")
    with pytest.raises(SystemExit):
        parse([*line, "--allow-network", "--host", "0.0.0.0"])


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://localhost:8000/webhook", True),
        ("http://127.9.9.9/", True),
        ("http://[::1]/", True),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://127.0.0.1@evil.example/", False),
        ("http://user@127.0.0.1/", False),
        ("http://0.0.0.0/", False),
        ("http:///webhook", False),
    ],
)
def test_loopback_is_the_literal_or_exactly_localhost(url: str, ours: bool):
    """No name is looked up: a name that points here today may point elsewhere tomorrow."""
    assert is_loopback_url(url) is ours
