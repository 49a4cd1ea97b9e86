"""Long lists in pages of a fixed length, newest first, cut by a key: all pages cost the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

LENGTH: Final = 50  # rows of a page

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """`following` is the cursor of the next page, or empty."""

    rows: Sequence[Row]
    following: str


def newest_first(rows: QuerySet[Row], *, after: str, length: int = LENGTH) -> Page[Row]:
    """Rows by falling key, from a cursor on; nonsense starts at the top."""
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    return _page(rows.order_by("-pk"), lambda row: f"{row.pk}", length)


def newest_days_first(rows: QuerySet[Row], *, after: str, length: int = LENGTH) -> Page[Row]:
    """Rows that belong to a `day`, by falling day and key: in the order of the day's index."""
    if (place := _place(after)) is not None:
        day, pk = place
        rows = rows.filter(Q(day__lt=day) | Q(day=day, pk__lt=pk), day__lte=day)
    return _page(rows.order_by("-day", "-pk"), lambda row: f"{row.day}.{row.pk}", length)


def _page(rows: QuerySet[Row], cursor: Callable[[Any], str], length: int) -> Page[Row]:
    found = list(rows[: length + 1])
    shown = found[:length]
    return Page(rows=shown, following=cursor(shown[-1]) if found[length:] else "")


def _place(after: str) -> tuple[date, int] | None:
    day, _dot, pk = after.partition(".")
    try:
        return date.fromisoformat(day), min(int(pk), 2**63 - 1)
    except ValueError:
        return None
