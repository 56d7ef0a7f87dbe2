"""Which approved templates fit a draft: by category, language, and what the gate would let go. Reads only. Walk 3."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from wakeel.domain.consent import Category
from wakeel.domain.content import has_opt_out, names_sender
from wakeel.domain.drafts import LIVING
from wakeel.domain.gate import preview
from wakeel.domain.gate_moment import template_category
from wakeel.domain.gate_request import TemplateFacts
from wakeel.domain.steps import Step
from wakeel.domain.template_payloads import are_for_contacts, filled_payloads, refuse_payloads, usual_payloads
from wakeel.domain.template_texts import Template, rendered, says_the_same, speaks
from wakeel.flows import policies
from wakeel.flows.preview_draft import sends_live
from wakeel.flows.template_values import begin_with
from wakeel.store import gate_facts, template_facts, template_texts, template_use
from wakeel.store.contacts import addresses_of
from wakeel.store.gate_facts import Written
from wakeel.store.models import Draft, DraftVersion, SendingNumber

SHOWN = 20
_MAY_BECOME = {
    Category.MARKETING.value: frozenset({Category.MARKETING.value}),
    Category.UTILITY.value: frozenset({Category.UTILITY.value, Category.MARKETING.value}),
    Category.SERVICE.value: frozenset({Category.UTILITY.value, Category.MARKETING.value}),
}
"""Categories of templates for a draft of each: the same or a higher one. A service message has no template of its own
kind; lowering from marketing is another act, with a reason (design section 6)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One template that fits. row_id: what a form posts. values: proposed, by variable, in the template's order.

    text: what the contact would read with them. category: of the message from then on. payloads: of its quick replies.
    """

    row_id: int
    template: Template
    category: str
    values: Mapping[str, str]
    text: str
    payloads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen for one draft. text, version: of it; the text is prefilled.

    others: living drafts of the same opportunity, by id, with their texts.
    """

    draft_id: str
    version: int
    text: str
    choices: tuple[Choice, ...]
    others: Mapping[str, str]


def offer(business_id: str, opportunity_id: str, *, now: datetime, draft_id: str = "") -> Offer | None:
    """The templates that fit; None if there is no living draft to go out as one. draft_id: '' for the newest."""
    rows = list(_living().filter(business_id=business_id, opportunity=opportunity_id).order_by("-created_at", "-id"))
    draft = next((row for row in rows if draft_id in {"", row.id}), None)
    if draft is None:
        return None
    texts = _texts(rows)
    choices = tuple(fitting([draft], now=now)[draft.id][:SHOWN])
    return Offer(draft.id, draft.version, texts.pop(draft.id), choices, texts)


def with_choice(opportunity_ids: Collection[str], *, now: datetime) -> set[str]:
    """Those of these opportunities for which a template fits: only there the step is shown. A handful of queries."""
    rows = list(_living().filter(opportunity__in=set(opportunity_ids))) if opportunity_ids else []
    found = fitting(rows, now=now)
    return {draft.opportunity_id for draft in rows if found[draft.id]}


def that_work(steps: tuple[Step, ...], opportunity_id: str, *, now: datetime) -> tuple[Step, ...]:
    """Without the way to a template where none fits."""
    if Step.USE_TEMPLATE not in steps or with_choice([opportunity_id], now=now):
        return steps
    return tuple(step for step in steps if step is not Step.USE_TEMPLATE)


def _living() -> QuerySet[Draft]:
    rows = Draft.objects.filter(state__in=[state.value for state in LIVING])
    return rows.select_related("opportunity", "contact", "number__business", "meeting__contact")


def _texts(rows: Sequence[Draft]) -> dict[str, str]:
    versions = DraftVersion.objects.filter(draft__in=rows).values_list("draft_id", "number", "text")
    current = {draft.id: draft.version for draft in rows}
    return {draft_id: text for draft_id, number, text in versions if current[draft_id] == number}


def fitting(rows: Sequence[Draft], *, now: datetime) -> dict[str, list[Choice]]:
    """By draft id: templates of a category the draft may have, in its language, which the gate would let go."""
    if not rows:
        return {}
    texts, sendable = _texts(rows), {draft.number_id: draft.number for draft in rows}
    known = {pk: _usable(number) for pk, number in sendable.items()}
    found = {
        draft.id: [
            (one, category)
            for one in known[draft.number_id]
            if _carried(one, draft) is not None
            and (category := template_category(one.facts, now)) in _MAY_BECOME.get(draft.category, ())
            and speaks(one.template.language, like=texts[draft.id])
            and _can_say_enough(one.template, category, draft.number.business.name)
        ]
        for draft in rows
    }
    permitted = {
        (draft_id, category)
        for category in sorted({category for pairs in found.values() for _, category in pairs})
        for draft_id in _permitted([d for d in rows if category in {c for _, c in found[d.id]}], category, now=now)
    }
    return {
        draft.id: [
            _choice(draft, one, category, text=texts[draft.id])
            for one, category in found[draft.id]
            if (draft.id, category) in permitted
        ]
        for draft in rows
    }


@dataclass(frozen=True, slots=True)
class _Usable:
    """payloads: of its quick replies, `{…}` for what is to be filled in."""

    row_id: int
    template: Template
    facts: TemplateFacts
    payloads: tuple[str, ...]


def _usable(number: SendingNumber) -> list[_Usable]:
    """What can be sent from this number and was not taken out of use; of our own ones the newest version that can."""
    found = {(one.template.name, one.template.language): one for one in template_facts.sendable(number)}
    written = template_texts.ours(number.business_id, found.keys())
    out = template_use.out_of_use([number.business_id])
    ours = {key: own for key, own in written.items() if own.text and says_the_same(own.text, found[key].template)}
    newest: dict[tuple[str, str], int] = {}
    for own in ours.values():
        newest[own.name, own.language] = max(own.version, newest.get((own.name, own.language), 0))
    return [
        _Usable(
            one.row.pk, one.template, one.facts, ours[key].payloads if key in ours else usual_payloads(one.template)
        )
        for key, one in found.items()
        if (key not in ours or ours[key].version == newest[ours[key].name, ours[key].language])
        and (number.business_id, ours[key].name if key in ours else key[0], key[1]) not in out
    ]


def _carried(one: _Usable, draft: Draft) -> tuple[str, ...] | None:
    """What its buttons would carry; None if they are not for a contact, or belong to another kind of draft."""
    payloads = filled_payloads(one.payloads, {"meeting_id": draft.meeting_id} if draft.meeting_id else {})
    is_possible = are_for_contacts(payloads) and refuse_payloads(one.template, payloads) is None
    return payloads if is_possible else None


def _can_say_enough(template: Template, category: str, business_name: str) -> bool:
    """Whether it can name the sender and the way to stop, as an offer must; a variable may be given either."""
    if category != Category.MARKETING or template.variables:
        return True
    text = rendered(template, {})
    return names_sender(text, business_name) and has_opt_out(text)


def _choice(draft: Draft, one: _Usable, category: str, *, text: str) -> Choice:
    values = begin_with(draft, one.template, text=text)
    payloads = _carried(one, draft) or ()
    return Choice(one.row_id, one.template, category, values, rendered(one.template, values), payloads)


def _permitted(rows: Sequence[Draft], category: str, *, now: datetime) -> set[str]:
    """Ids of drafts that the gate would let go as a template of this category, whatever its words are."""
    addresses = addresses_of({draft.contact_id for draft in rows})
    facts, policy = TemplateFacts(status="APPROVED", category=category), policies.current()
    written = [Written(draft, "", {}, addresses[draft.contact_id], facts) for draft in rows]
    requests = gate_facts.of_drafts(written, live_send=sends_live(), policy=policy, now=now)
    permitted = set()
    for draft_id, request in requests.items():
        message = replace(
            request.message, category=category, request_key=f"{draft_id}:template", body_hash="", findings=(),
            names_sender=True, has_opt_out=True,
        )  # fmt: skip
        verdict = preview(replace(request, message=message), now=now)
        if verdict.may_be_approved or verdict.is_only_stopped:
            permitted.add(draft_id)
    return permitted
