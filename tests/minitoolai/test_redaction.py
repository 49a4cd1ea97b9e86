"""Log lines are short and hold no key."""

import pytest

from minitoolai.redaction import Redactor

redact = Redactor("canary-key")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("all is well", "all is well"),
        ("key canary-key is bad", "key [key] is bad"),
        ("Authorization: Bearer abc.def", "Authorization: [key]"),
        ("sk-proj-1234567890 refused", "[key] refused"),
        ("two\nlines\x1b[31m\u2028and a\x00 null", "two lines [31m and a null"),
        (b"bytes \xff caf\xc3\xa9", "bytes \ufffd café"),
        ("", ""),
    ],
)
def test_what_a_log_line_shows(text, line):
    assert redact(text) == line


def test_two_hundred_characters_at_most():
    assert len(redact("x" * 1_000_000)) == 200


def test_without_a_key_nothing_is_replaced():
    assert Redactor("")("abc") == "abc"
