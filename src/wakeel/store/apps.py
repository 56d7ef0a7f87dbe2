"""The one Django app with models."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "wakeel.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
