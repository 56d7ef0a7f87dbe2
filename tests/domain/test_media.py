"""What a file is, by its content: the kinds that are taken as evidence, and their look-alikes."""

import pytest

from wakeel.domain.media import EXTENSIONS, media_type_of

OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n rest", "image/png"),
        (b"\xff\xd8\xff\xe0 rest", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (OGG + b"OpusHead", "audio/ogg"),
        (OGG + b"\x01vorbis", "audio/ogg"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00", "audio/mp4"),
        ("قالت: أوافق\n".encode(), "text/plain"),
        ("\ufeffنعم".encode(), "text/plain"),
    ],
)
def test_the_kinds_that_are_taken(data: bytes, kind: str):
    assert media_type_of(data) == kind
    assert kind in EXTENSIONS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"MZ\x90\x00\x03",
        b"PK\x03\x04",
        b"GIF89a\x01\x00",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        OGG + b"\x80theora",
        b"\x00\x00\x00\x1cftypisom\x00\x00",
        b"\x7fELF",
        b"text with \x00 inside",
        "نص".encode("utf-16"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
)
def test_everything_else_is_not(data: bytes):
    assert media_type_of(data) is None
