"""Several workers look at the same moment, with real transactions, on both databases: one brief, one template."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests import rows
from tests.flows.brief_stage import approve_template, set_window
from tests.flows.stage import Stage
from tests.flows.test_send_brief import MONDAY_8
from tests.flows.test_withdrawal_race import at_once, patiently
from wakeel.flows.send_brief import send_due
from wakeel.flows.show_card import fill_cards
from wakeel.store.models import Brief, Operator, OutboxMessage, Prompt

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4


def looked(stage: Stage) -> int:
    """How many messages all workers queued together."""
    queued: list[object] = []
    at_once(*[lambda: queued.append(patiently(lambda: send_due(now=stage.now)))] * WORKERS)
    return sum(number for number in queued if isinstance(number, int))


def test_workers_that_look_at_one_moment_make_one_brief_a_day_and_one_knock(stage: Stage):
    stage.person(consent=False)
    stage.now = MONDAY_8
    set_window(stage.operator, wrote_at=MONDAY_8 - rows.HOUR)
    assert looked(stage) == 1
    assert Brief.objects.count() == OutboxMessage.objects.count() == 1
    # A closed window, on the next day: the brief is a template.
    stage.now += timedelta(days=1, hours=1)
    approve_template(stage)
    with transaction.atomic():
        fill_cards(stage.operator, now=stage.now)
    assert looked(stage) == 1
    # Who wants no brief is asked once a day, for what waits.
    Operator.objects.update(brief_minute=None)
    stage.now += timedelta(days=1)
    assert looked(stage) == 1
    assert OutboxMessage.objects.filter(body__type="template").count() == 2
    newest = Prompt.objects.latest("id")
    assert newest.closed_at is None, "it is taken back if a word of theirs comes first"
