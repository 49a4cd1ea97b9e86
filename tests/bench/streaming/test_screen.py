"""The bench sees every fault that it says there were none of."""

import pytest

from tests.bench.streaming.screen import Screen
from tests.bench.streaming.words import deltas, found, word

MESSAGE = "0f9a1f6e-8f0c-4b5e-9d68-6f2f3f1f7c11"
NUMBER = 3


def _words(places):
    return "".join(f" {word(NUMBER * 600 + place)}" for place in places)


@pytest.fixture
def show():
    """What a page shows of reply 3 after steps of (words finished, kept, words that follow)."""

    def after(*steps):
        page = Screen()
        turns = f'<article>reply {NUMBER} of 9 tokens</article><article data-reply="{MESSAGE}">'
        page.take({"t": "turns", "html": turns}, 0.0)
        first = {"t": "step", "n": 1, "id": MESSAGE, "reset": True, "change": []}
        page.take(first, 0.5)
        for at, (done, keep, tail) in enumerate(steps, 1):
            if done:
                page.take([1, 0, _words(done), 0, _words(tail)], float(at))
            else:
                page.take([1, keep, _words(tail), 0], float(at))
        return page.of(NUMBER)[1]

    return after


def test_an_answer_without_a_fault_shows_none(show):
    shown = show([(), 0, [0, 1]], [(), 12, [2]], [[0, 1, 2], 0, [3]])
    assert shown.arrived == {0: 1.0, 1: 1.0, 2: 2.0, 3: 3.0}
    assert (shown.doubled, shown.reordered, shown.strange) == (set(), set(), 0)


def test_a_word_shown_twice_is_doubled(show):
    assert show([(), 0, [0, 1]], [(), 12, [1, 2]]).doubled == {1}


def test_a_word_shown_again_after_its_block_was_finished_is_doubled(show):
    assert show([[0, 1], 0, [2]], [(), 0, [1]]).doubled == {1}


def test_words_that_changed_places_are_reordered(show):
    assert show([(), 0, [0, 2, 1]]).reordered


def test_a_hole_before_a_word_is_seen(show):
    assert show([(), 0, [0]], [(), 6, [2]]).reordered == {2}


def test_a_word_that_vanishes_is_strange(show):
    assert show([(), 0, [0, 1]], [(), 6, []]).strange


def test_a_word_of_another_reply_is_strange(show):
    assert show([(), 0, [0, -5]]).strange


def test_characters_beyond_the_first_plane_count_twice(show):
    shown = show([(), 0, [0]])
    shown.head = "🌊ab"
    shown.show([1, 3, "c", 1], 2.0)
    assert shown.open == "🌊acb"


def test_each_token_has_a_word_of_its_own():
    assert found("".join(deltas(7, 600)), 7) == list(range(600))
