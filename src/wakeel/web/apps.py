"""The screens: templates, static files and catalogues; no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wakeel.web"
    label = "web"
