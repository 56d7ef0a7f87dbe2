"""Parts of pages that ask for themselves when what they show has changed: what they listen to is what is told."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.web import rows
from tests.web.test_live import told, watcher
from tests.web.test_meetings import meeting
from wakeel.store.models import InboundMessage, Meeting, Opportunity, OutboxMessage, Template, TemplateText
from wakeel.web.live_feed import Feed, Listener


@pytest.fixture
def feed(home: rows.House) -> Feed:
    """It has looked once."""
    feed = Feed()
    feed.turn([])
    return feed


def region(page: Client, path: str, name: str) -> tuple[set[str], str]:
    """What it listens to, and what it gets when it asks as htmx does. Nobody types in it: it is replaced whole."""
    tag = re.search(rf'<(\w+) [^>]*id="{name}"[^>]*>', page.get(path).content.decode())
    assert f'hx-trigger="live" hx-select="#{name}" hx-swap="outerHTML"' in tag[0]
    asks = unescape(re.search(r'hx-get="([^"]*)"', tag[0])[1])
    again = page.get(asks, headers={"HX-Request": "true", "HX-Target": name, "X-Wakeel-Live": "1"}).content.decode()
    inside = _whole(again, name, tag[1])
    assert not re.search(r'<(textarea|select|input (?!type="hidden"))', inside)
    return set(re.search(r'data-live-on="([^"]*)"', tag[0])[1].split()), inside


def _whole(html: str, name: str, tag: str) -> str:
    start = html.index(f'id="{name}"')
    depth = 1
    for found in re.finditer(rf"<(/?){tag}\b", html[start:]):
        depth += -1 if found[1] else 1
        if not depth:
            return html[start : start + found.end()]
    raise AssertionError(f"{name} never ends")


def test_what_happens_with_a_person_reaches_their_page(page, home, feed):
    """What they wrote, how our message fares, and decisions about an opportunity that is younger than the page."""
    person, listener = rows.contact(home), Listener(watcher(home))
    path = f"/contacts/{person.id}/?part=all"
    [key] = region(page, path, "conversation")[0]
    InboundMessage.objects.create(
        business=home.business, contact=person, wamid="wamid.1", kind="text", text="هلا بالجميع", sent_at=rows.now(),
        recorded_at=rows.now(),
    )  # fmt: skip
    assert key in told(feed, listener)[0].on
    assert "هلا بالجميع" in region(page, path, "conversation")[1]
    deal = rows.opportunity(home, person, state="presented")
    assert key in told(feed, listener)[0].on
    Opportunity.objects.filter(pk=deal.pk).update(state="skipped")
    assert key in told(feed, listener)[0].on
    message = rows.message(home, rows.draft(home, deal))
    feed.turn([])
    OutboxMessage.objects.filter(pk=message.pk).update(state="accepted", status="read")
    assert key in told(feed, listener)[0].on


def test_a_record_that_was_joined_to_another_is_heard_on_both_pages(page, home):
    kept, joined = rows.contact(home), rows.contact(home, "مريم", phone="+966509722234")
    type(joined).objects.filter(pk=joined.pk).update(merged_into=kept)
    both = {f"contact:{kept.id}", f"contact:{joined.id}"}
    assert [region(page, f"/contacts/{pk}/", "conversation")[0] for pk in (kept.id, joined.id)] == [both, both]


def test_an_answer_to_a_meeting_reaches_its_page(page, home, feed):
    found, listener = meeting(home), Listener(watcher(home))
    feed.turn([])
    keys, before = region(page, f"/meetings/{found.id}/", "meeting-state")
    Meeting.objects.filter(pk=found.pk).update(state="cancelled")
    assert told(feed, listener)[0].on == {f"meeting:{found.id}"} < keys
    after = region(page, f"/meetings/{found.id}/", "meeting-state")[1]
    assert before != after
    assert "<form" not in after, "an approval is for the text it stands under"


def test_what_whatsapp_says_of_a_template_reaches_a_page_that_is_older(page, home, feed):
    """Its row is written when WhatsApp first says something: no page can know its number."""
    listener = Listener(watcher(home))
    TemplateText.objects.create(
        business=home.business, name="order_ready", language="ar", meta_name="order_ready_v1", category="UTILITY",
        components=[{"type": "BODY", "text": "جاهز"}], created_at=rows.now(),
    )  # fmt: skip
    keys, before = region(page, "/templates/order_ready/ar/", "template-state")
    said = Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name="order_ready_v1", language="ar", status="PENDING"
    )
    assert told(feed, listener)[0].on == keys == {"template"}
    assert "PENDING" not in before
    assert "PENDING" in region(page, "/templates/order_ready/ar/", "template-state")[1]
    Template.objects.filter(pk=said.pk).update(status="APPROVED")
    assert told(feed, listener)[0].on == keys
