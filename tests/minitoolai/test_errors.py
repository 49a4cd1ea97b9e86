"""The tree of errors as its drawing and its promises have it."""

import re

import pytest

from minitoolai import errors


def _all(kind=errors.MiniToolAIError):
    return [kind, *(found for child in kind.__subclasses__() for found in _all(child))]


def test_the_drawing_shows_every_error_under_its_parent():
    drawn = re.findall(r"^([│ ├└─]*)(\w+)(?= |$)", errors.__doc__, re.MULTILINE)
    tree = [(len(branch) // 4, name) for branch, name in drawn if name in dir(errors)]
    assert [name for _, name in tree] == [kind.__name__ for kind in _all()]
    depths = {
        kind.__name__: len(kind.__mro__) - len(errors.MiniToolAIError.__mro__) for kind in _all()
    }
    assert all(depths[name] == depth for depth, name in tree)


@pytest.mark.parametrize("kind", _all(), ids=lambda kind: kind.__name__)
def test_each_error_has_a_code_and_words_for_people(kind):
    error = kind()
    assert re.fullmatch(r"[a-z_]+", error.code)
    assert str(error) == error.message
    assert error.message.endswith(".")


def test_codes_are_unique():
    codes = [kind.code for kind in _all()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("kind", _all(errors.Interrupted), ids=lambda kind: kind.__name__)
def test_what_was_interrupted_may_have_been_billed(kind):
    assert kind().sent
