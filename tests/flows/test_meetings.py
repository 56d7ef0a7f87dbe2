"""From احجز اجتماع to the contact's answer, the calendar and the calendar file. Issue 7, 9."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel import config
from wakeel.domain.rights import ErasureReason
from wakeel.flows import arrange_meeting, mail_meeting, write_calendar
from wakeel.flows.erase_person import erase
from wakeel.flows.mail_meeting import Mailed, MailOutcome
from wakeel.flows.plan_meeting import language_for, plan_meeting
from wakeel.flows.write_calendar import Outcome, Written
from wakeel.store import decisions, meetings
from wakeel.store.models import Contact, Decision, Draft, InboundMessage, Meeting, Opportunity, OutboxMessage

FIRST, SECOND, THIRD = (
    "الاثنين 23 نوفمبر 2026م، 13 جمادى الآخرة 1448هـ، الساعة 10:00 ص",
    "الثلاثاء 24 نوفمبر 2026م، 14 جمادى الآخرة 1448هـ، الساعة 1:30 م",
    "الأربعاء 25 نوفمبر 2026م، 15 جمادى الآخرة 1448هـ، الساعة 11:00 ص",
)


@pytest.fixture
def with_calendar(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WAKEEL_CALDAV_URL", "http://127.0.0.1:9/cal")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.fixture
def with_mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WAKEEL_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("WAKEEL_SMTP_SECURITY", "none")
    monkeypatch.setenv("WAKEEL_SMTP_FROM", "office@example.com")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


def planned(stage: Stage, opportunity: Opportunity | None = None) -> Meeting:
    """An accepted opportunity, whose meeting was asked for; the invitation's card is on the phone."""
    opportunity = opportunity or stage.person()
    rows.grant(opportunity.contact, purposes=["meetings"], at=rows.T0 - rows.DAY)
    stage.accepted(opportunity)
    plan(stage, opportunity, key=stage.new_wamid())
    stage.deliver()
    return Meeting.objects.get(opportunity=opportunity)


def plan(stage: Stage, opportunity: Opportunity, *, key: str) -> str:
    operator = decisions.lock_operator(stage.operator.id)
    locked = decisions.lock_opportunities([opportunity.id])[opportunity.id]
    return plan_meeting(operator, locked, tap_key=key, via="phone", now=stage.now).code.value


def invited(stage: Stage) -> Meeting:
    """The same, approved and taken by WhatsApp."""
    meeting = planned(stage)
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    meeting.refresh_from_db()
    return meeting


def invitation(meeting: Meeting) -> OutboxMessage:
    found = meetings.newest_sent(meeting)
    assert found is not None
    return found


def answers(stage: Stage, meeting: Meeting, action: str, *, on: str | None = None) -> str:
    """The contact taps on the invitation; what their message was noted as."""
    wamid = on or invitation(meeting).wamid
    code = stage.tap(f"mtg:{meeting.id}:{action}", by=meeting.contact, on=wamid).code
    stage.deliver()
    meeting.refresh_from_db()
    return code


def about_meetings(stage: Stage) -> list[str]:
    """What the operator's phone said about a meeting, but the invitation's card."""
    return [said for said in stage.phone() if "الموعد" in said and "نص الرسالة كما سيصل" not in said]


def test_the_invitation_goes_out_with_its_buttons_once_it_is_approved_word_for_word(stage: Stage) -> None:
    """Two approvals for two texts: the first message of the opportunity still waits for its own."""
    meeting = planned(stage)
    card = stage.phone()[-1]
    assert all(time in card for time in (FIRST, SECOND, THIRD, "بتوقيت الرياض"))
    assert stage.to_contacts() == []
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    (text,) = stage.to_contacts()
    assert card.endswith(text)
    sent = invitation(meeting).body["interactive"]["action"]["buttons"]
    assert [button["reply"]["id"] for button in sent] == [f"mtg:{meeting.id}:confirm", f"mtg:{meeting.id}:other"]
    message = invitation(meeting)
    assert (message.category, message.purpose) == ("utility", "meetings")


def test_without_a_calendar_the_meeting_stays_a_draft_and_says_so(stage: Stage) -> None:
    opportunity = stage.person()
    rows.grant(opportunity.contact, purposes=["meetings"], at=rows.T0 - rows.DAY)
    stage.accepted(opportunity)
    assert plan(stage, opportunity, key="wamid.P") == "meeting_drafted"
    stage.deliver()
    meeting = Meeting.objects.get()
    assert Decision.objects.get(tap_key="wamid.P").action == "schedule"
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    assert answers(stage, meeting, "confirm") == "meeting_confirm"
    assert (meeting.state, meeting.calendar, meeting.chosen) == ("draft", "", meetings.slots_of(meeting)[0])
    assert any(FIRST in said and "لا تقويم مضبوط" in said for said in about_meetings(stage))


def test_asked_for_twice_it_is_one_meeting(stage: Stage) -> None:
    meeting = planned(stage)
    assert plan(stage, meeting.opportunity, key="wamid.second") == "shown_again"
    assert Meeting.objects.count() == 1


def test_without_consent_to_meetings_nothing_leaves(stage: Stage) -> None:
    """An invitation is gated like every text: the answer says why, and the meeting stays."""
    opportunity = stage.person(last_inbound_at=rows.T0 - 30 * rows.HOUR)
    stage.accepted(opportunity)
    plan(stage, opportunity, key="wamid.P")
    stage.deliver()
    meeting = Meeting.objects.get()
    answer = stage.tap(f"mtg:{meeting.id}:approve")
    assert answer.code == "refused"
    stage.wait(seconds=60)
    stage.deliver()
    assert stage.to_contacts() == []


def test_an_edit_takes_times_in_words_and_asks_again(stage: Stage) -> None:
    """What was approved before is taken back; the old card approves nothing."""
    meeting = planned(stage)
    old = stage.showing_of(f"mtg:{meeting.id}:approve")
    assert stage.tap(f"mtg:{meeting.id}:edit").code == "meeting_ask"
    answer = stage.says("الاثنين 14:00، الأحد ١٠:٣٠ ص")
    assert answer.code == "new_version"
    stage.deliver()
    assert stage.tap(f"mtg:{meeting.id}:approve", on=old).code == "stale"
    stage.deliver()
    assert "الساعة 2:00 م" in stage.phone()[-1]
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    meeting.refresh_from_db()
    slots = [datetime(2026, 11, 23, 11, 0, tzinfo=UTC), datetime(2026, 11, 29, 7, 30, tzinfo=UTC)]
    assert meetings.slots_of(meeting) == slots
    assert len(stage.to_contacts()) == 1


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("الخميس 1/10/2026 10:00", "meeting_past", "مضى"),
        ("س" * 1100, "meeting_too_long", "1024"),
        ("أهلًا مريم، نلتقي الأحد في مكتبكم. " + "\u202ex", "new_version", "أوقات الموعد المسجّلة لم تتغيّر"),
        ("الجمعة 23:00", "new_version", "خارج ساعات العمل"),
    ],
)
def test_a_text_that_does_not_fit_its_times_is_told(stage: Stage, typed: str, code: str, says: str) -> None:
    """A calendar that says otherwise than the text would be found out too late."""
    meeting = planned(stage)
    stage.tap(f"mtg:{meeting.id}:edit")
    answer = stage.says(typed)
    assert answer.code == code
    assert says in answer.text.replace(",", "")


def test_cancelling_the_invitation_cancels_the_meeting_and_leaves_the_first_message(stage: Stage) -> None:
    meeting = planned(stage)
    first = Draft.objects.get(meeting=None)
    assert stage.tap(f"mtg:{meeting.id}:cancel").code == "meeting_unsent"
    meeting.refresh_from_db()
    first.refresh_from_db()
    assert (meeting.state, first.state, first.opportunity.state) == ("cancelled", "awaiting_approval", "accepted")
    stage.wait(seconds=60)
    stage.deliver()
    assert stage.to_contacts() == []


def test_a_tap_on_a_card_nobody_knows_shows_the_current_one(stage: Stage) -> None:
    meeting = planned(stage)
    before = len(stage.phone())
    assert stage.tap(f"mtg:{meeting.id}:approve", on=None).code == "stale"
    stage.deliver()
    assert FIRST in "".join(stage.phone()[before:])
    assert OutboxMessage.objects.filter(draft__meeting=meeting).count() == 0


def test_the_contact_confirms_once_however_often_they_tap(stage: Stage) -> None:
    meeting = invited(stage)
    assert answers(stage, meeting, "confirm") == "meeting_confirm"
    told = len(about_meetings(stage))
    answers(stage, meeting, "confirm")
    assert (meeting.answer, meeting.chosen) == ("confirm", meetings.slots_of(meeting)[0])
    assert len(about_meetings(stage)) == told


def test_a_number_chooses_another_of_the_times(stage: Stage) -> None:
    meeting = invited(stage)
    assert stage.says("٢", by=meeting.contact).code == "meeting_confirm"
    stage.deliver()
    meeting.refresh_from_db()
    assert meeting.chosen == meetings.slots_of(meeting)[1]
    assert any(SECOND in said for said in about_meetings(stage))


def test_a_number_said_about_something_else_chooses_nothing(stage: Stage) -> None:
    """Something else was sent since: two of what?"""
    meeting = invited(stage)
    first = Draft.objects.get(meeting=None)
    stage.tap(f"msg:{first.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    assert len(stage.to_contacts()) == 2
    assert stage.says("2", by=meeting.contact).code == ""
    meeting.refresh_from_db()
    assert meeting.chosen is None
    assert stage.says("2", by=meeting.contact, quoting=invitation(meeting).wamid).code == "meeting_confirm"


def test_another_time_is_asked_for_proposed_and_confirmed(stage: Stage) -> None:
    """The operator's card carries the next step; buttons of the first invitation say nothing any more."""
    meeting = invited(stage)
    old = invitation(meeting).wamid
    assert answers(stage, meeting, "other") == "meeting_other"
    asked = OutboxMessage.objects.get(prompt__kind="meeting")
    earlier = meetings.slots_of(meeting)
    assert stage.tap(f"mtg:{meeting.id}:edit", on=asked.wamid).code == "meeting_drafted"
    stage.deliver()
    meeting.refresh_from_db()
    assert not set(earlier) & set(meetings.slots_of(meeting))
    assert answers(stage, meeting, "confirm", on=old) == "meeting_old"
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert answers(stage, meeting, "confirm", on=old) == "meeting_old"
    assert meeting.chosen is None
    assert answers(stage, meeting, "confirm") == "meeting_confirm"
    assert len(stage.to_contacts()) == 2


def test_a_confirmation_that_comes_after_the_time_is_told_as_such(stage: Stage) -> None:
    meeting = invited(stage)
    stage.wait(days=2)
    assert answers(stage, meeting, "confirm") == "meeting_confirm"
    assert meeting.chosen is None
    assert len([said for said in stage.told() if "وقتًا مضى" in said]) == 1


def test_somebody_elses_meeting_is_unknown_to_a_contact(stage: Stage) -> None:
    meeting = invited(stage)
    stranger = rows.contact(stage.firm, "خالد", phone="+966509722299")
    stage.tap(f"mtg:{meeting.id}:confirm", by=stranger, on=invitation(meeting).wamid)
    meeting.refresh_from_db()
    assert meeting.answer == ""


def test_the_event_is_written_once_whatsapp_took_the_invitation(stage: Stage, with_calendar: None) -> None:
    meeting = planned(stage)
    assert write_calendar.due(now=stage.now) == []
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    meeting.refresh_from_db()
    assert meeting.state == "approved"
    (event,) = write_calendar.due(now=stage.now)
    file = (event.file or b"").decode()
    assert "DTSTART:20261123T070000Z" in file
    assert "STATUS:TENTATIVE" in file
    # Nobody's server may write to the contact because of it.
    assert "ATTENDEE" not in file
    write_calendar.note(event, Outcome(Written.DONE_BUSY), now=stage.now)
    stage.deliver()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.calendar, meeting.calendar_why) == ("booked", "written", "busy")
    assert "في التقويم موعد آخر" in about_meetings(stage)[-1]
    assert write_calendar.due(now=stage.now) == []


def test_an_answer_is_written_into_the_calendar_and_an_older_try_does_not_hide_it(
    stage: Stage, with_calendar: None
) -> None:
    meeting = invited(stage)
    (tentative,) = write_calendar.due(now=stage.now)
    answers(stage, meeting, "confirm")
    write_calendar.note(tentative, Outcome(Written.DONE), now=stage.now)
    (agreed,) = write_calendar.due(now=stage.now)
    assert b"STATUS:CONFIRMED" in (agreed.file or b"")
    assert agreed.fingerprint.sequence > tentative.fingerprint.sequence
    write_calendar.note(agreed, Outcome(Written.DONE), now=stage.now)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.calendar) == ("booked", "written")


def test_a_refused_event_is_told_with_its_reason_and_tried_again_by_a_person(stage: Stage, with_calendar: None) -> None:
    meeting = invited(stage)
    (event,) = write_calendar.due(now=stage.now)
    write_calendar.note(event, Outcome(Written.REFUSED, "unauthorised"), now=stage.now)
    stage.deliver()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.calendar_why) == ("failed", "unauthorised")
    assert "كلمة المرور" in about_meetings(stage)[-1]
    assert write_calendar.due(now=stage.now) == []
    again = arrange_meeting.write_again(stage.operator.id, meeting.id, tap_key="page-1", now=stage.now)
    assert again.code == "meeting_retried"
    (event,) = write_calendar.due(now=stage.now)
    write_calendar.note(event, Outcome(Written.DONE), now=stage.now)
    meeting.refresh_from_db()
    assert meeting.state == "booked"


def test_a_calendar_out_of_reach_is_asked_ever_later_and_then_told(stage: Stage, with_calendar: None) -> None:
    meeting, waits = invited(stage), list[timedelta]()
    for _ in range(write_calendar.TRIES):
        (event,) = write_calendar.due(now=stage.now)
        write_calendar.note(event, Outcome(Written.NO_ANSWER, "unreachable"), now=stage.now)
        meeting.refresh_from_db()
        if meeting.calendar_at is not None:
            waits.append(meeting.calendar_at - stage.now)
            assert write_calendar.due(now=stage.now) == []
            stage.now = meeting.calendar_at
    assert waits == sorted(waits)
    assert sum(waits, timedelta()) > timedelta(hours=1)
    assert (meeting.state, meeting.calendar) == ("failed", "refused")


def test_a_cancelled_meeting_is_taken_out_of_the_calendar(stage: Stage, with_calendar: None) -> None:
    meeting = invited(stage)
    (event,) = write_calendar.due(now=stage.now)
    write_calendar.note(event, Outcome(Written.DONE), now=stage.now)
    reply = arrange_meeting.decide_on_page(stage.operator.id, meeting.id, "cancel", tap_key="page-1", now=stage.now)
    assert reply.code == "meeting_cancelled"
    (gone,) = write_calendar.due(now=stage.now)
    assert (gone.uid, gone.file) == (meeting.uid, None)
    write_calendar.note(gone, Outcome(Written.DONE), now=stage.now)
    assert write_calendar.due(now=stage.now) == []
    answers(stage, meeting, "confirm")
    assert (meeting.state, meeting.chosen) == ("cancelled", None)


def test_the_file_is_mailed_to_whom_the_approved_card_named(stage: Stage, with_mail: None) -> None:
    """Other addresses are another question: the card that named the first ones approves nothing any more."""
    meeting = planned(stage)
    old = stage.showing_of(f"mtg:{meeting.id}:approve")
    said = arrange_meeting.set_attendees(
        stage.operator.id, meeting.id, "maryam@example.com", tap_key="page-1", now=stage.now
    )
    assert said.code == "meeting_mails"
    stage.deliver()
    assert "maryam@example.com" in stage.phone()[-1]
    assert stage.tap(f"mtg:{meeting.id}:approve", on=old).code == "stale"
    assert mail_meeting.take(now=stage.now) is None
    stage.deliver()
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    mail = mail_meeting.take(now=stage.now)
    assert mail is not None
    assert mail.to == ("maryam@example.com",)
    (file,) = mail.message.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert "METHOD:REQUEST" in file.get_content()
    # Taken is taken: another worker finds nothing.
    assert mail_meeting.take(now=stage.now) is None
    mail_meeting.note(mail, MailOutcome(Mailed.SENT), now=stage.now)
    meeting.refresh_from_db()
    assert (meeting.mail, meeting.mailed_at) == ("sent", stage.now)


def test_a_mail_without_an_answer_is_never_repeated_by_itself(stage: Stage, with_mail: None) -> None:
    meeting = planned(stage)
    Meeting.objects.update(attendees=["maryam@example.com"])
    arrange_meeting.set_attendees(stage.operator.id, meeting.id, "m@example.com", tap_key="p", now=stage.now)
    stage.deliver()
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    assert mail_meeting.take(now=stage.now) is not None
    stage.wait(minutes=11)
    mail_meeting.end_lost(now=stage.now)
    stage.deliver()
    meeting.refresh_from_db()
    assert meeting.mail == "unknown"
    assert "قد تكون خرجت" in stage.phone()[-1]
    assert mail_meeting.take(now=stage.now) is None
    again = arrange_meeting.mail_again(stage.operator.id, meeting.id, tap_key="p2", now=stage.now)
    assert again.code == "meeting_retried"
    assert mail_meeting.take(now=stage.now) is not None


def test_bad_addresses_change_nothing(stage: Stage, with_mail: None) -> None:
    meeting = planned(stage)
    for text in (
        "a@b.example\nBcc: x@y.example",
        "nobody",
        "a@b.example " * 9 + " ".join(f"{n}@b.example" for n in range(9)),
    ):
        said = arrange_meeting.set_attendees(stage.operator.id, meeting.id, text, tap_key=text, now=stage.now)
        assert said.code == "meeting_bad_mail"
    meeting.refresh_from_db()
    assert meeting.attendees == []


@pytest.mark.parametrize("hostile", ["<script>" * 600, "س" * 5000, "\u202eabc\u2069\n\n=x", "👨‍👩‍👧‍👦" * 300])
def test_whatever_a_title_holds_the_invitation_fits(stage: Stage, hostile: str) -> None:
    opportunity = stage.person(title=hostile[:300])
    Contact.objects.filter(pk=opportunity.contact_id).update(name=hostile[:200])
    opportunity.contact.refresh_from_db()
    meeting = planned(stage, opportunity)
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    body = invitation(meeting).body["interactive"]["body"]["text"]
    assert len(body.encode("utf-16-le")) // 2 <= 1024
    assert "\u202e" not in body
    assert FIRST in body


def test_an_erased_person_leaves_no_title_and_no_event(stage: Stage, with_calendar: None) -> None:
    meeting = invited(stage)
    (event,) = write_calendar.due(now=stage.now)
    write_calendar.note(event, Outcome(Written.DONE), now=stage.now)
    stage.deliver()
    erase(meeting.contact_id, by="1", reason=next(iter(ErasureReason)), now=stage.now)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.title, meeting.attendees) == ("cancelled", "", [])
    (gone,) = write_calendar.due(now=stage.now)
    assert gone.file is None


def test_the_invitation_speaks_as_they_last_wrote_not_as_we_did_from_the_app_beside_us(stage: Stage) -> None:
    """An echo of our own words is kept in their history and is none of theirs."""
    opportunity = stage.person()
    for wamid, kind, text, minute in (("wamid.1", "text", "When can we meet?", 1), ("wamid.2", "echo", "نتصل بك", 2)):
        InboundMessage.objects.create(
            business=stage.firm.business, wamid=wamid, contact=opportunity.contact, kind=kind, text=text,
            sent_at=rows.T0 + timedelta(minutes=minute), recorded_at=rows.T0,
        )  # fmt: skip
    assert language_for(opportunity.contact) == "en"
