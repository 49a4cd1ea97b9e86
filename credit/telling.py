"""Tells admins of alerts, by e-mail in their language and by a signed webhook; never within a
transaction, and of many at once in one message.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from accounts.models import User
from credit.models import Alert
from credit.money import dollars
from minitoolai import hooks

log = structlog.get_logger(__name__)

_LEASE: Final = timedelta(minutes=5)
_MOST_TRIES: Final = 12  # the pauses between them grow to an hour
_MOST_LINES: Final = 20


def tell_due() -> int:
    """Tell of the alerts that are due; answers of how many. What fails is tried again later."""
    now = timezone.now()
    due = list(Alert.objects.due(now)[:1000])
    mine = [alert for alert in due if Alert.objects.claim(alert.pk, now=now, until=now + _LEASE)]
    if not mine:
        return 0
    try:
        _mail(mine)
        _call(mine)
    except Exception as error:
        log.warning("alert.not_told", error=repr(error), alerts=len(mine))
        _put_off(mine)
        return 0
    Alert.objects.filter(pk__in=[alert.pk for alert in mine]).update(told_at=timezone.now())
    return len(mine)


def in_words(alert: Alert) -> str:
    """One sentence in the language of now."""
    facts = {
        name: dollars(value) if isinstance(value, int) else value
        for name, value in alert.facts.items()
    } | {"level": alert.level}
    return _sentence(alert) % facts


def _sentence(alert: Alert) -> str:
    match alert.kind:
        case Alert.Kind.POOL if alert.level >= 100:
            return gettext("The pool is empty: people are told that the service is out of credit.")
        case Alert.Kind.POOL:
            return gettext("%(level)s%% of the pool is used; %(left)s of %(whole)s is left.")
        case Alert.Kind.REFUSED:
            return gettext("A call was refused because the pool could not bear it.")
        case Alert.Kind.LIMIT if alert.facts["period"] == "day":
            return gettext("%(owner)s has used %(level)s%% of today's limit of %(limit)s.")
        case Alert.Kind.LIMIT:
            return gettext("%(owner)s has used %(level)s%% of this month's limit of %(limit)s.")
        case Alert.Kind.DRIFT:
            return gettext("The AI service shows %(shown)s: %(drift)s off what the books expect.")
        case Alert.Kind.SILENCE:
            return gettext("Pictures have stood still for minutes: does the background work run?")
        case _:
            return gettext("The AI service refuses this site's key. Nothing can be answered.")


def _mail(alerts: Sequence[Alert]) -> None:
    """One message to each admin, all over one connection."""
    readers = _readers()
    if readers:
        get_connection().send_messages([_message(*reader, alerts) for reader in readers])


def _readers() -> list[tuple[str, str]]:
    """Addresses, and the language to write in."""
    if not settings.HAS_MAIL:
        return []
    admins = User.objects.active_admins().exclude(email="").order_by("pk")
    found = dict(admins.values_list("email", "language"))
    wanted = settings.ALERT_EMAILS or list(found)
    return [(address, found.get(address.lower(), "")) for address in wanted]


def _message(address: str, language: str, alerts: Sequence[Alert]) -> EmailMessage:
    with translation.override(language or settings.LANGUAGE_CODE):
        lines = [f"- {in_words(alert)}" for alert in alerts[:_MOST_LINES]]
        if more := len(alerts) - len(lines):
            said = ngettext("- and %(more)d more", "- and %(more)d more", more)
            lines.append(said % {"more": more})
        return EmailMessage(
            subject=_subject(alerts)[:200],
            body="\n".join([*lines, "", f"{settings.PUBLIC_URL}/admin/"]),
            to=[address],
        )


def _subject(alerts: Sequence[Alert]) -> str:
    if len(alerts) == 1:
        return in_words(alerts[0])
    site = settings.PUBLIC_HOST or "MiniToolAI Web"
    return gettext("%(count)d alerts from %(site)s") % {"count": len(alerts), "site": site}


def _call(alerts: Sequence[Alert]) -> None:
    """The webhook gets all in one call; its receiver knows the signature by the shared secret."""
    if not settings.ALERT_WEBHOOK_URL:
        return
    with translation.override(settings.LANGUAGE_CODE):
        told = [_as_json(alert) for alert in alerts]
    body = json.dumps({"alerts": told}).encode()
    at = str(int(timezone.now().timestamp()))
    signed = hmac.new(settings.ALERT_WEBHOOK_SECRET.encode(), f"{at}.".encode() + body, "sha256")
    hooks.post(
        settings.ALERT_WEBHOOK_URL,
        body=body,
        headers={"X-Timestamp": at, "X-Signature": f"sha256={signed.hexdigest()}"},
    )


def _as_json(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "about": alert.thing,
        "level": alert.level,
        "at": alert.created_at.isoformat(),
        "text": in_words(alert),
        "nano_usd": {name: nano for name, nano in alert.facts.items() if isinstance(nano, int)},
    }


def _put_off(alerts: Sequence[Alert]) -> None:
    for alert in alerts:
        pause = min(timedelta(minutes=2**alert.tries), timedelta(hours=1))
        given_up = timezone.now() if alert.tries + 1 >= _MOST_TRIES else None
        Alert.objects.filter(pk=alert.pk).update(due_at=timezone.now() + pause, told_at=given_up)
