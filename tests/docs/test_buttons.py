"""The table of button ids is the grammar itself."""

from tests.docs.pages import rows, text_of
from wakeel.domain import buttons
from wakeel.domain.drafts import DraftAction
from wakeel.domain.fixed_texts import FIXED_TEXTS
from wakeel.domain.opportunities import OpportunityAction
from wakeel.domain.prompts import carried_by
from wakeel.flows.answer_prompt import _HANDLERS

ID = "opp_01m825nykm4qs4c15dbh"


def documented() -> dict[str, tuple[str, str, bool]]:
    """Id with a real subject in it → kind, action, whether a card carries it."""
    table = [row for row in rows(text_of("docs/reference/buttons.md")) if row[0].startswith("`")]
    return {row[0].strip("`").replace("{id}", ID): (*row[2].split(", "), row[3].startswith("yes")) for row in table}


def test_every_id_in_the_table_is_read_as_the_table_says():
    for raw, (kind, action, _) in documented().items():
        reply = buttons.parse_button_id(raw)
        assert (reply.kind, reply.action) == (kind, action)


def test_the_table_has_every_id_there_is():
    with_subject = {
        f"{prefix}:{ID}:{action}" for prefix, (_, actions) in buttons._ACTIONS.items() for action in actions
    }
    briefs = {f"brief:{action}" for action in buttons._BRIEF_ACTIONS}
    assert set(documented()) == with_subject | briefs | set(buttons._CONSENT_IDS)


def test_the_table_says_truly_which_ids_a_card_carries():
    """A question has its ids from the day on which somebody answers taps on it."""
    carried = {raw for raw, (_, _, on_a_card) in documented().items() if on_a_card}
    opportunity = {f"opp:{ID}:{action}" for action in OpportunityAction}
    draft = {f"msg:{ID}:{action}" for action in DraftAction}
    to_contacts = {choice.button_id for text in FIXED_TEXTS.values() for choice in text.choices}
    questions = {raw for raw in documented() if carried_by(buttons.parse_button_id(raw)) in _HANDLERS}
    invitation = {f"mtg:{ID}:{action}" for action in ("confirm", "other")}
    assert carried - invitation == opportunity | draft | to_contacts | questions
