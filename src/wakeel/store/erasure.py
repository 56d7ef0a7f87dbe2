"""Overwriting what is personal in the ordinary rows of one person: when something happened stays, what was said goes.

Ids of messages hold the phone number (base64), request keys hold ids of messages, digests can be guessed from a number
and a known text: each becomes a keyed token (`store.erased_ids`).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from wakeel.domain.opportunities import Source
from wakeel.domain.traces import Traces
from wakeel.store import import_runs, media_files, suggestions
from wakeel.store.erased_ids import GONE, overwritten
from wakeel.store.keyring import keyring
from wakeel.store.mask_elsewhere import mask_elsewhere, read_whole
from wakeel.store.models import (
    Approval,
    Attempt,
    Card,
    ConsentEventRow,
    ConsentPayload,
    ConsentStanding,
    Contact,
    ContactAlias,
    Draft,
    DraftVersion,
    Enrolment,
    EvidenceFile,
    InboundMessage,
    Meeting,
    Mention,
    Opportunity,
    OutboxMessage,
    PendingImport,
    RightsRequest,
    Showing,
    StatusEvent,
    SubjectKey,
    Suppression,
    VerdictRow,
    Wording,
)

_SHORTEST_WORD = 3
"""Of a name; shorter ones stand in half of all words."""
_EMPTY_TEXT = {"type": "text", "text": {"body": ""}}


def lock_group(contact_id: str) -> list[Contact]:
    """The person's record and those merged with it, locked; the one that speaks for all first. [] for no contact."""
    found = group_of(contact_id)
    rows = Contact.objects.select_for_update().filter(pk__in=[row.pk for row in found]).order_by("id")
    return sorted(rows, key=lambda row: row.id != found[0].id)


def group_of(contact_id: str) -> list[Contact]:
    """As `lock_group`, only read."""
    found = Contact.objects.filter(pk=contact_id).first()
    if found is None:
        return []
    head = found.merged_into_id or found.id
    rows = Contact.objects.filter(Q(pk=head) | Q(merged_into=head)).order_by("id")
    return sorted(rows, key=lambda row: row.id != head)


def lock_messages(group: list[Contact]) -> None:
    """What a worker is claiming this moment is waited for: afterwards it is seen as leaving."""
    mine = OutboxMessage.objects.filter(contact__in=group) | spoken_of(group)
    list(mine.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def addresses_of(group: Iterable[Contact]) -> dict[str, bool]:
    """Every `+digits` and BSUID they ever had → whether it is theirs now."""
    rows = ContactAlias.objects.filter(contact__in=list(group)).order_by("id")
    found: dict[str, bool] = {}
    for row in rows:
        found[row.value] = found.get(row.value, False) or row.valid_to is None
    return found


def owned_by_others(group: Iterable[Contact], values: Iterable[str]) -> dict[str, str]:
    """Addresses that are somebody else's by now → that contact's id."""
    rows = ContactAlias.objects.filter(value__in=list(values), valid_to=None).exclude(contact__in=list(group))
    business = {contact.business_id for contact in group}
    return dict(rows.filter(business__in=business).values_list("value", "contact_id"))


def wamids_of(group: list[Contact]) -> frozenset[str]:
    """Ids of every message from and to them."""
    said = InboundMessage.objects.filter(contact__in=group).values_list("wamid", flat=True)
    sent = Attempt.objects.filter(outbox__contact__in=group, wamid__isnull=False).values_list("wamid", flat=True)
    kept = OutboxMessage.objects.filter(contact__in=group, wamid__isnull=False).values_list("wamid", flat=True)
    return frozenset(wamid for wamid in (*said, *sent, *kept) if wamid)


def quoted_by_operators(group: list[Contact]) -> frozenset[str]:
    """Ids of operators' messages whose words are about them: they became a version or an opportunity, or answer one of
    their cards."""
    shown = Showing.objects.filter(card__opportunity__contact__in=group, wamid__isnull=False).values("wamid")
    rows = InboundMessage.objects.filter(
        business__in={contact.business_id for contact in group}, operator__isnull=False, kind="text"
    )
    answers = rows.filter(context_wamid__in=shown)
    # The text and what it became are written in one transaction, with the same `now`.
    became = DraftVersion.objects.filter(
        draft__contact__in=group, author=OuterRef("operator"), created_at=OuterRef("recorded_at")
    )
    made = Opportunity.objects.filter(contact__in=group, source=Source.MANUAL.value, created_at=OuterRef("recorded_at"))
    return frozenset((answers | rows.filter(Exists(became) | Exists(made))).values_list("wamid", flat=True))


def overwrite(group: list[Contact], traces: Traces, *, now: datetime) -> None:
    """Everything of theirs in ordinary rows but the contact itself, its aliases and the ledger."""
    mask_elsewhere(group, traces)
    _overwrite_inbound(group, traces)
    _overwrite_outbox(group)
    _overwrite_statuses(group, traces)
    _overwrite_work(group)
    about = Q(draft__contact__in=group) | Q(outbox__contact__in=group) | Q(outbox__in=spoken_of(group))
    VerdictRow.objects.filter(about).update(facts={}, request={})
    tokens = [keyring().address_token(value) for value in traces.addresses]
    Suppression.objects.filter(Q(contact__in=group) | Q(address_token__in=tokens)).update(note="")
    RightsRequest.objects.filter(contact__in=group).update(
        words="", extension_reason="", identity_checked="", held_because="", answer=""
    )
    phones = [value[1:] for value in traces.addresses if value.startswith("+")]
    Enrolment.objects.filter(Q(sender_wa_id__in=phones) | Q(sender_bsuid__in=traces.addresses)).update(
        sender_wa_id=None, sender_bsuid=None, sender_name=""
    )
    # Sealed, so that nobody can see whom they hold: all that wait are dropped and can be uploaded again.
    businesses = {contact.business_id for contact in group}
    PendingImport.objects.filter(business__in=businesses).delete()
    named = {word for contact in group for word in contact.name.split() if len(word) >= _SHORTEST_WORD}
    import_runs.forget_person(businesses, named | traces.spelled, now=now)


def destroy_proofs(group: list[Contact]) -> None:
    """The person's keys, everything that was sealed with them, and wordings that nobody else was shown: somebody may
    have written a name into one. The ledger's rows stay as they are."""
    refs = [keyring().subject_ref(contact.id) for contact in group]
    business_id = group[0].business_id
    shown = ConsentEventRow.objects.filter(business_id=business_id, subject_ref__in=refs).values("wording_sha256")
    others = ConsentEventRow.objects.filter(business_id=business_id, payload__isnull=False)
    others = others.exclude(subject_ref__in=refs).filter(wording_sha256=OuterRef("sha256"))
    Wording.objects.filter(~Exists(others), business_id=business_id, sha256__in=shown).delete()
    ConsentPayload.objects.filter(contact__in=group).delete()
    EvidenceFile.objects.filter(contact__in=group).delete()
    ConsentStanding.objects.filter(contact__in=group).delete()
    SubjectKey.objects.filter(business_id=business_id, subject_ref__in=refs).delete()


def empty_contacts(group: list[Contact], *, now: datetime) -> None:
    """What is left of a person: an id that the ledger's keyed reference and our own rows point to."""
    ContactAlias.objects.filter(contact__in=group).delete()
    Contact.objects.filter(pk__in=[contact.pk for contact in group]).update(
        name="", organisation="", last_inbound_at=None, gave_number="", identity_hold=False, time_zone="",
        identity_doubt="", paused_until=None, checked_at=None, expecting="", expecting_since=None,
        epoch_started_at=None, referred_at=None, free_until=None, erased_at=now,
    )  # fmt: skip


def _overwrite_inbound(group: list[Contact], traces: Traces) -> None:
    for row in read_whole(InboundMessage.objects.filter(contact__in=group)):
        InboundMessage.objects.filter(pk=row.pk).update(
            wamid=overwritten(row.wamid), text="", content={}, button_id="", context_wamid=""
        )
    InboundMessage.objects.filter(wamid__in=traces.quoted).update(text="", content={})
    media_files.forget([contact.pk for contact in group])


def _overwrite_outbox(group: list[Contact]) -> None:
    """Messages to them, and messages to operators that spoke of them or asked about their drafts and opportunities."""
    for row in read_whole(OutboxMessage.objects.filter(contact__in=group)):
        OutboxMessage.objects.filter(pk=row.pk).update(
            address=GONE, body=_EMPTY_TEXT, digest=GONE, content_hash="", failure_details="",
            request_key=overwritten(row.request_key), wamid=overwritten(row.wamid),
        )  # fmt: skip
    for attempt in read_whole(Attempt.objects.filter(outbox__contact__in=group)):
        Attempt.objects.filter(pk=attempt.pk).update(
            request_key=overwritten(attempt.request_key), wamid=overwritten(attempt.wamid), details=""
        )
    for row in read_whole(spoken_of(group)):
        OutboxMessage.objects.filter(pk=row.pk).update(
            body=_EMPTY_TEXT, request_key=overwritten(row.request_key), failure_details=""
        )
    for attempt in read_whole(Attempt.objects.filter(outbox__in=spoken_of(group))):
        Attempt.objects.filter(pk=attempt.pk).update(request_key=overwritten(attempt.request_key), details="")


def spoken_of(group: list[Contact]) -> QuerySet[OutboxMessage]:
    """Messages to operators that name this person: notices about them and every showing of their cards."""
    shown = Showing.objects.filter(card__opportunity__contact__in=group)
    ids = Q(pk__in=shown.values("outbox")) | Q(pk__in=shown.filter(rendering__isnull=False).values("rendering"))
    named = Q(pk__in=Mention.objects.filter(contact__in=group).values("message"))
    return OutboxMessage.objects.filter(ids | Q(about__in=group) | named, contact=None)


def _overwrite_statuses(group: list[Contact], traces: Traces) -> None:
    own = StatusEvent.objects.filter(attempt__outbox__contact__in=group)
    for row in read_whole(own):
        StatusEvent.objects.filter(pk=row.pk).update(
            wamid=overwritten(row.wamid), recipient=overwritten(row.recipient), details=""
        )
    # Parked ones belong to no message of ours.
    recipients = {value.removeprefix("+") for value in traces.addresses} | traces.addresses
    StatusEvent.objects.filter(attempt=None, business__in={c.business_id for c in group}).filter(
        Q(recipient__in=recipients) | Q(wamid__in=traces.wamids)
    ).delete()


def _overwrite_work(group: list[Contact]) -> None:
    """Opportunities, drafts, cards and approvals: titles, texts and digests, which can be guessed from texts."""
    for row in read_whole(Opportunity.objects.filter(contact__in=group)):
        Opportunity.objects.filter(pk=row.pk).update(
            external_key=overwritten(row.external_key), title="", summary="", value="", draft_text="", score=None
        )
    DraftVersion.objects.filter(draft__contact__in=group).update(text="", template=None)
    Meeting.objects.filter(contact__in=group).update(title="", place="", attendees=[])
    Draft.objects.filter(contact__in=group).update(reshow_when_cured=False)
    for draft in read_whole(Draft.objects.filter(contact__in=group).exclude(answers="")):
        Draft.objects.filter(pk=draft.pk).update(answers=overwritten(draft.answers))
    suggestions.forget(Opportunity.objects.filter(contact__in=group).values_list("pk", flat=True))
    Approval.objects.filter(draft__contact__in=group).update(digest=GONE, words_read="")
    for card in read_whole(Card.objects.filter(opportunity__contact__in=group)):
        Card.objects.filter(pk=card.pk).update(digest=keyring().occurrence(f"{GONE}:{card.digest}"))
