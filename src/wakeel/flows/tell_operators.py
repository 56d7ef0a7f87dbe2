"""Something every person of the business must hear, whoever's work it touches."""

from collections.abc import Mapping
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.steps import Step
from wakeel.flows.gather_notices import notify
from wakeel.flows.reply import Reply, Value
from wakeel.flows.step_links import Steps
from wakeel.store import operators


def tell_operators(
    business_id: str, code: AnswerCode, values: Mapping[str, Value], *, key: str, now: datetime,
    steps: tuple[Step, ...] = (),
) -> None:  # fmt: skip
    """Tell every active operator, each in their language, once per key. steps: shown under the words."""
    for operator in operators.active(business_id):
        said: dict[str, Value] = {**values, "steps": Steps(steps, operator.number)}
        notify(operator, Reply(code, said), key=f"{key}:{operator.id}", now=now)
