"""The page of incoming notices: counts, what waits for a person, trying it again, putting it aside."""

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.flows.one_webhook import route_inbound
from tests.web import rows
from wakeel.store.models import InboundMessage, InboxRow, OutboxMessage, SendingNumber

PHONE = "966509722233"
PLACE = "entry[0].changes[0].value.messages[{}]"


def message(said: str = "هلا", *, wamid: str = "wamid.1", phone: str = PHONE, **more: Any) -> dict[str, Any]:
    stamp = str(int(rows.now().timestamp()))
    return {"from": phone, "id": wamid, "timestamp": stamp, "type": "text", "text": {"body": said}, **more}


def arrived(*items: dict[str, Any], number: str = "105500000000002", at: datetime | None = None) -> InboxRow:
    """As the worker leaves it."""
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, "messages": list(items)}
    entry = {"id": "215500000000001", "changes": [{"field": "messages", "value": value}]}
    return carried_out(json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode(), at=at)


def carried_out(body: bytes, *, at: datetime | None = None) -> InboxRow:
    digest = hashlib.sha256(body).digest()
    row = InboxRow.objects.create(digest=digest, body=body, received_at=at or rows.now())
    route_inbound(row.pk, now=rows.now())
    row.refresh_from_db()
    return row


def html_of(page: Client, path: str = "/webhooks/") -> str:
    answer = page.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def press(page: Client, row: InboxRow, verb: str, *, path: str = PLACE.format(0)) -> str:
    """What the page says after a button."""
    answer = page.post(f"/webhooks/{row.pk}/{verb}/", {"path": path}, follow=True)
    assert answer.redirect_chain == [("/webhooks/", 302)]
    return answer.content.decode()


@pytest.fixture
def broken() -> dict[str, Any]:
    return message("كلام سري", timestamp="yesterday")


def test_an_item_for_a_person_is_shown_without_what_it_holds(page, home, broken):
    person = rows.contact(home)
    row = arrived(broken, at=rows.now() - timedelta(hours=3))
    html = html_of(page)
    assert "عنصر تعذّرت قراءته" in html
    assert PLACE.format(0) in html
    assert row.errors[0]["error"] in html.replace("&#x27;", "'")
    assert f"/contacts/{person.id}/" in html
    assert "ينتظر منذ 3 ساعات" in html
    for hidden in ("كلام سري", PHONE, "yesterday"):
        assert hidden not in html
    assert "2233" in html


def test_a_notice_of_which_nothing_can_be_read_is_shown_too(page, home):
    carried_out(b'{"object": "whatsapp_business_account", "entry"')
    assert "إشعار تعذّرت قراءته كله" in html_of(page)


def test_an_item_of_another_business_is_neither_shown_nor_settled(page, home, broken):
    """The deployment may serve several; whose it is can be read."""
    rows.house("غيرنا", phone_number_id="105500000000099", username="other")
    row = arrived(broken, number="105500000000099")
    assert PLACE.format(0) not in html_of(page)
    for verb in ("again", "dismiss"):
        assert page.post(f"/webhooks/{row.pk}/{verb}/", {"path": PLACE.format(0)}).status_code == 404
    row.refresh_from_db()
    assert row.state == "quarantined"


def test_what_concerns_another_business_is_neither_counted_nor_listed(page, home, broken):
    """Notes name the business where the item names its number; the rest concerns everybody, and the page says so."""
    assert "لكل المنشآت" not in html_of(page)
    other = rows.house("غيرنا", phone_number_id="105500000000099", username="other")
    SendingNumber.objects.filter(pk=other.number.pk).update(waba_id="215500000000099")
    theirs = arrived(broken, number="105500000000099")
    entry = {"id": "215500000000099", "changes": [{"field": "their_news", "value": {}}]}
    carried_out(json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode())
    answer = page.get("/webhooks/")
    assert "لكل المنشآت" in answer.content.decode()
    assert "their_news" not in answer.content.decode()
    assert answer.context["counts"].quarantined == 0
    assert answer.context["seat"].failure_count == 0
    assert "their_news" not in html_of(page, "/health/")
    assert theirs.errors[0]["error"] not in html_of(page, "/failures/")
    client = Client()
    client.force_login(other.user)
    answer = client.get("/webhooks/")
    assert "their_news" in answer.content.decode()
    assert (answer.context["counts"].quarantined, answer.context["seat"].failure_count) == (1, 1)
    press(client, theirs, "dismiss")
    assert "سُوّي مؤخرًا" in html_of(client)
    assert "سُوّي مؤخرًا" not in html_of(page)


def test_an_item_for_no_number_of_ours_shows_nobody(page, home):
    rows.contact(home)
    arrived(message(), number="105500000000055")
    html = html_of(page)
    assert "عنصر لا يخص أي رقم لدينا" in html
    assert "2233" not in html


def test_trying_again_carries_it_out_once_and_says_so(page, home):
    row = arrived(message(), number="105500000000055")
    assert "ما زال العنصر متعذرًا" in press(page, row, "again")
    SendingNumber.objects.create(
        phone_number_id="105500000000055", business=home.business, waba_id="215500000000001", display_phone="96611"
    )
    html = press(page, row, "again")
    assert "نُفّذ العنصر الآن" in html
    assert "لا شيء بانتظار شخص" in html
    assert "سُوّي مؤخرًا" in html
    assert "سارة" in html
    assert "سُوّي هذا العنصر من قبل" in press(page, row, "again")
    assert InboundMessage.objects.filter(wamid="wamid.1").count() == 1
    assert InboxRow.objects.get().state == "done"


def test_putting_aside_names_who_did_it_and_lets_held_messages_go_on(page, home, broken):
    person = rows.contact(home)
    rows.agreed(home, person)
    rows.message(home, rows.draft(home, rows.opportunity(home, person)))
    row = arrived(broken)
    assert OutboxMessage.objects.get(audience="contact").hold_code == "UNREAD_MESSAGE"
    html = press(page, row, "dismiss")
    assert "نُحّي العنصر باسمك" in html
    assert "تُستأنف الآن: 1" in html
    assert OutboxMessage.objects.get(audience="contact").state == "pending"
    row.refresh_from_db()
    [note] = row.errors
    assert (row.state, note["kind"], note["by"]) == ("done", "dismissed", str(home.user.pk))


def test_without_a_phone_one_may_look_and_not_settle(page, home, broken):
    home.operator.delete()
    row = arrived(broken)
    html = html_of(page)
    assert PLACE.format(0) in html
    assert f"/webhooks/{row.pk}/again/" not in html
    page.post(f"/webhooks/{row.pk}/dismiss/", {"path": PLACE.format(0)})
    row.refresh_from_db()
    assert row.state == "quarantined"


def test_nobody_looks_without_a_login(client, home):
    assert client.get("/webhooks/").status_code == 302
    assert client.get("/webhooks/").headers["Location"].startswith("/login/")


def test_buttons_need_the_forms_token_and_a_post(home, broken):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(home.user)
    row = arrived(broken)
    assert strict.post(f"/webhooks/{row.pk}/dismiss/", {"path": PLACE.format(0)}).status_code == 403
    assert strict.get(f"/webhooks/{row.pk}/dismiss/").status_code == 405
    row.refresh_from_db()
    assert row.state == "quarantined"


@pytest.mark.parametrize("form", [{}, {"path": "x" * 201}])
def test_a_form_that_is_not_ours_is_refused(page, home, broken, form):
    assert page.post(f"/webhooks/{arrived(broken).pk}/again/", form).status_code == 400


def test_an_item_that_is_not_there_is_told_as_settled(page, home, broken):
    row = arrived(broken)
    assert "سُوّي هذا العنصر من قبل" in press(page, row, "again", path="entry[9]")


def test_counts_tell_of_today_and_of_what_waits(page, home, broken):
    arrived(message())
    arrived(message(wamid="wamid.2"), broken)
    old = rows.now() - timedelta(days=2)
    InboxRow.objects.create(digest=b"w" * 32, body=b"{}", received_at=old)
    context = page.get("/webhooks/").context["counts"]
    assert (context.arrived, context.done, context.quarantined_today) == (2, 1, 1)
    assert (context.waiting, context.quarantined, context.oldest_at) == (1, 1, old)


def test_what_is_not_recognised_is_listed_with_its_field(page, home):
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "105500000000002"}}
    change = {"field": "<b>new</b>", "value": value}
    entry = {"id": "215500000000001", "changes": [change]}
    row = carried_out(json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode())
    assert row.state == "done"
    html = html_of(page)
    assert "إشعارات من نوع لا تعمل به هذه النسخة" in html
    assert "&lt;b&gt;new&lt;/b&gt;" in html
    assert "<b>new" not in html


def test_hostile_notes_stay_text(page, home):
    """A fault's words come from us, a kind's from Meta; neither is trusted as markup."""
    for number, words in enumerate(rows.HOSTILE.values()):
        InboxRow.objects.create(
            digest=bytes([number]) * 32, body=b"{}", received_at=rows.now(), state="quarantined",
            errors=[{"kind": "malformed", "path": words[:50], "error": words}],
        )  # fmt: skip
    html = html_of(page)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


@pytest.mark.parametrize("path", ["/health/", "/failures/"])
def test_health_and_failures_lead_here(page, home, broken, path):
    arrived(broken)
    assert 'href="/webhooks/"' in html_of(page, path)


def test_the_page_is_whole_in_english(page, home, broken):
    page.post("/language/", {"language": "en", "next": "/webhooks/"})
    arrived(broken)
    html = html_of(page)
    assert "Could not be carried out" in html
    assert "An item that cannot be read" in html


def test_a_message_held_for_an_unread_item_leads_here_from_the_failure_desk(page, home, broken):
    person = rows.contact(home)
    rows.agreed(home, person)
    rows.message(home, rows.draft(home, rows.opportunity(home, person)))
    arrived(broken)
    html = html_of(page, "/failures/")
    [link] = re.findall(r'<a class="button[^"]*" href="/webhooks/"[^>]*>(.*?)</a>', html, flags=re.DOTALL)
    assert "معاينة ما تعذّر تنفيذه" in link


def test_the_failure_desk_says_that_something_is_unread_and_leads_here(page, home, broken):
    """The list itself stands here alone, in words; there it was Meta's path and a bare error."""
    assert '<section class="block"' not in html_of(page, "/failures/")
    arrived(broken)
    html = html_of(page, "/failures/")
    assert "إشعارات واردة تعذّرت قراءة بعضها" in html
    assert '<a href="/webhooks/">' in html
    assert PLACE.format(0) not in html
    assert "<table" not in html


def test_what_was_put_aside_is_not_called_a_notice_of_an_unknown_kind(page, home, broken):
    row = arrived(broken)
    press(page, row, "dismiss")
    assert PLACE.format(0) not in html_of(page, "/health/")
