"""Meetings when people and machines do not keep to the order: late, twice, with hostile words. Issue 7, 9."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_meetings import SECOND, answers, invitation, invited, planned
from wakeel import config
from wakeel.domain.rights import ErasureReason
from wakeel.flows import mail_meeting, write_calendar
from wakeel.flows.arrange_meeting import decide_on_page, mail_again, set_attendees
from wakeel.flows.calendar_file import file_link, meeting_behind
from wakeel.flows.erase_person import erase
from wakeel.flows.mail_meeting import Mail, Mailed, MailOutcome
from wakeel.flows.show_card import show_draft
from wakeel.flows.stop_sending import press
from wakeel.flows.write_calendar import Event, Outcome, Written
from wakeel.store.models import Business, Contact, Draft, Meeting, OutboxMessage, StopSwitch

DONE = Outcome(Written.DONE)


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A calendar, a mail server and a public address."""
    for name, value in {
        "WAKEEL_CALDAV_URL": "http://127.0.0.1:9/cal", "WAKEEL_SMTP_HOST": "127.0.0.1", "WAKEEL_SMTP_SECURITY": "none",
        "WAKEEL_SMTP_FROM": "office@example.com", "WAKEEL_PUBLIC_URL": "https://wakeel.example.com",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


def due(stage: Stage) -> Event:
    (event,) = write_calendar.due(now=stage.now)
    return event


def mailed(stage: Stage) -> Mail:
    mail = mail_meeting.take(now=stage.now)
    assert mail is not None
    mail_meeting.note(mail, MailOutcome(Mailed.SENT), now=stage.now)
    return mail


def test_what_an_old_invitation_is_answered_never_chooses_one_of_the_new_times(stage: Stage) -> None:
    """Neither while the new times wait for approval nor during the grace: the contact never saw them."""
    meeting = invited(stage)
    old = invitation(meeting).wamid
    decide_on_page(stage.operator.id, meeting.id, "edit", tap_key="page-1", now=stage.now)
    stage.deliver()
    assert stage.says("2", by=meeting.contact, quoting=old).code == "meeting_old"
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    assert answers(stage, meeting, "confirm", on=old) == "meeting_old"
    assert (meeting.chosen, meeting.answer) == (None, "")
    assert len([said for said in stage.told() if "لم تعد سارية" in said]) == 2


def test_one_answer_of_the_contact_is_one_message_to_the_operator(stage: Stage) -> None:
    """The notice with the time says it; a card «كتب: تأكيد الموعد» would say it twice. Words of their own have one."""
    meeting = invited(stage)
    before = len(stage.phone())
    answers(stage, meeting, "confirm")
    answers(stage, meeting, "other")
    assert len(stage.phone()) - before == 2
    stage.says("الثلاثاء أنسب لي", by=meeting.contact)
    stage.deliver()
    assert "الثلاثاء أنسب لي" in stage.phone()[-1]


def test_an_invitation_whose_time_is_over_is_not_approved_but_asked_new_times(stage: Stage) -> None:
    meeting = planned(stage)
    stage.wait(hours=22, minutes=30)
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "meeting_times_over"
    assert stage.says("الأحد 10:00").code == "new_version"
    stage.deliver()
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert len(stage.to_contacts()) == 1


def test_an_approved_invitation_does_not_leave_after_its_first_time(stage: Stage) -> None:
    """Nobody sent for a day: the meeting is off, and whoever approved it hears why."""
    meeting = planned(stage)
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.wait(hours=23)
    stage.deliver()
    stage.deliver()
    meeting.refresh_from_db()
    assert stage.to_contacts() == []
    assert meeting.state == "cancelled"
    assert any("بعد فوات وقتها" in said for said in stage.told())


def test_who_opts_out_before_it_leaves_gets_no_invitation_and_no_event(stage: Stage, set_up: None) -> None:
    meeting = planned(stage)
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.says("إيقاف", by=meeting.contact)
    stage.wait(seconds=11)
    stage.deliver()
    meeting.refresh_from_db()
    assert OutboxMessage.objects.get(draft__meeting=meeting).state == "suppressed"
    assert (meeting.state, meeting.invited_at) == ("cancelled", None)
    assert write_calendar.due(now=stage.now) == []
    assert mail_meeting.take(now=stage.now) is None


def test_a_slower_worker_that_wrote_the_meeting_as_it_was_is_overruled(stage: Stage, set_up: None) -> None:
    """Two workers: one took the event, then it was called off and another one removed it, then the first one wrote."""
    meeting = invited(stage)
    slow = due(stage)
    decide_on_page(stage.operator.id, meeting.id, "cancel", tap_key="page-1", now=stage.now)
    write_calendar.note(due(stage), DONE, now=stage.now)
    assert write_calendar.due(now=stage.now) == []
    write_calendar.note(slow, DONE, now=stage.now)
    again = due(stage)
    assert again.file is None
    write_calendar.note(again, DONE, now=stage.now)
    write_calendar.note(again, DONE, now=stage.now)
    assert write_calendar.due(now=stage.now) == []


def test_every_answer_is_a_newer_file_and_only_an_agreed_time_is_mailed(stage: Stage, set_up: None) -> None:
    """A client drops a mail with a Message-ID it has seen, and a file with a SEQUENCE it has."""
    Contact.objects.update(name="مريم")
    meeting = planned(stage)
    set_attendees(stage.operator.id, meeting.id, "maryam@example.com", tap_key="p", now=stage.now)
    stage.deliver()
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    first, events = mailed(stage), [due(stage)]
    answers(stage, meeting, "other")
    assert mail_meeting.take(now=stage.now) is None
    events.append(due(stage))
    answers(stage, meeting, "confirm")
    events.append(due(stage))
    agreed = mailed(stage)
    stage.says("2", by=meeting.contact, quoting=invitation(meeting).wamid)
    stage.deliver()
    moved = mailed(stage)
    events.append(due(stage))
    numbers = [event.fingerprint.sequence for event in events]
    assert numbers == sorted(set(numbers))
    assert len({mail.message["Message-ID"] for mail in (first, agreed, moved)}) == 3
    assert any(SECOND in said for said in stage.told())


@pytest.mark.parametrize(
    "hostile",
    ["=?utf-8?q?=0d=0aBcc:x@y.example=0d=0a=0d=0aown_words?=", "a\r\nBcc: x@y.example", "\u202e" + "س" * 5000],
)
def test_no_title_and_no_name_begins_a_header_of_its_own(stage: Stage, set_up: None, hostile: str) -> None:
    """`email` decodes encoded words and writes out the end of a line that one of them holds."""
    Business.objects.update(name=hostile[:100])
    meeting = planned(stage, stage.person(title=hostile[:300]))
    set_attendees(stage.operator.id, meeting.id, "maryam@example.com", tap_key="p", now=stage.now)
    Draft.objects.update(state="expired")
    Meeting.objects.update(mail="waiting", mail_at=stage.now, invited_at=stage.now)
    written = mailed(stage).message.as_bytes()
    head = written.partition(b"\n\n")[0].lower()
    assert b"\nbcc" not in head.replace(b"\r", b"\n")
    assert b"mime-version" in head
    (file,) = mailed_file(written)
    assert file.count("\nATTENDEE") == 1
    assert max(len(line.encode()) for line in file.split("\r\n")) <= 75


def mailed_file(written: bytes) -> list[str]:
    """The calendar file as a mail program reads it."""
    message = message_from_bytes(written, policy=policy.default)
    return [part.get_content().replace("\r\n", "\n").replace("\n", "\r\n") for part in message.iter_attachments()]


def test_who_has_the_same_card_open_hears_that_the_meeting_is_off(stage: Stage) -> None:
    meeting, other = planned(stage), rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    show_draft(other, Draft.objects.get(meeting=meeting), now=stage.now)
    stage.deliver()
    decide_on_page(stage.operator.id, meeting.id, "cancel", tap_key="page-1", now=stage.now)
    assert "إلغاء الاجتماع" in stage.told(other)[-1]


def test_an_event_that_cannot_be_removed_is_told(stage: Stage, set_up: None) -> None:
    meeting = invited(stage)
    write_calendar.note(due(stage), DONE, now=stage.now)
    decide_on_page(stage.operator.id, meeting.id, "cancel", tap_key="page-1", now=stage.now)
    write_calendar.note(due(stage), Outcome(Written.REFUSED, "unauthorised"), now=stage.now)
    stage.deliver()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.calendar) == ("cancelled", "refused")
    assert "ما زال في التقويم" in stage.told()[-1]


def test_without_a_common_hour_nothing_is_proposed_and_it_is_said(stage: Stage) -> None:
    """In winter Anchorage is twelve hours away from Riyadh."""
    opportunity = stage.person()
    Contact.objects.update(time_zone="America/Anchorage")
    stage.accepted(opportunity)
    tapped = stage.choose(f"opp:{opportunity.id}:schedule")
    assert tapped.code == "meeting_no_time"
    assert "خلال أسبوعين" in tapped.text
    assert Meeting.objects.count() == 0


def test_the_link_of_somebody_who_was_erased_opens_nothing(stage: Stage, set_up: None) -> None:
    meeting = invited(stage)
    link = file_link(meeting)
    assert link is not None
    token = link.rpartition("/")[2].removesuffix(".ics")
    assert meeting_behind(token) == meeting
    erase(meeting.contact_id, by="1", reason=next(iter(ErasureReason)), now=stage.now)
    assert meeting_behind(token) is None


def invited_by_mail(stage: Stage) -> Meeting:
    """Invited, and the mail server was not there when the calendar file was to leave."""
    meeting = planned(stage)
    set_attendees(stage.operator.id, meeting.id, "maryam@example.com", tap_key="people", now=stage.now)
    stage.deliver()
    stage.tap(f"mtg:{meeting.id}:approve")
    stage.wait(seconds=11)
    stage.deliver()
    mail = mail_meeting.take(now=stage.now)
    assert mail is not None
    mail_meeting.note(mail, MailOutcome(Mailed.NOT_SENT, "unreachable"), now=stage.now)
    meeting.refresh_from_db()
    return meeting


def is_behind_link(meeting: Meeting) -> bool:
    return meeting_behind((file_link(meeting) or "").rpartition("/")[2].removesuffix(".ics")) is not None


def test_nobody_outside_sees_other_times_before_they_are_approved(stage: Stage, set_up: None) -> None:
    """Neither behind the link that they have from before, nor by a mail that is tried again, nor by hand."""
    meeting = invited_by_mail(stage)
    assert is_behind_link(meeting)
    decide_on_page(stage.operator.id, meeting.id, "edit", tap_key="page-1", now=stage.now)
    stage.wait(minutes=6)
    assert not is_behind_link(meeting)
    assert mail_meeting.take(now=stage.now) is None
    assert not mail_again(stage.operator.id, meeting.id, tap_key="page-2", now=stage.now).carried_out
    stage.deliver()
    stage.tap(f"mtg:{meeting.id}:approve")
    assert not set_attendees(stage.operator.id, meeting.id, "x y", tap_key="page-3", now=stage.now).carried_out
    assert not is_behind_link(meeting)
    stage.wait(seconds=11)
    stage.deliver()
    assert is_behind_link(meeting)
    assert mailed(stage).to == ("maryam@example.com",)


def test_addresses_that_change_after_the_approval_are_asked_about_again(stage: Stage, set_up: None) -> None:
    meeting = planned(stage)
    stage.tap(f"mtg:{meeting.id}:approve")
    set_attendees(stage.operator.id, meeting.id, "other@example.com", tap_key="people", now=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []
    assert "other@example.com" in stage.phone()[-1]
    assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert mailed(stage).to == ("other@example.com",)


def test_no_file_is_mailed_to_who_stopped_us_nor_under_a_stop_switch(stage: Stage, set_up: None) -> None:
    meeting = invited_by_mail(stage)
    press(stage.firm.business.id, stage.operator.id, now=stage.now)
    stage.wait(minutes=6)
    assert mail_meeting.take(now=stage.now) is None
    StopSwitch.objects.all().delete()
    stage.says("إيقاف", by=meeting.contact)
    stage.wait(minutes=6)
    assert mail_meeting.take(now=stage.now) is None
    meeting.refresh_from_db()
    stage.deliver()
    assert (meeting.mail, meeting.mail_why) == ("refused", "stopped")
    assert any("ألا تُراسَل" in said for said in stage.told())
