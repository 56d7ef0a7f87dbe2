"""A file comes in by three steps: uploaded, looked at, imported or put away. Between them it is sealed."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.flows.test_xlsx import workbook
from tests.web import rows
from wakeel import clock
from wakeel.flows import pending_import
from wakeel.store.models import ConsentEventRow, Contact, Opportunity, PendingImport

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
    told = page.post(f"{path}take/", follow=True).content.decode()
    assert "استُورد سطر واحد" in told
    assert "رُفض سطر واحد" in told
    assert ConsentEventRow.objects.get().type == "import"
    assert not PendingImport.objects.exists()


def test_a_second_click_imports_nothing_twice(page):
    path = looked_at(page, f"{HEADER}\n{GOOD}\n")
    page.post(f"{path}take/")
    html = page.post(f"{path}take/", follow=True).content.decode()
    assert "لم يعد هذا الملف هنا" in html
    assert ConsentEventRow.objects.count() == 1


def test_opportunities_come_in_the_same_way_and_as_a_workbook(page):
    data = workbook(["الفرصة", "الجوال"], ["تجديد", 509722233], ["=1+1", 509722244])
    path = looked_at(page, data, kind="opportunities", name="table")
    html = page.get(path).content.decode()
    assert "صيغة حسابية" in html
    page.post(f"{path}take/")
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
    assert not ConsentEventRow.objects.exists()
    pending_import.drop_old(real_now=later)
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
        (b"phone\n1\n", "عمود ناقص"),
    ],
)
def test_what_is_no_such_table_offers_nothing_to_import(page, data: bytes, words: str):
    path = looked_at(page, data, name="good.csv")
    html = page.get(path).content.decode()
    assert words in html
    assert "/take/" not in html


def test_more_rows_than_a_page_has_time_for_go_through_the_command(page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pending_import, "MOST_ROWS_HERE", 1)
    html = page.get(looked_at(page, f"{HEADER}\n{GOOD}\n{GOOD}\n")).content.decode()
    assert "أكثر من 1 سطر" in html


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
