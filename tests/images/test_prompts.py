import pytest

from images import prompts, styles


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A heron", ["A heron"]),
        ("{oil|ink} heron", ["oil heron", "ink heron"]),
        ("{a|b} {c|d}", ["a c", "a d", "b c", "b d"]),
        ("A {|wild} heron", ["A heron", "A wild heron"]),
        ("{heron}", ["{heron}"]),
        ("{a|a}", ["a"]),
        ("", [""]),
    ],
)
def test_choices_are_expanded_in_reading_order(prompt, expected):
    assert prompts.expand(prompt) == expected


def test_too_many_are_counted_no_further():
    assert len(prompts.expand("{1|2|3|4|5|6|7|8|9|0} " * 9)) == prompts.MOST + 1


def test_styles_add_to_the_prompt_and_an_unknown_one_changes_nothing():
    assert len(styles.BY_KEY) == len(styles.STYLES) >= 30
    wanted, avoided = styles.apply("oil", prompt="A heron", negative_prompt="text")
    assert wanted.startswith("A heron, oil painting")
    assert avoided.startswith("text, ")
    assert styles.apply("?", prompt="A heron", negative_prompt="") == ("A heron", "")
