"""Files of the stand-in: uploaded, described, fetched, deleted, forgotten; and those that came from phones."""

import hashlib
import http.client
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.simulator.conftest import NUMBER_ID, Simulator
from wakeel.simulator.durations import DAY_S
from wakeel.simulator.media import INBOUND_S, KEPT, UPLOADED_S, MediaStore

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Json = dict[str, Any]


def form(content: bytes, mime: str, *, name: str = "a.png", **fields: str) -> tuple[bytes, str]:
    """A multipart body and its Content-Type."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    file = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}\r\n\r\n'
    return "".join(parts).encode() + file.encode() + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def upload(simulator: Simulator, content: bytes = PNG, mime: str = "image/png", **fields: str) -> tuple[int, Json]:
    body, kind = form(content, mime, **({"messaging_product": "whatsapp", "type": mime} | fields))
    path = f"/v26.0/{NUMBER_ID}/media"
    return simulator.call("POST", path, raw=body, Authorization="Bearer x", Content_Type=kind)


def fetch(simulator: Simulator, url: str, *, token: str = "x") -> tuple[int, str | None, bytes]:
    """Status, type and bytes of a download address, which must be on the simulator's own port."""
    parts = urlsplit(url)
    assert parts.netloc.endswith(f":{simulator.port}")
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
    connection.request(
        "GET", f"{parts.path}?{parts.query}", headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    answer = connection.getresponse()
    found = answer.status, answer.headers["content-type"], answer.read()
    connection.close()
    return found


def described(simulator: Simulator, media_id: str, query: str = "") -> tuple[int, Json]:
    return simulator.call("GET", f"/v26.0/{media_id}{query}", Authorization="Bearer x")


def test_an_upload_is_described_fetched_with_a_token_and_deleted(simulator: Simulator):
    status, answer = upload(simulator)
    assert (status, answer.keys()) == (200, {"id"})
    status, about = described(simulator, answer["id"])
    assert status == 200
    assert about | {"url": ""} == {
        "messaging_product": "whatsapp",
        "url": "",
        "mime_type": "image/png",
        "sha256": hashlib.sha256(PNG).hexdigest(),
        "file_size": len(PNG),
        "id": answer["id"],
    }
    assert fetch(simulator, about["url"]) == (200, "image/png", PNG)
    assert fetch(simulator, about["url"], token="")[0] == 401
    assert fetch(simulator, about["url"].replace("hash=", "hash=0"))[0] == 404
    status, gone = simulator.call("DELETE", f"/v26.0/{answer['id']}", Authorization="Bearer x")
    assert (status, gone) == (200, {"success": True})
    assert described(simulator, answer["id"])[1]["error"]["error_subcode"] == 33
    assert fetch(simulator, about["url"])[0] == 404
    page = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
    page.request("GET", f"/api/media/{answer['id']}")
    assert page.getresponse().read() == PNG  # who received it still has it
    page.close()


def test_a_download_address_lives_five_minutes_and_the_id_thirty_days(simulator: Simulator):
    media_id = upload(simulator)[1]["id"]
    url = described(simulator, media_id)[1]["url"]
    simulator.post("/api/clock", {"advance_s": 5 * 60})
    assert fetch(simulator, url)[0] == 404
    assert fetch(simulator, described(simulator, media_id)[1]["url"])[0] == 200
    simulator.post("/api/clock", {"advance_s": UPLOADED_S})
    assert described(simulator, media_id)[0] == 400


@pytest.mark.parametrize(
    ("content", "mime", "fields", "why"),
    [
        (PNG, "image/gif", {}, "one of the following types"),
        (PNG, "application/octet-stream", {}, "Received file of type 'application/octet-stream'"),
        (PNG, "image/png", {"messaging_product": ""}, "messaging_product"),
        (bytes(5 * 1024 * 1024 + 1), "image/jpeg", {}, "too large"),
        (bytes(100 * 1024 + 1), "image/webp", {}, "too large"),
        (b"", "text/plain", {}, "must not be empty"),
    ],
    ids=["gif", "unknown", "no product", "large picture", "large still sticker", "empty"],
)
def test_a_file_meta_does_not_take_is_refused_with_the_reason(
    simulator: Simulator, content: bytes, mime: str, fields: Json, why: str
):
    status, answer = upload(simulator, content, mime, **fields)
    assert (status, answer["error"]["code"]) == (400, 100)
    assert why in answer["error"]["message"] + answer["error"].get("error_user_msg", "")


@pytest.mark.parametrize(
    ("size", "mime"),
    [(5 * 1024 * 1024, "image/jpeg"), (2 * 1024 * 1024, "audio/ogg; codecs=opus"), (17 * 1024 * 1024, DOCX)],
)
def test_a_file_within_its_limit_is_taken(simulator: Simulator, size: int, mime: str):
    status, answer = upload(simulator, bytes(size), mime)
    assert status == 200
    assert described(simulator, answer["id"])[1]["mime_type"] == mime


def test_a_sticker_that_moves_may_be_larger(simulator: Simulator):
    moving = b"RIFF\0\0\0\0WEBPVP8X" + bytes(14) + b"ANIM" + bytes(400 * 1024)
    assert upload(simulator, moving, "image/webp")[0] == 200
    assert upload(simulator, moving + bytes(200 * 1024), "image/webp")[0] == 400


def test_a_file_without_a_form_or_of_another_number_is_refused(simulator: Simulator):
    path = f"/v26.0/{NUMBER_ID}/media"
    answer = simulator.call("POST", path, {"messaging_product": "whatsapp"}, Authorization="Bearer x")[1]
    assert "file is required" in answer["error"]["message"]
    media_id = upload(simulator)[1]["id"]
    assert described(simulator, media_id, "?phone_number_id=1")[0] == 400
    assert described(simulator, media_id, f"?phone_number_id={NUMBER_ID}")[0] == 200
    wrong = simulator.call("POST", path, raw=b"--y", Authorization="Bearer x", Content_Type="multipart/form-data")
    assert wrong[1]["error"]["code"] == 100


def test_the_wire_log_says_what_was_uploaded_without_its_bytes(simulator: Simulator):
    upload(simulator)
    row = simulator.call("GET", "/api/wire?last=1")[1][0]
    assert row["body"] == f"(file: {len(PNG)} bytes, image/png)"


def store(tmp_path=None, *, now: list[float], kept=()) -> MediaStore:
    return MediaStore(now=lambda: now[0], address="http://127.0.0.1:1", folder=tmp_path, kept=kept)


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_file_from_a_phone_lives_seven_days_and_is_shown_for_longer(tmp_path, on_disk: bool):
    now = [0.0]
    files = store(tmp_path / "media" if on_disk else None, now=now)
    media_id = files.keep(b"sound", mime="audio/ogg; codecs=opus")
    assert files.get(media_id).kind == "audio/ogg"
    assert files.content(media_id) == b"sound"
    now[0] = INBOUND_S
    assert files.get(media_id) is None
    assert files.shown(media_id) is not None
    assert files.content(media_id) == b"sound"
    with pytest.raises(KeyError):
        files.content(f"{media_id}0")


def test_files_outlive_the_process_and_strays_do_not(tmp_path):
    folder, now = tmp_path / "media", [0.0]
    before = store(folder, now=now)
    kept, lost = before.keep(b"1", mime="text/plain"), before.keep(b"2", mime="text/plain")
    rows = [media for media in before.all() if media.id == kept]
    after = store(folder, now=now, kept=rows)
    assert after.content(kept) == b"1"
    assert [file.name for file in folder.iterdir()] == [kept]
    assert after.shown(lost) is None


def test_the_oldest_files_make_room(tmp_path):
    files = store(tmp_path / "media", now=[0.0])
    first = files.keep(b"first", mime="text/plain")
    for _ in range(KEPT):
        last = files.keep(b"more", mime="text/plain")
    assert files.shown(first) is None
    assert files.content(last) == b"more"
    assert len(list((tmp_path / "media").iterdir())) == KEPT
    assert files.get(last).until == 7 * DAY_S
