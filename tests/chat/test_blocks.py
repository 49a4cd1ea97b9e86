"""A text rendered as it grows ends exactly as the whole text rendered at once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.blocks import BlockStream, render
from chat.live import Cursor, LiveText, _utf16_length

PIECES = st.sampled_from(
    ["# h", "#", "para **b** `c`\n", "\n", "- a\n", "  - b\n", "1. x\n", "1", "> q\n", "---\n",
     "===\n", "```py\ndef f():\n    return 1\n```\n", "```\n", "~~~", "    code\n",
     "$$\nx^2\n$$\n", "$a$ b\n", "\\[ a \\]\n", "| a | b |\n", "|---|--:|\n", "| 1 | 2 |\n",
     "[^1] x\n", "[^1]: note\n", "[x]: http://a.b\n", "<b>x</b>\n", "- [ ] t\n", "***\n",
     "![i](http://e.x/y)", "[l](javascript:x)", "http://a.bc ", " ", "\t", "\x0b", "\x0c", "\x85",
     "\u2028", "é", "😀", "👩\u200d👩\u200d👧", "\r\n", "\r", "\0"]
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
            assert isinstance(stream.open, str)
            assert whole.startswith("".join(stream.finished))
    assert stream.close() == whole


class Page:
    """What a browser does with the frames of a reply, on strings counted as a browser counts."""

    def __init__(self):
        self.done, self.open, self.received = "", "", 0

    def take(self, frame):
        if frame.get("reset"):
            self.done, self.open = "", ""
        self.done += frame.get("done", "")
        before = "" if "done" in frame else self.open
        kept = before.encode("utf-16-le")[: frame["keep"] * 2].decode("utf-16-le")
        self.open = kept + frame["tail"]
        self.received += _utf16_length(frame.get("done", "")) + _utf16_length(frame["tail"])


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 5))
def test_a_viewer_that_looks_now_and_then_ends_with_the_final_render(text, sizes, look_every):
    live, page, cursor = LiveText(message_id=None, attempt=1), Page(), Cursor()
    for index, piece in enumerate(cut(text, sizes)):
        live.append(piece)
        if index % look_every == 0:
            page.take(live.frame_after(cursor))
    live.end()
    page.take(live.frame_after(cursor))
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
        live, page, cursor = LiveText(message_id=None, attempt=1), Page(), Cursor()
        for index, piece in enumerate(cut(text, [4, 3, 7, 2])):
            live.append(piece)
            if index % 3 == 0:
                page.take(live.frame_after(cursor))
        live.end()
        page.take(live.frame_after(cursor))
        assert page.done == render(text)
        assert page.received < 4 * len(page.done) + 4000
