"""The conversation on a person's page: what was said, the files they sent, and a draft that answers it."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from tests.web import rows
from wakeel.store import media_files
from wakeel.store.models import Contact, Draft, DraftVersion, InboundMessage, MediaFile

PDF = b"%PDF-1.7 hostile <script>alert(1)</script>"


@pytest.fixture
def person(home: rows.House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Contact:
    monkeypatch.setattr(media_files, "path_of", lambda digest: tmp_path / digest)
    return rows.contact(home, phone="+966509722233")


def wrote(home: rows.House, person: Contact, text: str = "كم السعر؟", **fields: str) -> InboundMessage:
    return InboundMessage.objects.create(
        business=home.business, wamid=f"wamid.{uuid4()}", contact=person, kind=fields.get("kind", "text"), text=text,
        sent_at=rows.now(), recorded_at=rows.now(),
    )  # fmt: skip


def sent_file(home: rows.House, person: Contact, name: str = "عرض.pdf") -> MediaFile:
    message = wrote(home, person, "", kind="document")
    media_files.want_all(
        home.business.id, {message.wamid: {"id": "7", "mime_type": "", "filename": name}}, now=rows.now()
    )
    file = MediaFile.objects.get(message=message)
    media_files.keep(file.id, PDF, mime_type="application/pdf")
    return file


def test_what_was_said_is_shown_and_looking_reports_nothing(page: Client, home: rows.House, person: Contact):
    for hostile in rows.HOSTILE.values():
        message = wrote(home, person, hostile)
    html = page.get(f"/contacts/{person.id}/").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    message.refresh_from_db()
    assert message.read_wanted_at is None


def test_a_file_is_saved_as_what_it_is_and_never_shown_in_a_page(page: Client, home: rows.House, person: Contact):
    file = sent_file(home, person, name="<b>عرض</b>\u202efdp.exe")
    html = page.get(f"/contacts/{person.id}/").content.decode()
    assert "&lt;b&gt;عرض&lt;/b&gt;fdp.exe" in html
    assert "\u202e" not in html
    answer = page.get(f"/contacts/{person.id}/files/{file.id}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"] == f'attachment; filename="{file.id}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_of_somebody_else_or_that_is_gone_or_changed_is_not_found(
    page: Client, home: rows.House, person: Contact
):
    file = sent_file(home, person)
    file.refresh_from_db()
    elsewhere = rows.house("بيت", phone_number_id="105500000000003", username="other")
    stranger = rows.contact(elsewhere, phone="+966509722299")
    assert page.get(f"/contacts/{stranger.id}/files/{file.id}/").status_code == 404
    assert page.post(f"/contacts/{stranger.id}/answer/", {"key": str(uuid4())}).status_code == 404
    media_files.path_of(file.sha256).write_bytes(b"other")
    assert page.get(f"/contacts/{person.id}/files/{file.id}/").status_code == 404
    media_files.path_of(file.sha256).unlink()
    assert page.get(f"/contacts/{person.id}/files/{file.id}/").status_code == 404


def test_an_answer_is_drafted_once_and_waits_on_its_item(page: Client, home: rows.House, person: Contact):
    opportunity = rows.opportunity(home, person, state="replied", owner=home.operator)
    wrote(home, person)
    key = str(uuid4())
    answer = page.post(f"/contacts/{person.id}/answer/", {"key": key})
    assert answer["Location"] == f"/i/{opportunity.id}/"
    page.post(f"/contacts/{person.id}/answer/", {"key": key})
    draft = Draft.objects.get()
    assert (draft.category, draft.state) == ("service", "awaiting_approval")
    DraftVersion.objects.filter(draft=draft).update(written_by="tiny-1")
    html = page.get(f"/i/{opportunity.id}/").content.decode()
    assert "كتبها نموذج" in html
    assert "tiny-1" in html
