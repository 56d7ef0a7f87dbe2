"""A login and its second factors as a person meets them, with a virtual authenticator, under the strict policy."""

import base64
import hmac
import re
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import LISTEN, Look, faults
from tests.deployment import Deployment, make_deployment, web_process
from tests.web.rows import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ROOT = Path(__file__).parents[2]
FILL = """
import django; django.setup()
from tests.web import rows
rows.may_be(rows.house(phone_number_id="105500000000009"), "operator", "admin")
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("login") / "data") as deployment:
        environ = {**deployment.environ, "WAKEEL_ROLE": "tool"}
        subprocess.run([sys.executable, "-c", FILL], env=environ, cwd=ROOT, check=True)
        with web_process(deployment):
            yield deployment


@pytest.fixture
def visit(desk: Deployment, chromium: Browser) -> Iterator[Callable[[], Page]]:
    """A browser of its own with an authenticator built in; nothing may have been refused by the policy at the end."""
    pages: list[Page] = []
    refused: list[str] = []

    def one() -> Page:
        context = chromium.new_context(
            base_url=f"http://localhost:{desk.port}", locale="ar", viewport={"width": 390, "height": 780},
            timezone_id="Asia/Riyadh",
        )  # fmt: skip
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        protocol = context.new_cdp_session(page)
        protocol.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        pages.append(page)
        return page

    yield one
    for page in pages:
        page.context.close()
    assert refused == []


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(page: Page) -> None:
    page.goto("/login/")
    page.locator("input[name=username]").fill("sara")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")


def send_code(page: Page, code: str) -> None:
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")


def sign_out(page: Page) -> None:
    page.locator("form[action='/logout/'] button").last.click()
    expect(page).to_have_url(re.compile("/login/$"))


def secrets_on(page: Page) -> list[str]:
    return [words.replace(" ", "") for words in page.locator(".secret").all_inner_texts()]


def test_app_recovery_code_passkey_and_sessions(visit: Callable[[], Page]):
    page = visit()
    sign_in(page)
    page.goto("/settings/security/app/")
    expect(page).to_have_url(re.compile(r"/prove/\?next="))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("svg.qr")).to_be_visible()
    [secret] = secrets_on(page)
    send_code(page, code_of(secret))
    expect(page).to_have_url(re.compile("/codes/$"))
    codes = secrets_on(page)
    assert len(codes) == 10

    sign_out(page)
    sign_in(page)
    expect(page).to_have_url(re.compile("/login/code/$"))
    send_code(page, code_of(secret))
    expect(page.locator("nav").first).to_be_visible()

    page.goto("/settings/security/passkeys/add/")
    page.get_by_role("link", name="برمز من التطبيق أو رمز استرداد").click()
    send_code(page, codes[0])
    page.locator("#passkey_add").click()
    expect(page.get_by_role("heading", name="مفتاح مرور 1")).to_be_visible()

    sign_out(page)
    page.locator("#passkey_login").click()
    expect(page.locator("nav").first).to_be_visible()
    page.goto("/settings/security/codes/")
    page.get_by_role("link", name="بمفتاح مرور").click()
    page.locator("#passkey_use").click()
    expect(page.locator(".secret")).to_have_count(9)

    elsewhere = visit()
    sign_in(elsewhere)
    send_code(elsewhere, codes[1])
    expect(elsewhere.locator("nav").first).to_be_visible()
    page.goto("/settings/security/")
    page.get_by_role("button", name="الخروج هناك").click()
    expect(page.locator(".messages")).to_contain_text("سُجّل خروج متصفح واحد")
    elsewhere.goto("/")
    expect(elsewhere).to_have_url(re.compile("/login/"))
    _settings_are_sound(page)


def _settings_are_sound(page: Page) -> None:
    """Pages that nobody sees who did not just prove who they are."""
    key = page.locator("a[href*='/passkeys/']").first.get_attribute("href")
    assert key is not None
    paths = [
        key, key.replace("name", "remove"), "/settings/security/codes/", "/settings/security/app/remove/",
        "/settings/security/passkeys/add/",
    ]  # fmt: skip
    base = page.url.split("/settings")[0]
    found = faults(page, base, paths, look=Look("ar", 390))
    assert not found, "\n".join(map(str, found))
