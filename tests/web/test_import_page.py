"""A file comes in by three steps: uploaded, looked at, imported or put away. Between them it is sealed."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.flows.test_xlsx import workbook
from tests.web import rows
from wakeel import clock
from wakeel.flows import pending_import, table_file
from wakeel.flows.run_import import Imports
from wakeel.store import import_runs, pending_imports
from wakeel.store.models import Card, ConsentEventRow, Contact, ImportRun, Opportunity, PendingImport
from wakeel.store.screens import imports as imports_screen

HEADER = "phone,name,categories,purpose,happened_at,wording,evidence,collected_directly"
GOOD = "0509722233,مريم,marketing,offers,2026-06-01,أوافق,نموذج 17,نعم"
BAD = "12,نورة,marketing,offers,2026-06-01,أوافق,نموذج 18,نعم"


def upload(page, data: str | bytes, *, kind: str = "consents", name: str = "قائمة.csv", **extra: object):
    content = data if isinstance(data, bytes) else data.encode()
    return page.post("/import/", {"kind": kind, "file": SimpleUploadedFile(name, content), **extra})


def looked_at(page, data: str | bytes, **options: str) -> str:
    """Where the preview of an uploaded file stands."""
    response = upload(page, data, **options)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def work() -> None:
    """What the worker's loop does until nothing waits."""
    imports = Imports()
    while imports.advance(now=clock.now(), real_now=clock.real_now()):
        pass


def taken(page, path: str) -> str:
    """The page of an import after somebody said yes and the worker was through."""
    assert page.post(f"{path}take/")["Location"] == path
    work()
    return page.get(path).content.decode()


def test_nothing_is_imported_before_somebody_has_seen_what_it_would_do(page):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n{BAD}\n")
    html = page.get(path).content.decode()
    assert "+966509722233" in html, "the number as it was read"
    assert "بلا رمز دولة: قُرئ من المملكة العربية السعودية" in html
    assert "أرقام بلا رمز دولة" in html
    assert "رقم غير صالح" in html
    assert "استيراد السطر السليم" in html
    assert not ConsentEventRow.objects.exists()
    assert not Contact.objects.exists()
    told = taken(page, path)
    assert "2 من 2 سطر" in told
    assert "رقم غير صالح" in told
    assert "السجل لا ينسى شيئًا" in told, "consents are never taken back, and it says so"
    assert ConsentEventRow.objects.get().type == "import"
    assert not PendingImport.objects.exists()
    assert ImportRun.objects.get().sealed is None


def test_a_second_click_imports_nothing_twice(page):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    page.post(f"{path}take/")
    assert page.post(f"{path}take/")["Location"] == path, "it is being taken"
    work()
    assert page.post(f"{path}take/")["Location"] == path
    work()
    assert ConsentEventRow.objects.count() == 1
    assert ImportRun.objects.get().imported == 1
    assert "لم يعد هذا الملف هنا" in page.post("/import/imp_gone/take/", follow=True).content.decode()


def test_opportunities_come_in_the_same_way_and_as_a_workbook(page):
    data = workbook(["الفرصة", "الجوال"], ["تجديد", 509722233], ["=1+1", 509722244])
    path = looked_at(page, data, kind="opportunities", name="table")
    html = page.get(path).content.decode()
    assert "صيغة حسابية" in html
    taken(page, path)
    assert Opportunity.objects.get().title == "تجديد"


def test_a_file_that_is_put_away_is_gone(page):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    page.post(f"{path}cancel/")
    assert not PendingImport.objects.exists()
    assert page.get(path).status_code == 404
    assert not Contact.objects.exists()


def test_the_file_waits_sealed(page):
    looked_at(page, f"{HEADER}\n{GOOD}\n")
    sealed = bytes(PendingImport.objects.get().sealed)
    assert b"0509722233" not in sealed
    assert "نموذج".encode() not in sealed


def test_after_an_hour_it_is_gone(page, monkeypatch: pytest.MonkeyPatch):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    later = clock.real_now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert page.get(path).status_code == 404
    page.post(f"{path}take/")
    work()
    assert not ConsentEventRow.objects.exists()
    pending_import.drop_old(now=later, real_now=later)
    assert not PendingImport.objects.exists()


def test_another_upload_takes_the_place_of_the_first(page):
    first = looked_at(page, f"{HEADER}\n{GOOD}\n")
    looked_at(page, f"{HEADER}\n{GOOD}\n")
    assert PendingImport.objects.count() == 1
    assert page.get(first).status_code == 404


def test_a_file_is_seen_by_whoever_uploaded_it_alone(page, client, home):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    client.force_login(other.user)
    assert client.get(path).status_code == 404
    assert client.get(f"{path}faults/").status_code == 404
    client.post(f"{path}take/")
    client.post(f"{path}cancel/")
    assert PendingImport.objects.count() == 1
    assert not ConsentEventRow.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "الملف فارغ"),
        (b"x" * (10 * 1024 * 1024 + 1), "أكبر من 10"),
        (b"x" * (12 * 1024 * 1024), "أكبر من 10"),
    ],
)
def test_what_is_empty_or_too_large_is_not_kept(page, data: bytes, words: str):
    response = upload(page, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0old", "قديم"),
        (b"PK\x03\x04broken", "ليس مصنف XLSX"),
        (b"\x89PNG\r\n\x1a\n\0\0", "ليس UTF-8"),
    ],
)
def test_what_is_no_such_table_offers_nothing_to_import(page, data: bytes, words: str):
    path = looked_at(page, data, name="good.csv")
    html = page.get(path).content.decode()
    assert words in html
    assert "/take/" not in html


def matched(page, path: str, **chosen: str):
    """Send the page of columns: place → our column; what is not named keeps what the page proposes."""
    html = page.get(f"{path}columns/").content.decode()
    selects = re.findall(r'<select name="(column-\d+)".*?</select>', html, re.DOTALL)
    proposed = {
        name: (re.search(r'value="(\w*)" selected', block) or [None, ""])[1]
        for name, block in zip(selects, re.findall(r"<select.*?</select>", html, re.DOTALL), strict=True)
    }
    return page.post(f"{path}columns/", {**proposed, **{f"column-{place[1:]}": to for place, to in chosen.items()}})


def test_columns_that_say_nothing_are_matched_by_a_person_and_remembered(page):
    """The guess is made by the words in a header; what was chosen serves the next file with the same headers."""
    data = "اسم المشروع,رقم الجوال (واتساب),ملاحظات\nتجديد,0509722233,سري\n"
    path = looked_at(page, data, kind="opportunities")
    assert page.get(path)["Location"] == f"{path}columns/"
    html = page.get(f"{path}columns/").content.decode()
    assert re.search(r'<option value="phone" selected', html), "it has our word in it"
    assert "سري" in html, "the first cells help to tell"
    refused = matched(page, path)
    assert refused.status_code == 422
    assert "لا بد من عمود «الفرصة»" in refused.content.decode()
    assert "لعمود واحد فقط" in matched(page, path, p0="phone").content.decode()
    assert matched(page, path, p0="title")["Location"] == path
    html = page.get(path).content.decode()
    assert "تجديد" in html
    assert "سري" not in html, "left out"
    taken(page, path)
    assert Opportunity.objects.get().summary == ""
    again = looked_at(page, data.replace("تجديد", "توسعة"), kind="opportunities")
    assert "توسعة" in page.get(again).content.decode(), "not asked a second time"
    other = looked_at(page, data.replace("ملاحظات", "أخرى"), kind="opportunities")
    assert page.get(other)["Location"] == f"{other}columns/"


def test_a_column_of_consents_in_a_file_of_opportunities_is_never_taken_for_one(page):
    path = looked_at(page, "title,phone,consent\nتجديد,0509722233,نعم\n", kind="opportunities")
    html = page.get(f"{path}columns/").content.decode()
    assert "ملفات الفرص لا تحمل موافقات" in html
    assert matched(page, path)["Location"] == path
    taken(page, path)
    assert not ConsentEventRow.objects.exists()


OPPORTUNITIES = "title,phone\n" + "".join(f"مشروع {n},05097222{n:02d}\n" for n in range(24))


def test_a_worker_that_dies_takes_no_row_twice_and_leaves_none_out(page, monkeypatch: pytest.MonkeyPatch):
    path = looked_at(page, OPPORTUNITIES, kind="opportunities")
    page.post(f"{path}take/")
    died = Imports()
    for _ in range(2):
        died.advance(now=clock.now(), real_now=clock.real_now())
    assert Opportunity.objects.count() == 10
    assert "10 من 24 سطر" in page.get(path).content.decode()
    assert "10 من 24 سطر" in page.get(path, headers={"HX-Target": "import-run"}).content.decode()
    work()
    assert Opportunity.objects.count() == 10, "nobody else takes it before the lease of the first is over"
    later = clock.real_now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.imported, run.updated, run.done) == ("done", 24, 0, 24)
    died.advance(now=clock.now(), real_now=clock.real_now())
    assert Opportunity.objects.count() == 24, "what comes back to life finds that it lost the file"


def test_a_file_that_ends_every_worker_is_given_up(page, monkeypatch: pytest.MonkeyPatch):
    path = looked_at(page, OPPORTUNITIES, kind="opportunities")
    page.post(f"{path}take/")
    for minutes in range(0, 30, 6):
        later = clock.real_now() + timedelta(minutes=minutes)
        Imports().advance(now=clock.now(), real_now=later)
    assert ImportRun.objects.get().state == "stopped"
    assert "تعذّر إكماله" in page.get(path).content.decode()


def test_stopping_keeps_what_was_taken_and_taking_back_removes_what_nobody_touched(page, home):
    """Taken back: what nothing happened to, with the people that only the file brought. Kept: what was decided."""
    path = looked_at(page, OPPORTUNITIES, kind="opportunities")
    page.post(f"{path}take/")
    imports = Imports()
    for _ in range(2):
        imports.advance(now=clock.now(), real_now=clock.real_now())
    page.post(f"{path}cancel/")
    work()
    assert ImportRun.objects.get().state == "stopped"
    assert Opportunity.objects.count() == 10
    accepted, shown, known = Opportunity.objects.order_by("created_at")[:3]
    Opportunity.objects.filter(pk=accepted.pk).update(state="accepted", owner=home.operator)
    asked = Card.objects.create(
        business=home.business, operator=home.operator, kind="opportunity", opportunity=shown, digest="d" * 64,
        created_at=rows.now(),
    )  # fmt: skip
    Contact.objects.filter(pk=known.contact_id).update(last_inbound_at=rows.now())
    html = page.get(f"{path}undo/").content.decode()
    assert "<dd>9</dd>" in html
    assert "<dd>1</dd>" in html
    assert page.post(f"{path}undo/")["Location"] == path
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.taken_back, run.closed, run.kept) == ("undone", 8, 1, 1)
    assert {row.pk: row.state for row in Opportunity.objects.all()} == {accepted.pk: "accepted", shown.pk: "expired"}
    asked.refresh_from_db()
    assert asked.closed_at is not None
    kept = {accepted.contact_id, shown.contact_id, known.contact_id}
    assert set(Contact.objects.values_list("pk", flat=True)) == kept
    assert "تم التراجع عنه" in page.get(path).content.decode()
    assert page.get(f"{path}undo/")["Location"] == path, "once"
    again = looked_at(page, OPPORTUNITIES, kind="opportunities")
    taken(page, again)
    assert Opportunity.objects.filter(state="new").count() == 23, "the same file brings them back"


def test_what_a_later_file_changed_belongs_to_that_one(page):
    first, second = (f"key,title,phone\nA-1,{title},0509722233\n" for title in ("تجديد", "توسعة"))
    path = looked_at(page, first, kind="opportunities")
    taken(page, path)
    taken(page, looked_at(page, second, kind="opportunities"))
    assert "لم يُضف هذا الاستيراد جديدًا" in page.get(path).content.decode()
    page.post(f"{path}undo/")
    work()
    assert Opportunity.objects.get().title == "توسعة"


def test_an_erasure_ends_what_is_being_imported(page, home):
    """The file may name the person, and nobody can see whom a sealed file names."""
    path = looked_at(page, OPPORTUNITIES, kind="opportunities")
    page.post(f"{path}take/")
    imports = Imports()
    for _ in range(2):
        imports.advance(now=clock.now(), real_now=clock.real_now())
    import_runs.forget_person({home.business.id}, {"قائمة"}, now=clock.now())
    imports.advance(now=clock.now(), real_now=clock.real_now())
    run = ImportRun.objects.get()
    assert (run.state, run.why, run.sealed, run.name, run.imported) == ("stopped", "erasure", None, "", 10)
    assert "أُتلفت بيانات أحد الأشخاص" in page.get(path).content.decode()


def test_the_list_of_imports_is_the_business_s_own_and_read_page_by_page(page, client, home, monkeypatch):
    monkeypatch.setattr(imports_screen, "A_PAGE", 2)
    for n in range(3):
        taken(page, looked_at(page, f"title,phone\nتجديد,05097222{n:02d}\n", kind="opportunities", name=f"ملف-{n}.csv"))
    html = page.get("/import/").content.decode()
    assert ["ملف-2" in html, "ملف-1" in html, "ملف-0" in html] == [True, True, False]
    more = re.search(r'href="\?before=(\w+)"', html)[1]
    html = page.get("/import/", {"before": more}).content.decode()
    assert ["ملف-2" in html, "ملف-1" in html, "ملف-0" in html] == [False, False, True]
    run = ImportRun.objects.first()
    client.force_login(rows.house("بيان", phone_number_id="105500000000003", username="nora").user)
    assert "ملف-2" not in client.get("/import/").content.decode()
    for part in ("", "faults/", "undo/", "columns/"):
        assert client.get(f"/import/{run.pk}/{part}").status_code == 404
    for part in ("undo/", "cancel/", "take/"):
        client.post(f"/import/{run.pk}/{part}")
    assert {row.state for row in ImportRun.objects.all()} == {"done"}


def test_what_a_preview_has_no_time_for_is_looked_at_before_it_is_taken(page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pending_import, "LOOKED_AT", 1)
    path = looked_at(page, f"{HEADER}\n{GOOD}\n{BAD}\n")
    html = page.get(path).content.decode()
    assert "في الملف أسطر أكثر من 1" in html
    assert "رقم غير صالح" not in html
    assert "رقم غير صالح" in taken(page, path)
    assert (ImportRun.objects.get().imported, ImportRun.objects.get().refused) == (1, 1)


def test_a_request_reads_the_file_once_and_before_anybody_has_to_wait(page, monkeypatch: pytest.MonkeyPatch):
    """Inside the transaction that takes the file away, every other writer would wait for a large workbook."""
    done: list[str] = []
    for module, name in ((table_file, "_lines"), (pending_imports, "drop")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, _real=real, _name=name, **k: done.append(_name) or _real(*a, **k))
    path = looked_at(page, workbook(["الفرصة", "الجوال"], ["تجديد", 509722233]), kind="opportunities")
    steps = [
        lambda: page.get(path), lambda: page.get(f"{path}columns/"), lambda: page.get(f"{path}faults/"),
        lambda: page.post(f"{path}columns/", {"column-0": "title", "column-1": "phone"}),
        lambda: page.post(f"{path}take/"),
    ]  # fmt: skip
    seen = []
    for step in steps:
        assert step().status_code in (200, 302)
        seen.append(list(done))
        done.clear()
    assert seen == [["_lines"]] * 4 + [["_lines", "drop"]]
    assert ImportRun.objects.get().columns == {"الفرصة": "title", "الجوال": "phone"}


def test_the_faults_can_be_saved_as_a_table_without_formulas(page):
    path = looked_at(page, f"{HEADER},=HYPERLINK(1)\n{GOOD},x\n")
    response = page.get(f"{path}faults/")
    assert response["Content-Disposition"] == 'attachment; filename="faults.csv"'
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert table[1][:2] == ["1", "'=HYPERLINK(1)"]


@pytest.mark.parametrize("sample", sorted(rows.HOSTILE))
def test_hostile_cells_and_names_stay_text_on_the_preview(page, sample: str):
    text = rows.HOSTILE[sample]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*HEADER.split(","), text])
    writer.writerow(["0509722233", text, "marketing", "offers", "2026-06-01", text, text, "نعم", ""])
    seen = [page.get(looked_at(page, file.getvalue(), name=text[:60].replace("/", "_"))).content.decode()]
    writer = csv.writer(file := io.StringIO())
    writer.writerow(["title", "phone", "company"])
    writer.writerow([text[:200], "0509722233", text[:100]])
    seen.append(page.get(looked_at(page, file.getvalue(), kind="opportunities")).content.decode())
    for html in seen:
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="http://evil' not in html


def test_looking_is_for_everybody_and_importing_for_linked_phones(page, home):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    home.operator.state = "suspended"
    home.operator.save()
    assert page.get("/import/").status_code == 200
    assert page.get(path).status_code == 200
    assert page.post(f"{path}take/")["Location"] == "/operators/enrol/"
    assert upload(page, f"{HEADER}\n{GOOD}\n")["Location"] == "/operators/enrol/"
    assert not ConsentEventRow.objects.exists()


def test_taking_and_putting_away_are_posts_with_a_token(page, home):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    assert page.get(f"{path}take/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(home.user)
    assert strict.post(f"{path}take/").status_code == 403
    assert upload(strict, f"{HEADER}\n{GOOD}\n").status_code == 403
    assert not ConsentEventRow.objects.exists()
