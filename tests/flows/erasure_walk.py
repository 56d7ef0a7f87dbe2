"""Run as a process of its own on a deployment: two people are met in every way there is, then one is erased.

`python erasure_walk.py`: prints one JSON object, {"erased": contact id, "kept": contact id, "compacted": bool, …}.
"""

import base64
import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
from django.db import transaction

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

# Everything a search of the database's bytes must not find any more, and everything it must still find.
ERASED = SimpleNamespace(
    name="مريم الزهراني الفريدة", organisation="مؤسسة الزنبق البرتقالي", phone="966509722233", old="966538811774",
    bsuid="SA.13491208655302741918", title="عقد صيانة مصاعد الزنبق", summary="تفاصيل خاصة بالزنبق وحدها",
    draft="أهلًا مريم الفريدة، هل يناسبك موعد الثلاثاء؟", edited="نص معدّل لمريم الفريدة عن الزنبق",
    said="أريد موعدًا مساء الأحد عند البوابة السابعة", stop="الغاء الاشتراك",
    wording="أوافق أنا مريم الفريدة على عروض الزنبق",
    evidence="نموذج ورقي وقّعته مريم الفريدة", file="صورة توقيع مريم الفريدة", asked="أريد إتلاف كل ما عندكم عن الزنبق",
    reason="تحققنا من هوية مريم الفريدة بالهاتف",
)  # fmt: skip
KEPT = SimpleNamespace(
    name="ليلى الحربي الباقية", organisation="شركة النخلة الباقية", phone="966501110001", old="966538811775",
    bsuid="SA.99991208655302741111", title="توريد تمور النخلة", summary="تفاصيل النخلة",
    draft="أهلًا ليلى الباقية، هل نلتقي الأربعاء؟", edited="نص معدّل لليلى الباقية", said="متى يصل الطلب الباقي؟",
    stop="الغاء الاشتراك", wording="أوافق أنا ليلى الباقية على العروض",
    evidence="نموذج وقّعته ليلى الباقية", file="صورة توقيع ليلى الباقية",
    asked="أريد نسخة من بياناتي الباقية", reason="تحققنا من هوية ليلى الباقية",
)  # fmt: skip


def main() -> None:
    django.setup()
    logging.getLogger("wakeel").setLevel(logging.DEBUG)
    from tests import rows
    from tests.flows.stage import Stage
    from wakeel import clock, config
    from wakeel.flows.set_up import ensure_business
    from wakeel.store.models import Business, SendingNumber

    class RealIds(Stage):
        """Ids of messages hold the person's number, as Meta's do."""

        digits = ""

        def new_wamid(self, kind: str = "IN") -> str:
            inside = b"\x1d\x1a\x0c" + self.digits.encode() + b"\x15\x02\x00" + f"{kind}{next(self._wamids)}".encode()
            return "wamid." + base64.b64encode(inside).decode()

        def record(self, claimed: Any, outcome: Any = None) -> str | None:
            before, self.digits = self.digits, str(claimed.body.get("to", claimed.body.get("recipient", "")))
            self.digits = self.digits.removeprefix("+")
            wamid = super().record(claimed, outcome)
            self.digits = before
            return wamid

        def _message(self, message: Any, who: Any, **more: Any) -> Any:
            before, self.digits = self.digits, self.sender_of(who).get("from", "")
            answer = super()._message(message, who, **more)
            self.digits = before
            return answer

    ensure_business(config.get())
    business = Business.objects.get()
    firm = rows.Firm(business, SendingNumber.objects.get())
    stage = RealIds(firm, rows.operator(firm))
    stage.now = datetime.now(UTC)
    clock.real_now = lambda: stage.now
    stage.operator.last_inbound_at = stage.now
    stage.operator.save()
    with transaction.atomic():
        people = {name: _met(stage, who) for name, who in (("erased", ERASED), ("kept", KEPT))}
    _seal_bodies()
    print(json.dumps({**_erase(stage, people), **{name: person.id for name, person in people.items()}}), flush=True)


def _met(stage: Any, who: SimpleNamespace) -> Any:
    """Everything that can happen around one person."""
    from tests import rows
    from tests.flows.one_webhook import route_inbound
    from wakeel.domain.consent import ConsentType
    from wakeel.domain.rights import CameBy, Right
    from wakeel.domain.suppression import SuppressionCause
    from wakeel.store import consent, contacts, rights, suppressions
    from wakeel.store.models import Contact, InboxRow

    business_id = stage.firm.business.id
    now = stage.now
    person = Contact.objects.create(
        business_id=business_id, name=who.name, organisation=who.organisation, gave_number=who.evidence,
        created_at=now - timedelta(days=1), last_inbound_at=now - timedelta(hours=1),
    )  # fmt: skip
    contacts.open_alias(person, contacts.PHONE, f"+{who.old}", now=now - timedelta(days=2))
    contacts.open_alias(person, contacts.BSUID, who.bsuid, now=now - timedelta(days=2))
    consent.append(
        business_id, contact_id=person.id, type=ConsentType.GRANT, address=f"+{who.old}", at=now - timedelta(days=9),
        recorded_at=now - timedelta(days=9), source="paper", actor=stage.operator.id, evidence=who.evidence,
        categories=["marketing", "utility"], purposes=["offers"], explicit=True, collected_directly=True,
        wording="أوافق على تلقي العروض على واتساب", language="ar",
        evidence_file=consent.NewFile(media_type="image/png", data=who.file.encode(), name=f"{who.name}.png"),
    )  # fmt: skip
    # Their number changes, as WhatsApp tells it.
    stage.digits = who.old
    stage.system(
        {"type": "user_changed_number", "wa_id": who.phone, "body": f"{who.name} changed"}, sender={"from": who.old}
    )
    stage.digits = who.phone
    rows.grant(person, at=now - timedelta(hours=2), evidence=who.evidence, wording=who.wording)
    stage.says(who.said, by=person)
    first = rows.opportunity(
        stage.firm, person, key=f"+{who.phone}-1", title=who.title, summary=who.summary, draft_text=who.draft, score=90,
        created_at=stage.now, updated_at=stage.now,
    )  # fmt: skip
    stage.show_cards()
    draft = stage.accepted(first) if stage.showing_of(f"opp:{first.id}:accept") is None else _accept(stage, first)
    stage.tap(f"msg:{draft.id}:edit")
    stage.deliver()
    stage.says(who.edited)
    stage.deliver()
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    stage.wait(seconds=90)
    for claimed in stage.deliver():
        wamid = _wamid_of(claimed.attempt_id)
        if claimed.body.get("to", "").endswith(who.phone[-9:]):
            stage.status(wamid, "delivered", attempt_id=claimed.attempt_id, to=who.phone)
    stage.status(stage.new_wamid("PARKED"), "sent", to=who.phone)
    stage.says(who.said, by=person)
    stage.deliver()
    second = rows.opportunity(
        stage.firm, person, key=f"+{who.phone}-2", title=who.title + "٢", summary=who.summary, draft_text=who.draft,
        score=95, created_at=stage.now, updated_at=stage.now,
    )  # fmt: skip
    _accept(stage, second)
    rows.opportunity(
        stage.firm, person, key=f"+{who.phone}-3", title=who.title + "٣", summary=who.summary, draft_text=""
    )
    stage.show_cards()
    stage.preference(person, "stop")
    # One body that cannot be read, one with an item that cannot, and one of which nothing is JSON.
    for number, body in enumerate(_odd_bodies(stage, who)):
        row = InboxRow.objects.create(digest=bytes([number]) * 16 + who.phone[-8:].encode() * 2, body=body,
                                      received_at=stage.now)  # fmt: skip
        assert route_inbound(row.id, now=stage.now)
    request = rights.keep(
        person, right=Right.DESTROY, came_by=CameBy.WHATSAPP, words=who.asked, received_at=stage.now, by="1"
    )
    rights.change(request, identity_checked=who.reason, extension_reason=who.reason)
    suppressions.add(
        business_id, cause=SuppressionCause.MANUAL, contact_id=person.id, note=who.reason, actor="x", now=stage.now
    )
    _files(stage, who)
    person.refresh_from_db()
    return person


def _files(stage: Any, who: SimpleNamespace) -> None:
    """One that waits, one that is being imported, and what is kept of both beside what they hold."""
    from wakeel.store.keyring import keyring
    from wakeel.store.models import ImportColumns, ImportRun, PendingImport, RefusedRow

    business_id = stage.firm.business.id
    PendingImport.objects.create(
        business_id=business_id, user=stage.operator.user, kind="consents", name=f"{who.name}.csv",
        sealed=keyring().seal_field(who.name.encode()), created_at=stage.now,
    )  # fmt: skip
    run = ImportRun.objects.create(
        business_id=business_id, operator=stage.operator, kind="consents", name=f"{who.name}.csv", taken_at=stage.now,
        sealed=keyring().seal_field(who.name.encode()), columns={who.name: "phone"},
    )  # fmt: skip
    RefusedRow.objects.create(business_id=business_id, run=run, line=1, column=f"+{who.phone}", reason_ar="x")
    ImportColumns.objects.create(
        business_id=business_id, kind="consents", headers=who.phone.zfill(64), chosen={who.name: "phone"}, at=stage.now
    )


def _accept(stage: Any, opportunity: Any) -> Any:
    from wakeel.domain.buttons import parse_button_id
    from wakeel.flows.show_card import opportunity_digest
    from wakeel.flows.take_decision import take_decision
    from wakeel.store.models import Draft

    reply = take_decision(
        stage.operator.id, parse_button_id(f"opp:{opportunity.id}:accept"),
        shown_digest=opportunity_digest(opportunity),
        tap_key=f"walk:{opportunity.id}", via="screen", now=stage.now,
    )  # fmt: skip
    assert reply.carried_out, reply.code
    stage.deliver()
    return Draft.objects.get(opportunity=opportunity)


def _wamid_of(attempt_id: str) -> str:
    from wakeel.store.models import Attempt

    return Attempt.objects.get(pk=attempt_id).wamid or ""


def _odd_bodies(stage: Any, who: SimpleNamespace) -> list[bytes]:
    from tests import rows

    def envelope(value: dict[str, Any]) -> dict[str, Any]:
        value = {"metadata": {"phone_number_id": rows.NUMBER_ID}, **value}
        changes = [{"field": "messages", "value": value}]
        return {"object": "whatsapp_business_account", "entry": [{"id": rows.WABA_ID, "changes": changes}]}

    stamp = str(int(stage.now.timestamp()))
    broken = {"from": who.phone, "id": stage.new_wamid("X"), "timestamp": "never", "type": "text",
              "text": {"body": who.said}}  # fmt: skip
    card = {"from": "966555555599", "id": f"wamid.other{who.phone[-3:]}", "timestamp": stamp, "type": "text",
            "text": {"body": f"رقمها 0{who.phone[3:]} أو +{who.phone}"}}  # fmt: skip
    mixed = {"contacts": [{"profile": {"name": who.name}, "wa_id": who.phone}], "messages": [broken, card]}
    return [
        b'{"object": "whatsapp_business_account", "entry": [' + f'"{who.phone} {who.said}'.encode(),
        json.dumps(envelope(mixed), ensure_ascii=False).encode(),
        json.dumps(envelope(mixed | {"contacts": []})).encode() + b" ",
    ]


def _seal_bodies() -> None:
    """As the inbox writer keeps them; the stage writes its rows as they came."""
    from wakeel.store import raw_bodies
    from wakeel.store.models import InboxRow

    for row in InboxRow.objects.filter(key_epoch=None):
        raw_bodies.rewrite(row, bytes(row.body), errors=row.errors)


def _erase(stage: Any, people: dict[str, Any]) -> dict[str, Any]:
    from wakeel.domain.rights import ErasureReason
    from wakeel.flows.anchor_ledger import anchor_all
    from wakeel.flows.erase_person import Erased, erase
    from wakeel.flows.verify_ledger import verify

    anchor_all(real_now=stage.now)
    before = verify(now=stage.now)
    found = erase(people["erased"].id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now)
    assert isinstance(found, Erased), found
    after = verify(now=stage.now)
    return {
        "compacted": found.compacted, "bodies": found.bodies, "overwritten": found.overwritten,
        "faults_before": [finding.in_words("en") for finding in before.findings],
        "faults_after": [finding.in_words("en") for finding in after.findings], "entries": after.entries,
    }  # fmt: skip


if __name__ == "__main__":
    main()
