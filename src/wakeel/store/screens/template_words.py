"""What messages say that go out as a template: their request carries the values only, their version the words."""

from collections.abc import Collection

from wakeel.store.models import DraftVersion, OutboxMessage


def template_words(rows: Collection[OutboxMessage]) -> dict[str, str]:
    """By message id, of those that are templates; one query, none if there is no template among them."""
    asked = {row.id: (row.draft_id, row.draft_version) for row in rows if row.body.get("type") == "template"}
    if not asked:
        return {}
    versions = DraftVersion.objects.filter(draft__in={draft_id for draft_id, _ in asked.values()})
    found = {(draft_id, number): text for draft_id, number, text in versions.values_list("draft_id", "number", "text")}
    return {pk: found[key] for pk, key in asked.items() if key in found}
