"""No step is ever drawn that cannot be done: the table is whole, its addresses exist, its verbs are the flow's."""

import pytest
from django.urls import resolve, reverse

from tests.web import rows
from wakeel.domain.reasons import REASONS
from wakeel.domain.steps import STEP_WORDS, Step
from wakeel.flows.settle_message import SettleVerb
from wakeel.web.steps import SETTLE_VERBS, WAYS, How, Subject, draw
from wakeel.whatsapp import errors

CODES = [*errors.CODES, 200, 138_000, 139_000, 139_100, 147_001, 2_388_000, 2_494_000, 999_999]
SUBJECT = Subject(contact_id="con_1", opportunity_id="opp_1", outbox_id="out_1")


def shown_steps() -> set[Step]:
    """Every step that a reason of the gate or an error of WhatsApp can lead to."""
    found = {step for reason in REASONS.values() for step in reason.steps}
    found |= {step for code in CODES for step in errors.steps(code)}
    found |= {step for name in errors.LOCAL for step in errors.steps(None, details=name)}
    return found | set(errors.steps(None, details="no such", retried_by_machine=True))


def test_every_step_there_is_has_a_way_or_is_a_sentence():
    assert set(WAYS) == set(Step) == set(STEP_WORDS)
    assert shown_steps() <= set(WAYS)


@pytest.mark.parametrize("step", sorted(Step))
def test_a_drawn_step_leads_to_a_page_a_post_or_a_chat(step: Step):
    (drawn,) = draw((step,), SUBJECT, our_phone="966110000001", may=lambda _: True)
    match WAYS[step]:
        case None:
            assert (drawn.how, drawn.url) == ("", "")
        case way if way.how is How.CHAT:
            assert drawn.url.startswith("https://wa.me/966110000001?text=")
        case way if way.how is How.COPY:
            assert drawn.url == f"{reverse('desk:failures')}#out_1"
        case way:
            assert resolve(drawn.url.partition("#")[0]).view_name == way.url_name


def test_the_verbs_that_settle_are_the_flows_own():
    assert {verb.value for verb in SettleVerb} == SETTLE_VERBS


def test_a_step_is_left_out_where_its_subject_is_missing():
    """A chat link without a number of ours, or a settling without a message, would lead nowhere."""
    everything = tuple(Step)
    drawn = draw(everything, Subject(), our_phone="", may=lambda _: True)
    assert {step.how for step in drawn} == {"", How.LINK}
    assert {step.url.partition("#")[0] for step in drawn if step.how} == {
        reverse("desk:health"), reverse("desk:texts"), reverse("desk:webhooks"),
    }  # fmt: skip


def test_each_step_on_the_failure_page_answers_when_it_is_taken(page, home):
    """The page's own links and forms are followed, not the table's."""
    person = rows.contact(home)
    made = rows.message(home, rows.draft(home, rows.opportunity(home, person)), state="failed", failure_code=131026)
    rows.attempt(made, failure_code=131026)
    html = page.get(reverse("desk:failures")).content.decode()
    assert reverse("desk:number", args=[person.id]) in html
    assert page.get(reverse("desk:number", args=[person.id])).status_code == 200
    assert "https://wa.me/966110000001" in html
