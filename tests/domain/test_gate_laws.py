"""What holds for every request: it is answered, the order of the ledger never matters, a stop anywhere stops."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.policies import ZONES, policies
from tests.domain.test_gate import APPROVED, FINE, GRANT, NOW, STOP, but
from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.gate import decide, decide_bound, deciding_grant, preview
from wakeel.domain.gate_checks import is_usable
from wakeel.domain.gate_json import request_document, request_from, request_parts
from wakeel.domain.gate_request import (
    ApprovalFacts,
    GateRequest,
    History,
    MessageFacts,
    RecipientFacts,
    Send,
    SenderFacts,
    Switches,
    TemplateFacts,
)
from wakeel.domain.outbox import Audience
from wakeel.domain.reasons import Answer, ReasonCode

C = ReasonCode
ALIASES = ("a1", "a2", "a3")
# Also times without an offset and at the ends of the calendar: somebody's mistake must be an answer, not a crash.
odd = st.sampled_from([datetime(2026, 11, 22), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
near = st.integers(-400 * 24 * 60, 40 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
times = st.integers(0, 60).flatmap(lambda n: odd if n == 0 else near)
categories = st.sampled_from(["marketing", "utility", "authentication", "service", "*"])
words = st.sampled_from(["", "a", "offers"])

events = st.builds(
    ConsentEvent,
    id=st.sampled_from(["e1", "e2", "e3", "e4"]),
    type=st.sampled_from(list(ConsentType)),
    at=st.none() | times,
    recorded_at=times,
    contact=st.sampled_from(["c1", "c2", "other"]),
    address=st.sampled_from([*ALIASES, "b9", "*"]),
    channel=st.sampled_from(["whatsapp", "whatsapp", "*", "email"]),
    categories=st.frozensets(categories, max_size=3),
    purposes=st.none() | st.frozensets(st.sampled_from(["offers", "meetings"]), max_size=2),
    explicit=st.booleans(),
    needs_confirmation=st.booleans(),
    expires_at=st.none() | times,
    grant_id=st.sampled_from([None, "e1", "e2"]),
    withdraw_id=st.sampled_from([None, "e3", "e4"]),
    source=st.sampled_from(["keyword", "inferred_text", "whatsapp_user_preferences", "web_form"]),
    collected_directly=st.booleans(),
    proof_ref=st.none() | st.just("p"),
    clock=st.sampled_from(["", "whatsapp", "server"]),
)
ledgers = st.lists(events, max_size=6).map(tuple)


@st.composite
def requests(draw: st.DrawFn) -> GateRequest:
    """Anything at all."""
    maybe_time = st.none() | times
    return GateRequest(
        audience=draw(st.sampled_from(list(Audience))),
        message=draw(st.builds(
            MessageFacts, kind=st.sampled_from(["free_form", "template", "template", "song"]), category=categories,
            purpose=st.sampled_from(["offers", "meetings"]), request_key=words, body_hash=words,
            intent=st.sampled_from([None, "opt_out_confirmation", "x"]), urgent=st.booleans(),
            names_sender=st.booleans(), has_opt_out=st.booleans(),
            findings=st.lists(st.sampled_from(["CONTENT_PII:iban", "CONTENT_SECRET", "?", ""]), max_size=2).map(tuple),
            expires_at=maybe_time,
        )),
        recipient=draw(st.builds(
            RecipientFacts, id=st.sampled_from(["c1", "c1", ""]), known=st.booleans(),
            address=st.sampled_from([None, *ALIASES]), address_valid=st.booleans(), has_phone=st.booleans(),
            address_current=st.booleans(), country=st.sampled_from([None, "SA", "EG", "??"]),
            time_zones=st.lists(st.sampled_from([*ZONES, "", "../x", "Mars"]), max_size=2).map(tuple),
            identity_hold=st.booleans(), suppression=st.sampled_from([None, "legal"]), paused_until=maybe_time,
            unreachable=st.booleans(), last_inbound_at=maybe_time,
            subject=st.builds(
                Subject, contacts=st.just(frozenset({"c1", "c2"})), addresses=st.just(frozenset(ALIASES)),
                address_epoch_started_at=maybe_time,
            ),
        )),
        current_digest="d1",
        approval=draw(st.none() | st.builds(
            ApprovalFacts, status=st.sampled_from(["approved", "rejected", "pending"]),
            approved_digest=st.sampled_from(["d1", "d2"]), approved_at=maybe_time, expires_at=maybe_time, note=words,
        )),
        consent_events=draw(ledgers),
        history=draw(st.builds(
            History, platform_limit_at=maybe_time,
            sends=st.lists(st.builds(
                Send, at=times, category=categories, body_hash=words, request_key=words,
                outcome=st.sampled_from(["sent", "unknown", "failed", "?"]),
                intent=st.sampled_from([None, "opt_out_confirmation"]),
            ), max_size=4).map(tuple),
        )),
        template=draw(st.none() | st.builds(
            TemplateFacts, status=st.sampled_from(["APPROVED", "PAUSED", "DISABLED", "odd"]),
            category=st.sampled_from(["MARKETING", "UTILITY", "AUTHENTICATION", "odd", ""]), paused_until=maybe_time,
            pending_category=st.sampled_from([None, "MARKETING"]), pending_category_at=maybe_time,
        )),
        sender=draw(st.builds(
            SenderFacts, status=st.sampled_from(["CONNECTED", "odd"]), quality=st.sampled_from(["GREEN", "RED", "odd"]),
            throughput_mps=st.integers(0, 2), sent_in_current_second=st.integers(0, 2),
            messaging_limit=st.sampled_from([None, 0, 1]), unique_recipients_24h=st.integers(0, 2),
            oldest_unique_recipient_at=maybe_time, recipient_already_counted=st.booleans(),
        )),
        switches=draw(st.builds(Switches, everywhere=st.booleans(), business=st.booleans(), number=st.booleans())),
        live_send=draw(st.booleans()),
        policy=draw(policies()),
        ledger_seq=draw(st.integers(0, 9)),
    )  # fmt: skip


@given(requests(), times)
def test_every_request_is_answered(request: GateRequest, now: datetime):
    found = decide(request, now=now)
    assert found == decide(request, now=now)
    assert (found.next_allowed_at is not None) is (found.answer is Answer.DEFER)
    assert (found.all_codes == ()) is (found.answer in {Answer.ALLOW, Answer.SIMULATE})
    assert found.code is (found.all_codes or (found.code,))[0]
    assert len(set(found.all_codes)) == len(found.all_codes)
    preview(request, now=now)
    deciding_grant(request, now=now)


@given(requests(), times)
def test_what_is_kept_of_a_request_decides_again_the_same(request: GateRequest, now: datetime):
    """Through JSON text, with ledger and policy from elsewhere, and without anybody's address."""
    written = json.dumps(request_document(request))
    again = request_from(json.loads(written), events=request.consent_events, policy=request.policy)
    assert decide(again, now=now) == decide(request, now=now)
    assert preview(again, now=now) == preview(request, now=now)
    assert request_document(again) == request_document(request)


@given(requests(), times)
def test_what_a_claim_keeps_is_read_as_what_an_approval_keeps(request: GateRequest, now: datetime):
    """A claim leaves the writing to a quicker serialiser; nobody who reads it notices."""
    kept = json.loads(msgspec.json.encode(request_parts(request), order="deterministic"))
    again = request_from(kept, events=request.consent_events, policy=request.policy)
    assert request_document(again) == request_document(request)
    assert decide(again, now=now) == decide(request, now=now)


@given(requests(), times)
def test_a_digest_made_on_the_way_decides_as_one_that_was_there(request: GateRequest, now: datetime):
    grant_id = deciding_grant(request, now=now)
    for digest in (request.current_digest, "another"):
        asked: list[str | None] = []

        def digest_of(found: str | None, *, asked: list[str | None] = asked, digest: str = digest) -> str:
            asked.append(found)
            return digest

        bound, verdict = decide_bound(request, now=now, digest_of=digest_of)
        assert verdict == decide(replace(request, current_digest=digest), now=now)
        if asked:
            assert (asked, bound) == ([grant_id], replace(request, current_digest=digest))
        else:
            assert verdict.code is ReasonCode.INVALID_REQUEST


def test_nobodys_address_is_kept_with_a_verdict():
    request = replace(FINE, recipient=replace(FINE.recipient, subject=SUBJECT))
    assert "966509722233" not in json.dumps(request_document(request))
    assert b"966509722233" not in msgspec.json.encode(request_parts(request))


def test_a_request_kept_by_another_version_is_still_read():
    document = request_document(FINE)
    del document["ledger_seq"]
    document |= {"weather": 1, "message": {**document["message"], "mood": 2}}
    again = request_from(document, events=FINE.consent_events, policy=FINE.policy)
    assert again == replace(FINE, ledger_seq=0, recipient=replace(FINE.recipient, address="given"))


SUBJECT = Subject(contacts=frozenset({"c1", "c2"}), addresses=frozenset(ALIASES))
MARKETING = but(recipient=replace(FINE.recipient, id="c1", address="a1", subject=SUBJECT))
SERVICE = but(MARKETING, category="service")


def asked(ledger: tuple[ConsentEvent, ...], request: GateRequest = MARKETING, **changes: Any) -> ReasonCode:
    return decide(but(request, consent_events=ledger, **changes), now=NOW).code


@given(ledgers, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_never_matters(ledger: tuple[ConsentEvent, ...], shuffle: random.Random):
    mixed = list(ledger)
    shuffle.shuffle(mixed)
    for request in (MARKETING, SERVICE):
        # Two rows with the same id cannot stand in one ledger; here they may.
        one, other = (decide(but(request, consent_events=tuple(rows)), now=NOW) for rows in (ledger, mixed))
        assert (one.answer, one.all_codes, one.facts) == (other.answer, other.all_codes, other.facts)


sane = ledgers.filter(lambda rows: all(is_usable(row.recorded_at) and row.recorded_at <= NOW for row in rows)).map(
    lambda rows: tuple(replace(row, at=row.recorded_at, expires_at=None) for row in rows)
)


@given(sane, st.sampled_from(ALIASES), st.sampled_from(["c1", "c2", "other"]))
def test_a_stop_from_any_alias_or_record_of_theirs_stops(ledger: tuple[ConsentEvent, ...], alias: str, contact: str):
    stop = replace(STOP, id="stop", contact=contact, address=alias, at=NOW, recorded_at=NOW)
    assert asked((*ledger, stop)) is C.OPTED_OUT
    assert asked((*ledger, stop), SERVICE, last_inbound_at=NOW) is C.OPTED_OUT


@given(sane, events)
def test_nothing_but_a_newer_explicit_consent_of_theirs_reopens(ledger: tuple[ConsentEvent, ...], last: ConsentEvent):
    """Whatever is entered after a typed STOP: if it opens, it was that."""
    early = tuple(replace(row, at=min(row.at or NOW, NOW) - 900 * DAY, recorded_at=NOW - 800 * DAY) for row in ledger)
    stop = replace(STOP, id="stop", contact="c1", address="a1", at=NOW - 20 * DAY, recorded_at=NOW - 20 * DAY)
    last = replace(last, id="last", at=NOW - 10 * DAY, recorded_at=NOW - 10 * DAY, expires_at=None)
    assert asked((*early, stop)) is C.OPTED_OUT
    if asked((*early, stop, last)) is C.OK:
        assert last.type in {ConsentType.GRANT, ConsentType.RE_PERMISSION}
        assert last.explicit
        assert not last.needs_confirmation
        assert last.contact in SUBJECT.contacts
        assert last.address in SUBJECT.addresses
        assert "marketing" in last.categories
        assert "offers" in (last.purposes or ())


DAY = timedelta(days=1)


def test_a_template_on_its_way_to_another_category_waits_and_is_looked_at_again():
    """The loop ends although the category, and with it caps and hours, changes while it runs."""
    moving = replace(APPROVED, category="UTILITY", pending_category="MARKETING", pending_category_at=NOW + 14 * HOUR)
    request = but(kind="template", category="utility", template=moving, consent_events=(GRANT,))
    at_night = decide(replace(request, approval=LASTING), now=NOW + 12 * HOUR)
    assert at_night.all_codes == (C.TEMPLATE_CATEGORY_MISMATCH, C.QUIET_HOURS)
    assert at_night.evaluated_at == NOW + 21 * HOUR, "09:00 in Riyadh, marketing hours by then"


HOUR = timedelta(hours=1)
LASTING = ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=None)
