"""A reading of templates and number is news of its own time, kept in slices, and cures what a low quality held."""

from datetime import timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.templates import ListedTemplate
from wakeel.flows import keep_listing as flow
from wakeel.flows.keep_listing import Kept, keep_listing, news_time
from wakeel.store import platform
from wakeel.store.models import OutboxMessage, SendingNumber, Template
from wakeel.whatsapp.listing import AccountRead, NumberRead

READ = NumberRead(verified_name="أفق", quality="GREEN", throughput="HIGH", limit="TIER_10K")


def listed(count: int) -> tuple[ListedTemplate, ...]:
    return tuple(
        ListedTemplate(template_id=str(n), name=f"t{n:03}", language="ar", status="APPROVED", category="UTILITY")
        for n in range(count)
    )


def keep(stage: Stage, count: int, number: NumberRead = READ) -> Kept:
    read = AccountRead(listed(count), number)
    return keep_listing(stage.firm.number.pk, read, began_at=stage.now, real_now=stage.now)


def test_every_template_of_every_slice_is_kept_and_what_is_gone_is_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(flow, "AT_ONCE", 4)
    assert keep(stage, 11) == Kept(11, 0)
    stage.wait(days=1)
    assert keep(stage, 9) == Kept(9, 2)
    assert Template.objects.filter(status="APPROVED").count() == 9
    assert Template.objects.filter(status="DELETED", status_note="NOT_LISTED").count() == 2


def test_the_number_is_what_the_reading_said(stage: Stage):
    keep(stage, 0)
    number = SendingNumber.objects.get()
    assert (number.verified_name, number.quality) == ("أفق", "GREEN")
    assert (number.throughput_mps, number.messaging_limit) == (1000, 10_000)
    stage.wait(days=1)
    keep(stage, 0, NumberRead(limit="TIER_UNLIMITED", throughput="NOT_APPLICABLE"))
    number.refresh_from_db()
    assert (number.verified_name, number.quality, number.throughput_mps) == ("أفق", "GREEN", 1000)
    assert number.messaging_limit is None


def test_a_webhook_of_the_same_second_is_newer_than_the_reading():
    """Webhooks carry whole seconds; one of this second may tell what the reading could not see yet."""
    now = rows.T0 + timedelta(milliseconds=700)
    assert news_time(now) < rows.T0
    assert news_time(now) > rows.T0 - timedelta(seconds=2)


def test_a_better_quality_lets_marketing_go_on(stage: Stage):
    message = stage.approved()
    platform.set_quality(stage.firm.number, "RED", at=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "SENDER_QUALITY_RED")
    keep(stage, 0, NumberRead(quality="RED"))
    assert OutboxMessage.objects.get(pk=message.pk).state == "held"
    stage.wait(minutes=1)
    keep(stage, 0, NumberRead(quality="YELLOW"))
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]
