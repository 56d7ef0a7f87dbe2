"""Django's settings, all derived from `config`. Imports with an empty environment; commands check it strictly."""

import os
import secrets
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from wakeel import config as deployment
from wakeel.environment import host_of
from wakeel.whatsapp.mode import is_loopback_host

# WhiteNoise hands files over piece by piece; Django says so once per process and it means nothing here.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

config = deployment.get()
# How `store` asks for keys and policy: it may not import `config`, which knows `whatsapp`.
DEPLOYMENT = deployment.get

# web, worker or tool; `test` keeps static files unhashed and the database in memory.
ROLE = os.environ.get("WAKEEL_ROLE", "tool")
PACKAGE = Path(__file__).resolve().parent

# Without a key nothing signed outlives the process; `serve` and `worker` refuse to start that way.
SECRET_KEY = config.secret_key or secrets.token_urlsafe(48)
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "wakeel.store",
    "wakeel.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wakeel.web.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wakeel.web.compressed.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wakeel.web.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wakeel.web.session_life.SessionLife",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wakeel.web.permissions.Doorkeeper",
    "wakeel.web.digits.ChosenDigits",
    "wakeel.web.headers.one_thread",
]

ROOT_URLCONF = "wakeel.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["wakeel.web.templatetags.formats"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def _sqlite(path: Path) -> dict[str, Any]:
    """One file, IMMEDIATE everywhere: a transaction that reads before it writes would fail at once otherwise."""
    if ROLE != "test":
        path.parent.mkdir(parents=True, exist_ok=True)
    in_file = os.environ.get("WAKEEL_TEST_DB") == "sqlite-file"
    return {
        "ENGINE": "wakeel.store.sqlite",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "idle_connections": 8 if ROLE == "web" else 0,
            "gives_way": ROLE == "worker",
        },
        # In `web` every request has its own thread and connections are handed on; one of the worker keeps its own.
        "CONN_MAX_AGE": None if ROLE == "worker" else 0,
        # Named outright: pytest-xdist would append its worker's name to the path of an engine it does not know.
        "TEST": {"NAME": str(path.with_name("test.sqlite3")) if in_file else ":memory:"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    given = conninfo_to_dict(url)
    options: dict[str, Any] = {
        name: value for name, value in given.items() if name not in {"dbname", "user", "password", "host", "port"}
    }
    if ROLE == "web":
        options["pool"] = {"min_size": 2, "max_size": 8}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", "wakeel"),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None if ROLE == "worker" else 0,
        "CONN_HEALTH_CHECKS": ROLE == "worker",
    }


DATABASES: dict[str, dict[str, Any]] = {
    "default": _sqlite(config.sqlite_path) if config.sqlite_path else _postgresql(config.database_url)
}

# Who may be asked for, and over what.
_public_host = [host_of(config.public_url)] if config.public_url else []
_own_host = ["localhost", "127.0.0.1", "[::1]"] if is_loopback_host(config.host) else []
ALLOWED_HOSTS = [*config.allowed_hosts, *_public_host, *_own_host]
CSRF_TRUSTED_ORIGINS = [config.public_url] if config.public_url and config.is_https else []
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Sessions live in the database so that they can be listed and revoked; `SessionLife` holds the idle and absolute ends.
_cookie_prefix = "__Host-" if config.is_https else ""
# Answers name contacts: they stay on this side, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = f"{_cookie_prefix}wakeel-session"
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_COOKIE_SECURE = config.is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_cookie_prefix}wakeel-csrf"
CSRF_COOKIE_SECURE = config.is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "wakeel.web.views_errors.too_old"
LANGUAGE_COOKIE_NAME = f"{_cookie_prefix}wakeel-language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SECURE = config.is_https
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Signing in, second factors and passkeys: django-allauth, as far as `web/urls_account.py` has its pages. Record 0022.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "wakeel.web.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Its question "remember me?" is answered: as long as `SessionLife` lets it.
ACCOUNT_SESSION_REMEMBER = True
# How long a proof of who sits there is good for; seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=5).total_seconds())
# Wrong passwords and codes only. What a key is made of, and where the second one counts: `web/accounts.py`.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/15m/key",
    "login_failed_from_address": "60/15m/ip",
    "reauthenticate": None,
    "change_password": "10/15m/user",
}
MFA_ADAPTER = "wakeel.web.accounts.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Wakeel"
# A phone's clock may be half a minute off; `forms_account` sees to it that a code is good once all the same.
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Browsers give passkeys to https and to `localhost` only; over https the origin is checked.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not config.is_https

# Tries are counted here, in the database: an attacker finds no second web process that counts anew.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if ROLE == "test"
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "tally",
            # Beyond it counts are dropped, living ones too: nobody should get there by trying many names.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    )
}

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = ["wakeel.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = config.time_zone

# Below the data folder, not in the package: an installed package may be read-only.
STATIC_URL = "/static/"
STATIC_ROOT = config.data_dir / "static"
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if ROLE == "test"
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

# Uploads are people's data: kept in memory until they are sealed, never in a temporary file. A larger body is not kept;
# the pages say so.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One line an event, to stderr. We hand no body, token or phone number to a logger; Django hands on paths, and
# `CutPaths` takes the links and searches out of them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "wakeel.log_lines.LogLine",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "filters": {"paths": {"()": "wakeel.log_lines.CutPaths"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["paths"]}},
    "root": {"handlers": ["stderr"], "level": config.log_level},
    # Django's own handlers would mail and repeat; its loggers go the one way. SQL text with values is never wanted.
    "loggers": {
        "django": {"handlers": [], "level": config.log_level, "propagate": True},
        "django.db.backends": {"level": "WARNING"},
        # At DEBUG it writes out the whole context of a page whenever a name in it is missing.
        "django.template": {"level": "INFO"},
        # Anybody can post nonsense; a trace for each would let them fill the disk. The answer is a 400.
        "django.security": {"level": "CRITICAL"},
    },
}
