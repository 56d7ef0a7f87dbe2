"""People are found by what is written about them, at once and only while it stands."""

import pytest
from django.db import connection

from tests import rows
from tests.rows import T0
from wakeel.domain.rights import ErasureReason
from wakeel.domain.searching import ask
from wakeel.flows.erase_person import Erased, erase
from wakeel.flows.keep_search import read_some
from wakeel.store import contacts, search_triggers
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Contact, InboundMessage, Opportunity, SearchDue, SearchWord
from wakeel.store.screens import search
from wakeel.store.screens.people import BLIND, Sight

EVERYTHING = Sight(None, sees_all=True)
pytestmark = pytest.mark.django_db


def found(of: rows.Firm, question: str, *, sight: Sight = EVERYTHING) -> list[str]:
    matches = search.find(of.business.id, ask(question, sees_all=sight.sees_all), sight=sight)
    names = dict(Contact.objects.values_list("pk", "name"))
    return [names[match.contact_id] for match in matches]


def said(of: rows.Firm, contact: Contact, text: str, wamid: str) -> InboundMessage:
    """As a batch of webhooks writes it: by hand-made SQL."""
    message = InboundMessage(
        business=of.business, contact=contact, wamid=wamid, kind="text", text=text, sent_at=T0, recorded_at=T0
    )
    insert_rows([message], once="business_id, wamid")
    return InboundMessage.objects.get(wamid=wamid)


@pytest.mark.parametrize("is_read", [False, True], ids=["before the worker", "after it"])
def test_people_are_found_by_all_that_is_known(is_read: bool):
    firm = rows.firm()
    mariam = rows.contact(firm, "مريم العتيبي", phone="+966501234567")
    mariam.organisation = "مؤسسة الأفق"
    mariam.save()
    rows.contact(firm, "مريم الشمري", phone="+966507654321")
    salman = rows.contact(firm, "سلمان", phone="+966555555555")
    rows.opportunity(firm, salman, title="تجهيز عيادة مريم")
    said(firm, salman, "هل تصلون إلى حي النرجس؟", "wamid.1")
    if is_read:
        while read_some():
            pass
        assert not SearchDue.objects.exists()
    assert found(firm, "عتيبي") == ["مريم العتيبي"]
    assert found(firm, "موسسه مريم") == ["مريم العتيبي"]
    assert found(firm, "مريم")[-1] == "سلمان", "who they are stands before what is said"
    assert set(found(firm, "مريم")) == {"سلمان", "مريم العتيبي", "مريم الشمري"}
    assert found(firm, "النرجس سلمان") == ["سلمان"]
    assert found(firm, "٤٥٦٧") == found(firm, "0501234567") == ["مريم العتيبي"]
    assert found(firm, "4567", sight=BLIND) == []
    assert found(firm, "مريم سعود") == []


def test_another_business_is_another_world():
    here = rows.firm()
    there = rows.firm("شروق", phone_number_id="105500000000003", waba_id="215500000000003")
    rows.contact(here, "مريم")
    while read_some():
        pass
    assert found(there, "مريم") == []


def test_what_was_before_is_found_no_longer():
    """A corrected name, a number that was given up, a title, a message that was masked."""
    firm = rows.firm()
    mariam = rows.contact(firm, "مريم", phone="+966501234567")
    deal = rows.opportunity(firm, mariam, title="أثاث")
    message = said(firm, mariam, "رقم أخي 0555000111", "wamid.1")
    while read_some():
        pass
    for change in (
        lambda: Contact.objects.filter(pk=mariam.pk).update(name="منال"),
        lambda: contacts.close(mariam.id, "+966501234567", now=T0),
        lambda: Opportunity.objects.filter(pk=deal.pk).update(title="مكاتب"),
        lambda: InboundMessage.objects.filter(pk=message.pk).update(text="رقم أخي •••"),
    ):
        change()
        assert SearchDue.objects.exists(), "each is noted by itself"
        read_some()
    assert [found(firm, word) for word in ("مريم", "4567", "أثاث", "0555000111")] == [[], [], [], []]
    assert [found(firm, word) for word in ("منال", "مكاتب", "أخي")] == [["منال"]] * 3


def test_a_merged_record_is_found_as_the_one_that_speaks():
    firm = rows.firm()
    kept, joined = rows.contact(firm, "مريم"), rows.contact(firm, "أم خالد", phone="+966501234567")
    contacts.join(kept, joined)
    assert found(firm, "ام خالد") == found(firm, "4567") == ["مريم"]
    assert found(firm, "مريم خالد") == ["مريم"], "what is known of both is known of one person"


def test_nothing_of_an_erased_person_is_left_to_be_found_by():
    """Nor what somebody else wrote of their number; in the transaction of the erasure, not when a worker comes by."""
    firm = rows.firm()
    mariam = rows.contact(firm, "مريم العتيبي", phone="+966501234567")
    other = rows.contact(firm, "سلمان", phone="+966555555555")
    rows.opportunity(firm, mariam, title="تجهيز عيادة")
    said(firm, mariam, "حي النرجس", "wamid.1")
    said(firm, other, "اتصلوا بمريم على +966501234567", "wamid.2")
    while read_some():
        pass
    assert found(firm, "966501234567") == ["مريم العتيبي", "سلمان"]
    assert isinstance(erase(mariam.id, by="1", reason=ErasureReason.ON_REQUEST, now=T0), Erased)
    assert not SearchWord.objects.filter(contact=mariam).exists()
    assert not SearchWord.objects.filter(word__contains=b"501234567").exists()
    assert found(firm, "اتصلوا") == ["سلمان"]


def test_every_trigger_stands():
    """A migration that makes a table anew on SQLite drops its triggers without a word."""
    with connection.cursor() as cursor:
        table = "sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else "pg_trigger"
        cursor.execute(f"SELECT {'name' if connection.vendor == 'sqlite' else 'tgname'} FROM {table}")
        assert set(search_triggers.NAMES) <= {name for (name,) in cursor.fetchall()}
