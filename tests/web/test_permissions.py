"""Who may open what: every address of the site against the table of the reference "operator UI", section 5."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver

from tests.web import rows
from wakeel.domain.roles import Act, Role
from wakeel.store.models import Decision
from wakeel.store.screens import seat as seats
from wakeel.web import permissions, proof
from wakeel.web.permissions import Doorkeeper

ROLES = {"o": Role.OPERATOR, "s": Role.SUPERVISOR, "u": Role.AUDITOR, "a": Role.ADMIN}
ALL, DECIDE, ADMIN, NEVER, PUBLIC = "osua", "os", "a", "", "*"

TABLE = {
    # see own queue / all queues
    **dict.fromkeys(
        [
            "desk:queue", "desk:item", "desk:outbox", "desk:failures", "desk:meetings", "desk:meeting",
            "desk:meeting_calendar", "desk:contacts", "desk:search", "desk:contact", "desk:file", "desk:receipt",
            "desk:receipt_json", "desk:evidence", "desk:rights", "desk:right", "desk:team", "desk:templates",
            "desk:health", "desk:events", "desk:webhooks", "desk:numbers", "desk:numbers_file", "desk:audit",
            "desk:help", "desk:go_on", "mfa_view_recovery_codes",
        ],
        (ALL, NEVER),
    ),
    # accept, skip, draft, edit, approve, cancel, schedule, snooze, and what else decides
    **dict.fromkeys(
        [
            "desk:new", "desk:new_with", "desk:reengage", "desk:together", "desk:number", "desk:merge", "desk:act",
            "desk:import", "desk:import_columns", "desk:import_undo", "desk:brief",
        ],
        (DECIDE, DECIDE),
    ),
    **dict.fromkeys(
        [
            "desk:opened", "desk:decide", "desk:next", "desk:draft", "desk:text", "desk:assign", "desk:settle",
            "desk:meeting_act", "desk:answer", "desk:identity", "desk:confirm_stop", "desk:cancel_stop",
            "desk:import_take", "desk:import_cancel", "desk:webhook_again", "desk:webhook_dismiss", "desk:enrol_code",
            "desk:enrol_confirm",
        ],
        (NEVER, DECIDE),
    ),
    **dict.fromkeys(["desk:import_preview", "desk:import_faults", "desk:enrol"], (DECIDE, NEVER)),
    # retry in bulk
    "desk:settle_outage": (NEVER, "s"),
    # see full phone numbers: masked, reveal is logged with a reason
    "desk:reveal": ("ua", "ua"),
    # record consent / withdraw
    **dict.fromkeys(
        ["desk:consent", "desk:withdrawal", "desk:gave_number", "desk:renew", "desk:end"], (DECIDE, DECIDE)
    ),
    # export / erase a contact: supervisors ask, administrators do
    **dict.fromkeys(["desk:ask", "desk:name"], ("osa", "osa")),
    "desk:right_step": (NEVER, "osa"),
    "desk:right_step refuse": (NEVER, ADMIN),
    **dict.fromkeys(["desk:export", "desk:erase", "desk:readmit", "desk:act lift"], (ADMIN, ADMIN)),
    # templates: see / sync / enable for use
    "desk:template": (ALL, ADMIN),
    "desk:template_new": (ADMIN, ADMIN),
    **dict.fromkeys(["desk:template_starters", "desk:template_submit", "desk:templates_pull"], (NEVER, ADMIN)),
    "desk:template_use": (NEVER, "s"),
    # the log: its export and the check of its chain
    **dict.fromkeys(["desk:audit_check", "desk:audit_export"], (NEVER, "ua")),
    # press the stop switch / release it
    **dict.fromkeys(["desk:press", "desk:resume_number"], (NEVER, "osa")),
    "desk:release": (NEVER, ADMIN),
    # people, tokens, settings
    **dict.fromkeys(["desk:team_rules", "desk:team_leave", "desk:invite", "desk:roles", "desk:limits"], (ADMIN, ADMIN)),
    **dict.fromkeys(
        [
            "desk:team_return", "desk:invite_withdraw", "desk:login_close", "desk:login_open",
            "desk:second_factor_away", "desk:approve_text",
        ],
        (NEVER, ADMIN),
    ),
    "desk:texts": (ADMIN, NEVER),
    "desk:settings people": (ADMIN, ADMIN),
    # own profile
    **dict.fromkeys(
        [
            "desk:settings", "account_change_password", "account_reauthenticate", "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn",
            "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_generate_recovery_codes",
        ],
        (ALL, ALL),
    ),
    **dict.fromkeys(["desk:session_end", "desk:sessions_end"], (NEVER, ALL)),
    # before a login, for machines, and a contact's own signed address
    **dict.fromkeys(
        [
            "account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn", "invitation", "language",
            "readyz", "desk:meeting_file",
        ],
        (PUBLIC, PUBLIC),
    ),
}  # fmt: skip
"""Who may look and who may send, by the first letters of the roles (u: auditor); a part of the address that decides
stands behind the name. '': nobody, it takes no such request."""

DECIDING_PARTS = {
    "desk:act": ("name", "lift"),
    "desk:right_step": ("step", "refuse"),
    "desk:settings": ("section", "people"),
}


def names(patterns: list[object], space: str = "") -> Iterator[str]:
    """Full names of all addresses, from the URL configuration itself."""
    for one in patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}"
        else:
            yield from names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)


class Door:
    """Asks the doorkeeper alone: what the views do is other tests' matter, and these are a thousand questions."""

    def __init__(self, seat: seats.Seat, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seat, self.roles = seat, frozenset()
        monkeypatch.setattr(seats, "take", self._take)
        monkeypatch.setattr(permissions, "user_id", lambda _request: 1)
        monkeypatch.setattr(permissions, "as_chosen", lambda _request, _seat: None)
        monkeypatch.setattr(permissions, "show", lambda *_args, **_more: HttpResponse(status=403))
        monkeypatch.setattr(proof, "is_recent", lambda _request: True)

    def _take(self, _user_id: int, **_: object) -> seats.Seat:
        return replace(self.seat, roles=self.roles)

    def answer(self, name: str, method: str, named: dict[str, str], roles: frozenset[Role] | None) -> int:
        """The status, 200 where the view would run. roles: None for nobody signed in."""
        self.roles = roles or frozenset()
        request = HttpRequest()
        request.method = method
        request.user = type("Somebody", (), {"is_authenticated": roles is not None})()
        request.resolver_match = type("Match", (), {"view_name": name})()
        said = Doorkeeper(lambda _request: HttpResponse()).process_view(request, None, (), named)
        return 200 if said is None else said.status_code


@pytest.fixture
def door(home: rows.House, monkeypatch: pytest.MonkeyPatch) -> Door:
    return Door(seats.take(home.user.pk, now=rows.now()), monkeypatch)


def cases() -> Iterator[tuple[str, dict[str, str], tuple[str, str]]]:
    for name in sorted(set(names(get_resolver().url_patterns))):
        part, word = DECIDING_PARTS.get(name, ("", ""))
        yield name, {part: "another"} if part else {}, TABLE[name]
        if part:
            yield name, {part: word}, TABLE[f"{name} {word}"]


def wanted(letters: str, roles: frozenset[Role] | None) -> int:
    if letters == PUBLIC:
        return 200
    if roles is None:
        return 302
    if letters == NEVER:
        return 405
    return 200 if roles & {ROLES[letter] for letter in letters} else 403


def test_every_address_is_open_to_exactly_the_roles_of_the_table(door: Door):
    """A new page without a rule, or without a line in the table, fails here."""
    known = set(names(get_resolver().url_patterns))
    assert known <= set(permissions.RULES)
    assert known == {key.split()[0] for key in TABLE}
    sets = [None, frozenset(), *(frozenset({role}) for role in Role), frozenset({Role.AUDITOR, Role.OPERATOR})]
    wrong = [
        (name, named, method, roles, said)
        for name, named, expected in cases()
        for method, letters in zip(("GET", "POST"), expected, strict=True)
        for roles in sets
        if (said := door.answer(name, method, named, roles)) != wanted(letters, roles)
    ]
    assert wrong == []


def test_no_rule_is_left_of_a_page_that_is_gone():
    assert set(permissions.RULES) <= set(names(get_resolver().url_patterns))


def test_an_address_without_a_rule_is_nobodys(door: Door):
    with pytest.raises(ImproperlyConfigured, match="desk:forgotten"):
        door.answer("desk:forgotten", "GET", {}, frozenset(Role))


def test_other_methods_are_answered_for_no_address(door: Door):
    private = [name for name, rule in permissions.RULES.items() if not rule.is_public]
    assert {
        door.answer(name, "DELETE", {"name": "", "step": "", "section": ""}, frozenset(Role)) for name in private
    } == {405}


@pytest.mark.parametrize("roles", [("auditor",), ("admin",), ("auditor", "admin")])
def test_who_does_not_decide_is_told_whose_task_it_is_and_nothing_happens(page, home, roles):
    deal = rows.opportunity(home, rows.contact(home))
    rows.may_be(home, *roles)
    answer = page.post(f"/i/{deal.id}/accept/", {"key": "x"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#main")
    assert "هذا الإجراء من صلاحية: مشغّل، مشرف" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_page_that_asks_for_a_piece_of_itself_after_the_sign_out_goes_to_the_login_as_a_whole(client, home):
    assert client.get("/outbox/", headers={"HX-Request": "true"})["HX-Redirect"] == "/login/"
    assert client.get("/outbox/")["Location"] == "/login/?next=/outbox/"


def test_a_login_without_a_role_has_no_seat(page, home):
    rows.may_be(home)
    assert page.get("/").status_code == 403
    assert not any(door.may(act) for act in Act for door in [seats.take(home.user.pk, now=rows.now())] if door)
