"""`wakeel doctor` beside a Wakeel that runs: every check against the simulator, and the test of the six buttons."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.house import House
from tests.machine import Json

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def doctor(house: House, *options: str, **environ: str) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "wakeel.cli", "doctor", *options]
    return subprocess.Popen(
        argv, env=house.deployment.environ | environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def said_with_an_expired_token(house: House) -> str:
    """In Arabic. Beside it nothing is said of the number: Meta tells nobody."""
    house.bench("POST", "/api/rules", {"account": "token_expired"})
    try:
        process = doctor(house, "--language", "ar")
        said = process.communicate()[0]
    finally:
        house.bench("POST", "/api/rules", {"account": "active"})
    assert (process.returncode, "رقم الإرسال:" in said) == (1, False), said
    return said


def grades(lines: Sequence[str]) -> dict[str, str]:
    """Grade by check; what to do and the last line left out."""
    found = [line.partition(": ")[0].split(" · ") for line in lines if " · " in line]
    return {name: grade for grade, name in found}


def test_a_wakeel_that_runs_is_well_and_what_is_wrong_with_it_is_named(house: House):
    before = house.rows("SELECT count(*) FROM outbox")
    settings = {"WAKEEL_PUBLIC_URL": f"http://127.0.0.1:{house.deployment.port}"}
    well = doctor(house, **settings)
    wrong = doctor(house, **settings, WHATSAPP_APP_SECRET="another app's", WHATSAPP_WABA_ID="1")
    said, said_wrong = well.communicate()[0], wrong.communicate()[0]
    assert "FAIL" not in said, said
    found = grades(said.splitlines())
    assert all(found[name] == "ok" for name in ("Database", "Worker", "Webhook", "Webhook signature", "Access token"))
    assert all(found[name] == "ok" for name in ("Sending number", "Messaging limit", "Subscription", "Operators"))
    assert (well.returncode, wrong.returncode) == (0, 1)
    found = grades(said_wrong.splitlines())
    assert [name for name, grade in found.items() if grade == "FAIL"] == [
        "Webhook signature", "Access token", "Subscription", "Templates",
    ], said_wrong  # fmt: skip
    expired = said_with_an_expired_token(house)
    assert "خلل · رمز الوصول: رمز الوصول خاطئ أو انتهى (190).\n    → أنشئ رمزًا جديدًا" in expired
    secrets = ("another app's", house.deployment.environ["WHATSAPP_ACCESS_TOKEN"])
    assert not any(secret in said + said_wrong + expired for secret in secrets)
    assert house.rows("SELECT count(*) FROM outbox") == before


def test_every_tap_of_the_six_buttons_is_reported_as_it_arrives(house: House):
    """The sandbox test of a real device as one command; here the device is the simulator's phone."""
    decided = house.rows("SELECT count(*) FROM decision")
    process = doctor(house, "--live-test", "--minutes", "1", "--language", "ar")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("أرسل\n")
    process.stdin.flush()
    for card in house.until(lambda: _test_cards(house)):
        for button in card["buttons"]:
            wamid = house.operator.tap_id(card["wamid"], button["id"])
    said, _ = process.communicate()
    assert process.returncode == 0, said
    lines = said.splitlines()
    assert [line.split(": ")[1].split(" (")[0] for line in lines if line.startswith("الضغطة")] == [
        "قبول", "تخطي", "رسالة", "اعتماد", "تعديل", "إلغاء",
    ]  # fmt: skip
    assert house.answer(wamid) == "وصلت الضغطة (6 من 6). هذا فحص للأزرار، ولم يُقرَّر شيء."
    assert house.rows("SELECT count(*) FROM decision") == decided


def _test_cards(house: House) -> list[Json] | None:
    """Both cards, once both are on the phone."""
    buttons = [message for message in house.operator.received() if message["buttons"]]
    cards = [message for message in buttons if ":tst_" in message["buttons"][0]["id"]]
    return cards if len(cards) == 2 else None
