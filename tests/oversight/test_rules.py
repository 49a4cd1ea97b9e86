"""What is worth an admin's look."""

from datetime import UTC, datetime, timedelta

import pytest

from oversight import rules

CENT = 10_000_000
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spent", "before", "is_unusual"),
    [
        (51 * CENT, [10 * CENT] * 14, True),
        (50 * CENT, [10 * CENT] * 14, False),
        (10 * CENT, [0] * 14, True),
        (10 * CENT - 1, [0] * 14, False),  # too little to look up for
        (51 * CENT, [10 * CENT] * 8 + [99 * CENT] * 6, True),  # one wild day is no habit
        (90 * CENT, [0] * 6, False),  # nobody knows yet what is usual
        (90 * CENT, [0] * 7, True),
    ],
)
def test_a_day_is_held_against_the_median_of_those_before(spent, before, is_unusual):
    assert rules.is_unusual_day(spent, before) is is_unusual


def test_who_was_never_here_has_no_usual_day():
    assert rules.usual_day([]) == 0


@pytest.mark.parametrize(
    ("counted", "measured", "is_much"),
    [(2, 98, False), (3, 97, True), (0, 0, False), (1, 0, True), (0, 9, False)],
)
def test_over_two_percent_counted_is_much(counted, measured, is_much):
    assert rules.is_much_counted(counted, measured) is is_much


@pytest.mark.parametrize(("minutes", "is_old"), [(10, False), (11, True)])
def test_money_set_apart_for_over_ten_minutes_is_old(minutes, is_old):
    assert rules.is_old(NOW - timedelta(minutes=minutes), now=NOW) is is_old


@pytest.mark.parametrize(("minutes", "is_first"), [(59, True), (60, False)])
def test_a_keys_first_hour_ends(minutes, is_first):
    assert rules.is_in_first_hour(NOW - timedelta(minutes=minutes), now=NOW) is is_first
