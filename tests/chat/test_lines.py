"""What is added to a growing block without a parser is what the parser would draw."""

import pytest

from chat import markdown
from chat.drafts import Draft
from chat.lines import words_of

TABLE = "| a | b |\n|---|--:|\n| 1"
NESTED = "1. a\n   - b"


def growing(source):
    html, leaf = markdown.draw(source)
    return words_of(Draft(html.removesuffix(leaf.foot), leaf.foot), leaf, source)


def taken(words, text):
    line, newline, rest = text.partition("\n")
    return (not line or words.take(line)) and (not newline or words.take_line(newline + rest))


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("some", [" words", " and", " **bold", " words**", " `code`", " $x^2$", " &amp; <b>"]),
        (
            "some",
            [" [a", " link](https://example.org/x)", " and", " *more*", " http://a.nl/b", "."],
        ),
        ("some", [" \\(x", " + y", " \\) and", " \\(z\\)", " \\* on"]),
        ("some **bold**", ["\nline", "\n**bold** line  ", "\nand one", " 🌊", "\n5 waves"]),
        ("# A heading", [" of **bold**", " words"]),
        ("> a quotation", [" of *words*"]),
        ("- a", [" b", "\n- c", " **d**", "\n- **e**: f", "\n- `g`"]),
        (NESTED, [" c", "\n   - d", "\n2. e", "\n   1. f", "\n      - g", "\n10. h", "\n    - i"]),
        ("- a\n\n- b", ["\n\n- c", "\n\n  more", "\n- **d**", "\n  - e", "\n  - f", "\n\n- g"]),
        (TABLE, [" | 2", " |", "\n| **3**", " bold |", " `4` | dropped", "\n| 5 | 6", "\nc | d"]),
        ("so\n\\[\n  x", [" = 1", " \\cdot y", " < 2"]),
        ("a | b\n--|--\nx", [" 1 | 2", "\nc | d"]),
    ],
)
def test_it_is_drawn_as_the_parser_would(source, texts):
    words = growing(source)
    for text in texts:
        assert taken(words, text), text
        source += text
        assert words.draft.html() == markdown.draw(source)[0]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# A heading", " #"),
        ("# A heading", " | b"),
        ("a | b", "\n--|--"),
        ("some", "\n---"),
        ("some", "\n- a"),
        ("some", "\n1. a"),
        ("- a", "\n* b"),
        ("- a", "\n  2. b"),
        ("- a", "\n      - b"),
        ("- a", "\n- [x] b"),
        ("- a\n- b", "\n\n- c"),
        ("- a\n- b", "\n\n  c"),
        ("- a\n\n- b\n  - c", "\n\n  - d"),
        ("- a\n\n- b\n  - c", "\n\n  d"),
        (TABLE, "\n| 2"),
        ("\\[ x", " \\]"),
        ("$$ x", "\ny"),
        (TABLE, " \\| 2"),
        (TABLE, " | 2\n- a"),
    ],
)
def test_what_else_it_may_be_is_left_to_the_parser(source, text):
    assert not taken(growing(source), text)


@pytest.mark.parametrize(
    ("source", "gap", "line", "is_ended"),
    [
        ("some", "\n\n", "", True),
        ("some", "\n", "more", False),
        ("# A heading", "\n", "more", True),
        ("# A | heading", "\n", "|--|--|", False),
        (TABLE, "\n\n", "- a", True),
        ("- a", "\n\n", "more", True),
        ("- a", "\n\n", "- b", False),
        ("- a", "\n\n", "  b", False),
    ],
)
def test_a_block_is_ended_when_nothing_can_reopen_it(source, gap, line, is_ended):
    assert growing(source).is_ended_by(gap, line) is is_ended
