"""Our own stylesheet and scripts: both directions, colours that can be read, and small."""

import gzip

from benchmarks import bars_static


def test_styles_know_no_left_and_no_right():
    assert bars_static.physical_directions() == []


def test_every_text_and_every_edge_stands_out_from_its_ground():
    """WCAG 2.2: 1.4.3 and 1.4.11."""
    assert bars_static.least_text_contrast() >= 4.5
    assert bars_static.least_edge_contrast() >= 3


def test_our_own_browser_code_stays_small():
    found = bars_static.own_lines()
    assert found["js"] <= 400
    assert found["css"] <= 1500
    for kind in ("css", "js"):
        together = b"".join(path.read_bytes() for path in sorted(bars_static.STATIC.glob(f"*.{kind}")))
        assert len(gzip.compress(together)) <= 10_000, kind
