"""What is kept of what people send: known by its bytes, whatever it was called."""

import pytest

from wakeel.domain.inbound_media import KINDS, kind_of_bytes

PK = b"PK\x03\x04"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"OggS" + b"\0" * 24 + b"OpusHead", "audio/ogg"),
        (b"\0\0\0\x18ftypisom\0\0", "video/mp4"),
        (b"\0\0\0\x18ftyp3gp4\0\0", "video/3gpp"),
        (b"\0\0\0\x18ftypM4A \0\0", "audio/mp4"),
        (b"#!AMR\n", "audio/amr"),
        (PK + b"[Content_Types].xml....word/document.xml", "application/vnd.openxmlformats-officedocument."
         "wordprocessingml.document"),
        (PK + b"[Content_Types].xml....word/document.xml word/vbaProject.bin", None),
        (PK + b"payload.exe", None),
        (b"MZ\x90\0", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>\0", None),
        (b"", None),
    ],
)  # fmt: skip
def test_a_file_is_what_is_in_it(data: bytes, kind: str | None):
    assert kind_of_bytes(data) == kind
    assert kind is None or kind in KINDS
