"""Texts that a model wrote ahead, for a person to look at."""

from django.db import models

from wakeel.store.models.columns import business_key, one_of

SUGGESTION_STATES = ("waiting", "ready", "failed")


class Suggestion(models.Model):
    """One text for one opportunity, written before anybody asks for the draft. wamid: of the message it answers, ''
    for the first message. written_by: the model's name. digest: of the facts it was written from. why: of a failed
    one, one word. try_at: business time.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key()
    opportunity = models.ForeignKey("store.Opportunity", on_delete=models.PROTECT, related_name="suggestions")
    wamid = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    written_by = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default="waiting")
    why = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "suggestion"
        constraints = [
            models.UniqueConstraint(fields=["business", "opportunity", "wamid"], name="suggestion_once"),
            one_of("state", SUGGESTION_STATES, name="suggestion_state"),
        ]
        indexes = [models.Index(fields=["try_at"], name="suggestion_waiting", condition=models.Q(state="waiting"))]
