"""Templates that a person took out of use, whatever WhatsApp says of them. Issue 8."""

from django.db import models

from wakeel.store.models.columns import business_key


class TemplateOut(models.Model):
    """One template in one language that is not offered; put into use again, the row goes: the audit log has both.

    name: of ours as people call it, of others Meta's. by: the login. at: business time.
    """

    id = models.BigAutoField(primary_key=True)
    business = business_key(db_index=False)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "template_out"
        constraints = [models.UniqueConstraint(fields=["business", "name", "language"], name="template_out_once")]
