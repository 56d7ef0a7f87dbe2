"""Approved messages that wait to leave, with everything the gate asks of them. A process of its own, by command:

    python -m benchmarks.send_population --messages N --numbers N --mark X

Every message goes to a person of its own: contact with phone and open window, one chained and sealed consent, an
opportunity in work, draft with its version, an approval of exactly this request, and the outbox row. They are due
NOT_YET; `send_runs.release` makes them due. The numbers may send as many a second as Meta allows at most.
"""

import argparse
import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

BATCH = 2000
NOT_YET = timedelta(hours=20)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_A_SECOND = 1000
BUSINESS = "أفق"
TEXT = "أهلًا {name}، معك أفق. هل يناسبك اتصال قصير غدًا؟\nلإيقاف الرسائل أرسل: إيقاف"
POLICY = """\
[send_windows]
marketing = [["00:00", "24:00"]]
utility = [["00:00", "24:00"]]

[calendars.SA]
special_periods = []
weekday_windows = { marketing = { fri = [["00:00", "24:00"]] } }
closed_dates = { marketing = [] }
"""
"""Every hour is open: the figures are the same at night. Caps and pauses are those that ship."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Messages that wait to leave.")
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--numbers", type=int, default=1)
    parser.add_argument("--mark", default="a", help="a letter: tells the people of two runs apart")
    given = parser.parse_args()
    os.environ["WAKEEL_ROLE"] = "tool"
    django.setup()
    from django.db import transaction

    from wakeel import clock

    with transaction.atomic():
        Sender(clock.now(), numbers=given.numbers).queue(given.messages, mark=given.mark)


class Sender:
    """One business, its numbers and the operator who approved everything."""

    def __init__(self, now: datetime, *, numbers: int) -> None:
        from django.contrib.auth.models import User

        from wakeel import config
        from wakeel.flows.set_up import ensure_business
        from wakeel.store.models import Operator, RoleGrant, SendingNumber

        self.now, self.business_id = now, ensure_business(config.get())
        first = SendingNumber.objects.get(pk=config.get().phone_number_id)
        for place in range(1, numbers):
            SendingNumber.objects.get_or_create(
                phone_number_id=f"{first.pk}{place:02d}",
                defaults={
                    "business_id": self.business_id,
                    "waba_id": first.waba_id,
                    "display_phone": f"9661101{place:05d}",
                },
            )
        SendingNumber.objects.update(throughput_mps=MOST_A_SECOND, quality="GREEN")
        self.numbers = list(SendingNumber.objects.order_by("phone_number_id")[:numbers])
        user, _ = User.objects.get_or_create(username="sender")
        RoleGrant.objects.get_or_create(business_id=self.business_id, user=user, role="operator", defaults={"at": now})
        self.operator, _ = Operator.objects.get_or_create(
            business_id=self.business_id, user=user,
            defaults={"number": first, "name": "سارة", "wa_id": "966519999999", "bsuid": "SA.sender",
                      "last_inbound_at": now - HOUR, "enrolled_at": now - DAY},
        )  # fmt: skip
        self.same = {"business_id": self.business_id}

    def queue(self, messages: int, *, mark: str) -> None:
        for serials in parts(range(messages)):
            self._queue(serials, mark=mark)

    def _queue(self, serials: Sequence[int], *, mark: str) -> None:
        from wakeel.store.models import Contact, ContactAlias

        phones = [phone_of(mark, serial) for serial in serials]
        contacts = Contact.objects.bulk_create([
            Contact(**self.same, name=f"عميل {phone}", created_at=self.now - 60 * DAY, last_inbound_at=self.now - HOUR)
            for phone in phones
        ])  # fmt: skip
        ContactAlias.objects.bulk_create([
            ContactAlias(**self.same, contact=contact, kind="phone", value=phone, valid_from=self.now - 60 * DAY)
            for contact, phone in zip(contacts, phones, strict=True)
        ])  # fmt: skip
        grants = self._agreed(contacts, phones)
        self._approved(contacts, phones, grants, serials=serials, mark=mark)

    def _agreed(self, contacts: Sequence[Any], phones: Sequence[str]) -> list[str]:
        """One consent of each, as `store.consent.append` writes it; the ids."""
        from wakeel.domain.chain import ZERO_MAC, row_mac
        from wakeel.store.entries import CHAIN, commitment, entry_of
        from wakeel.store.keyring import keyring
        from wakeel.store.models import ConsentEventRow, ConsentPayload, LedgerHead, SubjectKey
        from wakeel.store.standings import refresh_standing

        head, _ = LedgerHead.objects.select_for_update().get_or_create(
            **self.same, chain=CHAIN, defaults={"last_mac": ZERO_MAC}
        )
        events, payloads, keys = [], [], []
        mac = bytes(head.last_mac)
        for place, (contact, phone) in enumerate(zip(contacts, phones, strict=True), start=head.last_seq + 1):
            ref, key = keyring().subject_ref(contact.id), secrets.token_bytes(32)
            row = ConsentEventRow(
                **self.same, seq=place, type="grant", at=self.now - 30 * DAY, recorded_at=self.now - 30 * DAY,
                categories=["marketing", "utility"], purposes=["offers"], explicit=True, collected_directly=True,
                source="web_form", proof_ref="text", subject_ref=ref, epoch=keyring().chain_epoch,
            )  # fmt: skip
            token = keyring().address_token(phone)
            sealed = keyring().seal(key, b'{"evidence":"form 17"}', place=row.id)
            row.payload_commitment = commitment(sealed, address_token=token, occurrence=None)
            row.mac = mac = row_mac(keyring().chain[row.epoch], mac, entry_of(row))
            events.append(row)
            payloads.append(ConsentPayload(**self.same, event=row, contact=contact, address_token=token, sealed=sealed))
            wrapped = keyring().seal_field(key, place=ref)
            keys.append(SubjectKey(**self.same, subject_ref=ref, epoch=max(keyring().field), wrapped=wrapped))
        ConsentEventRow.objects.bulk_create(events)
        ConsentPayload.objects.bulk_create(payloads)
        SubjectKey.objects.bulk_create(keys)
        LedgerHead.objects.filter(pk=head.pk).update(last_seq=events[-1].seq, last_mac=mac)
        refresh_standing([contact.id for contact in contacts], now=self.now)
        return [row.id for row in events]

    def _approved(
        self,
        contacts: Sequence[Any],
        phones: Sequence[str],
        grants: Sequence[str],
        *,
        serials: Sequence[int],
        mark: str,
    ) -> None:
        from wakeel.domain.content_reading import as_kept
        from wakeel.domain.drafts import APPROVAL_LIFE, content_hash, digest
        from wakeel.flows.preview_draft import final_request
        from wakeel.store.models import Approval, Draft, DraftVersion, Opportunity, OutboxMessage
        from wakeel.whatsapp.cards import text_part
        from wakeel.whatsapp.payloads import message_body

        matters = Opportunity.objects.bulk_create([
            Opportunity(**self.same, external_key=f"{mark}{serial}", contact=contact, title="تجديد العقد", score=50,
                        state="drafting", owner=self.operator, created_at=self.now - HOUR, updated_at=self.now - HOUR)
            for serial, contact in zip(serials, contacts, strict=True)
        ])  # fmt: skip
        drafts = Draft.objects.bulk_create([
            Draft(**self.same, opportunity=matter, contact=matter.contact, category="marketing", purpose="offers",
                  number=self.numbers[serial % len(self.numbers)], state="approved", created_at=self.now - HOUR)
            for serial, matter in zip(serials, matters, strict=True)
        ])  # fmt: skip
        texts = [TEXT.format(name=contact.name) for contact in contacts]
        bodies = [message_body(text_part(text), address=phone) for text, phone in zip(texts, phones, strict=True)]
        digests = [
            digest(final_request(draft, body=body, grant_id=grant, template=None))
            for draft, body, grant in zip(drafts, bodies, grants, strict=True)
        ]
        DraftVersion.objects.bulk_create([
            DraftVersion(**self.same, draft=draft, number=1, text=text, created_at=self.now - HOUR)
            for draft, text in zip(drafts, texts, strict=True)
        ])  # fmt: skip
        Approval.objects.bulk_create([
            Approval(**self.same, draft=draft, version=1, digest=digest, grant_id=grant, operator=self.operator,
                     via="phone", approved_at=self.now, expires_at=self.now + APPROVAL_LIFE,
                     words_read=as_kept(text, BUSINESS))
            for draft, digest, grant, text in zip(drafts, digests, grants, texts, strict=True)
        ])  # fmt: skip
        OutboxMessage.objects.bulk_create([
            OutboxMessage(
                **self.same, number=draft.number, audience="contact", contact=draft.contact, draft=draft,
                draft_version=1, address=phone, lane=2, body=dict(body), digest=digest, category="marketing",
                purpose="offers", content_hash=content_hash(body), request_key=f"{draft.id}:1:1", state="pending",
                due_at=self.now + NOT_YET, created_at=self.now, updated_at=self.now,
            )
            for draft, phone, body, digest in zip(drafts, phones, bodies, digests, strict=True)
        ])  # fmt: skip


def settings(folder: Path, *, port: int) -> dict[str, str]:
    """Practice mode against the fake on this port, every hour open. folder: for the policy's file."""
    policy = folder / "policy.toml"
    policy.write_text(POLICY)
    return {
        "WAKEEL_POLICY_FILE": str(policy), "WAKEEL_BUSINESS_NAME": BUSINESS,
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip


def phone_of(mark: str, serial: int) -> str:
    """Nobody else of a benchmark has it. mark: one small letter."""
    return f"{beginning_of(mark)}{serial:06d}"


def beginning_of(mark: str) -> str:
    """Of the phones of everybody with this mark."""
    return f"+9665{ord(mark) - ord('a') + 10:02d}"


def parts(whole: Sequence[int]) -> Iterator[Sequence[int]]:
    yield from (whole[start : start + BATCH] for start in range(0, len(whole), BATCH))


if __name__ == "__main__":
    main()
