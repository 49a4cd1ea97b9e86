"""Token counts against known vectors and OpenAI's own examples."""

import gzip
import hashlib
import subprocess
import sys
import time
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minitoolai import tokens

VOCABULARY_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

# The o200k_base rows of the tables in OpenAI's cookbook, and plain words counted by hand.
TEXTS = {
    "": 0,
    "hello world": 2,
    "antidisestablishmentarianism": 6,
    "2 + 2 = 4": 7,
    "お誕生日おめでとう": 8,
    "You are a helpful assistant.": 6,
    "👍": 1,
    "1234567": 3,
}

# The messages of the example on the provider's page.
CONVERSATION = [
    {"role": "developer", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "How can I help you today?"},
    {"role": "user", "content": "What's the largest U.S. state by area?"},
]


def test_the_vocabulary_is_the_one_tiktoken_expects():
    packed = files("minitoolai").joinpath("o200k_base.tiktoken.gz").read_bytes()
    assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == VOCABULARY_SHA256


@pytest.mark.parametrize(("text", "count"), TEXTS.items())
def test_text_is_counted_exactly(text, count):
    assert tokens.count_text(text) == count


def test_special_tokens_in_text_are_ordinary_text():
    assert tokens.count_text("<|endoftext|>") == 7


def test_half_a_surrogate_pair_is_counted_not_refused():
    assert 0 < tokens.count_text("a\ud83d") <= tokens.upper_bound("a\ud83d")


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_no_text_has_more_tokens_than_bytes(text):
    assert tokens.count_text(text) <= tokens.upper_bound(text)


@pytest.mark.parametrize("unit", ["a", " ", "\n", " \t", "!", "é", " \n "])
def test_a_million_characters_without_a_word_are_counted_in_time(unit):
    started = time.perf_counter()
    count = tokens.count_text(unit * (1_000_000 // len(unit)) + "x")
    assert 1_000 < count <= 1_000_001
    assert time.perf_counter() - started < 10


def test_a_long_blank_run_is_off_by_a_few_tokens_at_most():
    blank = " " * 250_000  # short enough for tiktoken itself
    exact = len(tokens._encoding().encode_ordinary(f"a{blank}b"))
    assert abs(tokens.count_text(f"a{blank}b") - exact) <= 4


def test_a_chat_counts_three_a_message_its_values_and_three_for_the_reply():
    words = [(1, 6), (1, 1), (1, 7), (1, 10)]
    assert tokens.count_messages(CONVERSATION) == 3 + sum(3 + r + c for r, c in words)


def test_of_parts_only_the_text_is_counted():
    parts = [
        {"type": "text", "text": "hello world"},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    ]
    seen = tokens.count_messages([{"role": "user", "content": parts}])
    assert seen == tokens.count_messages([{"role": "user", "content": "hello world"}])


@pytest.mark.parametrize(
    ("model", "width", "height", "detail", "count"),
    [
        ("gpt-4o", 1_024, 1_024, "high", 765),
        ("gpt-4o", 1_024, 1_024, "auto", 765),
        ("gpt-4o", 1_024, 1_024, "low", 85),
        ("gpt-4o", 2_048, 4_096, "high", 1_105),
        ("gpt-4o", 512, 512, "high", 255),
        ("gpt-4.1", 1, 1, "high", 255),
        ("gpt-4o-mini", 1_024, 1_024, "high", 25_501),
        ("gpt-4o-mini", 4_096, 8_192, "low", 2_833),
        ("gpt-4.1-mini", 1_024, 1_024, "low", 1_659),
        ("gpt-4.1-mini", 1_800, 2_400, "high", 2_353),
        ("gpt-4.1-nano", 1_800, 2_400, "auto", 3_572),
        ("gpt-4.1-nano", 32, 32, "high", 3),
        ("gpt-4.1-nano", 100_000, 1, "high", 3_779),
    ],
)
def test_images_are_counted_by_the_published_formulas(model, width, height, detail, count):
    assert tokens.count_image(model, width, height, detail) == count


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_an_image_never_exceeds_its_patches(width, height):
    assert 1 <= tokens.count_image("gpt-4.1-nano", width, height) <= 3_779


def test_an_image_without_pixels_is_refused():
    with pytest.raises(ValueError):
        tokens.count_image("gpt-4o", 0, 10)


OFFLINE = """
import socket

def refuse(*args, **kwargs):
    raise OSError("no network")

socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from minitoolai.tokens import count_text
print(count_text("A stopped reply is counted here."))
"""


def test_f19_a_fresh_process_counts_a_stopped_reply_without_a_network():
    done = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, check=True)
    assert int(done.stdout) == tokens.count_text("A stopped reply is counted here.")
