"""What belongs to another business is not there: not to see, not to touch. What is a colleague's is not decided."""

from uuid import uuid4

import pytest

from tests.web import rows
from tests.web.test_pages import everything
from wakeel.store.models import Contact, Operator, Opportunity, OutboxMessage, RoleGrant, TeamEvent


@pytest.fixture
def theirs(home: rows.House) -> dict[str, str]:
    """Ids of everything in a second business."""
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    person = rows.contact(other, "شخص غريب", phone="+966511111111")
    deal = rows.opportunity(other, person, title="سر المنشأة الأخرى")
    draft = rows.draft(other, deal)
    held = rows.contact(other, "شخص آخر", phone="+966511111112")
    made = rows.message(other, rows.draft(other, rows.opportunity(other, held, key="h")), state="unknown")
    return {"i": deal.id, "d": draft.id, "m": made.id, "c": person.id}


@pytest.mark.parametrize(
    "path",
    [
        "/i/{i}/", "/contacts/{c}/", "/contacts/{c}/consent/", "/contacts/{c}/number/", "/contacts/{c}/withdrawal/",
        "/contacts/{c}/gave-number/",
    ],
)  # fmt: skip
def test_pages_of_another_business_are_not_found(page, theirs, path):
    assert page.get(path.format(**theirs)).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/i/{i}/accept/", {}), ("/i/{i}/skip/", {}), ("/i/{i}/draft/", {}), ("/d/{d}/approve/", {}),
        ("/d/{d}/edit/", {}), ("/d/{d}/cancel/", {}), ("/d/{d}/text/", {"text": "x", "version": "1"}),
        ("/m/{m}/settle/", {"verb": "it_arrived"}), ("/m/{m}/settle/", {"verb": "give_up"}),
        ("/contacts/{c}/number/", {"number": "+966500000000"}), ("/contacts/{c}/consent/", {"source": "paper"}),
        ("/contacts/{c}/withdrawal/", {"source": "paper", "evidence": "x"}),
        ("/contacts/{c}/gave-number/", {"evidence": "x"}),
    ],
)  # fmt: skip
def test_posts_about_another_business_are_not_found_and_change_nothing(page, theirs, path, fields):
    before = everything()
    response = page.post(path.format(**theirs), {"key": str(uuid4()), "digest": "x", **fields})
    assert response.status_code == 404
    assert everything() == before


@pytest.mark.parametrize("path", ["/", "/outbox/", "/failures/", "/health/"])
def test_lists_hold_nothing_of_another_business(page, theirs, path):
    html = page.get(path).content.decode()
    assert "سر المنشأة الأخرى" not in html
    assert "شخص" not in html
    assert not any(value in html for value in theirs.values())


SAID = "لم يتغيّر شيء: هذا الشخص لدى"
MASKED, WHOLE = "+966•••••0002", "+966500000002"


@pytest.fixture
def fahd(home: rows.House) -> Operator:
    return rows.colleague(home)


@pytest.fixture
def his(home: rows.House, fahd: Operator) -> Opportunity:
    """A colleague's, about somebody whose number is masked for everybody else."""
    person = rows.contact(home, "ريم", phone=WHOLE)
    return rows.opportunity(home, person, state="accepted", owner=fahd)


def new_with(page, contact_id: str, title: str = "شيء آخر"):
    fields = {"key": str(uuid4()), "title": title, "purpose": "offers"}
    return page.post(f"/contacts/{contact_id}/new/", fields, follow=True)


@pytest.mark.parametrize("state", ["accepted", "won"])
def test_an_opportunity_made_about_a_colleagues_person_is_the_colleagues(page, home, fahd, his, state):
    """Else whoever makes one takes it over, and the masked number stands there without a reason."""
    Opportunity.objects.update(state=state)
    page_of = f"/contacts/{his.contact_id}/"
    assert MASKED in page.get(page_of).content.decode()
    said = new_with(page, his.contact_id).content.decode()
    assert "فهد" in said
    made = Opportunity.objects.exclude(pk=his.pk).get()
    assert made.owner == fahd
    page.post(f"/i/{made.id}/assign/", {"key": str(uuid4()), "to": home.operator.id})
    page.post(f"/i/{made.id}/accept/", {"key": str(uuid4()), "digest": rows.digest_of(made)})
    made.refresh_from_db()
    assert made.owner == fahd
    assert WHOLE not in page.get(page_of).content.decode()
    told = OutboxMessage.objects.filter(operator=fahd)
    assert told.count() == 2, "the card, and who made it"
    assert TeamEvent.objects.get(kind="given").operator == fahd


def test_who_left_keeps_nobody_and_what_nobody_has_is_anybodys(page, home, fahd, his):
    Operator.objects.filter(pk=fahd.pk).update(state="inactive")
    new_with(page, his.contact_id)
    assert Opportunity.objects.exclude(pk=his.pk).get().owner is None


def test_a_record_joined_with_ones_own_does_not_make_the_other_number_ones_own(page, home, fahd, his):
    mine = rows.contact(home, "لي", phone="+966500000001")
    rows.opportunity(home, mine, key="k-2", owner=home.operator)
    Contact.objects.filter(pk=his.contact_id).update(merged_into=mine)
    new_with(page, his.contact_id)
    assert Opportunity.objects.get(title="شيء آخر").owner == fahd
    new_with(page, mine.id, "عن رقمي")
    assert Opportunity.objects.get(title="عن رقمي").owner is None


def test_ones_own_person_stays_ones_own(page, home, fahd, his):
    rows.opportunity(home, his.contact, key="k-2", state="accepted", owner=home.operator)
    new_with(page, his.contact_id)
    assert Opportunity.objects.get(title="شيء آخر").owner is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("new-owner", {"sure": "on"}), ("number", {"number": "+966500000009"}), ("identity", {}),
        ("zone", {"time_zone": "Asia/Dubai"}), ("reachable", {"sure": "on"}), ("resume", {}),
        ("consent", {"source": "paper"}), ("gave-number", {"evidence": "x"}),
    ],
)  # fmt: skip
def test_a_colleagues_person_is_changed_by_nobody_else(page, home, his, path, fields):
    """A new owner of the number would be a record of nobody, whom anybody takes over."""
    before = everything()
    answer = page.post(f"/contacts/{his.contact_id}/{path}/", fields, follow=True)
    assert SAID in answer.content.decode()
    assert everything() == before
    shown = page.get(f"/contacts/{his.contact_id}/").content.decode()
    assert f"/contacts/{his.contact_id}/{path}/" not in shown


def test_a_colleagues_person_is_not_joined_with_ones_own(page, home, his):
    mine = rows.contact(home, "لي", phone="+966500000001")
    rows.opportunity(home, mine, key="k-2", owner=home.operator)
    for kept, joined in ((mine.id, his.contact_id), (his.contact_id, mine.id)):
        before = everything()
        assert SAID in page.post(f"/contacts/{kept}/merge/", {"joined": joined}, follow=True).content.decode()
        assert everything() == before


@pytest.mark.parametrize(
    ("path", "fields"), [("stop", {"cause": "asked_elsewhere"}), ("pause", {"until": "2027-01-01"})]
)
def test_what_protects_a_person_anybody_says(page, his, path, fields):
    answer = page.post(f"/contacts/{his.contact_id}/{path}/", fields, follow=True)
    assert SAID not in answer.content.decode()


def test_a_supervisor_changes_everybodys(page, home, his):
    RoleGrant.objects.filter(user=home.user).update(role="supervisor")
    zone = f"/contacts/{his.contact_id}/zone/"
    assert zone in page.get(f"/contacts/{his.contact_id}/").content.decode()
    answer = page.post(zone, {"time_zone": "Asia/Dubai"}, follow=True)
    assert SAID not in answer.content.decode()
    his.contact.refresh_from_db()
    assert his.contact.time_zone == "Asia/Dubai"


@pytest.mark.parametrize("verb", ["it_arrived", "give_up"])
def test_a_colleagues_message_is_settled_by_nobody_else(page, home, fahd, his, verb):
    sent = rows.message(home, rows.draft(home, his), state="unknown")
    rows.attempt(sent, outcome="unknown")
    Opportunity.objects.update(owner=fahd)
    sent.draft.approvals.update(operator=fahd)
    before = everything()
    for page_of in ("/failures/", "/outbox/"):
        shown = page.get(page_of).content.decode()
        assert f"/m/{sent.id}/settle/" not in shown
    assert "فهد" in page.get("/failures/").content.decode()
    answer = page.post(f"/m/{sent.id}/settle/", {"key": str(uuid4()), "verb": verb}, follow=True)
    assert "لم يُتخذ قرار: هي الآن لدى" in answer.content.decode()
    assert everything() == before
    RoleGrant.objects.filter(user=home.user).update(role="supervisor")
    assert f"/m/{sent.id}/settle/" in page.get("/failures/").content.decode()
    page.post(f"/m/{sent.id}/settle/", {"key": str(uuid4()), "verb": verb})
    sent.refresh_from_db()
    assert sent.state != "unknown"


def test_a_colleagues_message_on_its_way_is_taken_back_by_nobody_else(page, home, fahd, his):
    sent = rows.message(home, rows.draft(home, his))
    Opportunity.objects.update(owner=fahd)
    sent.draft.approvals.update(operator=fahd)
    assert f"/d/{sent.draft_id}/cancel/" not in page.get("/outbox/").content.decode()
    RoleGrant.objects.filter(user=home.user).update(role="supervisor")
    assert f"/d/{sent.draft_id}/cancel/" in page.get("/outbox/").content.decode()


def test_a_colleagues_person_is_answered_by_nobody_else(page, home, his):
    before = everything()
    address = f"/contacts/{his.contact_id}/answer/"
    assert address not in page.get(f"/contacts/{his.contact_id}/").content.decode()
    answer = page.post(address, {"key": str(uuid4())}, follow=True)
    assert "لم يُتخذ قرار: هي الآن لدى" in answer.content.decode()
    assert everything() == before
    RoleGrant.objects.filter(user=home.user).update(role="supervisor")
    assert address in page.get(f"/contacts/{his.contact_id}/").content.decode()
    page.post(address, {"key": str(uuid4())})
    assert his.drafts.exists()
