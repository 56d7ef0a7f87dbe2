"""Decisions by click: the same primitive as a tap, once per form, on what was really shown."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web import rows
from wakeel.store.models import Approval, Contact, Decision, Draft, Opportunity, OutboxMessage, VerdictRow


@pytest.fixture
def person(home: rows.House) -> Contact:
    made = rows.contact(home)
    rows.agreed(home, made)
    return made


@pytest.fixture
def deal(home: rows.House, person: Contact) -> Opportunity:
    return rows.opportunity(home, person)


@pytest.fixture
def text(home: rows.House, deal: Opportunity) -> Draft:
    return rows.draft(home, deal)


def form(subject: Draft | Opportunity, **more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "digest": rows.digest_of(subject), **more}


def test_accepting_makes_the_draft_and_says_so(page, deal):
    response = page.post(f"/i/{deal.id}/accept/", form(deal), follow=True)
    deal.refresh_from_db()
    assert deal.state == "accepted"
    assert response.redirect_chain == [(f"/i/{deal.id}/", 302)]
    html = response.content.decode()
    assert "الفرصة لك الآن" in html
    assert "هكذا ستصل إلى جهة الاتصال" in html


def test_skipping_goes_back_to_the_queue(page, deal):
    response = page.post(f"/i/{deal.id}/skip/", form(deal))
    deal.refresh_from_db()
    assert (deal.state, response["Location"]) == ("skipped", "/")


def test_the_forms_on_the_page_are_enough_to_decide(page, deal):
    """Scripts off: what stands in the HTML is all there is."""
    html = page.get(f"/i/{deal.id}/").content.decode()
    drawn = html.split(f'action="/i/{deal.id}/accept/"')[1].split("</form>")[0]
    values = {name: drawn.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "digest")}
    page.post(f"/i/{deal.id}/accept/", values)
    deal.refresh_from_db()
    assert deal.state == "accepted"


def test_approving_queues_exactly_this_text_once(page, text):
    values = form(text, version="1")
    for _ in range(2):
        page.post(f"/d/{text.id}/approve/", values)
    queued = OutboxMessage.objects.get(draft=text)
    assert queued.body["text"]["body"] == text.versions.get().text
    assert Approval.objects.get(draft=text).via == "screen"
    assert Decision.objects.filter(draft=text, carried_out=True).count() == 1
    assert "تخرج بعد" in page.get("/outbox/").content.decode()


def test_undo_takes_the_message_back_before_it_leaves(page, text):
    page.post(f"/d/{text.id}/approve/", form(text, version="1"))
    drawn = page.get("/outbox/").content.decode().split(f'action="/d/{text.id}/cancel/"')[1].split("</form>")[0]
    digest = drawn.split('name="digest" value="')[1].split('"')[0]
    response = page.post(f"/d/{text.id}/cancel/", {"key": str(uuid4()), "digest": digest, "next": "/outbox/"})
    assert response["Location"] == "/outbox/"
    assert OutboxMessage.objects.get(draft=text).state == "suppressed"


def test_a_stale_page_decides_nothing_and_shows_old_and_new(page, home, text):
    """Another version came between reading and clicking: 409, both texts, no approval."""
    old = form(text, version="1")
    page.post(f"/d/{text.id}/text/", {"key": str(uuid4()), "version": "1", "text": "نص جديد تمامًا"})
    response = page.post(f"/d/{text.id}/approve/", old)
    html = response.content.decode()
    assert response.status_code == 409
    assert "هل يناسبك اتصال قصير غدًا" in html
    assert "نص جديد تمامًا" in html
    assert not Approval.objects.exists()
    assert not OutboxMessage.objects.filter(audience="contact").exists()


def test_a_text_written_over_another_ones_is_a_conflict_that_keeps_the_words(page, text):
    page.post(f"/d/{text.id}/text/", {"key": str(uuid4()), "version": "1", "text": "الأول"})
    response = page.post(f"/d/{text.id}/text/", {"key": str(uuid4()), "version": "1", "text": "الثاني"})
    assert response.status_code == 409
    assert "الثاني" in response.content.decode()
    later = list(text.versions.order_by("number").values_list("text", flat=True))[1:]
    assert [written.split("\n")[0] for written in later] == ["الأول"]


@pytest.mark.parametrize("words", ["", "س" * 3501])
def test_a_text_that_cannot_be_a_version_is_not_lost(page, text, words):
    response = page.post(f"/d/{text.id}/text/", {"key": str(uuid4()), "version": "1", "text": words})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert text.versions.count() == 1


def test_approve_is_not_drawn_where_the_gate_would_refuse(page, home):
    """Never offer an action that will fail: the reason and its step stand there instead."""
    deal = rows.opportunity(home, rows.contact(home, phone="+966500000009"))
    draft = rows.draft(home, deal)
    html = page.get(f"/i/{deal.id}/").content.decode()
    assert f"/d/{draft.id}/approve/" not in html
    assert f"/d/{draft.id}/cancel/" in html
    assert reverse("desk:consent", args=[deal.contact_id]) in html


def test_a_person_who_opted_out_gets_no_approve_and_no_consent_form(page, home, person):
    rows.opted_out(home, person)
    deal = rows.opportunity(home, person)
    draft = rows.draft(home, deal)
    html = page.get(f"/i/{deal.id}/").content.decode()
    assert f"/d/{draft.id}/approve/" not in html
    assert "لن تُرسل إليه أبدًا" in html
    assert "ولا يعيد فتحها إلا هو" in page.get(reverse("desk:consent", args=[person.id])).content.decode()


@pytest.mark.parametrize("key", ["", "not-a-uuid", None])
def test_a_post_without_its_one_time_key_is_refused(page, deal, key):
    values = {"digest": rows.digest_of(deal)} | ({} if key is None else {"key": key})
    assert page.post(f"/i/{deal.id}/accept/", values).status_code == 400
    assert not Decision.objects.exists()


def test_a_post_without_the_csrf_token_is_refused(home, deal):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(home.user)
    assert browser.post(f"/i/{deal.id}/accept/", form(deal)).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("path", ["/i/{deal}/accept/", "/d/{draft}/approve/", "/d/{draft}/text/", "/stop/press/"])
def test_nothing_is_decided_by_following_a_link(page, deal, text, path):
    assert page.get(path.format(deal=deal.id, draft=text.id)).status_code == 405


def test_a_login_without_a_phone_may_look_but_is_sent_to_link_one(client, home, deal, django_user_model):
    client.force_login(rows.may_be(home, "operator", user=django_user_model.objects.create_user("new")))
    assert "ربط الهاتف" in client.get("/").content.decode()
    response = client.post(f"/i/{deal.id}/accept/", form(deal))
    assert response["Location"] == "/operators/enrol/"
    assert not Decision.objects.exists()


def test_an_unanswered_send_is_settled_by_a_person(page, home, text):
    made = rows.message(home, text, state="unknown")
    rows.attempt(made, outcome="unknown")
    page.post(f"/m/{made.id}/settle/", {"key": str(uuid4()), "verb": "it_arrived"})
    made.refresh_from_db()
    assert made.state == "accepted"


def test_send_again_is_drawn_only_when_the_first_try_is_over(page, home, text):
    made = rows.message(home, text, state="unknown")
    tried = rows.attempt(made, outcome="unknown")
    assert 'value="send_again"' not in page.get("/failures/").content.decode()
    tried.started_at = rows.now() - rows.timedelta(minutes=3)
    tried.save()
    assert 'value="send_again"' in page.get("/failures/").content.decode()


def test_an_unknown_settling_verb_is_not_found(page, home, text):
    made = rows.message(home, text, state="unknown")
    assert page.post(f"/m/{made.id}/settle/", {"key": str(uuid4()), "verb": "approve"}).status_code == 404


def test_only_our_own_pages_are_gone_back_to(page, home, text):
    made = rows.message(home, text, state="unknown")
    values = {"key": str(uuid4()), "verb": "it_arrived", "next": "https://evil.example/"}
    assert page.post(f"/m/{made.id}/settle/", values)["Location"] == "/failures/"


@pytest.mark.parametrize(
    "fields",
    [{"state": "failed", "failure_code": 131047}, {"state": "accepted", "status": "failed", "failure_code": 131026}],
)
def test_giving_up_takes_a_failure_off_the_desk(page, home, text, fields):
    made = rows.message(home, text, **fields)
    rows.attempt(made)
    assert made.id in page.get("/failures/").content.decode()
    page.post(f"/m/{made.id}/settle/", {"key": str(uuid4()), "verb": "give_up"})
    assert made.id not in page.get("/failures/").content.decode()


def test_a_held_message_says_why_with_its_facts_on_the_item(page, home, text):
    made = rows.message(home, text, state="held", hold_code="NO_CONSENT")
    VerdictRow.objects.create(
        business=home.business, draft=text, outbox=made, phase="claim", answer="hold", code="NO_CONSENT",
        facts={"purpose": "offers"}, policy_version="1", ledger_seq=0, at=rows.now(),
    )  # fmt: skip
    html = page.get(f"/i/{text.opportunity_id}/").content.decode()
    assert "لا توجد موافقة لهذا الغرض (عروض)" in html.split('class="verdict')[1]
    assert f"/d/{text.id}/cancel/" in html


def test_opening_it_on_the_screen_presents_it_once_and_a_look_from_the_list_does_not(page, deal):
    opened = f"/i/{deal.id}/opened/"
    assert opened not in page.get("/").content.decode()
    # The page tells so by a post of its own: looking alone changes nothing.
    assert f'hx-post="{opened}" hx-trigger="load"' in page.get(f"/i/{deal.id}/").content.decode()
    assert page.get(opened).status_code == 405
    deal.refresh_from_db()
    assert deal.state == "new"
    for _ in range(2):
        assert page.post(opened).status_code == 204
        deal.refresh_from_db()
        assert deal.state == "presented"
    assert opened not in page.get(f"/i/{deal.id}/").content.decode()
    assert page.post("/i/opp_00000000000000000000/opened/").status_code == 404
