"""A text rendered as it grows ends exactly as the whole text rendered at once."""

import uuid

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat import markdown
from chat.blocks import BlockStream, render
from chat.live import Cursor, LiveText
from tests.page import Page

PIECES = st.sampled_from(
    ["# h", "#", "para **b** `c`\n", "\n", "- a\n", "  - b\n", "1. x\n", "1", "> q\n", "---\n",
     "===\n", "```py\ndef f():\n    return 1\n```\n", "```\n", "~~~", "    code\n",
     "$$\nx^2\n$$\n", "$a$ b\n", "\\[ a \\]\n", "| a | b |\n", "|---|--:|\n", "| 1 | 2 |\n",
     "[^1] x\n", "[^1]: note\n", "[x]: http://a.b\n", "<b>x</b>\n", "- [ ] t\n", "***\n",
     "![i](http://e.x/y)", "[l](javascript:x)", "http://a.bc ", " ", "\t", "\x0b", "\x0c", "\x85",
     "\u2028", "é", "😀", "👩\u200d👩\u200d👧", "\r\n", "\r", "\0"]
)  # fmt: skip
MARKS = [
    "**", "*", "_", "__", "`", "``", "~~", "~", "[", "![", "[^", "](", "](http://a", "](http://a)",
    "]", ")", "$", "$$", "\\(", "\\)", "\\", "<", "<http:", ">", "&", "&amp", ";", ":", "http:",
    " http://", "//", "mailto:", "@", "|", "\n|", "\n|--|--|\n", "#", "\n# ", "\n- ", "\n- [",
    "\n- [x]", "\n  1", "1", ".", "\n> ", "\n```", "\n~~~ ", "\n    ", "\n\n", "\n", "\n---",
    "\n===", "  \n", "^", "\n- a\n\n", "| a | b |\n|---|--:|\n|", "\n\n```py\n", "\n[^1]: ", "!",
    "-", "=", "/", "(", "\t", "\nline", "\n- **T** ", "\n  - ", "\n2. ", "\n   - ", "\n| c | ",
    " |", "\n\nP", "\\(x\\)", "`d` ", "*e* ", "snake_case ", "\n\n\n",
]  # fmt: skip
WORDS = st.sampled_from(
    ["a", "x", " word", " W", " ", "  ", ",", ".", " 1", "1", "?", "'", '"', "(", ")", ":", "/",
     "-", "=", "+", "%", "!", "é", "🌊", " **b", " `c", " $5", " [d", "http", "\xa0", "\u2003",
     "com", " e"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200)


def cut(text, sizes):
    position, index = 0, 0
    while position < len(text):
        size = sizes[index % len(sizes)]
        yield text[position : position + size]
        position, index = position + size, index + 1


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 4))
def test_any_cut_of_any_text_ends_as_the_final_render(text, sizes, look_every):
    whole = render(text)
    stream = BlockStream()
    for index, piece in enumerate(cut(text, sizes)):
        stream.feed(piece)
        if index % look_every == 0:
            assert stream.open == rendered_anew(stream)
            assert whole.startswith("".join(stream.finished))
    assert stream.close() == whole


def rendered_anew(stream):
    """The open block as drawing its whole source gives it."""
    source = "".join(stream._fence._parts) if stream._fence else stream._tail
    return markdown.draw(source)[0] if source.strip(" \t\n") else ""


ROWS = st.sampled_from(
    ["- a b\n", "- c\n", "  - d\n", "    - e\n", "  1. f\n", "   2. g\n", "3. h\n", "10. i\n",
     "* j\n",
     "-   k\n", "    l\n", "  m\n", "n\n", "\n", "- [ ] o\n", "| p | q |\n", "| r\n", "s | t | u\n",
     "|---|--:|\n", "--- | ---\n", "> v\n", "  ```\n", "```\n", "# w\n", "- - x\n", "-\n", "***\n",
     "     - y\n", "- z **b** `c`\n", "      1. o\n", "\t- p\n"]
)  # fmt: skip
BEGINNINGS = st.sampled_from(
    ["", "- a\n- b\n", "| a | b |\n|---|--:|\n| 1 | 2 |\n", "1. a\n2. b\n   - c\n   - d\n"]
)


@settings(max_examples=400, deadline=None)
@example("", "- a\n  - b | c\n  |---|--:|\nd\n", [3])
@given(
    BEGINNINGS,
    st.lists(ROWS, min_size=1, max_size=14).map("".join),
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
)
def test_a_long_block_drawn_from_where_it_grows_is_as_drawn_whole(beginning, rows, sizes):
    text = beginning + rows
    stream = BlockStream(long=0)
    for piece in cut(text, sizes):
        stream.feed(piece)
        assert stream.open == rendered_anew(stream), text
    assert stream.close() == render(text)


def words_after(mark):
    return st.lists(WORDS, min_size=1, max_size=12).map(lambda words: mark + "".join(words))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(MARKS).flatmap(words_after), min_size=1, max_size=4).map("".join),
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
)
@example("- [x] word", [5])
@example("mailto:a@b.com", [4])
@example("**a** b** c", [4])
@example("$$a$$aa", [1])
@example("\\\nline\\\nline", [5])
def test_words_added_in_place_are_where_a_full_render_puts_them(text, sizes):
    stream = BlockStream()
    for piece in cut(text, sizes):
        stream.feed(piece)
        assert stream.open == rendered_anew(stream), text
    assert stream.close() == render(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 5))
def test_a_viewer_that_looks_now_and_then_ends_with_the_final_render(text, sizes, look_every):
    live, page, cursor = LiveText(message_id=uuid.uuid4(), attempt=1), Page(), Cursor()
    for index, piece in enumerate(cut(text, sizes)):
        live.append(piece)
        if index % look_every == 0:
            page.receive(live.frame_after(cursor))
            assert page.html == "".join(live.blocks.finished) + live.blocks.open
    live.end()
    page.receive(live.frame_after(cursor))
    assert page.whole
    assert page.done == render(text)
    assert page.open == ""


def long_code():
    return (
        "Look:\n\n```python\n"
        + "".join(f"x{n} = {n} * {n}\n" for n in range(150))
        + "```\n\nDone.\n"
    )


def long_table():
    rows = "".join(f"| row {n} | {n * n} | some words |\n" for n in range(80))
    return "| a | b | c |\n|---|--:|---|\n" + rows


def nested_list():
    return "".join("  " * (n % 4) + f"- point {n} with **weight** and `code`\n" for n in range(80))


def test_what_is_sent_stays_a_small_multiple_of_the_final_html():
    for text in (long_code(), long_table(), nested_list(), "word " * 1200):
        live, page, cursor = LiveText(message_id=uuid.uuid4(), attempt=1), Page(), Cursor()
        for index, piece in enumerate(cut(text, [4, 3, 7, 2])):
            live.append(piece)
            if index % 3 == 0:
                page.receive(live.frame_after(cursor))
        live.end()
        page.receive(live.frame_after(cursor))
        assert page.done == render(text)
        assert page.received < 4 * len(page.done.encode()) + 1000


def test_code_gets_its_colours_when_it_closes_and_is_not_shown_its_closing_fence():
    stream = BlockStream()
    stream.feed("```python\nreturn 1\n``")
    assert "return 1\n</code>" in stream.open
    stream.feed("`\n")
    assert stream.open == ""
    assert '<span class="k">return</span>' in stream.finished[0]


def test_a_formula_is_shown_as_it_is_written_until_it_closes():
    stream = BlockStream()
    stream.feed("So\n\n\\[ x < \\frac{1}")
    assert stream.open.endswith("<code>x &lt; \\frac{1}</code></div>\n")
    stream.feed("{2} \\]\n")
    assert "<mfrac>" in stream.open
    stream.feed("\n$$ y")
    assert stream.close().endswith("</math></div>\n")


@pytest.mark.parametrize(
    "begun", ["\n", "\n-", "\n- ", "\n  - **", "\n1", "\n1.", "\n##", "\n|", "\n>"]
)
def test_a_line_is_held_back_until_it_says_what_it_is(begun):
    stream = BlockStream()
    stream.feed("para" + begun)
    assert stream.open == "<p>para</p>\n"
    assert stream.close() == render("para" + begun)
