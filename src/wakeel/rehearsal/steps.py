"""The words of a scenario file: each step by its name. What each takes is its dataclass."""

from typing import Protocol

from wakeel.rehearsal import (
    conditions_phone,
    conditions_product,
    steps_bench,
    steps_operator,
    steps_phone,
    steps_product,
)
from wakeel.rehearsal.stage import Stage


class Step(Protocol):
    """Something that is done, or must be so. run: raises Unmet."""

    def run(self, stage: Stage) -> None: ...


PHONES: dict[str, type] = {
    "say": steps_phone.Say,
    "tap": steps_phone.Tap,
    "send": steps_phone.Send,
    "edit": steps_phone.Edit,
    "revoke": steps_phone.Revoke,
    "profile": steps_phone.Profile,
    "new_number": steps_phone.NewNumber,
    "new_owner": steps_phone.NewOwner,
    "preferences": steps_phone.Preferences,
    "read": steps_phone.Read,
    "script": steps_phone.Script,
    "arrive": steps_phone.Arrive,
}
BENCH: dict[str, type] = {
    "fault": steps_bench.Fault,
    "rule": steps_bench.Rule,
    "write_first": steps_bench.WriteFirst,
    "clock": steps_bench.Clock,
    "until": steps_bench.Until,
    "status": steps_bench.Status,
    "template": steps_bench.Template,
    "account": steps_bench.Account,
    "platform": steps_bench.Platform,
    "webhook": steps_bench.Webhook,
    "bench": steps_bench.BenchCall,
}
SEEN: dict[str, type] = {
    "receives": conditions_phone.Receives,
    "nothing_more": conditions_phone.NothingMore,
    "accepted": conditions_phone.Accepted,
    "ticks": conditions_phone.Ticks,
    "posts": conditions_product.Posts,
    "quiet": conditions_product.Quiet,
}
PRODUCT: dict[str, type] = {
    "import": steps_product.Import,
    "draft": steps_operator.Draft,
    "approve": steps_operator.Approve,
    "press": steps_product.Press,
    "enrol": steps_product.Enrol,
    "kill": steps_product.Kill,
    "stop": steps_product.Stop,
    "start": steps_product.Start,
    "answer": conditions_phone.Answer,
    "outbox": conditions_product.Outbox,
    "page": conditions_product.Page,
    "may_contact": conditions_product.MayContact,
    "ledger": conditions_product.Ledger,
    "deal": conditions_product.DealIs,
}
"""These need a product of our own; the others run against any."""

STEPS: dict[str, type] = {**PHONES, **BENCH, **SEEN, **PRODUCT}
