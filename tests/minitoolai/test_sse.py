"""Bytes to events, however they are cut."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitoolai.errors import TooLarge
from minitoolai.sse import EventDecoder

NEWLINES = ("\n", "\r", "\r\n")


def _decode(*chunks, max_event=2**20):
    decoder = EventDecoder(max_event=max_event)
    found = [data for chunk in chunks for data in decoder.feed(chunk)]
    return [*found, *decoder.finish()]


def _cut(data, places):
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in zip(edges, edges[1:], strict=False)]


def _encode(texts, *, newline, space, comment):
    lines = []
    for text in texts:
        lines += [": keepalive"] if comment else []
        payload = json.dumps({"content": text}, ensure_ascii=False)
        lines += [f"data:{space}{payload}", ""]
    return (newline.join([*lines, ""])).encode("utf-8")


texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=6)


@given(
    texts,
    st.sampled_from(NEWLINES),
    st.sampled_from(["", " "]),
    st.booleans(),
    st.lists(st.integers(min_value=0), max_size=30),
)
def test_any_cut_and_any_newline_give_the_same_text(texts, newline, space, comment, places):
    data = _encode(texts, newline=newline, space=space, comment=comment)
    found = _decode(*_cut(data, places))
    assert [json.loads(event)["content"] for event in found] == texts


@pytest.mark.parametrize("newline", NEWLINES)
def test_every_single_split_point(newline):
    text = "é 😀 \u2028 \u0085 \x0b \x0c \x1c end"
    data = _encode([text, "two"], newline=newline, space=" ", comment=True)
    for place in range(len(data) + 1):
        found = [json.loads(event)["content"] for event in _decode(data[:place], data[place:])]
        assert found == [text, "two"]


@pytest.mark.parametrize("newline", NEWLINES)
def test_byte_by_byte(newline):
    data = _encode(["漢字", "b"], newline=newline, space="", comment=False)
    assert len(_decode(*(bytes([byte]) for byte in data))) == 2


@pytest.mark.parametrize("newline", NEWLINES)
def test_an_event_is_given_as_soon_as_its_blank_line_is_there(newline):
    decoder = EventDecoder(max_event=100)
    assert list(decoder.feed(f"data: a{newline}{newline}".encode())) == ["a"]


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data: a\r\ndata: b\r\n\r\n", ["a\nb"]),
        (b"data: no final newlines", ["no final newlines"]),
        (b"data: one newline\n", ["one newline"]),
        (b"\xef\xbb\xbfdata: after a BOM\n\n", ["after a BOM"]),
        (b"data:  two spaces\n\n", [" two spaces"]),
        (b"data\n\ndata:\n\n", []),
        (b": only a comment\n\n", []),
        (b"event: ping\nid: 7\nretry: 10\n\n", []),
        (b"event: x\ndata: y\nid: 1\n\n", ["y"]),
        (b"\n\n\ndata: z\n\n\n\n", ["z"]),
        (b"data: a\r\n\r\ndata: b\n\ndata: c\r\r", ["a", "b", "c"]),
        (b"data: a\n\ndata: b\n\ndata: c\n\n", ["a", "b", "c"]),
        (b"data: a\n\ndata: \n\ndata: c\n\n", ["a", "c"]),
        (b"data: a\n\n: x\n\ndata: b\nid: 3\n\n", ["a", "b"]),
        (b"data: a\n\ndata: b\ndata: c\n\n", ["a", "b\nc"]),
        (b"", []),
    ],
)
def test_what_the_standard_says(data, events):
    assert _decode(data) == events
    assert _decode(*(bytes([byte]) for byte in data)) == events


def test_invalid_utf8_becomes_replacement_characters():
    assert _decode(b"data: a\xff\xfeb\xe2\x82\n\n") == ["a\ufffd\ufffdb\ufffd"]


def test_what_is_no_event_stream_is_remembered():
    decoder = EventDecoder(max_event=1_000)
    assert list(decoder.feed(b": fine\n<!DOCTYPE html>\n<p>data: no</p>\n")) == []
    assert decoder.foreign == b"<!DOCTYPE html>"


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_an_event_over_the_cap_is_refused_while_it_still_grows(size):
    decoder = EventDecoder(max_event=10_000)
    pieces = (decoder.feed(b"x" * size) for _ in range(20_000 // size))
    with pytest.raises(TooLarge):
        list(itertools.chain.from_iterable(pieces))


def test_lines_of_one_event_count_together():
    with pytest.raises(TooLarge):
        _decode(b"data: 12345678\n" * 10, max_event=100)


def test_many_events_do_not_add_up():
    assert len(_decode(b"data: 12345678\n\n" * 50, max_event=100)) == 50


def test_the_events_before_a_too_large_one_are_given():
    found = EventDecoder(max_event=50).feed(b"data: a\n\ndata: " + b"x" * 60)
    assert next(found) == "a"
    with pytest.raises(TooLarge):
        next(found)
