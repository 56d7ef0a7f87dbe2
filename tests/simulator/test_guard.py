"""Who may drive the phones."""

import pytest
from starlette.datastructures import Headers

from wakeel.simulator.guard import HEADERS, objection

HERE = "127.0.0.1"
JSON = {"host": "localhost:8001", "content-type": "application/json"}


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:8001", "[::1]:8001", "localhost"])
def test_names_of_this_machine_pass(host: str):
    assert objection("GET", "/api/state", Headers({"host": host}), own_host=HERE) is None


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8001", "", "[::1", "192.168.1.5:8001"])
def test_a_name_bound_to_this_machine_by_somebody_else_does_not_pass(host: str):
    assert "Host" in str(objection("GET", "/api/state", Headers({"host": host}), own_host=HERE))


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost:3000", "http://127.0.0.1:8001"],
)
def test_a_foreign_page_cannot_post(origin: str):
    """Another port is another site: whatever else runs on this machine has no business with the phones."""
    assert objection("POST", "/api/clock", Headers(JSON | {"origin": origin}), own_host=HERE)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_may_be_posted_to_the_bench(kind: str):
    """A form of another site can be sent without asking the browser; JSON cannot."""
    assert objection("POST", "/api/clock", Headers(JSON | {"content-type": kind}), own_host=HERE)


def test_our_own_page_may_post():
    headers = Headers(JSON | {"origin": "http://localhost:8001", "content-type": "application/json; charset=utf-8"})
    assert objection("POST", "/api/clock", headers, own_host=HERE) is None


@pytest.mark.parametrize(("host", "passes"), [("192.0.2.7:8001", True), ("localhost:8001", True), ("192.0.2.8", False)])
def test_the_address_it_was_told_to_listen_on_may_be_named(host: str, passes: bool):
    assert (objection("GET", "/api/state", Headers({"host": host}), own_host="192.0.2.7") is None) is passes


def test_no_other_site_may_embed_what_is_served():
    assert HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"
