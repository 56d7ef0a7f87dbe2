"""Words by which people are found, and what waits to be read into them."""

from django.db import models

from wakeel.domain.searching import Place
from wakeel.store.models.columns import business_key, one_of
from wakeel.store.models.contact import Contact


class SearchWord(models.Model):
    """One folded word of one person at one place, however often it was said there.

    word: UTF-8 as bytes, so that both databases order it alike and a beginning is a range. ref: where it was seen last:
    an opportunity's id for a title and for a draft (`opp_…`), a message's for what they said; '' for the person.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    place = models.PositiveSmallIntegerField()
    word = models.BinaryField(max_length=160)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    ref = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "search_word"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__in=sorted(place.value for place in Place)), name="search_word_place"
            ),
            models.UniqueConstraint(fields=["business", "place", "word", "contact"], name="search_word_once"),
        ]
        # Whether the same person has the other words too; and everything of theirs, to be forgotten.
        indexes = [models.Index(fields=["contact", "word", "place"], name="search_word_of_contact")]


class SearchDue(models.Model):
    """Something whose words are not read yet; written by triggers (`store.search_triggers`): no write is missed.

    kind: `person`: name, numbers and titles of contact `ref` anew; `said`: everything said with contact `ref` anew;
    `message`, `version`: one text more, `ref` is its row's id.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        SAID = "said"
        MESSAGE = "message"
        VERSION = "version"

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    kind = models.CharField(max_length=8)
    ref = models.CharField(max_length=64)

    class Meta:
        db_table = "search_due"
        constraints = [one_of("kind", ["person", "said", "message", "version"], name="search_due_kind")]
        indexes = [models.Index(fields=["business", "id"], name="search_due_newest")]
