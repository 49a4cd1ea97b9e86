"""Any table as a CSV file, in pieces, whose cells no spreadsheet takes for formulas."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import chain, islice
from typing import Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise

from credit import days

Cell = str | Promise | int | Decimal | date | datetime | None
Row = TypeVar("Row", bound=Model)

_AT_ONCE: Final = 500  # rows in a piece and in a query
_MARK: Final = "\ufeff"  # tells spreadsheets that this is UTF-8
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")
# A formula begins a cell: at the start, or after what another country's spreadsheet takes for the
# end of the cell before.
_FORMULA: Final = re.compile(r"""(^|[;,|"'])(?=\s*[=+\-@＝＋－＠])""")


def as_csv(
    name: str, *, head: Sequence[Cell], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """A download of `rows` under `head`, named after today as well.

    Numbers are plain, moments are by the reader's clock, and text is in the language of now, also
    for rows that are made while they are sent. Rows may come from `newest_first`, never from an
    open cursor: each piece is read in a thread, and with a connection, of its own.
    """
    pieces = _pieces(chain([head], rows), language=translation.get_language())
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{days.today()}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def newest_first(rows: QuerySet[Row]) -> Iterator[Row]:
    """All of them by falling key, however many, a short query at a time."""
    found = list(rows.order_by("-pk")[:_AT_ONCE])
    while found:
        yield from found
        found = list(rows.filter(pk__lt=found[-1].pk).order_by("-pk")[:_AT_ONCE])


def _pieces(rows: Iterator[Sequence[Cell]], *, language: str | None) -> Iterator[str]:
    piece = _MARK
    while piece:
        yield piece
        with translation.override(language):
            piece = _written(islice(rows, _AT_ONCE))


def _written(rows: Iterable[Sequence[Cell]]) -> str:
    lines = StringIO()
    csv.writer(lines).writerows([_cell(cell) for cell in row] for row in rows)
    return lines.getvalue()


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return timezone.localtime(value).isoformat(" ", "seconds")[:19]
        case Decimal():
            return f"{value:f}"
        case int() | date():
            return str(value)
        case _:
            return _FORMULA.sub(r"\1'", _CONTROLS.sub(" ", str(value)))
