"""What pages that are open are told, and whom."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web import rows
from wakeel.domain.digits import Digits
from wakeel.store.models import Draft, LiveEvent, Operator, Opportunity, OutboxMessage, RoleGrant, StopSwitch
from wakeel.store.screens import live
from wakeel.web import live_feed
from wakeel.web.live_feed import Feed, Listener, Packet
from wakeel.web.live_places import MANY, Touched, View, draw
from wakeel.web.live_rights import Watcher


def watcher(home: rows.House, language: str = "ar", **other: Any) -> Watcher:
    view = View(home.business.id, language, Digits.LATIN, "")
    return Watcher(**{"user_id": home.user.pk, "session_key": "", "view": view, "queue_of": None, **other})


@pytest.fixture
def feed(home: rows.House) -> Feed:
    """It has looked once, and knows of everything that the fixtures made.

    One change is kept, as in every database where something happened: numbers go on after rows that another test made.
    """
    LiveEvent.objects.create(business=home.business, noun="stop", news="moved")
    feed = Feed()
    feed.turn([])
    return feed


def told(feed: Feed, *listeners: Listener) -> list[Packet]:
    found = {listener: Packet() for listener in listeners}
    for listener, packet in [*feed.turn(listeners)[1], *feed.counts(listeners)]:
        found[listener].add(packet)
    return list(found.values())


def test_a_decision_changes_the_chip_in_each_language(home, feed):
    deal = rows.opportunity(home, rows.contact(home), state="presented")
    arabic, english = Listener(watcher(home)), Listener(watcher(home, "en"))
    place = f"opportunity:{deal.id}"
    first, second = told(feed, arabic, english)
    assert "فرصة تنتظر قرارك" in first.put[place]
    assert "Opportunity waiting" in second.put[place]
    assert first.new == {deal.id}
    Opportunity.objects.filter(pk=deal.pk).update(state="skipped")
    first, second = told(feed, arabic, english)
    assert "متجاوَزة" in first.put[place]
    assert (first.on, first.new) == ({place, f"contact:{deal.contact_id}"}, set())
    assert told(feed, arabic) == [Packet()]


ROWS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "waiting": ("", "فرصة تنتظر", {"state": "presented"}),
    "draft waiting": ("", "مسودة تنتظر", {}),
    "editing": ("", "chip act", {"draft": "editing"}),
    "snoozed": ("?tab=scheduled", "chip warn", {"state": "snoozed"}),
    "researching": ("?tab=scheduled", "chip warn", {"state": "researching"}),
    "scheduled": ("?tab=scheduled", "مجدولة", {"fence": 0}),
    "tried again": ("?tab=scheduled", "تُعاد المحاولة", {"fence": 1}),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_the_queue_is_drawn_alike_by_the_page_and_by_the_stream(home, page, name: str):
    """Else its chip would change its colour or its words with the first event, though nothing happened. A time that the
    chip says does not stand beside it again."""
    tab, said, stands = ROWS[name]
    deal = standing(home, **stands)
    html = page.get(f"/{tab}").content.decode()
    drawn, beside = re.search(
        rf'data-live="opportunity:{deal.id}">(<span class="chip.*?</span>)</span>(.*?)</span>\n', html, re.DOTALL
    ).groups()
    view = watcher(home).view
    stream = draw(Touched(frozenset(), live.deals(home.business.id, [deal.id])), view, now=rows.now())
    assert stream == {f"opportunity:{deal.id}": drawn}
    assert said in drawn
    assert ("<time" in drawn) == ("fence" in stands)
    assert 'data-words="left"' in beside or name in {"snoozed", "researching"}


def standing(home: rows.House, *, state: str = "", draft: str = "", fence: int | None = None) -> Opportunity:
    """One that is there without a draft in this state; else with a draft in that one, or with a message for later."""
    deal = rows.opportunity(home, rows.contact(home))
    if state:
        later = rows.now() + timedelta(hours=5) if state != "presented" else None
        Opportunity.objects.filter(pk=deal.pk).update(state=state, snoozed_until=later)
        return deal
    made = rows.draft(home, deal)
    if fence is not None:
        rows.message(home, made, due_in_s=9000, fence=fence)
    elif draft:
        Draft.objects.filter(pk=made.pk).update(state=draft)
    return deal


def test_nobody_hears_of_another_business(home, feed):
    other = rows.house("أخرى", phone_number_id="105500000000099", username="omar")
    rows.opportunity(other, rows.contact(other), state="presented")
    ours, theirs = told(feed, Listener(watcher(home)), Listener(watcher(other)))
    assert ours == Packet()
    assert len(theirs.new) == 1


def test_what_comes_to_somebody_else_is_not_new_to_an_operator(home, feed):
    """Whoever sees everybody's queue is told of it."""
    colleague = Operator.objects.create(
        business=home.business, number=home.number, user=User.objects.create(username="omar"), name="عمر",
        wa_id="966500000777", enrolled_at=rows.now(),
    )  # fmt: skip
    deal = rows.opportunity(home, rows.contact(home), state="presented", owner=colleague)
    own, everybody = told(feed, Listener(watcher(home, queue_of=home.operator.id)), Listener(watcher(home)))
    assert (own.new, everybody.new) == (set(), {deal.id})


def test_places_name_nobody(home, feed):
    """Everybody of the business gets them; what needs a person's rights, the page asks for."""
    person = rows.contact(home, name="مريم الغامدي")
    deal = rows.opportunity(home, person, title="سر بيننا", state="presented")
    rows.message(home, rows.draft(home, deal), state="accepted", status="read")
    [packet] = told(feed, Listener(watcher(home)))
    said = json.dumps(packet.put, ensure_ascii=False)
    assert "قُرئت" in said
    for secret in ("مريم", "سر بيننا", rows.TEXT[:10], "+9665"):
        assert secret not in said


def test_the_time_until_it_leaves_is_counted_down(home, feed):
    deal = rows.opportunity(home, rows.contact(home))
    message = rows.message(home, rows.draft(home, deal), due_in_s=9)
    [packet] = told(feed, Listener(watcher(home)))
    assert (
        f'data-until="{int(message.due_at.timestamp() * 1000)}" data-words="sends"'
        in packet.put[f"message:{message.id}"]
    )
    assert "تُرسل بعد" in packet.put[f"opportunity:{deal.id}"]
    OutboxMessage.objects.filter(pk=message.pk).update(due_at=rows.now() + timedelta(days=1))
    [packet] = told(feed, Listener(watcher(home)))
    assert "مجدولة" in packet.put[f"message:{message.id}"]


def test_the_numbers_of_the_navigation_follow_within_a_second(home, feed, monkeypatch):
    listener = Listener(watcher(home))
    person = rows.contact(home)
    rows.opportunity(home, person, state="presented")
    [packet] = told(feed, listener)
    assert packet.put["queue"] == "1"
    rows.opportunity(home, person, state="presented", key="2")
    assert "queue" not in told(feed, listener)[0].put
    monkeypatch.setattr(live_feed, "COUNTS_EVERY_S", 0.0)
    assert told(feed, listener)[0].put == {"queue": "2"}
    StopSwitch.objects.create(scope="global", target="", pressed_by=home.operator.id, pressed_at=rows.now())
    assert "الإرسال موقوف" in told(feed, listener)[0].put["stop"]


def test_with_too_many_changes_pages_ask_for_themselves(home, feed):
    person = rows.contact(home)
    Opportunity.objects.bulk_create(
        Opportunity(
            business=home.business, external_key=f"{n}", contact=person, title="x", created_at=rows.now(),
            updated_at=rows.now(), state="new",
        )
        for n in range(MANY + 1)
    )  # fmt: skip
    [packet] = told(feed, Listener(watcher(home)))
    assert packet.on == {"*"}
    assert len(packet.new) == MANY + 1


def test_a_browser_that_comes_again_hears_what_it_missed(home, feed):
    listener = Listener(watcher(home))
    deal = rows.opportunity(home, rows.contact(home), state="presented")
    before = feed.last
    feed.turn([])
    packet = feed.missed(listener, before)
    assert packet.new == {deal.id}
    assert packet.id == feed.last
    assert feed.missed(listener, feed.last) == Packet(id=feed.last)


@pytest.mark.parametrize("since", [1, 10**9])
def test_what_is_no_longer_kept_asks_for_a_new_page(home, feed, since: int):
    """Also a mark of another database: one that was put back, or begun anew."""
    LiveEvent.objects.bulk_create(
        LiveEvent(id=feed.last + n, business=home.business, noun="stop", subject="", news="moved") for n in (100, 101)
    )
    LiveEvent.objects.filter(pk__lt=feed.last + 100).delete()
    assert feed.missed(Listener(watcher(home)), since).is_too_old


def test_a_change_that_is_committed_late_is_not_forgotten(home, feed):
    """PostgreSQL gives out a number long before its transaction ends."""
    listener, last = Listener(watcher(home)), feed.last
    values = {"business": home.business, "noun": "contact", "news": "moved"}
    LiveEvent.objects.create(id=last + 3, subject="con_quick", **values)
    assert told(feed, listener)[0].on == {"contact:con_quick"}
    LiveEvent.objects.create(id=last + 2, subject="con_late", **values)
    assert told(feed, listener)[0].on == {"contact:con_late"}
    assert told(feed, listener) == [Packet()]


def test_a_stream_ends_with_the_session_and_with_the_right(home, feed, page, monkeypatch):
    monkeypatch.setattr(live_feed, "CHECKED_EVERY_S", -1.0)
    key = page.session.session_key
    listener = Listener(watcher(home, session_key=key))
    feed.turn([listener])
    assert listener.watcher is not None
    grants = list(RoleGrant.objects.filter(user=home.user))
    RoleGrant.objects.filter(user=home.user).delete()
    feed.turn([listener])
    assert listener.watcher is None
    RoleGrant.objects.bulk_create(grants)
    again = Listener(watcher(home, session_key=key))
    feed.turn([again])
    assert again.watcher is not None
    page.session.delete()
    feed.turn([again])
    assert again.watcher is None


def test_a_page_that_asks_by_itself_does_not_keep_its_session(home, page, settings):
    """A tab left open would otherwise never be signed out."""
    page.get("/")
    session = page.session
    session["touched_at"] = (rows.now() - timedelta(hours=1)).isoformat()
    session.save()
    page.get("/", headers={"X-Wakeel-Live": "1"})
    assert page.session["touched_at"] == session["touched_at"]
    page.get("/")
    assert page.session["touched_at"] != session["touched_at"]


@pytest.mark.parametrize("place", ["enrol-state", "import-run"])
def test_a_page_that_waits_by_asking_again_does_not_keep_its_session(home, page, place: str):
    """Asked with the headers that stand beside its timer, hour after hour."""
    if place == "enrol-state":
        page.post("/operators/enrol/code/")
        path = "/operators/enrol/"
    else:
        file = SimpleUploadedFile("list.csv", "title,phone\nمشروع,0509722233\n".encode())
        path = page.post("/import/", {"kind": "opportunities", "file": file})["Location"]
        page.post(f"{path}take/")
    tag = re.search(rf'<div id="{place}"[^>]*hx-trigger="every [^>]*>', page.get(path).content.decode())[0]
    headers = json.loads(re.search(r"hx-headers='([^']*)'", tag)[1])
    session = page.session
    session["touched_at"] = (rows.now() - timedelta(hours=1)).isoformat()
    session.save()
    assert f'id="{place}"' in page.get(path, headers={"HX-Target": place, **headers}).content.decode()
    assert page.session["touched_at"] == session["touched_at"]


def test_the_stream_is_not_for_strangers_and_not_compressed(home, page):
    answer = page.get("/events/?since=0", headers={"Accept": "text/event-stream", "Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/event-stream")
    assert "Content-Encoding" not in answer
    assert Client().get("/events/").status_code == 302
