"""Finds what an admin should hear of, and notes it once a period, whoever looks how often."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from credit import days
from credit.days import Period
from credit.models import Alert, Pool, PoolEntry, Window
from credit.money import from_usd

log = structlog.get_logger(__name__)

LEVELS: Final = (100, 80, 50)  # in hundredths
_FLAG_LASTS: Final = timedelta(hours=1)


def flag(kind: Alert.Kind) -> None:
    """Say, from wherever a call is refused, that the next look shall tell of it.

    It writes nothing to the database, as the caller's transaction may be undone; and it never
    fails, as a lost one is said again by the next call.
    """
    try:
        cache.set(_flag(kind), True, _FLAG_LASTS.total_seconds())
    except Exception:
        log.warning("alert.flag_lost", kind=kind)


def look() -> int:
    """Note what is to be told and was not noted before; answers how many."""
    now = timezone.now()
    found = [*_pool(), *_limits(now), *_drift(), *_flagged(now)]
    return note(found)


def note(found: Iterable[Alert]) -> int:
    """Keep those that are new; of two processes that find the same, one keeps it."""
    fresh = [alert for alert in found if not _is_known(alert)]
    Alert.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def hour_of(now: datetime) -> str:
    """The period of what may be told of once an hour."""
    return f"{now:%Y-%m-%dT%H}"


def _is_known(alert: Alert) -> bool:
    same = {name: getattr(alert, name) for name in ("kind", "thing", "period", "level")}
    return Alert.objects.filter(**same).exists()


def _pool() -> Iterator[Alert]:
    """How much of what there was after the last top-up has gone."""
    pool = Pool.objects.first()
    last = PoolEntry.objects.filter(kind=PoolEntry.Kind.TOP_UP).order_by("-pk").first()
    if pool is None or last is None:
        return
    whole = last.expected + last.amount
    level = _level(whole - pool.balance, whole)
    if level:
        facts = {"left": pool.balance, "whole": whole}
        yield _alert(Alert.Kind.POOL, "pool", period=str(last.pk), level=level, facts=facts)


def _limits(now: datetime) -> Iterator[Alert]:
    """Of the windows of today and this month, those that are half full or more."""
    today = days.day_of(now)
    for period in Period:
        most = F(f"account__{period}_limit")
        running = Window.objects.filter(period=period, start=period.start(today))
        half = running.filter(spent__gt=0, spent__gte=most / 2)
        for window in half.select_related("account__user", "account__group"):
            yield from _limit(window, period)


def _limit(window: Window, period: Period) -> Iterator[Alert]:
    account = window.account
    most = getattr(account, f"{period}_limit")
    level = _level(window.spent, most)
    if level:
        facts = {"owner": str(account), "spent": window.spent, "limit": most, "period": period}
        start = f"{period}:{window.start}"
        yield _alert(Alert.Kind.LIMIT, account.thing, period=start, level=level, facts=facts)


def _drift() -> Iterator[Alert]:
    """What the upstream's site last showed, calls under way apart."""
    shown = PoolEntry.objects.filter(kind=PoolEntry.Kind.SHOWN).order_by("-pk").first()
    if shown is None or shown.drift is None:
        return
    if abs(shown.drift) > from_usd(settings.ALERT_DRIFT_USD) + shown.in_flight:
        facts = {"drift": shown.drift, "shown": shown.amount}
        yield _alert(Alert.Kind.DRIFT, "pool", period=str(shown.pk), facts=facts)


def _flagged(now: datetime) -> Iterator[Alert]:
    for kind in (Alert.Kind.KEY, Alert.Kind.REFUSED):
        if cache.get(_flag(kind)):
            cache.delete(_flag(kind))
            yield _alert(kind, "upstream", period=hour_of(now))


def _alert(
    kind: Alert.Kind,
    thing: str,
    *,
    period: str,
    level: int = 0,
    facts: dict[str, Any] | None = None,
) -> Alert:
    return Alert(kind=kind, thing=thing, period=period, level=level, facts=facts or {})


def _level(part: int, whole: int) -> int:
    """The highest level that is reached; 0 below all of them, or of nothing."""
    return next((level for level in LEVELS if whole > 0 and 100 * part >= level * whole), 0)


def _flag(kind: Alert.Kind) -> str:
    return f"alert:{kind}"
