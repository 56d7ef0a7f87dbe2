"""What every page carries, and how long a session lives."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from wakeel import clock
from wakeel.web import static_files
from wakeel.web.headers import CONTENT_SECURITY_POLICY, SecurityHeaders
from wakeel.web.language import ChosenLanguage
from wakeel.web.session_life import SessionLife


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


@pytest.mark.django_db
def test_every_answer_carries_the_policy_and_stays_out_of_caches():
    answer = Client().get("/no-such-page/", follow=True)
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"] == "no-store"


def test_an_answer_that_says_how_it_may_be_cached_is_left_alone():
    def static(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=1, immutable"})

    assert SecurityHeaders(static)(RequestFactory().get("/"))["Cache-Control"] == "max-age=1, immutable"


@pytest.mark.parametrize("https", [True, False])
def test_strict_transport_is_asked_for_exactly_when_people_come_over_tls(https: bool):
    with override_settings(SESSION_COOKIE_SECURE=https):
        answer = SecurityHeaders(page)(RequestFactory().get("/"))
    assert ("Strict-Transport-Security" in answer) is https


@pytest.mark.parametrize(
    ("cookie", "language"), [(None, "ar"), ("en", "en"), ("ar", "ar"), ("fr", "ar"), ("../../en", "ar"), ("", "ar")]
)
def test_pages_are_arabic_unless_the_person_chose_english(cookie: str | None, language: str):
    """A browser that prefers English was set up by its maker, not by this person for this page."""
    request = RequestFactory(headers={"accept-language": "en"}).get("/")
    if cookie is not None:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = ChosenLanguage(page)(request)
    assert answer["Content-Language"] == language
    assert language == request.LANGUAGE_CODE


@pytest.fixture
def signed_in(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_user("saud"))
    return client


def visit(client: Client, *, at: datetime, monkeypatch: pytest.MonkeyPatch) -> bool:
    """One request at a moment; whether somebody was signed in at its end."""
    monkeypatch.setattr(clock, "real_now", lambda: at)
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = get_user(request)
    SessionLife(page)(request)
    request.session.save()
    return request.user.is_authenticated


def test_a_session_ends_after_seven_days_however_busy_it_was(signed_in: Client, monkeypatch: pytest.MonkeyPatch):
    start = datetime(2026, 11, 22, 8, tzinfo=UTC)
    for hours in range(0, 7 * 24, 6):
        assert visit(signed_in, at=start + timedelta(hours=hours), monkeypatch=monkeypatch)
    assert not visit(signed_in, at=start + timedelta(days=7, seconds=1), monkeypatch=monkeypatch)


def test_a_busy_session_is_written_once_in_five_minutes(signed_in: Client, monkeypatch: pytest.MonkeyPatch):
    """Each write takes SQLite's one write lock."""
    start = datetime(2026, 11, 22, 8, tzinfo=UTC)
    touched = set()
    for seconds in range(0, 600, 10):
        visit(signed_in, at=start + timedelta(seconds=seconds), monkeypatch=monkeypatch)
        touched.add(signed_in.session["touched_at"])
    assert len(touched) == 2


def test_sessions_idle_out_after_eight_hours_and_cookies_are_closed_to_scripts():
    assert settings.SESSION_COOKIE_AGE == 8 * 3600
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        assert getattr(settings, f"{name}_COOKIE_HTTPONLY") is True
        assert getattr(settings, f"{name}_COOKIE_SAMESITE") == "Lax"


def test_static_files_are_built_once_and_again_when_one_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("p { color: red }")
    builds: list[str] = []

    def counted(*args: object, **options: object) -> None:
        builds.append("built")
        call_command(*args, **options)

    monkeypatch.setattr(static_files, "call_command", counted)
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": storage}
    with override_settings(STATIC_ROOT=tmp_path / "built", STATICFILES_DIRS=[source], STORAGES=storages):
        static_files.build_if_stale()
        static_files.build_if_stale()
        assert builds == ["built"]
        assert list((tmp_path / "built").glob("a.*.css"))
        (source / "a.css").write_text("p { color: green }")
        static_files.build_if_stale()
        assert builds == ["built", "built"]
