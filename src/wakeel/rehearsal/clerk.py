"""`python -m wakeel.rehearsal.clerk`: the product's own verbs for a household, without a new interpreter for each.

One JSON object a line comes in, `{"verb": …, …}`; one goes out, `{"done": …}` or `{"refused": sentence}`.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

from wakeel.processes import watch_supervisor

Verb = Callable[..., Any]


def main() -> int:
    """Answer until stdin ends."""
    watch_supervisor()
    os.environ["WAKEEL_ROLE"] = "tool"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wakeel.settings")
    django.setup()
    from wakeel.rehearsal.clerk_verbs import REFUSALS, verbs  # noqa: PLC0415  (models may be imported only now)

    known = verbs()
    _say("clerk ready")
    for line in sys.stdin:
        wish = json.loads(line)
        try:
            answer = {"done": known[wish.pop("verb")](**wish)}
        except REFUSALS as refused:
            answer = {"refused": str(refused)}
        _say(json.dumps(answer, ensure_ascii=False))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
