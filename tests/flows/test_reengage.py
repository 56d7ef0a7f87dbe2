"""Which approved templates fit, and a template as the next version: approved anew, bound to what WhatsApp approved."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_dispatch_outbox import refused
from wakeel.domain.rights import ErasureReason
from wakeel.domain.template_texts import filled
from wakeel.flows import preview_draft
from wakeel.flows.erase_person import Erased, erase
from wakeel.flows.fitting_templates import Choice, offer, with_choice
from wakeel.flows.make_template import Made, make_version
from wakeel.flows.reengage import reengage
from wakeel.flows.starter_templates import starter
from wakeel.store.models import (
    Attempt,
    ConsentEventRow,
    Draft,
    DraftVersion,
    Meeting,
    OutboxMessage,
    Template,
    TemplateText,
    VerdictRow,
)

BODY = "أهلًا {{1}}، معك {{2}}. هل يناسبك اتصال قصير؟ لإيقاف الرسائل أرسل: إيقاف"


def template(stage: Stage, name: str = "follow_up", **fields: Any) -> Template:
    values = {
        "language": "ar", "status": "APPROVED", "category": "MARKETING", "components": [{"type": "BODY", "text": BODY}],
        **fields,
    }  # fmt: skip
    return Template.objects.create(business=stage.firm.business, waba_id=rows.WABA_ID, name=name, **values)


def not_sent(stage: Stage, *, by: str = "answer") -> OutboxMessage:
    """A message that WhatsApp did not take, or did not deliver, because the window is closed."""
    message = stage.approved()
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    wamid = stage.record(claimed, refused(131047) if by == "answer" else None)
    if by == "status":
        stage.status(str(wamid), "failed", code=131047)
    stage.deliver()
    message.refresh_from_db()
    return message


def choices(stage: Stage) -> list[str]:
    draft = Draft.objects.get()
    found = offer(draft.business_id, draft.opportunity_id, now=stage.now)
    return [choice.template.name for choice in found.choices] if found else []


def chosen(stage: Stage) -> Choice:
    draft = Draft.objects.get()
    found = offer(draft.business_id, draft.opportunity_id, now=stage.now)
    assert found is not None
    return found.choices[0]


def take(stage: Stage, choice: Choice, *, version: int = 1, key: str = "t1", **values: str) -> str:
    given = {**choice.values, **{name.removeprefix("v"): value for name, value in values.items()}}
    draft = Draft.objects.get()
    reply = reengage(
        stage.operator.id, draft.id, choice.row_id, given, shown_version=version, tap_key=key, now=stage.now
    )
    return reply.code.value


@pytest.mark.parametrize("by", ["answer", "status"])
def test_a_closed_window_leads_to_a_template_that_is_approved_anew_and_leaves_as_one(stage: Stage, by: str):
    row = template(stage)
    failed = not_sent(stage, by=by)
    assert choices(stage) == ["follow_up"]
    assert dict(chosen(stage).values) == {"1": "مريم", "2": "أفق"}
    assert take(stage, chosen(stage)) == "new_version"
    failed.refresh_from_db()
    assert Attempt.objects.get(outbox=failed).settled_by == "new_version", "off the desk"
    stage.wait(hours=1)
    assert [one.body["type"] for one in stage.deliver()] == ["interactive"], "the card, and nothing to the contact"
    assert stage.tap(f"msg:{failed.draft_id}:approve").code == "approved"
    stage.wait(seconds=11)
    (left,) = [one for one in stage.deliver() if one.outbox_id != failed.id and one.body["type"] == "template"]
    sent = filled(left.body)
    assert sent is not None
    assert (sent.name, sent.language, sent.values) == (row.name, "ar", {"1": "مريم", "2": "أفق"})
    assert VerdictRow.objects.get(outbox=left.outbox_id).code == "OK"


def test_the_window_may_be_closed_for_a_template(stage: Stage):
    template(stage)
    message = not_sent(stage)
    assert message.contact
    type(message.contact).objects.update(last_inbound_at=stage.now - rows.DAY)
    take(stage, chosen(stage))
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"
    stage.wait(seconds=11)
    assert "template" in [one.body["type"] for one in stage.deliver()]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "PENDING"}, {"status": "PAUSED"}, {"category": "UTILITY"}, {"language": "en"},
        {"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": BODY}]},
        {"waba_id": "215500000000009"},
        {"components": [{"type": "BODY", "text": "أهلًا، هل نكمل حديثنا؟ لإيقاف الرسائل أرسل: إيقاف"}]},
        {"components": [{"type": "BODY", "text": "أهلًا، معك أفق. هل نكمل حديثنا؟"}]},
    ],
    ids=["in review", "paused", "category", "language", "picture", "another account", "no sender", "no way out"],
)  # fmt: skip
def test_what_does_not_fit_is_not_offered_and_cannot_be_taken(stage: Stage, fields: dict[str, Any]):
    row = template(stage)
    not_sent(stage)
    choice = chosen(stage)
    Template.objects.filter(pk=row.pk).update(**fields)
    assert choices(stage) == []
    assert with_choice([Draft.objects.get().opportunity_id], now=stage.now) == set()
    assert take(stage, choice) == "template_gone"
    assert Draft.objects.get().version == 1


def test_without_consent_no_template_fits(stage: Stage):
    template(stage)
    message = not_sent(stage)
    assert message.contact
    rows.withdrawal(message.contact, at=stage.now)
    assert choices(stage) == []


def test_looking_for_many_costs_no_more_queries_than_for_one(stage: Stage):
    template(stage)
    template(stage, "second", language="ar_EG")
    for serial in range(3):
        stage.accepted(stage.person(key=f"k{serial}", phone=f"+96650972{serial:04d}", title=f"عرض {serial}"))
    everyone = list(Draft.objects.values_list("opportunity_id", flat=True))
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        assert with_choice(everyone[:1], now=stage.now) == set(everyone[:1])
    with CaptureQueriesContext(connection) as for_all:
        assert with_choice(everyone, now=stage.now) == set(everyone)
    assert len(for_all) == len(for_one)


@pytest.mark.parametrize("change", ["text", "status", "category"])
def test_what_changes_at_whatsapp_after_the_approval_does_not_leave(stage: Stage, change: str):
    """The approval is bound to the words, the state and the category that were approved."""
    row = template(stage)
    message = not_sent(stage)
    take(stage, chosen(stage))
    stage.deliver()
    stage.tap(f"msg:{message.draft_id}:approve")
    changed = {
        "text": {"components": [{"type": "BODY", "text": BODY.replace("قصير", "طويل")}]},
        "status": {"status": "PAUSED"},
        "category": {"category": "UTILITY"},
    }
    Template.objects.filter(pk=row.pk).update(**changed[change])
    stage.wait(seconds=11)
    assert "template" not in [one.body["type"] for one in stage.deliver()]
    newest = OutboxMessage.objects.filter(draft=message.draft_id).order_by("-id")[0]
    assert newest.state in {"held", "suppressed"}
    if change == "text":
        assert stage.tap(f"msg:{message.draft_id}:approve").code == "refused", "its words are not those that were shown"


def test_an_older_page_and_a_second_click_change_nothing(stage: Stage):
    template(stage)
    not_sent(stage)
    choice = chosen(stage)
    assert take(stage, choice, version=2) == "stale"
    assert take(stage, choice) == "new_version"
    assert take(stage, choice) == "already_decided"
    assert Draft.objects.get().version == 2


@pytest.mark.parametrize(
    ("value", "answer"), [("", "template_values"), ("م" * 1100, "template_values"), ("أ\nب", "new_version")]
)
def test_values_are_asked_for_until_they_can_be_sent(stage: Stage, value: str, answer: str):
    """A line break becomes a space, as Meta wants it."""
    template(stage)
    not_sent(stage)
    assert take(stage, chosen(stage), v1=value) == answer
    if answer == "new_version":
        assert "أ ب" in Draft.objects.get().versions.get(number=2).text


def test_values_are_put_right_before_the_approval_and_leave_as_approved(stage: Stage):
    template(stage)
    message = not_sent(stage)
    assert take(stage, chosen(stage), v1="مريم\t\u202e(رمز)     ب\r\nج\u200f", extra="x") == "new_version"
    draft = Draft.objects.select_related("number__business", "opportunity").get()
    approved = preview_draft.of(draft, now=stage.now)
    stage.deliver()
    assert "مريم (رمز) ب ج" in stage.phone()[-1]
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    stage.wait(seconds=11)
    (left,) = [one for one in stage.deliver() if one.body["type"] == "template" and one.outbox_id != message.id]
    assert left.body == approved.body
    sent = filled(left.body)
    assert sent is not None
    assert dict(sent.values) == {"1": "مريم (رمز) ب ج", "2": "أفق"}


def test_a_draft_of_another_business_is_not_touched(stage: Stage):
    template(stage)
    not_sent(stage)
    foreign = rows.operator(rows.firm("أخرى", phone_number_id="105500000000009"), "غريب", wa_id="966500000007")
    draft = Draft.objects.get()
    reply = reengage(foreign.id, draft.id, chosen(stage).row_id, {}, shown_version=1, tap_key="x", now=stage.now)
    assert reply.code == "unknown_button"


@pytest.mark.parametrize("code", [132015, 132001])
def test_a_template_that_whatsapp_refuses_is_not_offered_any_more(stage: Stage, code: int):
    template(stage)
    message = not_sent(stage)
    take(stage, chosen(stage))
    stage.deliver()
    stage.tap(f"msg:{message.draft_id}:approve")
    stage.wait(seconds=11)
    for claimed in stage.claim():
        stage.record(claimed, refused(code) if claimed.body["type"] == "template" else None)
    assert choices(stage) == []


def test_erasing_a_person_leaves_no_value_of_a_template(stage: Stage):
    template(stage)
    message = not_sent(stage)
    take(stage, chosen(stage), v2="أفق")
    assert message.contact
    assert isinstance(erase(message.contact.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now), Erased)
    assert {(row.text, row.template) for row in DraftVersion.objects.all()} == {("", None)}


STOP_BUTTON = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "إيقاف العروض"}]}


def test_a_stop_button_carries_its_payload_and_a_tap_on_it_stops(stage: Stage):
    """Whatever its label is at Meta: what was approved says what a tap brings back."""
    template(stage, components=[{"type": "BODY", "text": BODY}, STOP_BUTTON])
    message = not_sent(stage)
    take(stage, chosen(stage))
    stage.deliver()
    assert "إيقاف العروض" in stage.phone()[-1], "the operator reads the buttons before approving"
    stage.tap(f"msg:{message.draft_id}:approve")
    stage.wait(seconds=11)
    (left,) = [one for one in stage.deliver() if one.body["type"] == "template"]
    sent = filled(left.body)
    assert sent is not None
    assert sent.payloads == {0: "OPT_OUT_MARKETING"}
    assert message.contact
    tap = {"type": "button", "button": {"payload": sent.payloads[0], "text": "إيقاف العروض"}}
    stage._message(tap, message.contact)
    assert ConsentEventRow.objects.get(type="withdraw").categories == ["marketing"]


def test_the_category_of_the_template_decides_which_consent_is_asked_for(stage: Stage):
    """An update may go out as a marketing template, but only to somebody who agreed to marketing."""
    opportunity = stage.person(consent=False)
    rows.grant(opportunity.contact, categories=["utility"])
    stage.accepted(opportunity)
    Draft.objects.update(category="utility")
    row = template(stage, category="UTILITY")
    assert choices(stage) == ["follow_up"]
    Template.objects.filter(pk=row.pk).update(category="MARKETING")
    assert choices(stage) == []
    rows.grant(opportunity.contact, categories=["marketing"])
    assert choices(stage) == ["follow_up"]


def test_of_our_own_templates_the_newest_is_offered_and_none_whose_buttons_are_for_operators(stage: Stage):
    for name in ("follow_up", "follow_up", "brief"):
        version = TemplateText.objects.filter(name=name).count() + 1
        later = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "لاحقاً"}]}
        parts = [{"type": "BODY", "text": BODY}, later]
        row = template(stage, f"{name}_v{version}", components=parts)
        TemplateText.objects.create(
            business=stage.firm.business, name=name, version=version, meta_name=row.name, language="ar",
            category="MARKETING", components=parts, payloads=["brief:dismiss" if name == "brief" else ""],
            created_at=stage.now,
        )  # fmt: skip
    not_sent(stage)
    assert choices(stage) == ["follow_up_v2"]


def test_buttons_that_changed_at_whatsapp_after_the_approval_do_not_leave(stage: Stage):
    row = template(stage, components=[{"type": "BODY", "text": BODY}, STOP_BUTTON])
    message = not_sent(stage)
    take(stage, chosen(stage))
    stage.deliver()
    stage.tap(f"msg:{message.draft_id}:approve")
    second = {"type": "QUICK_REPLY", "text": "نعم"}
    Template.objects.filter(pk=row.pk).update(
        components=[{"type": "BODY", "text": BODY}, {"type": "BUTTONS", "buttons": [second, *STOP_BUTTON["buttons"]]}]
    )
    stage.wait(seconds=11)
    assert "template" not in [one.body["type"] for one in stage.deliver()]
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "refused"


def test_an_invitation_goes_out_as_the_meeting_template_with_its_own_buttons(stage: Stage):
    """The window closed while it waited: the same times, in both calendars, and the same two answers."""
    opportunity = stage.person()
    rows.grant(opportunity.contact, purposes=["meetings"], categories=["utility"])
    new = starter("meeting", language="ar")
    assert new is not None
    made = make_version(stage.firm.business.id, new, author="", now=stage.now)
    assert isinstance(made, Made)
    parts = TemplateText.objects.get().components
    template(stage, "meeting_v1", category="UTILITY", components=parts)
    meeting = Meeting.objects.create(
        business=stage.firm.business, opportunity=opportunity, contact=opportunity.contact, number=stage.firm.number,
        organiser=stage.operator, title="مراجعة العقد", slots=["2026-11-29T07:00:00+00:00"], uid="u1",
        created_at=stage.now,
    )  # fmt: skip
    draft = Draft.objects.create(
        business=stage.firm.business, opportunity=opportunity, contact=opportunity.contact, number=stage.firm.number,
        category="utility", purpose="meetings", meeting=meeting, created_at=stage.now,
    )  # fmt: skip
    DraftVersion.objects.create(
        business=stage.firm.business, draft=draft, number=1, text="نقترح موعدًا", created_at=stage.now
    )
    choice = chosen(stage)
    assert (choice.template.name, choice.payloads) == (
        "meeting_v1", (f"mtg:{meeting.id}:confirm", f"mtg:{meeting.id}:other"),
    )  # fmt: skip
    assert choice.values["title"] == "مراجعة العقد"
    assert "29 نوفمبر 2026" in choice.values["times"]
    assert "1448" in choice.values["times"]
    assert take(stage, choice) == "new_version"
    seen = preview_draft.of(Draft.objects.get(), now=stage.now)
    assert seen.body is not None
    named = filled(seen.body)
    assert named is not None
    assert list(named.payloads.values()) == list(choice.payloads)
