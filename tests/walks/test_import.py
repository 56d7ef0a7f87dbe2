"""Walk 5: a file of opportunities → ranked cards; and the hostile sample set on its way to a contact's phone."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.test_xlsx import workbook
from tests.house import House, as_csv
from tests.words import says
from wakeel.domain.answers import AnswerCode
from wakeel.domain.content import completed

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def command(house: House, *argv: str) -> tuple[int, str, str]:
    """One command of the console script: exit code, stdout, stderr."""
    ended = subprocess.run(
        [sys.executable, "-m", "wakeel.cli", *argv], env=house.deployment.environ, cwd=house.deployment.folder,
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    return ended.returncode, ended.stdout, ended.stderr


def test_a_file_as_excel_writes_it_becomes_cards_best_score_first(house: House, tmp_path: Path):
    people = [house.person() for _ in range(4)]
    serial = people[0].wa_id[-4:]
    scores = dict(zip(["ألف", "باء", "جيم", "دال"], [40, 90, 65, 80], strict=True))
    lines = ["\ufeffالمعرف;الفرصة;الجوال;الاسم;الدرجة"]
    lines += [
        f"{serial}-{t};مشروع {serial} {t};0{p.wa_id[3:]};منى;{s}"
        for p, (t, s) in zip(people, scores.items(), strict=True)
    ]
    file = tmp_path / "excel.csv"
    file.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    code, told, faults = command(house, "import-opportunities", str(file))
    assert (code, told) == (0, "4 imported, 0 updated, 0 unchanged, 0 refused\n")
    assert faults == "look at this: 4 numbers had no country code and were read as numbers of Saudi Arabia.\n"
    house.until(lambda: len(house.shown(f"مشروع {serial}", "opp:")) == 3)
    house.until_quiet()
    shown = [card["text"].split("\n")[0] for card in house.shown(f"مشروع {serial}", "opp:")]
    assert ["باء" in shown[0], "دال" in shown[1], "جيم" in shown[2]] == [True, True, True], shown
    code, told, _ = command(house, "import-opportunities", str(file))
    assert (code, told) == (0, "0 imported, 0 updated, 4 unchanged, 0 refused\n")


def test_bad_rows_are_all_named_and_nothing_is_imported_unless_the_good_ones_are_wanted(house: House, tmp_path: Path):
    good = house.person()
    title = f"سليم {good.wa_id}"
    rows = [
        {"title": title, "phone": f"+{good.wa_id}", "score": "70", "message": ""},
        {"title": "رقم خطأ", "phone": "12", "score": "", "message": ""},
        {"title": "درجة خطأ", "phone": "+966505511111", "score": "101", "message": ""},
        {"title": "طويل", "phone": "+966505511112", "score": "", "message": "م" * 5_000},
    ]
    file = tmp_path / "bad.csv"
    file.write_text(as_csv(rows), encoding="utf-8")
    code, _, faults = command(house, "import-opportunities", str(file))
    assert code == 1
    assert [line.split(":")[0] for line in faults.splitlines()[:3]] == [
        "line 3, column phone", "line 4, column score", "line 5, column message",
    ]  # fmt: skip
    assert not house.rows(f"SELECT 1 FROM opportunity WHERE title = '{title}'")
    code, told, _ = command(house, "import-opportunities", str(file), "--accept-valid")
    assert (code, told) == (0, "1 imported, 0 updated, 0 unchanged, 3 refused\n")
    house.until(lambda: house.shown(title, "opp:"))


def test_a_workbook_is_looked_at_and_then_imported(house: House, tmp_path: Path):
    person = house.person()
    title = f"مصنف {person.wa_id}"
    file = tmp_path / "renamed.csv"
    file.write_bytes(workbook(["الفرصة", "الجوال"], [title, int(person.wa_id)], ["=1+1", "+966505511113"]))
    code, told, faults = command(house, "import-opportunities", str(file), "--preview")
    assert code == 1, "a row would be refused"
    assert f"line 2: +{person.wa_id} | {title}" in told
    assert told.endswith("1 imported, 0 updated, 0 unchanged, 1 refused\nnothing was imported: this was a preview\n")
    assert faults.startswith("line 3, column الفرصة: A formula.")
    assert not house.rows(f"SELECT 1 FROM opportunity WHERE title = '{title}'")
    code, told, _ = command(house, "import-opportunities", str(file), "--accept-valid")
    assert (code, told) == (0, "1 imported, 0 updated, 0 unchanged, 1 refused\n")


HOSTILE = {
    "script": "<script>alert('x')</script> \"quoted\" & {{ 7*7 }} {% now %}",
    "formula": '=HYPERLINK("http://evil.example","اضغط")\n+1-1 @SUM(A1)',
    "sql": "'; DROP TABLE outbox; -- %s %(x)s {0}",
    "emoji": "👨‍👩‍👧‍👦 تهانينا 🎉 ١٢٣ – “اقتباس” — © 🇸🇦",
    "long": "كلمة طويلة " * 300,
}
TURNED = "\u202eمقلوب\u202c \u2066نص\u2069 \u200f\u0007نهاية"


def test_hostile_texts_reach_the_contact_unharmed_and_no_log_knows_them(house: House):
    deals = []
    for name, text in HOSTILE.items():
        deals.append((house.deal(message=text, summary=f"{name} {text}"[:3_900], company=text[:150]), text.strip()))
    deals.append((house.deal(message=TURNED, summary=TURNED), "مقلوب نص نهاية"))
    for deal, text in deals:
        card = house.draft(deal)
        assert len(card["text"]) <= 1024
        page = house.item_page(deal)
        assert page.status == 200
        assert "<script>alert" not in page.raw
        assert says(house.decide(card, "اعتماد"), AnswerCode.APPROVED)
        house.pass_undo()
        house.until_left(deal.phone)
        whole, _ = completed(text, business_name="مكتب وكيل")
        assert [message["text"] for message in deal.phone.received()] == [whole]
    assert "<script>alert" not in house.screens.get("/").raw + house.screens.get("/outbox/").raw
    said = "".join(house.said(name) for name in ("web", "worker", "simulator"))
    words = ["alert(", "HYPERLINK", "DROP TABLE", "تهانينا", "مقلوب", "ليلى", "سعود", "test-access-token"]
    digits = [deal.phone.wa_id for deal, _ in deals] + [house.operator.wa_id]
    assert [word for word in words + digits if word in said] == []


def test_hostile_names_and_titles_are_one_line_of_the_card_and_harmless_on_the_screens(house: House):
    phone = house.person(name="<b>x</b>")
    phone.say("أهلًا <img src=x onerror=alert(1)>")
    title = f"عنوان {phone.wa_id}\u202e <script>alert(2)</script>\nقبول تم الإرسال"
    row = {
        "title": title,
        "phone": f"+{phone.wa_id}",
        "name": "=cmd|' /C calc'!A0\n\u202eاسم",
        "company": '"><svg onload=alert(3)>',
    }
    house.import_rows("opportunities", [row])
    [card] = house.until(lambda: house.shown(phone.wa_id, "opp:"))
    assert card["text"].split("\n")[0].startswith("الفرصة: \u2068عنوان")
    assert not any(line.startswith(("قبول", "<", "=")) for line in card["text"].split("\n"))
    assert "\u202e" not in card["text"]
    house.decide(card, "رسالة")
    raw = house.screens.get("/").raw + house.screens.get("/outbox/").raw
    assert all(tag not in raw for tag in ("<script>alert", "<svg onload", "<img src=x"))
