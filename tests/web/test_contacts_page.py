"""Everybody we write to, page by page, and found by whatever is known of them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.web import rows
from wakeel.flows.keep_search import read_some
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
    assert names(page, "?q=0001") == ["لي"]
    assert names(page, "?q=0002") == [], "the last digits would let a masked number be guessed"
    RoleGrant.objects.filter(user=home.user).update(role="auditor")
    shown = page.get("/contacts/").content.decode()
    assert "+966500000001" not in shown
    assert names(page, "?q=0001") == []
    assert names(page, "?q=0500000002") == ["لغيري"]


@pytest.mark.parametrize("is_read", [False, True], ids=["before the worker", "after it"])
def test_a_colleagues_number_is_not_guessed_digit_by_digit(page, home, is_read):
    """Beside a name, the beginning of a masked number would tell its digits one after the other."""
    fahd = rows.colleague(home)
    mine, theirs = person(home, "مريم لي", 1), person(home, "مريم لفهد", 2)
    rows.opportunity(home, mine, owner=home.operator)
    rows.opportunity(home, theirs, key="k-2", owner=fahd)
    while is_read and read_some():
        pass
    for part in ("96650", "050", "50000", "0500000", "9665000000", "0000002", "0002", "٠٠٠٢"):
        assert "مريم لفهد" not in names(page, f"?q=مريم {part}", "/search/"), part
        assert names(page, f"?q=لفهد {part}", "/search/") == [], "whichever word is the rarer one"
        assert "مريم لفهد" not in names(page, f"?q={part}"), part
    for part in ("96650", "050", "0001", "مريم 0001"):
        assert names(page, f"?q={part}") == ["مريم لي"], "of one's own people the last digits are enough"
    for whole in ("0500000002", "%2B966 50 000 0002", "مريم 00966500000002"):
        assert names(page, f"?q={whole}") == ["مريم لفهد"]
    RoleGrant.objects.filter(user=home.user).update(role="supervisor")
    assert names(page, "?q=مريم 0002") == ["مريم لفهد"]


def test_a_record_joined_with_ones_own_does_not_open_a_colleagues_number(page, home):
    """Of two records that are one person each number belongs to its own record, as on the person's page."""
    mine, theirs = person(home, "لي", 1), person(home, "لفهد", 2)
    rows.opportunity(home, mine, owner=home.operator)
    rows.opportunity(home, theirs, key="k-2", owner=rows.colleague(home))
    Contact.objects.filter(pk=theirs.pk).update(merged_into=mine)
    assert names(page, "?q=0002") == []
    assert names(page, "?q=0001") == ["لي"]


@pytest.mark.parametrize("role", ["operator", "auditor", "admin"])
def test_whole_numbers_are_not_tried_one_after_the_other(page, home, settings, role):
    """Four hidden digits are ten thousand tries; names and one's own people are searched on."""
    RoleGrant.objects.filter(user=home.user).update(role=role)
    person(home, "لغيري", 2)
    for guess in range(20):
        assert page.get(f"/search/?q=05000010{guess:02}").status_code == 200
    slowed = page.get("/contacts/?q=0500000002")
    assert slowed.status_code == 429
    assert slowed.headers["HX-Retarget"] == slowed.headers["HX-Reselect"] == "#found"
    shown = slowed.content.decode()
    assert "جُرّبت أرقام كثيرة" in shown
    assert "لغيري" not in shown
    assert names(page, "?q=لغيري") == ["لغيري"]
    assert page.get("/search/?q=0001").status_code == 200
    page.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Too many numbers" in page.get("/search/?q=966500000002").content.decode()


def test_the_tries_of_every_form_count_together(page, home):
    """The other record's number and that of a new opportunity tell whether somebody is known by it, too."""
    mine, theirs = person(home, "لي", 1), person(home, "لغيري", 2)
    for guess in range(10):
        page.post(f"/contacts/{mine.id}/merge/", {"other": f"+9665000010{guess:02}"})
        page.post("/i/new/", {"key": str(uuid4()), "title": "شيء", "phone": f"05000020{guess:02}", "purpose": "offers"})
    slowed = page.post(f"/contacts/{mine.id}/merge/", {"other": "+966500000002"})
    assert "جُرّبت أرقام كثيرة" in slowed.content.decode()
    assert "لغيري" not in slowed.content.decode()
    form = {"key": str(uuid4()), "title": "شيء", "phone": "0500000002", "purpose": "offers"}
    assert "جُرّبت أرقام كثيرة" in page.post("/i/new/", form).content.decode()
    assert not Opportunity.objects.filter(contact=theirs).exists()
    assert page.get("/search/?q=0500000002").status_code == 429


def test_who_sees_every_number_searches_as_many_as_they_like(page, home):
    RoleGrant.objects.filter(user=home.user).update(role="supervisor")
    for _ in range(25):
        assert page.get("/search/?q=0500000002").status_code == 200


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
