"""The bars that need no browser: contrast of the colours, lines of our own browser code, directions in our styles."""

import re
from pathlib import Path

import wakeel.web

STATIC = Path(wakeel.web.__file__).parent / "static" / "web"
_RULE = re.compile(r":root\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\b")
_PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)\s*:|float\s*:|clear\s*:"
    r"|text-align\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)"
)
TEXT = ("ink", "ink2", "go", "warn", "bad", "info", "act")
SOFT = ("go", "warn", "bad", "info", "act")


def tokens() -> dict[str, dict[str, str]]:
    """The colours by name, `light` and `dark`."""
    found = [dict(_COLOUR.findall(rule)) for rule in _RULE.findall((STATIC / "desk.css").read_text())]
    light = found[0]
    return {"light": light, "dark": light | found[1]}


def contrast(one: str, other: str) -> float:
    """Between two colours, as WCAG 2 counts it: 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def least_text_contrast() -> float:
    """Of every text colour on the grounds it stands on, in both modes."""
    pairs = [
        (of[name], of[ground]) for of in tokens().values() for name in TEXT for ground in ("bg", "paper")
    ] + [(of[name], of[f"{name}-soft"]) for of in tokens().values() for name in SOFT]  # fmt: skip
    return min(contrast(*pair) for pair in pairs)


def least_edge_contrast() -> float:
    """Of the edges of what can be filled in and of the ring around what has the focus, in both modes."""
    return min(
        contrast(of[name], of[ground])
        for of in tokens().values()
        for name in ("edge", "go")
        for ground in ("bg", "paper")
    )


def physical_directions() -> list[str]:
    """Left and right in our styles; each breaks one of the two directions."""
    return [found.group() for found in _PHYSICAL.finditer((STATIC / "desk.css").read_text())]


def own_lines() -> dict[str, int]:
    """Lines of our scripts and of our styles."""
    return {
        kind: sum(len(path.read_text().splitlines()) for path in STATIC.glob(f"*.{kind}")) for kind in ("js", "css")
    }
