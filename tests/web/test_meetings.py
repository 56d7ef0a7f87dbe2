"""The pages of meetings, and the calendar file behind its link."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from icalendar import Calendar

from tests import rows as flow_rows
from tests.web import rows
from tests.web.test_pages import everything
from wakeel import clock, config
from wakeel.domain.answers_meetings import CALENDAR_WHY, MAIL_STATES, MAIL_WHY
from wakeel.flows.calendar_file import file_link
from wakeel.flows.plan_meeting import plan_meeting
from wakeel.store import decisions
from wakeel.store.models import Card, Contact, Draft, Meeting


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WAKEEL_PUBLIC_URL", "https://wakeel.example.com")
    monkeypatch.setenv("WAKEEL_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("WAKEEL_SMTP_FROM", "office@example.com")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch, public: None) -> None:
    monkeypatch.setenv("WAKEEL_CALDAV_URL", "http://127.0.0.1:9/cal")
    config.get.cache_clear()


def meeting(home: rows.House, *, title: str = "تجديد العقد", name: str = "مريم") -> Meeting:
    """Asked for by the operator; its invitation waits."""
    firm = flow_rows.Firm(home.business, home.number)
    contact = flow_rows.contact(firm, name[:200], last_inbound_at=rows.now())
    flow_rows.grant(contact, purposes=["meetings"])
    opportunity = flow_rows.opportunity(firm, contact, title=title[:300], state="accepted", owner=home.operator)
    with transaction.atomic():
        operator = decisions.lock_operator(home.operator.id)
        locked = decisions.lock_opportunities([opportunity.id])[opportunity.id]
        plan_meeting(operator, locked, tap_key=str(uuid4()), via="screen", now=clock.now())
    return Meeting.objects.get(opportunity=opportunity)


def act(page: Client, found: Meeting, verb: str, value: str = "") -> str:
    answer = page.post(f"/meetings/{found.id}/{verb}/", {"key": str(uuid4()), "value": value}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_meeting_is_read_approved_and_called_off_on_its_page(page: Client, home: rows.House) -> None:
    found = meeting(home)
    assert "هـ، الساعة" in page.get("/meetings/").content.decode()
    answer = page.get(f"/meetings/{found.id}/")
    text = answer.content.decode()
    assert "لا تقويم مضبوط" in text
    draft = Draft.objects.get(meeting=found)
    digest = answer.context["seen"].asked_digest
    form = {"key": str(uuid4()), "digest": digest, "version": "1", "next": f"/meetings/{found.id}/"}
    done = page.post(f"/d/{draft.id}/approve/", form, follow=True)
    assert done.redirect_chain[-1][0].partition("?")[0] == f"/meetings/{found.id}/"
    draft.refresh_from_db()
    assert draft.state == "approved"
    assert "لم تخرج، ولا موعد" in act(page, found, "cancel")
    found.refresh_from_db()
    draft.refresh_from_db()
    assert (found.state, draft.state) == ("cancelled", "cancelled")


def test_what_can_no_longer_be_done_is_said(page: Client, home: rows.House, public: None, calendar: None) -> None:
    """An invitation that left: its event and its mail are tried again once, and then it is called off."""
    found = meeting(home)
    assert "لم يتغيّر شيء" in act(page, found, "calendar")
    Meeting.objects.update(invited_at=rows.now(), state="failed", calendar="refused", calendar_why="full")
    assert "لا مساحة في التقويم" in page.get(f"/meetings/{found.id}/").content.decode()
    assert "تُعاد المحاولة الآن" in act(page, found, "calendar")
    assert "لم يتغيّر شيء" in act(page, found, "calendar")
    assert "أخبره برسالة" in act(page, found, "cancel")
    for verb in ("edit", "calendar", "mail", "people", "place", "cancel"):
        assert "هذا الموعد الآن: ملغى" in act(page, found, verb)


@pytest.mark.parametrize("where", ["list", "page"])
def test_every_stored_word_is_said(page: Client, home: rows.House, calendar: None, where: str) -> None:
    """What a person must do something about, on the list or on the meeting's own page."""
    found = meeting(home)
    Meeting.objects.update(invited_at=rows.now(), attendees=["maryam@example.com"])
    shown = {"list": "/meetings/", "page": f"/meetings/{found.id}/"}[where]
    cases: list[tuple[dict[str, str], str]] = [
        ({"state": "approved", "calendar": "waiting"}, "ولم يُكتب في التقويم بعد"),
        ({"state": "booked", "calendar": "written", "answer": "confirm"}, "أكّد الموعد"),
        ({"answer": "other"}, "طلب وقتًا آخر"),
        *(({"state": "failed", "calendar_why": why}, said.ar) for why, said in CALENDAR_WHY.items()),
    ]
    if where == "page":
        cases += [({"mail": word}, said.ar) for word, said in MAIL_STATES.items() if word]
        cases += [({"mail": "refused", "mail_why": why}, said.ar) for why, said in MAIL_WHY.items()]
    for stored, said in cases:
        Meeting.objects.update(**stored)
        assert said in page.get(shown).content.decode()


def test_a_place_words_the_invitation_anew(page: Client, home: rows.House) -> None:
    found = meeting(home)
    act(page, found, "place", "مكتب أفق،\nالدور 3\u202e")
    draft = Draft.objects.get(meeting=found)
    assert (draft.version, draft.state) == (2, "awaiting_approval")
    assert "المكان: مكتب أفق، الدور 3\n" in draft.versions.get(number=2).text + "\n"


def test_a_key_decides_once(page: Client, home: rows.House) -> None:
    found = meeting(home)
    form = {"key": str(uuid4()), "value": "هنا"}
    for _ in range(2):
        page.post(f"/meetings/{found.id}/place/", form)
    assert Draft.objects.get(meeting=found).version == 2


@pytest.mark.parametrize("verb", ["edit", "cancel", "calendar", "mail", "people", "place"])
def test_a_colleagues_meeting_is_read_and_not_changed(page: Client, home: rows.House, public: None, verb: str) -> None:
    found = meeting(home)
    found.opportunity.owner = found.organiser = rows.colleague(home)
    found.opportunity.save()
    found.save()
    Card.objects.update(closed_at=rows.now())
    before = everything()
    shown = page.get(f"/meetings/{found.id}/").content.decode()
    assert f"/meetings/{found.id}/{verb}/" not in shown
    assert "/approve/" not in shown
    assert "فهد" in shown
    assert "لم يُتخذ قرار: هي الآن لدى" in act(page, found, verb, "a@example.com")
    assert everything() == before
    rows.may_be(home, "supervisor")
    assert f"/meetings/{found.id}/cancel/" in page.get(f"/meetings/{found.id}/").content.decode()
    act(page, found, "cancel")
    found.refresh_from_db()
    assert found.state == "cancelled"


def test_another_business_does_not_see_it(page: Client, home: rows.House) -> None:
    other = rows.house("غيرها", phone_number_id="105500000000009", username="huda")
    theirs = meeting(other)
    assert page.get(f"/meetings/{theirs.id}/").status_code == 404
    for verb in ("edit", "cancel", "calendar", "mail", "people", "place"):
        assert page.post(f"/meetings/{theirs.id}/{verb}/", {"key": str(uuid4())}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "draft"


@pytest.mark.parametrize("hostile", list(rows.HOSTILE.values()), ids=list(rows.HOSTILE))
def test_hostile_words_stay_words(page: Client, home: rows.House, public: None, hostile: str) -> None:
    found = meeting(home, title=hostile, name=hostile)
    Meeting.objects.update(attendees=["a@example.com"])
    for path in ("/meetings/", f"/meetings/{found.id}/"):
        text = page.get(path).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    found.refresh_from_db()
    link = (file_link(found) or "").removeprefix("https://wakeel.example.com")
    file = Client().get(link)
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert "\u202e" not in event["summary"]


def test_the_file_opens_for_whoever_has_its_address_and_for_nobody_else(home: rows.House, public: None) -> None:
    """The address is signed; it shows title, place and time, and no number and no address of anybody."""
    found = meeting(home)
    Meeting.objects.update(attendees=["maryam@example.com"])
    link = file_link(found)
    assert link is not None
    assert link in Draft.objects.get(meeting=found).versions.get().text
    path = link.removeprefix("https://wakeel.example.com")
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    said = answer.content.decode()
    assert "SUMMARY:تجديد العقد" in said
    assert "maryam@" not in said
    assert "9665" not in said
    for wrong in (f"/m/{found.id}.ics", path.replace("mtg_", "mtx_"), f"/m/{found.id}.{'A' * 43}.ics", "/m/x.ics"):
        assert Client().get(wrong).status_code == 404
    assert Client().post(path).status_code == 405
    Contact.objects.update(name="")
    Meeting.objects.update(state="cancelled")
    assert "STATUS:CANCELLED" in Client().get(path).content.decode()


def test_addresses_are_kept_from_the_page(page: Client, home: rows.House, public: None) -> None:
    found = meeting(home)
    assert "غير صالح" in act(page, found, "people", "someone")
    act(page, found, "people", "maryam@example.com\nali@example.com")
    found.refresh_from_db()
    assert found.attendees == ["maryam@example.com", "ali@example.com"]
