"""The screens: templates, static files and catalogues; no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wakeel.web"
    label = "web"

    def ready(self) -> None:
        """Listen to what becomes of logins."""
        from wakeel.web import login_news  # noqa: F401, PLC0415 - its receivers need the models
