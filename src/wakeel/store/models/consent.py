"""The consent ledger: append-only and chained. Triggers refuse changes; the state is computed in `domain.consent`.

A row carries no personal data. What was said, by which address and with which evidence is sealed under the person's
own key in `ConsentPayload`; destroying the key and the payload erases the person, and the chain still verifies.
Source: reference "consent and contactability", sections 3.2, 4.2 and 4.4 (normative), read 2026-11-22.
"""

from django.db import models

from wakeel.domain.consent import Category, ConsentType, Standing
from wakeel.store.models.columns import business_key, id_column, one_of
from wakeel.store.models.contact import Contact


class LedgerHead(models.Model):
    """The end of one chain; its row lock makes `seq` gap-free. chain: consent. last_mac: 32 bytes, zeros before."""

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    chain = models.CharField(max_length=12)
    last_seq = models.PositiveBigIntegerField(default=0)
    last_mac = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_head"
        constraints = [models.UniqueConstraint(fields=["business", "chain"], name="ledger_head_once")]


class Wording(models.Model):
    """The exact words that were shown to people, stored once by their SHA-256 (hex). Nothing personal."""

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    first_used_at = models.DateTimeField()

    class Meta:
        db_table = "wording"
        constraints = [models.UniqueConstraint(fields=["business", "sha256"], name="wording_once")]


class ConsentEventRow(models.Model):
    """Fields as in `domain.consent.ConsentEvent`. seq: gap-free per business, the order of recording.

    purposes: null means all. method: written, oral or electronic. wording_sha256: of the Wording row, '' without one.
    proof_ref: id of the evidence file, `text` when the evidence is text in the payload, '' without evidence.
    subject_ref: keyed hash of the contact's id. payload_commitment: SHA-256 (hex) over sealed payload and address
    token. epoch: of the chain key. mac: HMAC-SHA-256 over the previous row's mac and this row's canonical entry.
    """

    id = id_column("cns")
    business = business_key()
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=16)
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    clock = models.CharField(max_length=12, default="server")
    channel = models.CharField(max_length=16, default="whatsapp")
    categories = models.JSONField(default=list)
    purposes = models.JSONField(null=True)
    explicit = models.BooleanField(default=False)
    needs_confirmation = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)
    grant_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: targets no grant
    withdraw_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: targets no withdrawal
    source = models.CharField(max_length=40)
    method = models.CharField(max_length=12, blank=True)
    collected_directly = models.BooleanField(default=False)
    lawful_basis = models.CharField(max_length=16, default="consent")
    wording_sha256 = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)
    notice_version = models.CharField(max_length=40, blank=True)
    proof_ref = models.CharField(max_length=64, blank=True)
    subject_ref = models.CharField(max_length=64)
    payload_commitment = models.CharField(max_length=64)
    epoch = models.PositiveSmallIntegerField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        db_table = "consent_event"
        constraints = [
            models.UniqueConstraint(fields=["business", "seq"], name="consent_event_seq_once"),
            one_of("type", [t.value for t in ConsentType], name="consent_event_type"),
            models.CheckConstraint(
                condition=models.Q(at__isnull=False) | models.Q(type="withdraw"), name="consent_event_at_known"
            ),
        ]
        indexes = [models.Index(fields=["business", "subject_ref"], name="consent_event_by_subject")]


class ConsentPayload(models.Model):
    """What is personal about one ledger entry; deleted when the person is erased.

    address_token: keyed hash of the address as it was then; it decides who is meant, the address itself is sealed.
    occurrence: keyed hash of what makes this happening one happening (a wamid, an import row), so that it is recorded
    once; None for what may repeat. sealed: nonce and AES-256-GCM of canonical JSON (address, actor, evidence, wamid,
    note …) under the person's key.
    """

    event = models.OneToOneField(ConsentEventRow, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    business = business_key()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consent_payloads")
    address_token = models.CharField(max_length=64)
    occurrence = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: may be recorded again
    sealed = models.BinaryField()

    class Meta:
        db_table = "consent_payload"
        constraints = [
            models.UniqueConstraint(fields=["business", "contact", "occurrence"], name="consent_payload_once")
        ]
        indexes = [
            models.Index(fields=["business", "contact"], name="consent_payload_by_contact"),
            models.Index(fields=["business", "address_token"], name="consent_payload_by_address"),
        ]


class EvidenceFile(models.Model):
    """A scan, screenshot or recording that proves a consent, sealed under the person's key.

    sha256: of the file, sealed with it (a hash of a small file could be guessed). media_type: found from the content.
    """

    id = id_column("evf")
    business = business_key()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="evidence_files")
    media_type = models.CharField(max_length=60)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "evidence_file"
        indexes = [models.Index(fields=["business", "contact"], name="evidence_file_by_contact")]


class SubjectKey(models.Model):
    """One person's key, wrapped by the deployment's `field` key of that epoch. Destroying the row erases the person.

    The ordinary backup leaves this table out (docs/how-to): its own copies live shortly.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    subject_ref = models.CharField(max_length=64)
    epoch = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "subject_key"
        constraints = [models.UniqueConstraint(fields=["business", "subject_ref"], name="subject_key_once")]


class KeyCheck(models.Model):
    """A value that only the right key file gives: a wrong or lost key folder is noticed at start, not by bad rows."""

    name = models.CharField(max_length=24, primary_key=True)
    check_value = models.CharField(max_length=64)

    class Meta:
        db_table = "key_check"


class ConsentStanding(models.Model):
    """What `state_of` said when the person's last entry was written: a cache for selecting many, never for sending.

    valid_until: from then on an `active` row counts as expired; None without an end. seq: of the ledger when computed.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="standings")
    category = models.CharField(max_length=16)
    purpose = models.CharField(max_length=40)
    standing = models.CharField(max_length=10)
    grant_event = models.CharField(max_length=64, null=True)  # noqa: DJ001 - None: rests on no grant
    valid_until = models.DateTimeField(null=True)
    seq = models.PositiveBigIntegerField()

    class Meta:
        db_table = "consent_standing"
        constraints = [
            models.UniqueConstraint(
                fields=["business", "contact", "category", "purpose"], name="consent_standing_once"
            ),
            one_of("category", [c.value for c in Category], name="consent_standing_category"),
            one_of("standing", [s.value for s in Standing], name="consent_standing_standing"),
        ]
        indexes = [
            models.Index(
                fields=["business", "category", "purpose", "contact"],
                name="consent_standing_active",
                condition=models.Q(standing="active"),
            )
        ]
