import pytest

from images import timing


def test_the_usual_time_needs_three_pictures():
    assert timing.usual([9, 8]) is None
    assert timing.usual([9, 8, 30]) == 9


@pytest.mark.parametrize(
    ("usual", "least", "most"), [(10, 4.8, 7.2), (60, 16, 24), (None, 1.6, 2.4), (0.1, 0.4, 0.6)]
)
def test_the_first_look_comes_shortly_before_the_usual_time(usual, least, most):
    for _ in range(50):
        assert least <= timing.first_look(usual) <= most


@pytest.mark.parametrize(
    ("elapsed", "least", "most"), [(2, 0.8, 1.4), (60, 0.8, 1.4), (110, 2.4, 3.6), (300, 8, 12)]
)
def test_looks_stay_close_until_twice_the_usual_time_and_then_grow_apart(elapsed, least, most):
    for _ in range(50):
        assert least <= timing.next_look(elapsed, usual_seconds=40) <= most


def test_errors_double_the_wait_up_to_a_minute():
    assert timing.back_off(1) <= 2.4
    assert 12.8 <= timing.back_off(4) <= 19.2
    assert timing.back_off(1000) <= 72


def test_a_wait_is_never_shorter_than_asked_for():
    assert timing.back_off(1, retry_after=30) == 30
