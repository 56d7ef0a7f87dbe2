"""What stands beside the entries of one business: payloads, wordings, evidence files and the keys they are sealed with.

An entry commits to each of them, so whoever changes one without the chain's key is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from wakeel.domain.words import Text
from wakeel.flows import ledger_findings as say
from wakeel.flows.ledger_findings import Findings
from wakeel.store import ledger_rows
from wakeel.store.entries import commitment, opened, subject_keys
from wakeel.store.keyring import CannotOpen, keyring
from wakeel.store.models import ConsentEventRow, ConsentPayload, EvidenceFile, Wording

FILE_PREFIX = "evf_"


@dataclass(slots=True)
class PayloadCheck:
    """Feed it every page of rows, then call `finish`."""

    business: str
    findings: Findings
    _wordings: dict[str, Text | None] = field(default_factory=dict)

    def check(self, page: list[ConsentEventRow]) -> None:
        """One page."""
        self._look_up_wordings({row.wording_sha256 for row in page} - self._wordings.keys() - {""})
        gone = {row.subject_ref for row in page if _payload_of(row) is None}
        erased = ledger_rows.erased_at(self.business, gone) if gone else {}
        refs = {row.subject_ref for row in page}
        keys = subject_keys(refs)
        closed = ledger_rows.have_keys(refs - keys.keys())
        for row in page:
            for what in self._faults(row, erased, keys.get(row.subject_ref)):
                self._say(row, what)
            if row.subject_ref in closed:
                self._say(row, say.PAYLOAD_CLOSED)

    def finish(self) -> None:
        """Keys that are gone although nobody was erased: a backup without its table of keys, or worse."""
        lost = ledger_rows.people_without_key(self.business)
        if lost:
            self.findings.add(say.keys_gone(self.business, lost))

    def _faults(self, row: ConsentEventRow, erased: dict[str, int], key: bytes | None) -> Iterator[Text]:
        payload = _payload_of(row)
        is_erased = payload is None and erased.get(row.subject_ref, 0) >= row.seq
        if payload is None:
            if not is_erased:
                yield say.PAYLOAD_GONE
        else:
            said = commitment(payload.sealed, address_token=payload.address_token, occurrence=payload.occurrence)
            if said != row.payload_commitment:
                yield say.PAYLOAD_CHANGED
            if keyring().subject_ref(payload.contact_id) != row.subject_ref:
                yield say.PAYLOAD_OF_OTHER
            if key is not None and said == row.payload_commitment:
                yield from _sealed_faults(row, payload, key)
        wording = self._wordings.get(row.wording_sha256)
        # Words that only erased people were shown are destroyed with them: an operator may have put a name in.
        if wording is not None and not (is_erased and wording is say.WORDING_GONE):
            yield wording

    def _look_up_wordings(self, hashes: set[str]) -> None:
        """What is wrong with each of these, None if nothing is."""
        if not hashes:
            return
        found = Wording.objects.filter(business_id=self.business, sha256__in=hashes)
        texts = dict(found.values_list("sha256", "text"))
        for wanted in hashes:
            if wanted not in texts:
                self._wordings[wanted] = say.WORDING_GONE
            else:
                same = sha256(texts[wanted].encode()).hexdigest() == wanted
                self._wordings[wanted] = None if same else say.WORDING_CHANGED

    def _say(self, row: ConsentEventRow, what: Text) -> None:
        self.findings.add(say.beside(self.business, row.seq, row.id, what))


def _payload_of(row: ConsentEventRow) -> ConsentPayload | None:
    return getattr(row, "payload", None)


def _sealed_faults(row: ConsentEventRow, payload: ConsentPayload, key: bytes) -> Iterator[Text]:
    """What only the person's key shows: whether it still opens, and whether the evidence file is the one."""
    try:
        details = opened(key, bytes(payload.sealed), place=row.id)
    except CannotOpen:
        yield say.PAYLOAD_CLOSED
        return
    if row.proof_ref.startswith(FILE_PREFIX):
        file = EvidenceFile.objects.filter(pk=row.proof_ref).first()
        if file is None:
            yield say.FILE_GONE
        elif _sha256_of(file, key) != details.get("evidence_sha256"):
            yield say.FILE_CHANGED


def _sha256_of(file: EvidenceFile, key: bytes) -> str | None:
    """None if it does not open."""
    try:
        return sha256(keyring().open(key, bytes(file.sealed), place=file.id)).hexdigest()
    except CannotOpen:
        return None
