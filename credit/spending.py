"""What a person spent: by day, by model and in the running periods, from the days' totals alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from accounts.models import User
from credit import days
from credit.days import Period
from credit.models import DayTotal, Kind

RANGES: Final = (7, 30, 90)  # days
_TALLEST: Final = 100
_BAR: Final = 10  # wide, with the gap after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Nano-USD."""

    day: date
    chat: int
    image: int

    @property
    def charged(self) -> int:
        return self.chat + self.image


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A day drawn, in a chart that is 100 high: pictures stand on top of chat."""

    day: Day
    x: int
    chat_height: int
    image_height: int

    @property
    def chat_y(self) -> int:
        return _TALLEST - self.chat_height

    @property
    def image_y(self) -> int:
        return self.chat_y - self.image_height


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one model, or one kind, was used for; `share` in hundredths of all. Nano-USD."""

    name: str
    kind: Kind
    calls: int
    tokens: int
    charged: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """`days` are in order, the last is today; the other figures are of the same days."""

    days: Sequence[Day]
    models: Sequence[Share]
    kinds: Sequence[Share]
    charged: int
    this_month: int
    last_month: int

    @property
    def most(self) -> int:
        """What the tallest bar stands for."""
        return max(day.charged for day in self.days)

    @property
    def bars(self) -> list[Bar]:
        return [
            Bar(
                day=day,
                x=place * _BAR,
                chat_height=_height(day.chat, self.most),
                image_height=_height(day.image, self.most),
            )
            for place, day in enumerate(self.days)
        ]

    @property
    def width(self) -> int:
        """Of the chart that the bars stand in."""
        return len(self.days) * _BAR


def of(user: User, *, last: int) -> Spending:
    """What somebody spent in the last so many days, today included, in one query."""
    today = days.today()
    first = today - timedelta(days=last - 1)
    month = Period.MONTH.start(today)
    month_before = Period.MONTH.start(month - timedelta(days=1))
    totals = list(DayTotal.objects.filter(user=user, day__gte=min(first, month_before)))
    shown = [total for total in totals if total.day >= first]
    charged = _sum(shown)
    return Spending(
        days=_days(shown, [first + timedelta(days=number) for number in range(last)]),
        models=_shares(shown, "model", charged),
        kinds=_shares(shown, "kind", charged),
        charged=charged,
        this_month=_sum(total for total in totals if total.day >= month),
        last_month=_sum(total for total in totals if month_before <= total.day < month),
    )


def _sum(totals: Iterable[DayTotal]) -> int:
    return sum(total.charged for total in totals)


def _days(totals: Iterable[DayTotal], wanted: Sequence[date]) -> list[Day]:
    sums = {(day, kind): 0 for day in wanted for kind in Kind}
    for total in totals:
        sums[total.day, Kind(total.kind)] += total.charged
    return [Day(day=day, chat=sums[day, Kind.CHAT], image=sums[day, Kind.IMAGE]) for day in wanted]


def _height(part: int, most: int) -> int:
    """Rounded down, so that two fit on each other; but nothing that was spent is unseen."""
    return max(_TALLEST * part // most, 1) if part > 0 else 0


def _shares(totals: Iterable[DayTotal], name: str, charged: int) -> list[Share]:
    """The dearest first."""
    groups: dict[str, list[DayTotal]] = {}
    for total in totals:
        groups.setdefault(getattr(total, name), []).append(total)
    shares = [
        Share(
            name=key,
            kind=Kind(rows[0].kind),
            calls=sum(row.calls for row in rows),
            tokens=sum(row.prompt_tokens + row.completion_tokens for row in rows),
            charged=_sum(rows),
            share=round(100 * _sum(rows) / charged) if charged > 0 else 0,
        )
        for key, rows in groups.items()
    ]
    return sorted(shares, key=lambda share: share.charged, reverse=True)
