"""People who are never written to, whatever the ledger says. A row stands until it is lifted; nothing is deleted."""

from collections.abc import Collection, Iterable
from datetime import datetime

from wakeel.domain.suppression import SuppressionCause
from wakeel.store.keyring import keyring
from wakeel.store.models import ContactAlias, Suppression


def add(
    business_id: str,
    *,
    cause: SuppressionCause,
    actor: str,
    now: datetime,
    contact_id: str | None = None,
    address_token: str = "",
    note: str = "",
) -> Suppression:
    """One more standing suppression, of a contact, or of whoever comes with this address's token."""
    return Suppression.objects.create(
        business_id=business_id, contact_id=contact_id, address_token=address_token, cause=cause.value, note=note,
        actor=actor, created_at=now,
    )  # fmt: skip


def standing(contact_ids: Iterable[str], cause: SuppressionCause) -> list[Suppression]:
    """Standing suppressions of these contacts for one cause, the oldest first."""
    rows = Suppression.objects.filter(contact__in=list(contact_ids), cause=cause.value, lifted_at=None)
    return list(rows.order_by("created_at", "id"))


def of_addresses(business_id: str, contact_id: str, cause: SuppressionCause) -> list[Suppression]:
    """Standing suppressions for one cause of whoever comes with an address that this contact has now."""
    values = ContactAlias.objects.filter(contact=contact_id, valid_to=None).values_list("value", flat=True)
    tokens = [keyring().address_token(value) for value in values]
    rows = Suppression.objects.filter(business_id=business_id, cause=cause.value, lifted_at=None)
    return list(rows.filter(address_token__in=tokens).order_by("created_at", "id"))


def lift(suppression_id: str, *, by: str, note: str, now: datetime) -> bool:
    """True if this caller lifted it; its row stays as history, with the note under the one it had."""
    row = Suppression.objects.filter(pk=suppression_id, lifted_at=None).first()
    if row is None:
        return False
    words = "\n".join(part for part in (row.note, note) if part)
    rows = Suppression.objects.filter(pk=suppression_id, lifted_at=None)
    return rows.update(lifted_at=now, lifted_by=by, note=words) == 1


def release_address(contact_id: str, address: str) -> None:
    """The address is somebody else's now: what stands against this contact no longer stands against whoever has it."""
    rows = Suppression.objects.filter(contact=contact_id, address_token=keyring().address_token(address))
    rows.update(address_token="")


def follow_erasure(business_id: str, old: Collection[str], new: Collection[str], *, now: datetime) -> bool:
    """Whoever had one of the old addresses has the new ones now: an erasure that stands against the former stands
    against the latter too. False if none stands."""
    tokens = [keyring().address_token(value) for value in old]
    rows = Suppression.objects.filter(business_id=business_id, cause=SuppressionCause.ERASED.value, lifted_at=None)
    erased = rows.filter(address_token__in=tokens).order_by("created_at", "id").first()
    if erased is None:
        return False
    known = erased_tokens(business_id)
    for token in sorted({keyring().address_token(value) for value in new} - known):
        add(
            business_id, cause=SuppressionCause.ERASED, actor=erased.actor, address_token=token, note=erased.note,
            now=now,
        )  # fmt: skip
    return True


def erased_tokens(business_id: str) -> frozenset[str]:
    """Tokens of every address whose person had their data destroyed."""
    rows = Suppression.objects.filter(business_id=business_id, cause=SuppressionCause.ERASED.value, lifted_at=None)
    return frozenset(rows.exclude(address_token="").values_list("address_token", flat=True))


class ErasedPeople:
    """Asks for many addresses of one business whether their person was erased; reads the tokens once."""

    def __init__(self, business_id: str) -> None:
        self._tokens = erased_tokens(business_id)

    def has(self, address: str) -> bool:
        """address: `+` and digits, or a BSUID."""
        return bool(self._tokens) and keyring().address_token(address) in self._tokens
