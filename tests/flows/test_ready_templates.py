"""Our templates from wording to message: versions, Meta's answer, which version is used, what is posted."""

from dataclasses import replace
from typing import Any

import pytest

from tests import rows
from wakeel.domain.template_faults import Fault, WordingFault
from wakeel.domain.template_payloads import filled_payloads
from wakeel.domain.template_texts import filled, rendered
from wakeel.domain.template_wording import NewTemplate, QuickReply
from wakeel.flows import make_template
from wakeel.flows.make_template import Asked, Made, ask_for_submission, make_version, take_starters
from wakeel.flows.push_templates import ask_for_all, keep_answer, waiting
from wakeel.flows.ready_templates import CannotFill, ready, refuse, template_part
from wakeel.flows.starter_templates import starter
from wakeel.flows.template_lines import template_lines
from wakeel.simulator.errors import MetaError
from wakeel.simulator.filling import fill
from wakeel.simulator.templates import Template as StandIn
from wakeel.store.models import Template, TemplateText
from wakeel.whatsapp.template_push import NotTaken, Taken

pytestmark = pytest.mark.django_db

FOLLOW = NewTemplate(
    name="follow_up",
    language="ar",
    category="MARKETING",
    body="مرحبًا {{name}}، معك {{shop}} بخصوص طلبك الأخير عندنا.",
    footer="لإيقاف الرسائل أرسل: إيقاف",
    buttons=(QuickReply("نكمل"), QuickReply("إيقاف العروض", "OPT_OUT_MARKETING")),
    samples={"name": "مريم", "shop": "أفق"},
)
VALUES = {"name": "مريم", "shop": "أفق"}


@pytest.fixture
def firm() -> rows.Firm:
    return rows.firm()


def make(firm: rows.Firm, new: NewTemplate = FOLLOW, **changes: Any) -> TemplateText:
    made = make_version(firm.business.id, replace(new, **changes), author="sara", now=rows.T0)
    assert isinstance(made, Made)
    return TemplateText.objects.get(pk=made.version_id)


def answered(firm: rows.Firm, row: TemplateText, answer: Taken | NotTaken) -> None:
    at = rows.T0 + rows.MINUTE
    keep_answer(row.pk, answer, phone_number_id=firm.number.pk, began_at=at, real_now=at)


def approve(firm: rows.Firm, row: TemplateText, **more: Any) -> Template:
    answered(firm, row, Taken("9001", "PENDING", row.category))
    Template.objects.filter(name=row.meta_name, language=row.language).update(**{"status": "APPROVED", **more})
    return Template.objects.get(name=row.meta_name, language=row.language)


def test_a_version_goes_to_meta_once_and_is_used_from_its_approval_on(firm: rows.Firm):
    row = make(firm)
    assert waiting(firm.number.pk) == [], "nobody asked for it"
    assert ask_for_submission(firm.business.id, row.pk, by="sara", now=rows.T0) is Asked.ASKED
    (one,) = waiting(firm.number.pk)
    assert (one.submission.name, one.submission.is_named) == ("follow_up_v1", True)
    answered(firm, row, Taken("9001", "PENDING", "MARKETING"))
    assert waiting(firm.number.pk) == []
    assert ask_for_submission(firm.business.id, row.pk, by="sara", now=rows.T0) is Asked.SUBMITTED_BEFORE
    assert Template.objects.get().status == "PENDING"
    assert ready(firm.business.id, "follow_up", language="ar") is None, "not approved yet"
    Template.objects.update(status="APPROVED")
    found = ready(firm.business.id, "follow_up", language="ar")
    assert found is not None
    assert (found.meta_name, found.category, found.version) == ("follow_up_v1", "marketing", 1)
    assert rendered(found.text, VALUES).splitlines()[0] == "مرحبًا مريم، معك أفق بخصوص طلبك الأخير عندنا."
    assert ready(firm.business.id, "follow_up", language="en") is None
    assert ready(firm.business.id, "follow_up", language="ar", waba_id="9") is None


def test_what_is_posted_is_what_a_stand_in_for_meta_fills_in_with_our_payloads(firm: rows.Firm):
    approve(firm, make(firm))
    found = ready(firm.business.id, "follow_up", language="ar")
    assert found is not None
    part = template_part(found, VALUES)
    template = StandIn(
        id=1, name="follow_up_v1", language="ar", category="MARKETING", status="APPROVED", parameter_format="NAMED",
        components=Template.objects.get().components,
    )  # fmt: skip
    seen = fill(template, part["template"])
    assert not isinstance(seen, MetaError)
    buttons = next(each for each in seen["components"] if each["type"] == "BUTTONS")["buttons"]
    assert [button["payload"] for button in buttons] == ["نكمل", "OPT_OUT_MARKETING"]
    back = filled(part)
    assert back is not None
    assert (back.values, back.payloads) == (VALUES, {1: "OPT_OUT_MARKETING"})


@pytest.mark.parametrize(
    ("values", "payloads"),
    [
        ({"name": "مريم"}, None),
        ({**VALUES, "title": "x"}, None),
        ({**VALUES, "name": "مريم\nعلي"}, None),
        ({**VALUES, "name": "مريم\u202e"}, None),
        ({**VALUES, "name": "م" * 1000}, None),
        (VALUES, ("", "")),
        (VALUES, ("OPT_OUT_MARKETING",)),
    ],
    ids=["count", "name", "newline", "bidi", "length", "stop without payload", "payload missing"],
)
def test_what_meta_would_refuse_makes_no_message(firm: rows.Firm, values: dict[str, str], payloads: Any):
    approve(firm, make(firm))
    found = ready(firm.business.id, "follow_up", language="ar")
    assert found is not None
    asked = found if payloads is None else replace(found, payloads=payloads)
    assert refuse(asked, values) is not None
    with pytest.raises(CannotFill) as fault:
        template_part(asked, values)
    assert "مريم" not in str(fault.value)


def test_the_newest_version_that_can_be_sent_is_used(firm: rows.Firm):
    approve(firm, make(firm))
    second = make(firm, body="مرحبًا {{name}}، معك {{shop}} بخصوص ما اتفقنا عليه أمس.")
    found = ready(firm.business.id, "follow_up", language="ar")
    assert found is not None
    assert found.version == 1, "the second is not approved"
    row = approve(firm, second)
    found = ready(firm.business.id, "follow_up", language="ar")
    assert found is not None
    assert found.version == 2
    Template.objects.filter(pk=row.pk).update(status="PAUSED")
    found = ready(firm.business.id, "follow_up", language="ar")
    assert found is not None
    assert found.version == 1
    assert TemplateText.objects.get(version=1).components[0]["text"] == FOLLOW.body, "never edited"


@pytest.mark.parametrize("change", ["words", "buttons"])
def test_a_template_of_the_same_name_that_says_something_else_is_not_ours(firm: rows.Firm, change: str):
    """Somebody made or edited it in WhatsApp Manager: our version's words are not what would be sent."""
    row = approve(firm, make(firm))
    parts = [dict(part) for part in row.components]
    if change == "words":
        parts[0]["text"] = "مرحبًا {{name}}، معك {{shop}} بعرض لا يفوت هذا اليوم."
    else:
        parts[2]["buttons"] = [{"type": "QUICK_REPLY", "text": "نعم"}, {"type": "QUICK_REPLY", "text": "لا"}]
    Template.objects.filter(pk=row.pk).update(components=parts)
    assert ready(firm.business.id, "follow_up", language="ar") is None


def test_meta_may_make_marketing_of_it_and_that_is_told(firm: rows.Firm):
    new = starter("meeting", language="ar")
    assert new is not None
    row = make(firm, new)
    answered(firm, row, Taken("9001", "APPROVED", "MARKETING"))
    found = ready(firm.business.id, "meeting", language="ar")
    assert found is not None
    assert found.category == "marketing"
    values = dict(new.samples)
    assert refuse(found, values) is not None, "an id is still to be filled in"
    filled_in = filled_payloads(found.payloads, {"meeting_id": "mtg_1"})
    assert filled_in == ("mtg:mtg_1:confirm", "mtg:mtg_1:other")
    assert refuse(replace(found, payloads=filled_in), values) is None


def test_a_refusal_is_kept_in_metas_words_and_asked_again_by_a_person(firm: rows.Firm):
    row = make(firm)
    assert ask_for_all(firm.business.id, now=rows.T0) == 1
    answered(firm, row, NotTaken("Too many variables"))
    assert waiting(firm.number.pk) == []
    assert ask_for_all(firm.business.id, now=rows.T0) == 0, "the same words are not tried again by themselves"
    assert any("Too many variables" in line for line in template_lines(firm.business.id, language="en"))
    assert ask_for_submission(firm.business.id, row.pk, by="sara", now=rows.T0) is Asked.ASKED
    assert len(waiting(firm.number.pk)) == 1


def test_what_was_there_already_waits_for_the_next_listing(firm: rows.Firm):
    """The answer to the first try was lost: the second one says that it is there."""
    row = make(firm)
    answered(firm, row, Taken("", "", ""))
    row.refresh_from_db()
    assert row.submitted_at is not None
    assert not Template.objects.exists()


def test_an_older_version_is_not_submitted_and_the_same_words_are_no_version(firm: rows.Firm):
    first = make(firm)
    ask_for_submission(firm.business.id, first.pk, by="sara", now=rows.T0)
    again = make_version(firm.business.id, FOLLOW, author="sara", now=rows.T0)
    assert again == (WordingFault("body", Fault.SAME),)
    make(firm, header="متابعة")
    assert waiting(firm.number.pk) == []
    assert ask_for_submission(firm.business.id, first.pk, by="sara", now=rows.T0) is Asked.SUPERSEDED
    foreign = rows.firm("أخرى", phone_number_id="9")
    assert ask_for_submission(foreign.business.id, first.pk, by="sara", now=rows.T0) is Asked.GONE


def test_what_ships_is_taken_once_and_never_follows_somebodys_own_words(firm: rows.Firm, monkeypatch):
    own = starter("follow_up", language="ar")
    assert own is not None
    make(firm, own, body="مرحبًا {{name}}، معك {{business}} بخصوص {{subject}}، ونحب أن نسمع رأيك.")
    assert len(take_starters(firm.business.id, now=rows.T0)) == 9
    assert take_starters(firm.business.id, now=rows.T0) == []
    assert TemplateText.objects.filter(name="follow_up", language="ar").count() == 1
    brief = TemplateText.objects.get(name="operator_brief", language="ar")
    TemplateText.objects.filter(pk=brief.pk).update(components=[{"type": "BODY", "text": "نص إصدار سابق"}])
    (made,) = take_starters(firm.business.id, now=rows.T0)
    assert (made.name, made.version) == ("operator_brief", 2), "a new release brought other words"


def test_a_wording_that_breaks_a_rule_writes_nothing(firm: rows.Firm):
    faults = make_version(firm.business.id, replace(FOLLOW, footer=""), author="sara", now=rows.T0)
    assert faults == (WordingFault("body", Fault.NO_OPT_OUT),)
    assert not TemplateText.objects.exists()


def test_the_lines_say_that_the_operator_brief_is_missing_until_it_is_approved(firm: rows.Firm):
    take_starters(firm.business.id, now=rows.T0)
    arabic = "\n".join(template_lines(firm.business.id, language="ar"))
    assert "لا قالب معتمد لموجز المشغّل" in arabic
    assert "operator_brief_v1 (ar)  محفوظ هنا" in arabic
    approve(firm, TemplateText.objects.get(name="operator_brief", language="en"))
    assert "no approved operator brief" not in "\n".join(template_lines(firm.business.id, language="en"))


def test_make_template_says_which_version_a_wording_would_be(firm: rows.Firm):
    assert make_template.next_version(firm.business.id, FOLLOW) == 1
    make(firm)
    assert make_template.next_version(firm.business.id, FOLLOW) is None
    assert make_template.next_version(firm.business.id, replace(FOLLOW, header="متابعة")) == 2
