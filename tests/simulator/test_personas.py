"""The personas file: the shipped one, and what a mistake in another one says."""

from pathlib import Path

import pytest

from wakeel.simulator.ids import country_code, steady_bsuid
from wakeel.simulator.personas import Persona, PersonaFault, Reads, Role, load
from wakeel.simulator.scripts import Dialect
from wakeel.simulator.world import LADDER

EXAMPLE = Path(__file__).parents[2] / "examples" / "personas.toml"


def test_the_shipped_file_has_one_silent_operator_and_the_contacts_of_the_samples():
    personas = load(EXAMPLE).personas
    assert [(p.name, p.writes_first) for p in personas if p.role is Role.OPERATOR] == [("سعود", None)]
    contacts = {p.wa_id: p for p in personas if p.role is Role.CONTACT}
    samples = [wa_id for wa_id, persona in contacts.items() if persona.script is None]
    assert samples == [f"9665011100{number:02}" for number in range(1, 13)]
    writing = {wa_id[-2:] for wa_id, persona in contacts.items() if persona.writes_first}
    assert writing == {"01", "02", "03", "04", "05", "08", "09"}
    assert contacts["966501110009"].writes_first == "إيقاف"
    assert contacts["966501110008"].hide_phone
    assert contacts["966501110008"].username


def test_the_shipped_file_has_people_of_every_dialect_whose_scripts_answer():
    """Twenty phones in all; nobody of them writes unasked, so that the samples stay the first thing seen."""
    cast = load(EXAMPLE)
    played = [persona for persona in cast.personas if persona.script]
    assert len(cast.personas) == 20
    assert {persona.speaks for persona in played} == set(Dialect)
    assert {persona.reads for persona in played} == set(Reads)
    assert not any(persona.writes_first for persona in played)
    assert {script.name for script in cast.scripts} <= {persona.script for persona in played}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[phones]]\nname = 'x'", "wa_id"),
        ("[[phones]]\nwa_id = '+9665'", "wa_id"),
        ("[[phones]]\nwa_id = '9665'\nrole = 'boss'", "role"),
        ("[[phones]]\nwa_id = '9665'\ncolour = 'red'", "colour"),
        ("[[phones]]\nwa_id = '9665'\nname = 5", "name"),
        ("[[phones]]\nwa_id = '9665'\nreads = 'never'", "reads"),
        ("[[phones]]\nwa_id = '9665'\nreads_after_s = -1", "reads_after_s"),
        ("[[phones]]\nwa_id = '9665'\nspeaks = 'latin'", "speaks"),
        ("[[phones]]\nwa_id = '9665'\nscript = 'nobodys'", "nobodys"),
        ("[[scripts]]\nname = 'x'\nrules = [{}]", "script x"),
        ("[[phones]]\nwa_id = '9665'\nreplies = [{contains = 'x'}]", "reply"),
        ("[[phones]]\nwa_id = '9665'\n[[phones]]\nwa_id = '9665'", "share"),
        ("[[phones", "personas"),
    ],
)
def test_a_mistake_names_its_field(tmp_path: Path, text: str, word: str):
    path = tmp_path / "personas.toml"
    path.write_text(text)
    with pytest.raises(PersonaFault, match=word):
        load(path)


def test_habits_say_what_the_business_hears():
    heard = {
        reads: [word for word in LADDER if Persona(wa_id="1", bsuid="SA.1", name="أ", reads=reads).lets_know(word)]
        for reads in Reads
    }
    assert heard == {Reads.READ: list(LADDER), Reads.DELIVERED: ["sent", "delivered"], Reads.OFF: ["sent"]}


def test_a_phone_without_a_bsuid_gets_the_same_one_at_every_start():
    """The product binds operators to it; a new one would suspend the enrolment."""
    assert steady_bsuid("966500000001") == "SA.16392109855466466974"


@pytest.mark.parametrize(("phone", "code"), [("966110000001", "966"), ("201000000000", "20"), ("15550000000", "1")])
def test_the_country_code_is_cut_as_e164_says(phone: str, code: str):
    assert country_code(phone) == code
