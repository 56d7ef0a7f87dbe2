"""What came without words is named on the page of the opportunity."""

import pytest
from django.urls import reverse

from tests.web import rows
from wakeel.store.models import InboundMessage


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("image", {}, "رسالة دون نص (<bdi>صورة</bdi>)"),
        ("audio", {"is_voice": True}, "رسالة دون نص (<bdi>رسالة صوتية</bdi>)"),
        ("hologram", {}, "رسالة دون نص (<bdi>hologram</bdi>)"),
    ],
)
def test_a_message_without_words_is_shown_as_the_kind_it_is(page, home, kind: str, content: dict, said: str):
    contact = rows.contact(home)
    InboundMessage.objects.create(
        business=home.business, wamid="wamid.1", contact=contact, kind=kind, content=content, sent_at=rows.now(),
        recorded_at=rows.now(),
    )  # fmt: skip
    html = page.get(reverse("desk:item", args=[rows.opportunity(home, contact).id])).content.decode()
    assert said in html
