"""Everybody we write to, page by page, and found by whatever is known of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.web import rows
from wakeel.store.models import Contact, InboundMessage, Opportunity, RoleGrant
from wakeel.store.screens import contacts as listing


def names(page: Client, query: str = "", path: str = "/contacts/") -> list[str]:
    response = page.get(f"{path}{query}")
    assert response.status_code == 200
    return re.findall(r'<bdi class="name">([^<]*)</bdi>', response.content.decode())


def person(home: rows.House, name: str, number: int, *, hours: int | None = None) -> Contact:
    at = None if hours is None else rows.now() - timedelta(hours=hours)
    made = rows.contact(home, name, phone=f"+96650000{number:04}")
    Contact.objects.filter(pk=made.pk).update(last_inbound_at=at)
    return made


def test_nobody_yet_says_so_and_names_one_step(page):
    shown = page.get("/contacts/").content.decode()
    assert "لا توجد جهات اتصال بعد" in shown
    assert 'href="/import/"' in shown
    assert "لا أحد في هذا القسم" in page.get("/contacts/?shown=open").content.decode()
    assert "لا نتائج" in page.get("/search/?q=مريم").content.decode()
    assert page.get("/search/").status_code == 200


def test_who_wrote_last_stands_first_and_every_page_goes_on_where_the_last_ended(page, home, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    for number, (name, hours) in enumerate([("أ", 3), ("ب", 30), ("ج", None), ("د", None), ("هـ", 3)]):
        person(home, name, number, hours=hours)
    at = Contact.objects.get(name="أ").last_inbound_at
    Contact.objects.filter(name="هـ").update(last_inbound_at=at)
    found, address = [], "/contacts/"
    for _ in range(3):
        response = page.get(address)
        found += re.findall(r'<bdi class="name">([^<]*)</bdi>', response.content.decode())
        further = re.search(r'class="button soft" href="/contacts/(\?[^"]*after=[^"]*)"', response.content.decode())
        address = f"/contacts/{further[1].replace('&amp;', '&')}" if further else ""
    assert address == "", found
    assert found == ["هـ", "أ", "ب", "د", "ج"], "at one instant the newer record first; nobody twice, nobody missing"
    assert names(page, "?shown=open") == ["هـ", "أ"]
    assert names(page, "?shown=new") == ["د", "ج"]
    assert names(page, "?after=nonsense") == ["هـ", "أ"]


def test_a_row_says_how_they_may_be_written_to_now(page, home):
    person(home, "مفتوحة", 1, hours=1)
    rows.agreed(home, person(home, "بقالب", 2, hours=40))
    rows.opted_out(home, person(home, "متوقفة", 3, hours=60))
    shown = page.get("/contacts/").content.decode()
    said = {
        name: re.search(rf'<bdi class="name">{name}</bdi>.*?<span class="chip[^>]*>([^<·]*)', shown, re.DOTALL)[
            1
        ].strip()
        for name in ("مفتوحة", "بقالب", "متوقفة")
    }
    assert said == {"مفتوحة": "نص حر", "بقالب": "بقالب فقط", "متوقفة": "لا تجوز المراسلة الآن"}


def test_a_number_is_whole_only_for_whoever_has_to_do_with_them(page, home):
    mine, _ = person(home, "لي", 1), person(home, "لغيري", 2)
    deal = rows.opportunity(home, mine)
    Opportunity.objects.filter(pk=deal.pk).update(owner=home.operator)
    shown = page.get("/contacts/").content.decode()
    assert "+966500000001" in shown
    assert "+966500000002" not in shown
    assert "+966•••••0002" in shown
    assert names(page, "?shown=mine") == ["لي"]
    assert names(page, "?q=0002") == ["لغيري"]
    RoleGrant.objects.filter(user=home.user).update(role="auditor")
    shown = page.get("/contacts/").content.decode()
    assert "+966500000001" not in shown
    assert names(page, "?q=0002") == [], "the last digits would let a masked number be guessed"
    assert names(page, "?q=0500000002") == ["لغيري"]


def test_a_find_says_where_and_leads_there(page, home):
    salman = person(home, "سلمان", 1)
    deal = rows.opportunity(home, salman, title="تجهيز <b>عيادة</b>")
    InboundMessage.objects.create(
        business=home.business, contact=salman, wamid="wamid.1", kind="text", text="هل تصلون إلى حي النرجس؟",
        sent_at=rows.now(), recorded_at=rows.now(),
    )  # fmt: skip
    shown = page.get("/search/?q=عياده").content.decode()
    assert f'href="/i/{deal.id}/"' in shown
    assert "<mark>&lt;b&gt;عيادة&lt;/b&gt;</mark>" in shown
    shown = page.get("/search/?q=النرجس").content.decode()
    assert "من رسائل العميل:" in shown
    assert "<mark>النرجس؟</mark>" in shown
    assert names(page, "?q=سلمان", "/search/") == ["سلمان"]


def test_another_business_is_not_found(page, home):
    there = rows.house("شروق", phone_number_id="105500000000003", username="noor")
    person(there, "غريبة", 1)
    assert names(page) == names(page, "?q=غريبة") == []


@pytest.mark.parametrize("path", ["/contacts/", "/contacts/?q=ا", "/search/?q=سلمان"])
def test_as_many_queries_for_fifty_as_for_two(page, home, django_assert_max_num_queries, path):
    for number in range(50):
        deal = rows.opportunity(home, person(home, f"سلمان {number}", number, hours=number), key=f"k{number}")
        assert deal
    with django_assert_max_num_queries(40):
        page.get(path)
