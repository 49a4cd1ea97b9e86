"""System checks: a wrong setting is told at start, in words, with its variable's name."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from minitoolweb import logs

DECIMALS = 9  # of a US dollar: nano-USD is the smallest amount
MOST = 1_000_000  # US dollars


def _is_web_address(url: str, *, bare: bool) -> bool:
    """http(s) with a host; `bare` allows nothing behind host and port."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises on a port that is no number
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return False
    return not (parts.query or parts.fragment) and not (bare and parts.path)


def _is_amount(given: str) -> bool:
    try:
        amount = Decimal(given)
    except InvalidOperation:
        return False
    is_in_range = amount.is_finite() and 0 <= amount <= MOST
    return is_in_range and round(amount, DECIMALS) == amount


@register()
def check_variables(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"{name}: {reason}.", id="minitoolweb.E001")
        for name, reason in settings.WRONG_VARIABLES.items()
    ]


@register()
def check_addresses(**kwargs: Any) -> Iterator[CheckMessage]:
    if settings.PUBLIC_URL and not _is_web_address(settings.PUBLIC_URL, bare=True):
        yield Error(
            f"PUBLIC_URL {settings.PUBLIC_URL!r} is not the address of a site.",
            hint="Give scheme and host only, such as https://chat.example.org.",
            id="minitoolweb.E002",
        )
    is_awaited = settings.DEMO and not settings.MINITOOLAI_BASE_URL
    if not is_awaited and not _is_web_address(settings.MINITOOLAI_BASE_URL, bare=False):
        yield Error(
            f"MINITOOLAI_BASE_URL {settings.MINITOOLAI_BASE_URL!r} is not an http(s) address.",
            id="minitoolweb.E003",
        )
    if settings.HOST in ("0.0.0.0", "::", "") and not settings.PUBLIC_URL:  # noqa: S104
        yield Warning(
            "HOST opens the server to other machines, and no PUBLIC_URL says by what name.",
            hint="Set PUBLIC_URL, or list the names and addresses in ALLOWED_HOSTS.",
            id="minitoolweb.W001",
        )


@register()
def check_starting_credit(**kwargs: Any) -> Iterator[CheckMessage]:
    if not _is_amount(settings.STARTING_CREDIT_USD):
        yield Error(
            f"STARTING_CREDIT_USD {settings.STARTING_CREDIT_USD!r} is not an amount in US dollars.",
            hint=f"Give a number of at most {DECIMALS} decimals, such as 1.00.",
            id="minitoolweb.E004",
        )


@register()
def check_alerts(**kwargs: Any) -> Iterator[CheckMessage]:
    if not _is_amount(settings.ALERT_DRIFT_USD):
        yield Error(
            f"ALERT_DRIFT_USD {settings.ALERT_DRIFT_USD!r} is not an amount in US dollars.",
            id="minitoolweb.E010",
        )
    url = settings.ALERT_WEBHOOK_URL
    if not url:
        return
    parts = urlsplit(url)
    is_private = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not _is_web_address(url, bare=False) or not is_private:
        yield Error(
            f"ALERT_WEBHOOK_URL {url!r} is not an https address.",
            hint="Plain http is for this machine itself (127.0.0.1) alone.",
            id="minitoolweb.E011",
        )
    if parts.hostname == settings.PUBLIC_HOST:
        yield Error("ALERT_WEBHOOK_URL leads back to this site.", id="minitoolweb.E012")
    if len(settings.ALERT_WEBHOOK_SECRET) < 16:
        yield Error(
            "ALERT_WEBHOOK_SECRET can be guessed.",
            hint="Give at least 16 random characters; the receiver checks signatures by it.",
            id="minitoolweb.E013",
        )


@register()
def check_logs(**kwargs: Any) -> Iterator[CheckMessage]:
    for name, given, known in (
        ("LOG_FORMAT", settings.LOG_FORMAT, logs.FORMATS),
        ("LOG_LEVEL", settings.LOG_LEVEL, logs.LEVELS),
    ):
        if given not in known:
            choices = ", ".join(known)
            yield Error(f"{name} {given!r} is none of {choices}.", id="minitoolweb.E005")


@register()
def check_channel_layer(**kwargs: Any) -> Iterator[CheckMessage]:
    if settings.REDIS_URL and urlsplit(settings.REDIS_URL).scheme not in ("redis", "rediss"):
        yield Error(
            "REDIS_URL is not a redis:// or rediss:// address.",
            id="minitoolweb.E006",
        )
    backend = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    if backend == "channels_redis.core.RedisChannelLayer":
        yield Error(
            "RedisChannelLayer drops messages beyond 100 a process and stays deaf after Redis "
            "restarts.",
            hint="Use channels_redis.pubsub.RedisPubSubChannelLayer.",
            id="minitoolweb.E007",
        )


@register(Tags.security)
def check_secrets(**kwargs: Any) -> Iterator[CheckMessage]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(len(key) < 32 or len(set(key)) < 8 for key in keys):
        yield Error(
            "SECRET_KEY (or one of SECRET_KEY_FALLBACKS) can be guessed.",
            hint="Give at least 32 random characters, or leave it unset to have one made.",
            id="minitoolweb.E008",
        )
    if settings.DEBUG and settings.HTTPS:
        yield Error(
            "DEBUG shows strangers the code: it cannot be on at an https PUBLIC_URL.",
            id="minitoolweb.E009",
        )
