"""What a template must keep before it is submitted, and what its buttons carry; the files that ship keep all of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.template_faults import FAULT_WORDS, Fault
from wakeel.domain.template_files import FileFaulty, TemplateFile, read_file
from wakeel.domain.template_payloads import (
    PayloadRefused,
    are_for_contacts,
    filled_payloads,
    refuse_payloads,
    usual_payloads,
)
from wakeel.domain.template_texts import Template, read_template
from wakeel.domain.template_wording import NewTemplate, QuickReply, components_of, faults_of, payloads_of
from wakeel.flows.starter_templates import starter_files
from wakeel.simulator.graph.calls import Refused
from wakeel.simulator.graph.template_checks import check_name, checked_components

GOOD = NewTemplate(
    name="order_ready",
    language="ar",
    category="UTILITY",
    body="مرحبًا {{name}}، طلبك من {{shop}} جاهز للاستلام اليوم.",
    footer="شكرًا لك",
    buttons=(QuickReply("إيقاف الرسائل", "OPT_OUT_ALL"), QuickReply("وصلتني")),
    samples={"name": "مريم", "shop": "أفق"},
)


def faults(**changes: Any) -> set[tuple[str, Fault]]:
    return {(found.field, found.fault) for found in faults_of(replace(GOOD, **changes))}


def simulator_refuses(new: NewTemplate) -> bool:
    """What a stand-in for Meta that knows nothing of our rules says."""
    style = "NAMED" if new.is_named else "POSITIONAL"
    try:
        check_name(new.name, new.language)
        checked_components(components_of(new), category=new.category, style=style)
    except Refused:
        return True
    return False


def test_a_template_that_keeps_every_rule_has_no_fault():
    assert faults() == set()
    assert not simulator_refuses(GOOD)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"name": "Order"}, ("name", Fault.NAME)),
        ({"name": "order_v2"}, ("name", Fault.NAME)),
        ({"name": "o" * 401}, ("name", Fault.NAME)),
        ({"language": "arabic!"}, ("language", Fault.LANGUAGE)),
        ({"category": "AUTHENTICATION"}, ("category", Fault.CATEGORY)),
        ({"header": "ع" * 61}, ("header", Fault.TOO_LONG)),
        ({"header": "😀" * 31}, ("header", Fault.TOO_LONG)),
        ({"header": "مرحبًا {{name}}"}, ("header", Fault.NO_VARIABLES)),
        ({"header": "سطر\nوسطر"}, ("header", Fault.ONE_LINE)),
        ({"footer": "شكرًا\u202e"}, ("footer", Fault.HIDDEN_MARKS)),
        ({"body": " \n "}, ("body", Fault.EMPTY)),
        ({"body": "م" * 1025}, ("body", Fault.TOO_LONG)),
        ({"body": "مرحبًا {{name}}، طلبك من {{shop}} \u202eجاهز للاستلام"}, ("body", Fault.HIDDEN_MARKS)),
        ({"body": "مرحبًا {{ name }}، طلبك من {{shop}} جاهز للاستلام"}, ("body", Fault.BRACES)),
        ({"body": "مرحبًا {{Name}}، طلبك من {{shop}} جاهز للاستلام"}, ("body", Fault.BRACES)),
        ({"body": "مرحبًا {{1}}، طلبك من {{shop}} جاهز للاستلام اليوم"}, ("body", Fault.MIXED)),
        ({"body": "مرحبًا {{1}}، طلبك من {{3}} جاهز للاستلام اليوم"}, ("body", Fault.ORDER)),
        ({"body": "{{name}} طلبك من {{shop}} جاهز للاستلام اليوم"}, ("body", Fault.EDGES)),
        ({"body": "طلبك جاهز يا عزيزتنا {{name}} من {{shop}} "}, ("body", Fault.EDGES)),
        ({"body": "مرحبًا {{name}} {{shop}} طلبك جاهز للاستلام اليوم"}, ("body", Fault.ADJACENT)),
        ({"body": "أهلًا {{name}} من {{shop}} اليوم"}, ("body", Fault.TOO_MANY_VARIABLES)),
        ({"category": "MARKETING"}, ("body", Fault.NO_OPT_OUT)),
        ({"buttons": tuple(QuickReply(f"زر {n}") for n in range(11))}, ("buttons", Fault.TOO_MANY_BUTTONS)),
        ({"buttons": (QuickReply("ز" * 26),)}, ("buttons", Fault.LABEL)),
        ({"buttons": (QuickReply(" زر"),)}, ("buttons", Fault.LABEL)),
        ({"buttons": (QuickReply("نعم"), QuickReply("نعم"))}, ("buttons", Fault.EQUAL_LABELS)),
        ({"buttons": (QuickReply("إيقاف الرسائل"),)}, ("buttons", Fault.STOP_WITHOUT)),
        ({"buttons": (QuickReply("Stop offers", "OPT_IN_START"),)}, ("buttons", Fault.STOP_WITHOUT)),
        ({"buttons": (QuickReply("نعم", "YES"),)}, ("buttons", Fault.PAYLOAD)),
        ({"samples": {"name": "مريم"}}, ("samples", Fault.SAMPLE)),
        ({"samples": {**GOOD.samples, "other": "x"}}, ("samples", Fault.SAMPLE)),
    ],
)
def test_each_rule_that_is_broken_is_named_with_its_field(changes: dict[str, Any], found: tuple[str, Fault]):
    assert found in faults(**changes)
    said = next(each for each in faults_of(replace(GOOD, **changes)) if each.fault is found[1])
    assert "{limit}" not in said.say("ar") + said.say("en")
    assert "None" not in said.say("ar") + said.say("en")


def test_every_rule_has_words():
    assert set(FAULT_WORDS) == set(Fault)


PIECES = ("مرحبًا ", "{{name}}", "{{shop}}", "{{1}}", "{{2}}", " ", "\n", "طلبك جاهز للاستلام اليوم ", "{{", "}}")


@settings(max_examples=100)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_no_text_without_a_fault_is_refused_for_its_places(body: str):
    """Against the rules of the simulator, which were written apart from ours."""
    new = replace(GOOD, body=body, samples={})
    new = replace(new, samples=dict.fromkeys(new.variables, "مثال"))
    assert faults_of(new) or not simulator_refuses(new)


@pytest.mark.parametrize("file", starter_files(), ids=lambda file: file.name)
def test_what_ships_is_in_both_languages_keeps_every_rule_and_is_taken(file: TemplateFile):
    assert [wording.language for wording in file.wordings] == ["ar", "en"]
    assert file.about.ar
    assert file.about.en
    arabic, english = file.wordings
    assert payloads_of(arabic) == payloads_of(english)
    assert set(arabic.variables) == set(english.variables)
    for wording in file.wordings:
        assert faults_of(wording) == ()
        assert not simulator_refuses(wording)


def test_the_five_templates_that_most_businesses_need_ship():
    assert {file.name for file in starter_files()} == {
        "operator_brief", "follow_up", "meeting", "opt_in_confirmation", "opt_out_confirmation",
    }  # fmt: skip


def template(*labels: str) -> Template:
    buttons = [{"type": "QUICK_REPLY", "text": label} for label in labels]
    found = read_template("t", "ar", [{"type": "BODY", "text": "أهلًا."}, {"type": "BUTTONS", "buttons": buttons}])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("payloads", "refused"),
    [
        (("OPT_OUT_ALL", ""), None),
        (("OPT_OUT_MARKETING", "mtg:m1:confirm"), None),
        (("OPT_OUT_ALL",), PayloadRefused.COUNT),
        (("", ""), PayloadRefused.STOP_WITHOUT),
        (("OPT_IN_START", ""), PayloadRefused.STOP_WITHOUT),
        (("OPT_OUT_ALL", "mtg:{meeting_id}:confirm"), PayloadRefused.UNFILLED),
        (("OPT_OUT_ALL", "mtg:m1:dance"), PayloadRefused.UNKNOWN),
        (("OPT_OUT_ALL", "x" * 257), PayloadRefused.TOO_LONG),
    ],
)
def test_payloads_that_could_not_be_understood_or_would_not_stop_are_refused(payloads, refused):
    assert refuse_payloads(template("إيقاف", "نعم"), payloads) is refused


def test_ids_in_payloads_are_filled_in_at_the_send():
    given_payloads = ("mtg:{meeting_id}:confirm", "OPT_OUT_ALL")
    assert refuse_payloads(template("تأكيد", "إيقاف"), given_payloads, at_send=False) is None
    assert filled_payloads(given_payloads, {"meeting_id": "mtg_1"}) == ("mtg:mtg_1:confirm", "OPT_OUT_ALL")
    assert filled_payloads(given_payloads, {}) == given_payloads


def test_a_stop_button_of_a_template_made_elsewhere_stops():
    assert usual_payloads(template("نعم", "إيقاف العروض", "STOP", "وقفوا هذي الرسايل")) == (
        "", "OPT_OUT_MARKETING", "OPT_OUT_ALL", "OPT_OUT_MARKETING",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("payloads", "are"),
    [
        (("", "OPT_OUT_ALL", "OPT_IN_CONFIRM", "mtg:{meeting_id}:other"), True),
        (("brief:dismiss",), False),
        (("mtg:{meeting_id}:approve",), False),
        (("msg:d1:approve",), False),
    ],
)
def test_buttons_of_operators_are_not_given_to_contacts(payloads: tuple[str, ...], are: bool):
    assert are_for_contacts(payloads) is are


def test_a_file_says_every_fault_with_its_place_and_never_what_stood_there():
    document = {
        "name": "x", "category": "SECRET", "colour": 1,
        "languages": {"ar": {"body": 5, "samples": ["SECRET"], "buttons": [{"label": "SECRET", "link": "y"}]}},
    }  # fmt: skip
    with pytest.raises(FileFaulty) as fault:
        read_file(document)
    said = str(fault.value)
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "colour", "category", "languages.ar.body", "languages.ar.buttons[0].link", "languages.ar.samples",
    ]  # fmt: skip
    assert "SECRET" not in said


@pytest.mark.parametrize("document", [None, [], "x", {}, {"name": "x", "category": "UTILITY", "languages": {}}])
def test_a_file_without_a_template_is_refused(document: object):
    with pytest.raises(FileFaulty):
        read_file(document)
