"""Every page of the URL configuration in Chromium: on a phone at night in Arabic, on a desk in English."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import Look, faults, looking
from tests.deployment import make_deployment, web_process
from wakeel.rehearsal.screens import Screens

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Screens, list[str]]]:
    """Somebody signed in before screens full of everything that stands still, and the addresses of their pages."""
    folder = tmp_path_factory.mktemp("desk") / "data"
    with make_deployment(folder, WAKEEL_SIMULATOR_URL="http://127.0.0.1:9") as deployment:
        filled = subprocess.run(
            [sys.executable, "-m", "tests.web.every_page"], env={**deployment.environ, "WAKEEL_ROLE": "tool"},
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert filled.returncode == 0, filled.stderr
        desk = json.loads(filled.stdout.splitlines()[-1])
        with web_process(deployment):
            screens = Screens(deployment.port, desk["cookies"])
            yield screens, pages(screens, desk)


def pages(screens: Screens, desk: dict) -> list[str]:
    """The addresses that answer with a page of their own."""
    found = []
    for _, path in desk["places"]:
        page = screens.get(path)
        if page.status == 200 and page.url == path and page.raw.startswith("<!doctype html>"):
            found.append(path)
    assert len(found) > 40
    return found


SELDOM = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "soak", reason="make soak looks at it; make bars at all eight"
)


@pytest.mark.parametrize("look", [Look("ar", 320, True), pytest.param(Look("en", 1440), marks=SELDOM)], ids=str)
def test_every_page_passes_axe_fits_and_is_let_by_the_policy(desk, chromium: Browser, look: Look):
    screens, paths = desk
    base = f"http://localhost:{screens.port}"
    with looking(chromium, look, base, cookies=screens.cookies) as context:
        found = faults(context.new_page(), base, paths, look=look)
    with looking(chromium, look, base, cookies={}) as context:
        found += faults(context.new_page(), base, ["/login/", "/no/such/page/"], look=look)
    assert not found, "\n".join(map(str, found))
