import pytest

from wakeel.whatsapp.mode import BadGraphUrl, Mode, is_loopback_host, mode_of, parse_graph_url


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8020", "http://127.8.9.1", "http://[::1]:80/x", "http://localhost:1/", "https://127.0.0.1"],
)
@pytest.mark.parametrize("flag", [True, False])
def test_this_machine_is_practice_whatever_the_flag_says(url: str, flag: bool):
    assert mode_of(url, allow_live_send=flag) is Mode.PRACTICE


NOT_LOOPBACK = [
    "https://graph.facebook.com", "http://127.0.0.1.evil.com", "http://0.0.0.0", "http://127.1", "http://2130706433",
    "http://0x7f.0.0.1", "http://127.0.0.1.", "http://localhost.", "http://LOCALHOST", "http://localhost.localdomain",
    "http://[::ffff:127.0.0.1]", "http://[::]", "http://128.0.0.1", "http://127.0.0.01",
]  # fmt: skip


@pytest.mark.parametrize("url", NOT_LOOPBACK)
def test_anything_else_is_live_or_dry_by_the_flag(url: str):
    assert mode_of(url, allow_live_send=True) is Mode.LIVE
    assert mode_of(url, allow_live_send=False) is Mode.DRY


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1", "ftp://127.0.0.1", "http://127.0.0.1@evil.com", "http://evil.com#@127.0.0.1", "http://evil.com\\@127.0.0.1",
     "http://127.0.0.1:80@evil.com", "http://127.0.0.1?x", "http://127.0.0.1 .evil.com", "http://[::1%25eth0]", "http://[12:34]",
     "http://127.0.0.1:0", "http://127.0.0.1:70000", "http://127.0.0.1\n", "HTTP://127.0.0.1", "http://١٢٧.0.0.1"],
)  # fmt: skip
def test_what_two_parsers_could_read_differently_is_refused(url: str):
    with pytest.raises(BadGraphUrl):
        mode_of(url, allow_live_send=False)


def test_a_graph_url_is_written_back_with_its_port():
    assert str(parse_graph_url("https://graph.facebook.com/")) == "https://graph.facebook.com:443"
    assert str(parse_graph_url("http://[::1]:8020/graph")) == "http://[::1]:8020/graph"


@pytest.mark.parametrize("host", ["::1", "0:0:0:0:0:0:0:1", "127.255.255.255", "localhost"])
def test_loopback_hosts_are_known(host: str):
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", ["", "[::1]", "::ffff:127.0.0.1", "::1%lo", "::", "10.0.0.1", "127.0.0.1.nip.io"])
def test_other_hosts_are_not_loopback(host: str):
    assert not is_loopback_host(host)
