"""What was spent, read from the days' totals: by day, model, kind, measure, group and person."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeVar

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from credit.models import DayTotal, Kind, Source
from oversight.slices import Slice

TOP: Final = 20  # people in the list
_SERIES: Final = 6  # models drawn apart; the others together

# The person, so written that SQLite reads the days asked for and not everybody's whole life.
WHO: Final = F("user_id") + 0

Key = TypeVar("Key", bound=Hashable)


class Cell(NamedTuple):
    """Sums over a day's calls of a kind, model, measure and group; amounts in nano-USD."""

    day: date
    kind: str
    model: str
    source: str
    group: int | None
    calls: int
    charged: int
    list_cost: int


@dataclass(slots=True)
class Sums:
    calls: int = 0
    charged: int = 0
    list_cost: int = 0

    def add(self, cell: Cell) -> None:
        self.calls += cell.calls
        self.charged += cell.charged
        self.list_cost += cell.list_cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Spender:
    """A person or a group, what they spent and what they spent in as many days before."""

    pk: int
    name: str
    about: str
    calls: int
    charged: int
    before: int

    @property
    def change(self) -> int | None:
        return change(self.charged, self.before)


def change(now: int, before: int) -> int | None:
    """By how many percent an amount grew; None where there was nothing before."""
    return round(100 * (now - before) / before) if before else None


def cells(part: Slice) -> list[Cell]:
    """In one query, whose groups stand in the order of an index."""
    names = ("day", "kind", "model", "source", "group")
    sums = {name: Sum(name) for name in ("calls", "charged", "list_cost")}
    rows = part.of(DayTotal.objects.all()).order_by().values_list(*names)
    # The columns' own names are taken: hence the second ones.
    told = rows.annotate(*sums.values())
    return [Cell(*row[:5], *map(int, row[5:])) for row in told]


def by(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> dict[Key, Sums]:
    """Added up by a key, whatever has spent most first."""
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    for cell in cells:
        found[key(cell)].add(cell)
    return dict(sorted(found.items(), key=lambda item: -item[1].charged))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Amounts in nano-USD by day, a column for each series, as a chart draws them."""

    series: Sequence[str]
    rows: Sequence[tuple[date, Sequence[int]]]

    @property
    def legend(self) -> list[tuple[str, int]]:
        """Each series with the number of its colour; the striking fourth is for what stands out."""
        striking = {_("Pictures"), str(Source.COUNTED.label)} & {*self.series}
        others = iter((1, 2, 3, 5, 6) if striking else (1, 2, 3, 5, 6, 4))
        return [(name, 4 if name in striking else next(others)) for name in self.series]


def by_day(part: Slice, found: Sequence[Cell], series_of: Callable[[Cell], str]) -> Table:
    """What was charged on each day of the slice; the smallest series are put together."""
    names = sorted(by(found, series_of), key=lambda name: name == _("Pictures"))
    drawn = names if len(names) <= _SERIES else [*names[: _SERIES - 1], _("Others")]
    place = {name: min(number, len(drawn) - 1) for number, name in enumerate(names)}
    amounts = {day: [0] * len(drawn) for day in part.days}
    for cell in found:
        amounts[cell.day][place[series_of(cell)]] += cell.charged
    return Table(series=drawn, rows=list(amounts.items()))


def model_series(part: Slice) -> Callable[[Cell], str]:
    """Chat models each for itself, and all pictures together unless only they are asked for."""
    if part.kind == Kind.IMAGE:
        return lambda cell: cell.model
    pictures = _("Pictures")
    return lambda cell: cell.model if cell.kind == Kind.CHAT else pictures


def source_series(cell: Cell) -> str:
    return str(Source(cell.source).label)


def share_counted(found: Iterable[Cell]) -> float:
    """Of what measured or counted calls were charged, the percentage that we counted ourselves."""
    sums = by(found, lambda cell: cell.source)
    ours = sum(sums[name].charged for name in (Source.COUNTED, Source.RECOVERED) if name in sums)
    measured = sums[Source.UPSTREAM].charged if Source.UPSTREAM in sums else 0
    return 100 * ours / (ours + measured) if ours + measured else 0.0


def top_people(part: Slice) -> list[Spender]:
    """The TOP who spent most, in three queries."""
    sums = part.of(DayTotal.objects.all()).order_by().annotate(who=WHO).values("who")
    rows = sums.annotate(nano=Sum("charged"), number=Sum("calls")).order_by("-nano", "who")[:TOP]
    most = {row["who"]: (int(row["nano"]), int(row["number"])) for row in rows}
    before = charged_each(part.before.of(DayTotal.objects.filter(user__in=most)), "user")
    people = User.objects.select_related("group").in_bulk(most)
    return [
        Spender(
            pk=pk,
            name=people[pk].display_name,
            about=str(people[pk].group or ""),
            calls=number,
            charged=nano,
            before=before.get(pk, 0),
        )
        for pk, (nano, number) in most.items()
    ]


def charged_each(rows: QuerySet[DayTotal], name: str) -> dict[int | None, int]:
    """Nano-USD by a field of the totals."""
    told = rows.order_by().values_list(name).annotate(Sum("charged"))
    return {pk: int(nano) for pk, nano in told}
