"""The queue and one item: whose it is, the tabs, what a click leads to, what can be chosen. Issue 8."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.web import rows
from wakeel.store.models import (
    Approval,
    Decision,
    Draft,
    Operator,
    Opportunity,
    OutboxMessage,
    Profile,
    RoleGrant,
    StopSwitch,
)

Deal = Callable[..., Opportunity]


@pytest.fixture
def deal(home: rows.House) -> Deal:
    """A new opportunity with a person of its own, who agreed and wrote an hour ago."""
    made: list[Opportunity] = []

    def one(
        *, owner: Operator | None = None, wrote_ago: timedelta = timedelta(hours=1), score: int = 50
    ) -> Opportunity:
        number = len(made)
        person = rows.contact(home, f"شخص {number}", phone=f"+96650000{number:04d}", wrote_ago=wrote_ago)
        rows.agreed(home, person)
        made.append(rows.opportunity(home, person, key=f"d{number}", title=f"عرض {number}", score=score))
        Opportunity.objects.filter(pk=made[-1].pk).update(owner=owner)
        return made[-1]

    return one


@pytest.fixture
def noura(home: rows.House) -> Operator:
    user = rows.User.objects.create_user("noura", password=rows.PASSWORD)
    RoleGrant.objects.create(business=home.business, user=user, role="operator", at=rows.now())
    return Operator.objects.create(
        business=home.business, number=home.number, user=user, name="نورة", wa_id="966500000078", bsuid="SA.noura",
        last_inbound_at=rows.now(), enrolled_at=rows.now(),
    )  # fmt: skip


def has_role(home: rows.House, *roles: str) -> None:
    RoleGrant.objects.filter(user=home.user).delete()
    for role in roles:
        RoleGrant.objects.create(business=home.business, user=home.user, role=role, at=rows.now())


def form(subject: Draft | Opportunity, **more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "digest": rows.digest_of(subject), **more}


def hidden(drawn: str, *names: str) -> dict[str, str]:
    """Hidden fields of a form as they were drawn."""
    return {name: drawn.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0] for name in names}


def listed(page: Client, path: str = "/") -> list[str]:
    """The ids of the rows, in order."""
    return [row.url.split("/")[2] for row in page.get(path).context["rows"]]


def test_an_operator_sees_their_own_and_what_is_nobodys_and_others_by_choice(page, home, deal, noura):
    """Own: theirs, nobody's, what waited too long, and what they were asked about as the second of two."""
    mine, free, theirs, late = deal(owner=home.operator), deal(), deal(owner=noura), deal()
    draft = rows.draft(home, late)
    Opportunity.objects.filter(pk=late.pk).update(owner=noura)
    assert set(listed(page)) == {mine.id, free.id}
    assert page.get("/").context["seat"].queue_count == 2
    Draft.objects.filter(pk=draft.pk).update(escalated_at=rows.now())
    assert set(listed(page)) == {mine.id, free.id, late.id}
    has_role(home, "operator", "supervisor")
    assert set(listed(page)) == {mine.id, free.id, theirs.id, late.id}
    assert set(listed(page, "/?whose=mine")) == {mine.id, free.id, late.id}
    html = page.get("/?whose=mine").content.decode()
    assert f'href="/i/{mine.id}/?whose=mine"' in html, "the choice goes along"


def test_what_somebody_else_has_is_read_and_not_decided(page, home, deal, noura):
    theirs = deal(owner=noura)
    html = page.get(f"/i/{theirs.id}/").content.decode()
    assert "للاطلاع فقط: القرار لدى" in html
    assert f'action="/i/{theirs.id}/' not in html
    posts = {"accept": {}, "skip": {"reason": "2"}, "snooze": {"state": "new", "when": "hour"}, "assign": {"to": "x"}}
    for path, more in posts.items():
        answer = page.post(f"/i/{theirs.id}/{path}/", form(theirs, **more), follow=True)
        assert "هي الآن لدى نورة" in answer.content.decode(), path
    draft = rows.draft(home, theirs)
    Opportunity.objects.update(owner=noura)
    for path in ("approve", "text", "cancel"):
        page.post(f"/d/{draft.id}/{path}/", form(draft, version="1", text="نص آخر"))
    page.post("/drafts/together/", {"key": str(uuid4()), "draft": f"{draft.id}:{rows.digest_of(draft)}"})
    assert not Decision.objects.filter(carried_out=True).exists()
    has_role(home, "supervisor")
    page.post(f"/i/{theirs.id}/assign/", {"key": str(uuid4()), "to": home.operator.id})
    theirs.refresh_from_db()
    assert theirs.owner == home.operator


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_only_reads_gets_no_button(page, home, deal, role):
    draft = rows.draft(home, deal())
    has_role(home, role)
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    assert "القرار من صلاحية المشغّل والمشرف" in html
    assert rows.TEXT.split("\n")[0] in html
    assert not any(f'action="/{kind}/' in html for kind in ("i", "d"))
    assert page.post(f"/d/{draft.id}/approve/", form(draft)).status_code == 403


def test_each_tab_lists_its_own_and_says_how_many(page, home, deal):
    soon = deal(wrote_ago=timedelta(hours=21))
    draft = rows.draft(home, deal(wrote_ago=timedelta(hours=22)))
    later, asleep, on_its_way = rows.draft(home, deal()), deal(), rows.draft(home, deal())
    rows.message(home, later, due_in_s=3 * 3600)
    rows.message(home, on_its_way, due_in_s=10)
    Opportunity.objects.filter(pk=asleep.pk).update(state="snoozed", snoozed_until=rows.now() + timedelta(hours=1))
    assert set(listed(page, "/?tab=closing")) == {soon.id, draft.opportunity_id}
    assert listed(page, "/?tab=scheduled") == [asleep.id, later.opportunity_id]
    html = page.get("/?tab=scheduled").content.decode()
    assert "مجدولة" in html
    assert "تُغلق قريبًا <b>2</b>" in html
    assert listed(page, "/?tab=nothing") == listed(page)


def test_after_a_decision_the_next_one_opens_and_the_way_back_is_offered(page, home, deal):
    """The next of the list as it was drawn, on the same tab; undo stands on that page until it left."""
    first, second = (rows.draft(home, deal(score=score)) for score in (90, 80))
    html = page.get(f"/i/{first.opportunity_id}/?tab=drafts").content.decode()
    assert f'name="then" value="{second.opportunity_id}"' in html
    answer = page.post(
        f"/d/{first.id}/approve/", form(first, version="1", then=second.opportunity_id, tab="drafts"), follow=True
    )
    assert answer.redirect_chain == [(f"/i/{second.opportunity_id}/?tab=drafts&done={first.id}", 302)]
    html = answer.content.decode()
    assert "autofocus" in html.split('id="item-title"')[1].split(">")[0]
    undo = html.split('class="take-back"')[1].split("</form>")[0]
    fields = {
        name: undo.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "digest", "version", "next")
    }
    back = page.post(f"/d/{first.id}/cancel/", fields, follow=True)
    assert "لم يُرسل شيء" in back.content.decode()
    assert OutboxMessage.objects.get(draft=first).state == "suppressed"
    assert "take-back" not in page.get(f"/?done={first.id}").content.decode()


def test_the_next_one_is_not_opened_when_somebody_took_it_meanwhile(page, home, deal):
    first, second = deal(), deal()
    Opportunity.objects.filter(pk=second.pk).update(state="skipped")
    assert page.post(f"/i/{first.id}/skip/", form(first, then=second.id))["Location"] == "/"


def test_a_skip_says_why_in_one_click_and_a_strange_reason_is_not_found(page, deal):
    one = deal()
    assert page.post(f"/i/{one.id}/skip/", form(one, reason="9")).status_code == 404
    values = form(one, reason="2")
    for _ in range(2):
        answer = page.post(f"/i/{one.id}/skip/", values, follow=True)
    one.refresh_from_db()
    assert (one.state, one.skip_reason) == ("skipped", "2")
    assert "سبق القرار" in answer.content.decode(), "the same form again"
    assert set(Decision.objects.values_list("action", flat=True)) == {"skip", "reason"}


def test_a_text_is_approved_for_a_later_hour_and_can_be_taken_back_until_then(page, home, deal):
    """The page offers only hours at which the gate lets it go; the machine finds it due then and asks again."""
    draft = rows.draft(home, deal())
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    menu = html.split('data-key="S"')[1].split("</details>")[0]
    assert 'name="when" value="hour"' in menu
    assert page.post(f"/d/{draft.id}/approve/", form(draft, version="1", when="never")).status_code == 404
    answer = page.post(f"/d/{draft.id}/approve/", form(draft, version="1", when="hour"), follow=True)
    assert "مجدولة" in answer.content.decode()
    queued = OutboxMessage.objects.get(draft=draft)
    assert timedelta(minutes=59) < queued.due_at - rows.now() <= timedelta(hours=1)
    assert listed(page, "/?tab=scheduled") == [draft.opportunity_id]


def test_no_hour_is_offered_after_the_window_has_closed(page, home, deal):
    """An answer: free text an hour from now would be refused."""
    draft = rows.draft(home, deal(wrote_ago=timedelta(hours=23, minutes=30)))
    Draft.objects.filter(pk=draft.pk).update(category="service")
    draft.refresh_from_db()
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    assert f'action="/d/{draft.id}/approve/"' in html
    assert 'value="hour"' not in html.split('data-key="L"')[0]
    refused = page.post(f"/d/{draft.id}/approve/", form(draft, version="1", when="hour"), follow=True)
    assert "لم يُعتمد" in refused.content.decode()
    assert not Approval.objects.exists()


def test_a_text_is_kept_and_approved_at_once_only_if_nothing_was_added_to_it(page, home, deal):
    """What is approved is what was read: a line that the product adds is read first."""
    draft = rows.draft(home, deal())
    whole = "معك أفق: نص جديد.\nلإيقاف الرسائل أرسل: إيقاف"
    page.post(f"/d/{draft.id}/text/", {"key": str(uuid4()), "version": "1", "text": "نص بلا تعريف", "approve": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("awaiting_approval", 2)
    page.post(f"/d/{draft.id}/text/", {"key": str(uuid4()), "version": "2", "text": whole, "approve": "1"})
    assert OutboxMessage.objects.get(draft=draft).body["text"]["body"] == whole


def test_with_everything_stopped_approving_says_that_it_only_keeps(page, home, deal):
    draft = rows.draft(home, deal())
    StopSwitch.objects.create(scope="business", target=home.business.id, pressed_at=rows.now())
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    assert "اعتماد وحفظ دون إرسال" in html
    assert 'data-key="S"' not in html, "nothing is scheduled while nothing leaves"
    page.post(f"/d/{draft.id}/approve/", form(draft, version="1"))
    assert OutboxMessage.objects.get(draft=draft).state == "held"


def test_the_newest_version_is_approved_from_the_page_that_shows_both(page, home, deal):
    draft = rows.draft(home, deal())
    old = form(draft, version="1")
    newer = rows.TEXT.replace("غدًا", "الأحد")
    page.post(f"/d/{draft.id}/text/", {"key": str(uuid4()), "version": "1", "text": newer})
    answer = page.post(f"/d/{draft.id}/approve/", old)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>غدًا؟</del><ins>الأحد؟</ins>" in html
    drawn = html.split(f'action="/d/{draft.id}/approve/"')[1].split("</form>")[0]
    page.post(f"/d/{draft.id}/approve/", hidden(drawn, "key", "digest", "version"))
    assert OutboxMessage.objects.get(draft=draft).body["text"]["body"] == newer


def test_what_was_decided_elsewhere_says_by_whom_from_where_and_has_no_button(page, home, deal, noura):
    draft = rows.draft(home, deal())
    rows.message(home, draft, state="accepted", status="failed", failure_code=131047)
    rows.attempt(OutboxMessage.objects.get(), outcome="failed", failure_code=131047)
    Decision.objects.create(
        business=home.business, operator=noura, via="phone", tap_key="t", action="approve", draft=draft, version=1,
        opportunity_id=draft.opportunity_id, answer="approved", carried_out=True, at=rows.now(),
    )  # fmt: skip
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    line = html.split('class="decided"')[1].split("</p>")[0]
    assert all(words in line for words in ("اعتماد", "نورة", "من الهاتف"))
    assert f'action="/d/{draft.id}/approve/"' not in html
    step = html.split('class="event alarm"')[1].split("</li>")[0]
    assert "نافذة الرد مغلقة" in step, "the reason stands at the step that failed"


def test_earlier_versions_show_what_changed_and_the_editor_opens_without_scripts(page, home, deal):
    draft = rows.draft(home, deal())
    page.post(f"/d/{draft.id}/text/", {"key": str(uuid4()), "version": "1", "text": rows.TEXT.replace("قصير", "طويل")})
    html = page.get(f"/i/{draft.opportunity_id}/?edit=1").content.decode()
    assert "<del>قصير</del><ins>طويل</ins>" in html
    assert 'id="rewrite" open' in html
    assert "autofocus" in html.split('id="new-text"')[1].split(">")[0]


def test_every_key_of_an_item_stands_on_a_button_and_can_be_turned_off(page, home, deal):
    draft = rows.draft(home, deal())
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    for key in "AESLXZ":
        assert (f'data-key="{key}"' in html) is (key != "Z"), key
    assert "web/keys.js" in html
    assert "<kbd>Shift+X</kbd>" in page.get("/help/").content.decode()
    Profile.objects.create(business=home.business, user=home.user, has_shortcuts=False)
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    assert "web/keys.js" not in html
    assert "<kbd" not in html
    assert "المفاتيح موقوفة" in page.get("/help/").content.decode()


def test_an_empty_tab_says_so_and_names_what_was_decided_last(page, deal):
    one = deal()
    page.post(f"/i/{one.id}/skip/", form(one))
    html = page.get("/").content.decode()
    assert "لا شيء ينتظر قرارك الآن" in html
    assert f'href="/i/{one.id}/"' in html.split("آخر قرار")[1]
    assert "لا شيء مجدول" in page.get("/?tab=scheduled").content.decode()


def test_what_a_person_writes_stays_words_in_the_comparison(page, home, deal):
    draft = rows.draft(home, deal(), text="<b>قديم</b>")
    page.post(f"/d/{draft.id}/text/", {"key": str(uuid4()), "version": "1", "text": "<script>alert(1)</script>"})
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;b&gt;قديم" in html
