"""Every setting, read from the environment only; docs/operating.md explains each variable."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF, STRICT_DYNAMIC

from minitoolweb.environment import BASE_DIR, WRONG_VARIABLES, env, kept_secret, number, text

django_stubs_ext.monkeypatch()  # lets typed code say ModelForm[User] at run time too

# --- State: everything the app writes lives below one folder --------------------------------------

DATA_DIR = Path(text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "media"
SECRET_KEY = text("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)

# --- Address --------------------------------------------------------------------------------------

HOST = text("HOST", "127.0.0.1")
PORT = number("PORT", 8000, most=65535)
# The address people type, e.g. https://chat.example.org: for links and the socket's Origin check.
PUBLIC_URL = text("PUBLIC_URL").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    *("127.0.0.1", "localhost", "[::1]"),
    *filter(None, [PUBLIC_HOST]),
]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[]) or [*filter(None, [PUBLIC_URL])]
# TLS always ends at a proxy, so an https address means that one stands in front.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=HTTPS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# HSTS for sister domains and the browsers' preload list are the domain owner's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "minitoolweb.errors.csrf_failure"

# --- The upstream: without a key the bundled simulator stands in ----------------------------------

MINITOOLAI_API_KEY = text("MINITOOLAI_API_KEY")
DEMO = not MINITOOLAI_API_KEY
MINITOOLAI_API_KEY = MINITOOLAI_API_KEY or "demo"
# Empty in the demo: `manage.py serve` starts a simulator and fills it in.
MINITOOLAI_BASE_URL = text("MINITOOLAI_BASE_URL", "" if DEMO else "https://minitoolai.com").rstrip(
    "/"
)
SIMULATOR_PORT = number("SIMULATOR_PORT", 0, most=65535)  # 0: the next free one
# Hosts that finished pictures may be fetched from, besides the upstream's own.
IMAGE_HOSTS = env.list("IMAGE_HOSTS", default=[])
# Where a proxy in front serves the media folder to X-Accel-Redirect; empty: the app sends files.
ACCEL_PREFIX = text("ACCEL_PREFIX").rstrip("/")

# --- Limits ---------------------------------------------------------------------------------------

# A new person's first credit, in US dollars; the admin can change it in the admin panel.
STARTING_CREDIT_USD = text("STARTING_CREDIT_USD", "1.00")
MAX_LIVE_REPLIES_PER_USER = number("MAX_LIVE_REPLIES_PER_USER", 3, least=1)
MAX_OUTPUT_TOKENS = number("MAX_OUTPUT_TOKENS", 4096, least=256)
MAX_IMAGES_IN_FLIGHT = number("MAX_IMAGES_IN_FLIGHT", 16, least=1)
MAX_IMAGES_IN_FLIGHT_PER_USER = number("MAX_IMAGES_IN_FLIGHT_PER_USER", 4, least=1)
# Seconds that running replies get to end when the server is told to stop.
SHUTDOWN_GRACE = number("SHUTDOWN_GRACE", 20, most=3600)
# Seconds between two signs of life to an open page, which gives its socket up after forty.
SOCKET_BEAT = number("SOCKET_BEAT", 15, least=1, most=15)

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "minitoolweb.apps.MiniToolWebConfig",
    "oversight",
    "gateway",
    "chat",
    "images",
    "credit",
    "accounts",
    "allauth",
    "allauth.account",
    "channels",
    "csp",
    "django_htmx",
    "lucide",
    "template_partials",
    "minitoolweb.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "minitoolweb.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "minitoolweb.middleware.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "minitoolweb.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "minitoolweb.middleware.HtmxMessagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "minitoolweb.urls"
ASGI_APPLICATION = "minitoolweb.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "minitoolweb.context.site",
                "credit.context.purse",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "minitoolweb.templatetags.ui",
                "credit.templatetags.money",
            ],
        },
    }
]

# --- Database -------------------------------------------------------------------------------------

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": SQLITE, "NAME": DATA_DIR / "db.sqlite3"}
}
if DATABASE_URL := text("DATABASE_URL"):
    DATABASES["default"] = env.db_url_config(DATABASE_URL)
    if DATABASES["default"]["ENGINE"] not in (SQLITE, POSTGRESQL):
        WRONG_VARIABLES["DATABASE_URL"] = "only sqlite:// and postgres:// are supported"
        DATABASES["default"]["ENGINE"] = SQLITE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == SQLITE:
    # A reader that turns writer fails at once without IMMEDIATE; FULL keeps a settled cent settled
    # after a power cut. WAL is set once, by migrate. Opening one costs more than most work does,
    # so each thread keeps its own; with SQLite's usual 2 MB of cache each they would weigh 40 MB.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-512",
    } | DATABASES["default"].get("OPTIONS", {})
else:
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        pool={"min_size": 2, "max_size": number("DATABASE_POOL", 10, least=2), "timeout": 5},
        options="-c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000",
    )

# --- Between processes ----------------------------------------------------------------------------

CHANNEL_LAYERS: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if REDIS_URL := text("REDIS_URL"):
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "minitoolweb"},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "minitoolweb",
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},  # counts of failed sign-ins must not be pushed out
        }
    }

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
# A class behind one address may sign in at once; "key" is the name together with the address.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,300/h/ip,5/5m/key",
    "login_failed_anywhere": "100/h/key",
    "voucher": "10/10m/user,300/h/ip",
    "estimate": "200/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = text("LANGUAGE_CODE", "en")
LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = text("TIME_ZONE", "Europe/Amsterdam")
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "images.storage.AtomicFileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SERVESTATIC_MAX_AGE = 0 if DEBUG else 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Content security policy: no inline script or style anywhere ----------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [NONCE, STRICT_DYNAMIC],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Mail -----------------------------------------------------------------------------------------

EMAIL_URL = text("EMAIL_URL")
HAS_MAIL = bool(EMAIL_URL)  # without it nothing on a page offers to send any
vars().update(env.email_url_config(EMAIL_URL or "consolemail://"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "minitoolai-web@localhost")

# Who is told of what an admin should know; without addresses the admins who have one.
ALERT_EMAILS = env.list("ALERT_EMAILS", default=[])
ALERT_WEBHOOK_URL = text("ALERT_WEBHOOK_URL")
ALERT_WEBHOOK_SECRET = text("ALERT_WEBHOOK_SECRET")
ALERT_DRIFT_USD = text("ALERT_DRIFT_USD", "0.10")

# --- Logs: JSON lines for machines, colour for a terminal -----------------------------------------

LOG_FORMAT = text("LOG_FORMAT", "console" if sys.stderr.isatty() else "json")
LOG_LEVEL = text("LOG_LEVEL", "INFO").upper()
LOGGING_CONFIG = "minitoolweb.logs.configure"
LOGGING = {"format": LOG_FORMAT, "level": LOG_LEVEL}
