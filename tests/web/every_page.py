"""A business with something on every page, and the addresses of all its pages, read from the URL configuration.

A new page whose address has no sample here is in `unknown`: it is walked by every check, or they fail. Run as a
process of its own (`python -m tests.web.every_page`) it fills a deployment's database and prints one JSON object.
"""

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django

NO_PAGES = frozenset({"desk:evidence", "desk:file", "desk:meeting_file", "desk:events", "mfa_reauthenticate_webauthn"})
"""What people sent or are sent, to be saved; the stream, which does not end; and what only a device can answer."""
ONE_OF = re.compile(r"\(\?P<(\w+)>([\w-]+(?:\|[\w-]+)+)\)")


def main() -> None:
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        from tests.web import rows

        home = rows.house(phone_number_id="105500000000009")
        rows.may_be(home, "operator", "supervisor", "admin")
        samples = fill(home)
    client = signed_in(home.user)
    samples |= upload(client)
    cookies = {name: one.value for name, one in client.cookies.items()}
    print(json.dumps({"cookies": cookies, **places(samples)}))


def fill(home: Any) -> dict[str, str]:
    """Something in every state that a page can show; ids by the name that the URL configuration gives them."""
    from tests.web import rows
    from wakeel.store.models import DraftVersion

    name = rows.HOSTILE["rlo"] + " مريم القحطاني"
    person = rows.contact(home, name, phone="+966509720001", organisation="شركة أفق للتجارة والمقاولات")
    rows.agreed(home, person)
    deal = rows.opportunity(home, person, key="mine", title=rows.HOSTILE["script"] + " تجديد العقد السنوي")
    draft = rows.draft(home, deal)
    DraftVersion.objects.create(
        business=home.business, draft=draft, number=2, text="نص ثانٍ، السعر 18,500 ر.س.", created_at=rows.now()
    )
    type(draft).objects.filter(pk=draft.pk).update(version=2)
    for number in range(4):
        other = rows.contact(
            home, f"نورة {number}", phone=f"+96650972300{number}", wrote_ago=timedelta(hours=1 + number)
        )
        title = ["متابعة بعد العرض", rows.HOSTILE["long"]][number % 2]
        rows.opportunity(home, other, key=f"waits{number}", title=title, score=1)
    message, closed = _sent(home, rows), _closed_window(home, rows)
    _heard(home, person, rows)
    return {
        "opportunity_id": deal.id, "desk:reengage.opportunity_id": closed, "draft_id": draft.id,
        "contact_id": person.id, "outbox_id": message.id, "operator_id": home.operator.id,
        "number_id": home.number.phone_number_id, **_more(home, person, rows),
    }  # fmt: skip


def _sent(home: Any, rows: Any) -> Any:
    """One message in each state of the outbox and some of the failures; the last one."""
    states: list[dict[str, Any]] = [
        {"state": "pending"}, {"state": "pending", "due_in_s": 7200, "hold_code": "QUIET_HOURS"},
        {"state": "held", "hold_code": "NO_CONSENT"}, {"state": "sending"}, {"state": "simulated"},
        {"state": "accepted", "wamid": "wamid.read", "status": "read"},
        {"state": "accepted", "wamid": "wamid.failed", "status": "failed", "failure_code": 131026},
        {"state": "unknown"}, {"state": "failed", "failure_code": 132000},
        {"state": "failed", "failure_code": 131056}, {"state": "failed", "failure_code": 190},
        {"state": "failed", "failure_code": 131053},
    ]  # fmt: skip
    for number, values in enumerate(states):
        person = rows.contact(home, f"سلمان {number}", phone=f"+9665097244{number:02d}")
        message = rows.message(home, rows.draft(home, rows.opportunity(home, person, key=f"sent{number}")), **values)
    return message


def _closed_window(home: Any, rows: Any) -> str:
    """An opportunity whose message met a closed window, and a template that fits it."""
    from wakeel.store.models import Template

    person = rows.contact(home, "هند السبيعي", phone="+966509720002", wrote_ago=timedelta(days=3))
    rows.agreed(home, person)
    deal = rows.opportunity(home, person, key="closed-window")
    message = rows.message(home, rows.draft(home, deal), state="failed", failure_code=131047)
    rows.attempt(message, failure_code=131047, outcome="failed", started_ago=timedelta(minutes=5))
    Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name="follow_up", language="ar", status="APPROVED",
        category="MARKETING", components=[{"type": "BODY", "text": "أهلًا، معك أفق. هل نكمل؟ للإيقاف أرسل: إيقاف"}],
    )  # fmt: skip
    return str(deal.id)


def _heard(home: Any, person: Any, rows: Any) -> None:
    """What the person wrote, what nobody could read, and a request about their data."""
    from wakeel.store.models import InboundMessage, InboxRow

    for number, text in enumerate(("كم السعر؟", rows.HOSTILE["quotes"])):
        InboundMessage.objects.create(
            business=home.business, wamid=f"wamid.said.{number}", contact=person, kind="text", text=text,
            sent_at=rows.now(), recorded_at=rows.now(),
        )  # fmt: skip
    value = {
        "metadata": {"phone_number_id": "105500000000009"},
        "messages": [{"id": "wamid.x", "from": "966509720001"}],
    }
    body = {"entry": [{"id": "215500000000001", "changes": [{"field": "messages", "value": value}]}]}
    InboxRow.objects.create(
        digest=b"1" * 32, body=json.dumps(body).encode(), received_at=rows.now(), state="quarantined",
        errors=[{"kind": "malformed", "path": "entry[0].changes[0].value.messages[0]", "error": "timestamp"}],
    )  # fmt: skip


def _more(home: Any, person: Any, rows: Any) -> dict[str, str]:
    """Ids of what has a page of its own beside the queue."""
    from allauth.mfa.models import Authenticator

    from tests.web.test_meetings import meeting
    from wakeel.domain.rights import CameBy, Right
    from wakeel.domain.roles import Role
    from wakeel.flows.invite_person import invite
    from wakeel.flows.make_template import take_starters
    from wakeel.store import rights
    from wakeel.store.models import ConsentEventRow, InboxRow, Template, TemplateText

    take_starters(home.business.id, now=rows.now())
    version = TemplateText.objects.get(name="operator_brief", language="ar")
    Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name=version.meta_name, language="ar", status="APPROVED",
        category="UTILITY", quality="GREEN", components=version.components,
    )  # fmt: skip
    passkey = Authenticator.objects.create(
        user=home.user, type="webauthn", data={"name": "هاتف سارة", "credential": {}}
    )
    token = invite(
        home.business.id, [Role.OPERATOR], name="نورة", by="sara", by_user_id=home.user.pk, now=rows.now(),
        real_now=rows.now(),
    )  # fmt: skip
    asked = rights.keep(
        person,
        right=Right.ACCESS,
        came_by=CameBy.PHONE,
        words="أريد نسخة",
        received_at=rows.now(),
        by=str(home.user.pk),
    )
    return {
        "event_id": ConsentEventRow.objects.order_by("seq")[0].id,
        "request_id": asked.id, "meeting_id": meeting(home).id, "version_id": str(version.pk), "name": "operator_brief",
        "code": "ar", "row_id": str(InboxRow.objects.get(state="quarantined").pk), "intent": "help", "token": token,
        "pk": str(passkey.pk), "login_id": str(home.user.pk), "session_id": "none", "invitation_id": "none",
    }  # fmt: skip


def signed_in(user: Any) -> Any:
    """A browser of this login that has just proved who sits there, whatever second factors it has."""
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
    from django.test import Client

    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def upload(client: Any) -> dict[str, str]:
    """A file that was imported, and one that waits for its "import"."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("فرص.csv", "phone,title\n0509722298,تجديد\n".encode())
    first = client.post("/import/", {"kind": "opportunities", "file": file})["Location"]
    client.post(f"{first}take/")
    _work()
    file = SimpleUploadedFile("فرص.csv", "phone,title\n0509722299,تجديد\n12,خطأ\n".encode())
    second = client.post("/import/", {"kind": "opportunities", "file": file})["Location"]
    ids = [path.strip("/").split("/")[-1] for path in (first, second)]
    return {"desk:import_undo.import_id": ids[0], "import_id": ids[1]}


def _work() -> None:
    """What the worker does meanwhile: takes the file, counts a day for the page of numbers."""
    from wakeel import clock, config
    from wakeel.flows.count_days import count_a_day
    from wakeel.flows.run_import import Imports

    imports = Imports()
    while imports.advance(now=clock.now(), real_now=clock.real_now()):
        pass
    count_a_day(zone=config.get().time_zone, now=clock.now())


def places(samples: dict[str, str]) -> dict[str, Any]:
    """Every address of the URL configuration that may be looked at, as `[name, path]`; buttons are none."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    from wakeel.web.permissions import RULES

    found, unknown = [], []
    for name, parts, choices in _named(get_resolver()):
        is_page = name not in NO_PAGES and (RULES[name].look is not None or RULES[name].is_public)
        for choice in choices if is_page else ():
            given = {part: choice.get(part) or samples.get(f"{name}.{part}") or samples.get(part, "") for part in parts}
            try:
                found.append([name, reverse(name, kwargs=given)])
            except NoReverseMatch:
                unknown.append([name, parts])
    return {"places": found, "unknown": unknown}


def _named(resolver: Any, namespace: str = "") -> Iterator[tuple[str, list[str], list[dict[str, str]]]]:
    """name, the parts of its address, and for parts that are one of a few words each of the words."""
    from django.urls import URLResolver

    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _named(entry, inner)
        elif entry.name:
            parts = list(entry.pattern.regex.groupindex)
            words = [
                (part, word) for part, several in ONE_OF.findall(str(entry.pattern)) for word in several.split("|")
            ]
            yield f"{namespace}{entry.name}", parts, [{part: word} for part, word in words] or [{}]


if __name__ == "__main__":
    main()
