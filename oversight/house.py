"""How the house stands: what is left upstream, what it owes its people, how long that lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from credit import days
from credit.models import Account, DayTotal, Hold, Pool, PoolEntry
from oversight.spending import change

BURN_OVER: Final = 14  # days, today not among them
FAR: Final = 366  # days; what lasts longer is not dated
PACES: Final = (1, 7, 30)  # days
_SHOWN: Final = 8  # balances seen upstream
AGES: Final = (timedelta(minutes=1), timedelta(minutes=10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Nano-USD; `left` is None while nothing was ever noted of the pool."""

    left: int | None
    owed: int
    burn: int  # a day, at list price

    @property
    def coverage(self) -> int | None:
        """How much of what is owed the pool could pay, in percent."""
        return round(100 * self.left / self.owed) if self.left is not None and self.owed else None

    @property
    def runs_out(self) -> date | None:
        """The day on which the pool is used up at this pace; None: not within a year."""
        if self.left is None or not self.burn:
            return None
        lasts = max(self.left, 0) // self.burn
        return days.today() + timedelta(days=lasts) if lasts < FAR else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was charged in the last so many days, and in as many before; nano-USD."""

    length: int
    charged: int
    before: int

    @property
    def first(self) -> date:
        return days.today() - timedelta(days=self.length - 1)

    @property
    def change(self) -> int | None:
        return change(self.charged, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHolds:
    """Money set apart for calls under way, by how long ago: below a minute, ten, and older."""

    numbers: Sequence[int]
    amounts: Sequence[int]

    @property
    def rows(self) -> list[tuple[str, int, int]]:
        ages = (_("under a minute"), _("under ten minutes"), _("ten minutes and more"))
        return list(zip(ages, self.numbers, self.amounts, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A balance seen upstream; `change` is how much the drift grew since the one before."""

    entry: PoolEntry
    change: int


def standing(recent: "Recent") -> Standing:
    pool = Pool.objects.first()
    owed = Account.objects.people().aggregate(nano=Sum("balance", default=0))
    return Standing(left=pool.available if pool else None, owed=int(owed["nano"]), burn=recent.burn)


@dataclass(frozen=True, slots=True)
class Recent:
    """What each of the last days was charged and cost at list price, by how many days ago."""

    charged: Mapping[int, int]
    list_cost: Mapping[int, int]

    @property
    def burn(self) -> int:
        """Nano-USD a day at list price, over the last days or as many as there are."""
        oldest = max((ago for ago in self.list_cost if ago <= BURN_OVER), default=0)
        return sum(self.list_cost.get(ago + 1, 0) for ago in range(oldest)) // max(oldest, 1)

    @property
    def paces(self) -> list[Pace]:
        return paces(self.charged)


def paces(charged: Mapping[int, int]) -> list[Pace]:
    """Today and the last days, each against as many days before; amounts by how many days ago."""
    return [
        Pace(
            length=length,
            charged=sum(charged.get(ago, 0) for ago in range(length)),
            before=sum(charged.get(ago, 0) for ago in range(length, 2 * length)),
        )
        for length in PACES
    ]


def recent(rows: QuerySet[DayTotal] | None = None) -> Recent:
    """Of everything, or of some totals; in one query."""
    today = days.today()
    since = today - timedelta(days=2 * max(PACES) - 1)
    found = DayTotal.objects.all() if rows is None else rows
    found = found.filter(day__gte=since, day__lte=today).order_by()
    told = list(found.values_list("day").annotate(Sum("charged"), Sum("list_cost")))
    return Recent(
        charged={(today - day).days: int(nano) for day, nano, _list in told},
        list_cost={(today - day).days: int(nano) for day, _charged, nano in told},
    )


def open_holds() -> OpenHolds:
    now = timezone.now()
    numbers, amounts = [0, 0, 0], [0, 0, 0]
    for made, amount in Hold.objects.open().values_list("created_at", "amount"):
        numbers[age := _age(now, made)] += 1
        amounts[age] += amount
    return OpenHolds(numbers=numbers, amounts=amounts)


def _age(now: datetime, made: datetime) -> int:
    return sum(now - made >= age for age in AGES)


def drifts() -> list[Drift]:
    """The balances seen last, newest first."""
    seen = PoolEntry.objects.filter(kind=PoolEntry.Kind.SHOWN).order_by("-pk")
    entries = list(seen.select_related("actor")[: _SHOWN + 1])
    known = [
        Drift(entry=newer, change=(newer.drift or 0) - (older.drift or 0))
        for newer, older in pairwise(entries)
    ]
    if entries and len(entries) <= _SHOWN:
        known.append(Drift(entry=entries[-1], change=entries[-1].drift or 0))
    return known
