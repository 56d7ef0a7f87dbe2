"""The hostile sample set through every page that shows outside text: drawn as text, never as markup."""

import pytest
from django.urls import reverse

from tests.web import rows
from wakeel.store.models import InboundMessage


@pytest.fixture(params=sorted(rows.HOSTILE))
def sample(request) -> str:
    return rows.HOSTILE[request.param]


@pytest.fixture
def addresses(home: rows.House, sample: str) -> list[str]:
    person = rows.contact(home, sample, organisation=sample)
    rows.agreed(home, person)
    deal = rows.opportunity(home, person, title=sample, summary=sample, value=sample[:60])
    draft = rows.draft(home, deal, text=sample[:3500])
    rows.message(home, draft, state="unknown")
    InboundMessage.objects.create(
        business=home.business, wamid="w", contact=person, kind="text", text=sample, sent_at=rows.now(),
        recorded_at=rows.now(),
    )  # fmt: skip
    rows.opportunity(home, person, key="open", title=sample, summary=sample)
    return [
        "/", reverse("desk:item", args=[deal.id]), "/outbox/", "/failures/", reverse("desk:contact", args=[person.id]),
        reverse("desk:consent", args=[person.id]), reverse("desk:number", args=[person.id]),
    ]  # fmt: skip


def test_outside_text_stays_text_on_every_page(page, addresses, sample):
    for address in addresses:
        response = page.get(address)
        html = response.content.decode()
        assert response.status_code == 200
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="http://evil' not in html


def test_text_that_turns_its_surroundings_round_is_always_isolated(page, home):
    """Every place it stands in carries a direction of its own, so its neighbours keep theirs."""
    sample = rows.HOSTILE["rlo"]
    deal = rows.opportunity(home, rows.contact(home, sample, organisation=sample), title=sample)
    for address in ("/", reverse("desk:item", args=[deal.id])):
        html = page.get(address).content.decode().split("</head>")[1]
        for before in html.split(sample)[:-1]:
            tag = before[before.rindex("<") :]
            assert tag.startswith("<bdi") or 'dir="auto"' in tag, tag


def test_what_an_operator_types_comes_back_as_text(page, home):
    draft = rows.draft(home, rows.opportunity(home, rows.contact(home)))
    values = {
        "key": "00000000-0000-4000-8000-000000000000",
        "version": "1",
        "text": "</textarea><script>alert(1)</script>" * 120,
    }
    html = page.post(f"/d/{draft.id}/text/", values).content.decode()
    assert "<script>alert" not in html
    assert "&lt;/textarea&gt;" in html
