"""CSV files: whole, readable by machines, and no cell a formula wherever they are opened."""

import csv
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from hypothesis import example, given
from hypothesis import strategies as st

from credit import ledger
from credit.models import Transfer
from credit.money import to_usd
from credit.tables import as_csv, newest_first

FORMULAS = "=+-@＝＋－＠"


def read(answer, *, delimiter=","):
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))


def test_numbers_and_moments_are_for_machines_and_an_empty_cell_is_empty():
    noon = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=ZoneInfo("UTC"))
    cells = ["a, b", -7, to_usd(1), Decimal("-0.5"), date(2026, 7, 1), noon, None]
    answer = as_csv("t", head=["1", "2", "3", "4", "5", "6", "7"], rows=[cells])
    assert read(answer)[1] == [
        "a, b",
        "-7",
        "0.000000001",
        "-0.5",
        "2026-07-01",
        "2026-07-01 14:00:00",
        "",
    ]


def test_it_is_a_file_named_after_today_that_nobody_keeps(time_machine):
    time_machine.move_to(datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC")))
    answer = as_csv("statement", head=["a"], rows=[])
    assert answer["Content-Disposition"] == 'attachment; filename="statement-2027-01-01.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]


@given(st.text(max_size=20), st.text(alphabet="=+-@;,|\t\r\n\"' a0＝", max_size=20))
@example("a;=1+1", '","=1+1')
@example("\x00=1", " \xa0@SUM(A1)")
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_text_becomes_a_formula_whatever_separates_cells_there(delimiter, one, two):
    answer = as_csv("t", head=["a", "b"], rows=[[one, two]])
    for row in read(answer, delimiter=delimiter):
        assert not any(cell.lstrip().startswith(tuple(FORMULAS)) for cell in row), row


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=FORMULAS))
)
def test_text_without_formulas_stays_as_it_is(text):
    assert read(as_csv("t", head=["a"], rows=[[text, "end"]]))[1] == [text, "end"]


def test_text_is_in_the_readers_language_also_when_it_is_read_later():
    with translation.override("nl"):
        answer = as_csv("t", head=[_("Voucher")], rows=([_("Allowance")] for _row in range(2)))
    assert read(answer) == [["Tegoedbon"], ["Toelage"], ["Toelage"]]


@pytest.mark.django_db
def test_more_rows_than_a_piece_come_whole_in_short_queries(alice, django_assert_num_queries):
    account, house = ledger.open_account(alice), Transfer.objects.get().source
    Transfer.objects.bulk_create(
        Transfer(
            source=house,
            destination=account,
            amount=number + 1,
            code=Transfer.Code.GRANT,
            reason="many",
            idempotency_key=f"many:{number}",
            created_at=timezone.now(),
        )
        for number in range(1100)
    )
    rows = ([transfer.amount] for transfer in newest_first(Transfer.objects.filter(reason="many")))
    answer = as_csv("t", head=["amount"], rows=rows)
    with django_assert_num_queries(4):
        pieces = list(answer)
    assert len(pieces) == 4  # the mark, then the rows
    assert b"".join(pieces).decode("utf-8-sig").split() == [
        "amount",
        *map(str, range(1100, 0, -1)),
    ]
