"""The HTTP page names every path of the screens, and none that is not there."""

import re

from django.urls import get_resolver, resolve

from tests.docs.pages import rows, text_of

LEAN = {"/webhook", "/healthz"}


def documented() -> set[str]:
    cells = [row[0] for row in rows(text_of("docs/reference/http.md"))]
    return {found[1] for cell in cells if (found := re.search(r"`(/[^`]*)`", cell))}


def test_every_path_on_the_page_is_answered():
    for path in documented() - LEAN:
        resolve(re.sub(r"\{[a-z_]+\}", "1", path))


def test_every_named_path_is_on_the_page():
    covered = {resolve(re.sub(r"\{[a-z_]+\}", "1", path)).view_name for path in documented() - LEAN}
    resolver = get_resolver()
    desk = {f"desk:{name}" for name in resolver.namespace_dict["desk"][1].reverse_dict if isinstance(name, str)}
    assert covered == desk | {name for name in resolver.reverse_dict if isinstance(name, str)}
