"""Which part of the queue somebody works through: it goes along in every link and form, so the way back is kept."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from wakeel.domain.roles import Act
from wakeel.store.screens.seat import Seat

NOBODY = "-"
"""In place of an operator's id, owns nothing: whoever has linked no phone finds in their own queue what is nobody's,
and has no numbers."""


class Tab(StrEnum):
    ALL = "all"
    DRAFTS = "drafts"
    OPPORTUNITIES = "opportunities"
    CLOSING = "closing"  # the reply window closes soon
    SCHEDULED = "scheduled"  # leaves or comes back by itself


@dataclass(frozen=True, slots=True)
class Place:
    """is_own: only what this person decides. may_see_all: whether there is a choice."""

    tab: Tab = Tab.ALL
    is_own: bool = True
    may_see_all: bool = False

    @property
    def query(self) -> str:
        """What stands after an address of the queue or of an item, '' for nothing."""
        chosen = {"tab": self.tab.value} if self.tab is not Tab.ALL else {}
        if self.may_see_all and self.is_own:
            chosen["whose"] = "mine"
        return f"?{urlencode(chosen)}" if chosen else ""

    @property
    def queue(self) -> str:
        return reverse("desk:queue") + self.query

    def item(self, opportunity_id: str) -> str:
        return reverse("desk:item", args=[opportunity_id]) + self.query

    def on(self, tab: Tab) -> "Place":
        return Place(tab, self.is_own, self.may_see_all)

    @property
    def own(self) -> "Place":
        return Place(self.tab, is_own=True, may_see_all=self.may_see_all)

    @property
    def everybodys(self) -> "Place":
        return Place(self.tab, is_own=False, may_see_all=self.may_see_all)

    def viewer(self, seat: Seat) -> str | None:
        """The operator whose own queue it is, None for everybody's."""
        return (seat.operator_id or NOBODY) if self.is_own else None


def place_of(request: HttpRequest, seat: Seat) -> Place:
    """Of the address that was asked for, or of the form that was sent."""
    asked = request.POST if request.method == "POST" else request.GET
    tab, may_see_all = asked.get("tab", ""), seat.may(Act.SEE_ALL)
    is_own = not may_see_all or (asked.get("whose") == "mine" and seat.operator_id is not None)
    return Place(Tab(tab) if tab in set(Tab) else Tab.ALL, is_own, may_see_all)


def with_edit(url: str) -> str:
    """The address of an item with its editor open."""
    return f"{url}{'&' if '?' in url else '?'}edit=1#new-text"


def with_done(url: str, draft_id: str) -> str:
    """The address of a page that also shows how to take back what was just approved."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'done': draft_id})}"
