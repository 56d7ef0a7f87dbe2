"""Decisions on opportunities and drafts: locking what is decided, moving it, remembering who did what."""

from collections.abc import Iterable
from datetime import datetime

from wakeel.domain.opportunities import ALLOWED, OpportunityState
from wakeel.store.models import Contact, Decision, Draft, Operator, Opportunity, SendingNumber


def lock_operator(operator_id: str) -> Operator:
    """Decisions of one person are taken one after the other."""
    return Operator.objects.select_for_update(of=("self",)).get(pk=operator_id)


def lock_opportunity(business_id: str, opportunity_id: str) -> Opportunity | None:
    rows = Opportunity.objects.select_for_update(of=("self",)).select_related("contact", "business")
    return rows.filter(business_id=business_id, pk=opportunity_id).first()


def was_taken(business_id: str, tap_key: str) -> bool:
    return Decision.objects.filter(business_id=business_id, tap_key=tap_key).exists()


def find(business_id: str, tap_key: str) -> Decision:
    return Decision.objects.select_related("draft", "opportunity").get(business_id=business_id, tap_key=tap_key)


def person_of(business_id: str, tap_key: str) -> Contact | None:
    """Whom the decision taken with this tap was about; None if nothing was decided with it."""
    about = Decision.objects.filter(business_id=business_id, tap_key=tap_key)
    for ids in about.values_list("draft__contact", "opportunity__contact"):
        return Contact.objects.filter(pk=ids[0] or ids[1]).first()
    return None


def record(
    operator: Operator,
    *,
    action: str,
    via: str,
    tap_key: str,
    reply: str,
    carried_out: bool,
    now: datetime,
    opportunity: Opportunity | None = None,
    draft: Draft | None = None,
) -> None:
    Decision.objects.create(
        business_id=operator.business_id,
        operator=operator,
        via=via,
        tap_key=tap_key,
        action=action,
        opportunity=opportunity,
        draft=draft,
        version=draft.version if draft else None,
        answer=reply,
        carried_out=carried_out,
        at=now,
    )


def move_opportunity(
    opportunity: Opportunity,
    *,
    to: OpportunityState,
    come_from: Iterable[OpportunityState],
    now: datetime,
    owner: Operator | None = None,
) -> bool:
    """Compare-and-set, only along `ALLOWED`; True if this caller moved it. owner: None leaves it as it is."""
    allowed = [state.value for state in come_from if to in ALLOWED[state]]
    rows = Opportunity.objects.filter(pk=opportunity.pk, state__in=allowed)
    fields = {} if owner is None else {"owner": owner}
    if rows.update(state=to.value, updated_at=now, **fields) != 1:
        opportunity.refresh_from_db(fields=["state"])
        return False
    opportunity.state = to.value
    if owner is not None:
        opportunity.owner = owner
    return True


def decider_of(opportunity: Opportunity) -> Operator | None:
    """Who took the last decision that was carried out; None if nobody did."""
    rows = Decision.objects.filter(opportunity=opportunity, draft=None, carried_out=True).select_related("operator")
    last = rows.order_by("-id").first()
    return last.operator if last else None


def number_of(business_id: str) -> str:
    """The number this business sends from."""
    return SendingNumber.objects.filter(business_id=business_id).order_by("phone_number_id")[0].phone_number_id
