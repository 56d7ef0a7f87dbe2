"""A page asks the database as often for fifty rows as for five, and shows no more than fits on it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web import rows
from wakeel.domain.consent import ConsentType
from wakeel.store import consent
from wakeel.store.models import (
    Contact,
    ContactAlias,
    Draft,
    DraftVersion,
    InboundMessage,
    InboxRow,
    Opportunity,
    OutboxMessage,
)

STATES = (
    {"state": "failed", "failure_code": 131047},
    {"state": "held", "hold_code": "NO_CONSENT"},
    {"state": "pending"},
)
FEW, MANY = 5, 50


@pytest.fixture
def numbers() -> Iterator[int]:
    return count()


def grow(home: rows.House, rounds: int, numbers: Iterator[int]) -> None:
    """Each round: an opportunity and a draft that wait, a message in each of STATES, an item that cannot be read."""
    who = {"business": home.business}
    for number in (next(numbers) for _ in range(rounds)):
        people = Contact.objects.bulk_create(
            Contact(**who, name=f"شخص {number}.{n}", created_at=rows.now(), last_inbound_at=rows.now())
            for n in range(2 + len(STATES))
        )
        ContactAlias.objects.bulk_create(
            ContactAlias(**who, contact=person, kind="phone", value=f"+96650{number:04d}{n:03d}", valid_from=rows.now())
            for n, person in enumerate(people)
        )
        deals = Opportunity.objects.bulk_create(
            Opportunity(
                **who, external_key=f"{number}.{n}", contact=person, title="متابعة", score=50, created_at=rows.now(),
                updated_at=rows.now(), state="presented" if n == 0 else "drafting",
            )
            for n, person in enumerate(people)
        )  # fmt: skip
        drafts = Draft.objects.bulk_create(
            Draft(
                **who, opportunity=deal, contact=deal.contact, number=home.number, category="marketing",
                purpose="offers", state="awaiting_approval" if n == 0 else "approved", created_at=rows.now(),
            )
            for n, deal in enumerate(deals[1:])
        )  # fmt: skip
        DraftVersion.objects.bulk_create(
            DraftVersion(**who, draft=draft, number=1, text=rows.TEXT, created_at=rows.now()) for draft in drafts
        )
        OutboxMessage.objects.bulk_create(
            _message(home, draft, values) for draft, values in zip(drafts[1:], STATES, strict=True)
        )
        _unreadable(number)


def _message(home: rows.House, draft: Draft, values: dict[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        business=home.business, number=home.number, audience="contact", contact=draft.contact, draft=draft,
        draft_version=1, address="+9665", lane=2, body={"type": "text", "text": {"body": rows.TEXT}}, digest="0" * 64,
        category="marketing", purpose="offers", request_key=f"{draft.id}:1", due_at=rows.now() + timedelta(hours=1),
        created_at=rows.now(), updated_at=rows.now(), **values,
    )  # fmt: skip


def _unreadable(number: int) -> None:
    """A message of one of them, its time unreadable."""
    message = {"from": f"96650{number:04d}000", "id": f"wamid.{number}", "timestamp": "soon", "type": "text"}
    value = {"metadata": {"phone_number_id": "105500000000002"}, "messages": [message]}
    body = {"entry": [{"id": "215500000000001", "changes": [{"field": "messages", "value": value}]}]}
    InboxRow.objects.create(
        digest=b"%032d" % number, body=json.dumps(body).encode(), received_at=rows.now(), state="quarantined",
        errors=[{"kind": "malformed", "path": "entry[0].changes[0].value.messages[0]", "error": "timestamp"}],
    )  # fmt: skip


def history(home: rows.House, person: Contact, rounds: int, numbers: Iterator[int]) -> None:
    """Each round: what this person wrote, and a consent."""
    for number in (next(numbers) for _ in range(rounds)):
        InboundMessage.objects.create(
            business=home.business, wamid=f"wamid.said.{number}", contact=person, kind="text", text="كم السعر؟",
            sent_at=rows.now(), recorded_at=rows.now(),
        )  # fmt: skip
        consent.append(
            home.business.id, contact_id=person.id, type=ConsentType.GRANT, address=person.aliases.get().value,
            at=rows.now(), recorded_at=rows.now(), source="web_form", actor=home.operator.id, evidence="نموذج",
            categories=["marketing"], purposes=["offers"], explicit=True, collected_directly=True, wording="أوافق",
        )  # fmt: skip


def asked(page: Client, path: str, **headers: str) -> int:
    """How many statements one page takes, once it has been looked at before."""
    page.get(path, headers=headers)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert page.get(path, headers=headers).status_code == 200
    return len(statements)


def test_no_page_asks_more_often_when_there_are_more_rows(page, home, numbers):
    person = rows.contact(home)
    rows.agreed(home, person)
    deal = rows.opportunity(home, person, key="looked-at")
    rows.draft(home, deal)
    timeline = {"HX-Target": "timeline"}
    budget: dict[str, tuple[int, dict[str, str]]] = {
        "/": (50, {}),
        "/?tab=drafts": (50, {}),
        "/?tab=scheduled": (50, {}),
        f"/i/{deal.id}/": (50, {}),
        f"/i/{deal.id}/?": (20, timeline),
        f"/contacts/{person.id}/": (60, {}),
        "/outbox/": (20, {}),
        "/failures/": (35, {}),
        "/health/": (45, {}),
        "/webhooks/": (20, {}),
        "/numbers/": (20, {}),
        "/import/": (20, {}),
    }
    counted = []
    for rounds in (FEW, MANY - FEW):
        grow(home, rounds, numbers)
        history(home, person, 5, numbers)
        counted.append({path: asked(page, path, **headers) for path, (_, headers) in budget.items()})
    few, many = counted
    assert {path: (few[path], many[path]) for path in budget if many[path] > few[path]} == {}
    assert {path: few[path] for path, (most, _) in budget.items() if few[path] > most} == {}


def test_the_queue_is_read_page_by_page_and_misses_nothing(page, home, numbers):
    """A page shows twenty-five; the badge counts them all."""
    grow(home, 40, numbers)
    seen, after = [], ""
    for _ in range(2):
        answer = page.get("/", {"tab": "opportunities", "after": after})
        seen += [row.url for row in answer.context["rows"]]
        after = answer.context["queue"].next
        assert (f'href="/?tab=opportunities&amp;after={after}"' in answer.content.decode()) is bool(after)
    assert after == ""
    assert len(seen) == len(set(seen)) == 40
    assert "فرص <b>40</b>" in answer.content.decode()


def test_the_failure_desk_is_read_page_by_page(page, home, numbers):
    """Thirty refused and thirty held: three pages, nothing twice."""
    grow(home, 30, numbers)
    seen, path = [], "/failures/"
    for _ in range(3):
        context = page.get(path).context
        seen += [entry.row.id for part in context["parts"] for group in part.groups for entry in group.rows]
        path = f"/failures/?before={context['more']}"
    assert context["more"] == ""
    assert len(seen) == len(set(seen)) == 60


def test_a_place_that_is_none_shows_the_beginning(page, home, numbers):
    grow(home, 1, numbers)
    for before in ("", "x", "20261301T000000000000-out_1", "9" * 40):
        parts = page.get("/failures/", {"before": before}).context["parts"]
        assert sum(len(part.groups) for part in parts) == 2
    assert page.get("/", {"after": "opp_nobody"}).status_code == 200


def test_many_more_than_fit_on_a_badge_are_counted_to_a_thousand(page, home):
    Opportunity.objects.bulk_create(
        Opportunity(
            business=home.business, external_key=f"{n}", contact=person, title="x", created_at=rows.now(),
            updated_at=rows.now(), state="new",
        )
        for person in [rows.contact(home)] for n in range(1001)
    )  # fmt: skip
    assert '<b class="count" data-live="queue"><bdi dir="ltr">1000+</bdi></b>' in page.get("/").content.decode()
