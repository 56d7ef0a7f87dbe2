"""Run as a process of its own: the commands of the console script, without a new interpreter for each.

One JSON object a line comes in, `{"verb": …, …}`, one goes out.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    django.setup()
    from wakeel import clock, config
    from wakeel.flows.import_consents import import_consents
    from wakeel.flows.import_opportunities import import_opportunities
    from wakeel.flows.set_up import create_login, ensure_business
    from wakeel.store.models import SendingNumber

    business_id = ensure_business(config.get())
    # One operator has all the tests: with Meta's pace of one message in six seconds they would take an hour.
    SendingNumber.objects.update(pair_interval_ms=0)

    def imported(run: Callable[..., Any], text: str) -> dict[str, Any]:
        report = run(business_id, text.encode(), accept_valid=False, now=clock.now())
        return {"imported": report.imported, "faults": [f"{fault.line}: {fault.reason.en}" for fault in report.faults]}

    verbs: dict[str, Callable[..., Any]] = {
        "create_login": lambda **given: create_login(
            business_id, given.pop("username"), given.pop("password"), **given
        ),
        "opportunities": lambda text: imported(import_opportunities, text),
        "consents": lambda text: imported(import_consents, text),
    }
    print("clerk ready", flush=True)
    for line in sys.stdin:
        wish = json.loads(line)
        print(json.dumps(verbs[wish.pop("verb")](**wish)), flush=True)


if __name__ == "__main__":
    main()
