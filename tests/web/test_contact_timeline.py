"""What happened with one person, of both sides, on their page."""

import re
from datetime import timedelta
from uuid import uuid4

from tests.web import rows
from wakeel.store.models import Contact, InboundMessage, Opportunity, OutboxMessage, StatusEvent
from wakeel.store.screens import contact_timeline


def wrote(home: rows.House, person: Contact, text: str, *, hours: float) -> None:
    InboundMessage.objects.create(
        business=home.business, contact=person, wamid=f"wamid.{uuid4()}", kind="text", text=text,
        sent_at=rows.now() - timedelta(hours=hours), recorded_at=rows.now(),
    )  # fmt: skip


def sent(home: rows.House, person: Contact) -> OutboxMessage:
    """Yesterday; read, then a second one that failed."""
    draft = rows.draft(home, rows.opportunity(home, person, title="تجديد العقد"))
    message = rows.message(home, draft, state="accepted")
    attempt = rows.attempt(message, outcome="accepted", wamid="wamid.out")
    OutboxMessage.objects.filter(pk=message.pk).update(created_at=rows.now() - timedelta(hours=26))
    for status, code, hours in (("delivered", None, 25), ("failed", 131026, 24)):
        StatusEvent.objects.create(
            business=home.business, wamid="wamid.out", status=status, recipient="x", attempt=attempt, failure_code=code,
            at=rows.now() - timedelta(hours=hours), recorded_at=rows.now(),
        )  # fmt: skip
    return message


def test_both_sides_with_every_step_the_newest_last_and_a_line_for_each_day(page, home):
    person = rows.contact(home)
    rows.agreed(home, person)
    wrote(home, person, "كم السعر؟", hours=50)
    sent(home, person)
    wrote(home, person, "شكرًا", hours=0.1)
    html = page.get(f"/contacts/{person.id}/").content.decode()
    talk = html[html.index('id="conversation"') :]
    order = ["موافقة مسجّلة", "كم السعر؟", rows.TEXT.split()[2], "وصلت", "131026", "شكرًا", "وصلت الفرصة", "النسخة 1"]
    assert [word for word in order if word not in talk] == []
    assert sorted(order[:6], key=talk.index) == order[:6]
    assert len(set(re.findall(r'class="day-line"', talk))) == 1
    assert talk.count('class="day-line"') >= 3
    only = page.get(f"/contacts/{person.id}/?part=messages").content.decode()
    assert "وصلت الفرصة" not in only
    assert "شكرًا" in only
    only = page.get(f"/contacts/{person.id}/?part=consent").content.decode()
    assert "شكرًا" not in only[only.index('id="conversation"') :]
    assert page.get(f"/contacts/{person.id}/?part=nonsense&before=nonsense").status_code == 200


def test_what_is_older_stands_on_the_page_before(page, home, monkeypatch):
    monkeypatch.setattr(contact_timeline, "SHOWN", 2)
    person = rows.contact(home)
    for number in range(5):
        wrote(home, person, f"رسالة-{number}", hours=number)
    seen, address = [], f"/contacts/{person.id}/"
    for _ in range(3):
        html = page.get(address).content.decode()
        seen.append(re.findall(r"رسالة-\d", html))
        earlier = re.search(r'href="(\?part=all&amp;before=[^"#]*)', html)
        address = f"/contacts/{person.id}/{earlier[1].replace('&amp;', '&')}" if earlier else ""
    assert seen == [["رسالة-1", "رسالة-0"], ["رسالة-3", "رسالة-2"], ["رسالة-4"]]
    assert address == ""


def test_a_new_draft_is_offered_only_where_one_may_go(page, home):
    """Something open: an answer. Nothing open: a new opportunity, unless nothing may be sent to them."""
    person = rows.contact(home)
    begin, answer = f'href="/contacts/{person.id}/new/"', f'action="/contacts/{person.id}/answer/"'
    html = page.get(f"/contacts/{person.id}/").content.decode()
    assert begin in html
    assert answer not in html
    made = page.post(f"/contacts/{person.id}/new/", {"key": str(uuid4()), "title": "عقد صيانة", "purpose": "offers"})
    deal = Opportunity.objects.get(contact=person)
    assert made["Location"] == f"/i/{deal.id}/"
    assert deal.title == "عقد صيانة"
    assert page.post(f"/contacts/{person.id}/new/", {"key": str(uuid4()), "title": ""}).status_code == 422
    Opportunity.objects.filter(pk=deal.pk).update(state="replied")
    html = page.get(f"/contacts/{person.id}/").content.decode()
    assert answer in html
    assert begin not in html
    stranger = rows.contact(home, "ليلى", phone="+966501110001")
    Contact.objects.filter(pk=stranger.pk).update(last_inbound_at=None)
    html = page.get(f"/contacts/{stranger.id}/").content.decode()
    assert f"/contacts/{stranger.id}/new/" not in html, "they neither wrote nor agreed"
    elsewhere = rows.house("بيت", phone_number_id="105500000000003", username="other")
    other = rows.contact(elsewhere, phone="+966509722299")
    assert page.get(f"/contacts/{other.id}/new/").status_code == 404


def test_who_only_reads_sees_no_buttons(page, home):
    person = rows.contact(home)
    rows.agreed(home, person)
    rows.opportunity(home, person, state="replied")
    rows.may_be(home, "auditor")
    html = page.get(f"/contacts/{person.id}/").content.decode()
    main = html[html.index("<main") : html.index("</main")]
    assert f'action="/contacts/{person.id}/answer/"' not in main
    for word in ("consent/", "number/", "withdrawal/", "merge/", "stop/", "erase/", "export/", "rights/", "name/"):
        assert f'href="/contacts/{person.id}/{word}"' not in main, word
