"""Something happened with a contact that a person of the business must hear about."""

from collections.abc import Mapping
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.recognition import OperatorState
from wakeel.domain.steps import Step
from wakeel.domain.text import name_line
from wakeel.flows.gather_notices import notify
from wakeel.flows.reply import Reply, Value
from wakeel.flows.step_links import Steps
from wakeel.store import contacts, operators
from wakeel.store.models import Contact, Operator, Opportunity


def tell_owners(
    contact: Contact,
    code: AnswerCode,
    values: Mapping[str, Value],
    *,
    key: str,
    now: datetime,
    steps: tuple[Step, ...] = (),
) -> None:
    """Tell whoever has an opportunity with this person, or every active operator if nobody has; once per key.

    values: beside the name. steps: shown under the words, each with its address.
    """
    for operator in _owners(contact) or operators.active(contact.business_id):
        said: dict[str, Value] = {"name": name_line(contact.name), **values}
        if steps:
            said["steps"] = Steps(steps, operator.number, contact.id)
        notify(operator, Reply(code, said), key=f"{key}:{operator.id}", now=now, about=contact)


def _owners(contact: Contact) -> list[Operator]:
    owned = Opportunity.objects.filter(contact__in=contacts.group_of(contact), owner__isnull=False)
    rows = Operator.objects.filter(pk__in=owned.values("owner"), state=OperatorState.ACTIVE)
    return list(rows.select_related("number").order_by("id"))
