"""Finds what `oversight.rules` would show an admin, in the days' totals and the open holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db import models
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from credit import days
from credit.models import Account, DayTotal, Hold, Source, UsageRecord
from credit.money import rounded_dollars
from gateway.models import ApiKey
from oversight import rules, spending

LOOKED_BACK: Final = 7  # days, today among them
_MOST: Final = 50  # of each rule


class Rule(models.TextChoices):
    UNUSUAL_DAY = "unusual_day", _("An unusual day")
    COUNTED = "counted", _("Much counted, not measured")
    OLD_HOLD = "old_hold", _("Set apart for long")
    SHORTFALL = "shortfall", _("More than was there")
    USAGE = "usage", _("Usage that cannot be")
    FIRST_HOUR = "first_hour", _("A new key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """`amount` is what it is about, `usual` what to hold it against; nano-USD.

    `account` is the one that could be paused; `cause` names the call, `note` says what was odd.
    """

    rule: Rule
    day: date
    amount: int
    usual: int | None = None
    user: User | None = None
    account: Account | None = None
    cause: str = ""
    note: str = ""

    @property
    def query(self) -> str:
        """The query of the page of rows that shows what it is about."""
        if self.cause:
            return f"?{urlencode({'q': self.cause})}"
        user = {"user": self.user.pk} if self.user else {}
        return f"?{urlencode({'since': self.day, 'until': self.day} | user)}"

    @property
    def about(self) -> str:
        told = {"usual": rounded_dollars(self.usual or 0), "note": self.note}
        return gettext(_ABOUT[self.rule]) % told


_ABOUT: Final = {
    Rule.UNUSUAL_DAY: gettext_noop("Usually %(usual)s a day."),
    Rule.COUNTED: gettext_noop("Of %(usual)s charged for replies on that day."),
    Rule.OLD_HOLD: gettext_noop("The call should have ended by now."),
    Rule.SHORTFALL: gettext_noop("Calls cost more than was left; the house bears it."),
    Rule.USAGE: "%(note)s",
    Rule.FIRST_HOUR: gettext_noop("The key “%(note)s” is less than an hour old."),
}


def found(*, looked_back: int = LOOKED_BACK) -> list[Anomaly]:
    """All of the last so many days, newest first; a constant number of queries."""
    since = days.today() - timedelta(days=looked_back - 1)
    told = [
        *_unusual_days(since),
        *_counted(since),
        *_old_holds(),
        *_shortfalls(since),
        *_usages(since),
        *_new_keys(),
    ]
    return sorted(told, key=lambda anomaly: anomaly.day, reverse=True)


def _unusual_days(since: date) -> Iterator[Anomaly]:
    """Only who had a day worth a look at all is read further."""
    large = _by_person(DayTotal.objects.filter(day__gte=since), least=rules.LEAST_WORTH)
    people = {user for user, _day, _nano in large}
    earliest = since - timedelta(days=rules.BEFORE)
    spent: dict[int, dict[date, int]] = defaultdict(dict)
    for user, day, nano in _by_person(DayTotal.objects.filter(user__in=people, day__gte=earliest)):
        spent[user][day] = int(nano)
    accounts = _accounts(people)
    for user, by_day in spent.items():
        for day, nano in by_day.items():
            before = _days_before(by_day, day, opened=accounts[user].created_at.date())
            if day >= since and rules.is_unusual_day(nano, before):
                yield Anomaly(
                    rule=Rule.UNUSUAL_DAY,
                    day=day,
                    amount=nano,
                    usual=rules.usual_day(before),
                    user=accounts[user].user,
                    account=accounts[user],
                )


def _days_before(by_day: Mapping[date, int], day: date, *, opened: date) -> list[int]:
    """What each of the days before cost, as far back as the person has been here."""
    earliest = max(day - timedelta(days=rules.BEFORE), opened)
    return [by_day.get(earliest + timedelta(days=n), 0) for n in range((day - earliest).days)]


def _counted(since: date) -> Iterator[Anomaly]:
    measured = (Source.UPSTREAM, Source.COUNTED, Source.RECOVERED)
    rows = DayTotal.objects.filter(day__gte=since, source__in=measured).order_by()
    sums: dict[date, dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    for day, source, nano in rows.values_list("day", "source").annotate(Sum("charged")):
        sums[day][source != Source.UPSTREAM] += int(nano)
    for day, shares in sums.items():
        if rules.is_much_counted(shares[True], shares[False]):
            total = sum(shares.values())
            yield Anomaly(rule=Rule.COUNTED, day=day, amount=shares[True], usual=total)


def _old_holds() -> Iterator[Anomaly]:
    now = timezone.now()
    oldest = Hold.objects.open().select_related("account__user").order_by("created_at")[:_MOST]
    for hold in oldest:
        if rules.is_old(hold.created_at, now=now):
            yield Anomaly(
                rule=Rule.OLD_HOLD,
                day=hold.day,
                amount=hold.amount,
                user=hold.account.user,
                account=hold.account,
                cause=hold.cause,
            )


def _shortfalls(since: date) -> Iterator[Anomaly]:
    rows = DayTotal.objects.filter(day__gte=since, shortfall__gt=0).order_by()
    by_person = rows.annotate(who=spending.WHO).values_list("who", "day")
    sums = list(by_person.annotate(Sum("shortfall")))
    accounts = _accounts(user for user, _day, _nano in sums)
    for user, day, nano in sums:
        account = accounts[user]
        yield Anomaly(
            rule=Rule.SHORTFALL, day=day, amount=int(nano), user=account.user, account=account
        )


def _usages(since: date) -> Iterator[Anomaly]:
    """Calls whose report could not be believed, one above the cap among them."""
    odd = UsageRecord.objects.exclude(anomaly="").filter(day__gte=since).order_by("-day", "-pk")
    for record in odd.select_related("hold__account__user")[:_MOST]:
        yield Anomaly(
            rule=Rule.USAGE,
            day=record.day,
            amount=record.charged,
            user=record.hold.account.user,
            account=record.hold.account,
            cause=record.cause,
            note=record.anomaly,
        )


def _new_keys() -> Iterator[Anomaly]:
    now = timezone.now()
    newest = ApiKey.objects.live().newest_first().select_related("user")[:_MOST]
    fresh = {key.pk: key for key in newest if rules.is_in_first_hour(key.created_at, now=now)}
    accounts = list(Account.objects.filter(key__in=fresh))
    rows = DayTotal.objects.filter(key__in=[account.pk for account in accounts]).order_by()
    spent = dict(rows.values_list("key").annotate(Sum("charged")))
    for account in accounts:
        if account.key is None or account.pk not in spent:
            continue
        yield Anomaly(
            rule=Rule.FIRST_HOUR,
            day=days.today(),
            amount=int(spent[account.pk]),
            user=fresh[account.key].user,
            account=account,
            note=account.name,
        )


def _by_person(
    rows: QuerySet[DayTotal], *, least: int = 0
) -> QuerySet[DayTotal, tuple[int, date, int]]:
    """Who spent how much on which day, those left out who spent less."""
    by_person = rows.order_by().annotate(who=spending.WHO).values("who", "day")
    sums = by_person.annotate(nano=Sum("charged"))
    return sums.filter(nano__gte=least).values_list("who", "day", "nano")


def _accounts(people: Iterable[int]) -> dict[int, Account]:
    rows = Account.objects.filter(user__in=set(people)).select_related("user")
    return {account.user_id: account for account in rows if account.user_id is not None}
