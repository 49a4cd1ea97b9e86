"""What a program asks is read as the provider reads it; what does not fit is refused by name."""

import struct
import zlib

import pytest

from credit.models import Price
from gateway import asks
from gateway.refusals import Refused
from minitoolai import tokens
from tests.gateway.bodies import CHAT_FAULTS, USER, chat, image, parts
from tests.images.conftest import picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", CHAT_FAULTS)
def test_a_chat_request_that_does_not_fit_names_the_field(name):
    body, param, code = CHAT_FAULTS[name]
    with pytest.raises(Refused) as refused:
        asks.read_chat(body)
    assert refused.value.status == 400
    assert (refused.value.error["param"], refused.value.error["code"]) == (param, code)


def test_the_whole_request_comes_through(alice):
    messages = [{"role": "developer", "content": "Be brief."}, USER]
    ask = asks.read_chat(chat(messages=messages, temperature=0, max_completion_tokens=7))
    assert (ask.messages, ask.temperature, ask.cap) == (messages, 0, 7)
    assert ask.prompt_tokens == tokens.count_messages(messages)


def test_what_is_left_out_or_null_is_as_the_provider_says(alice):
    for body in (chat(), chat(temperature=None, max_completion_tokens=None)):
        ask = asks.read_chat(body)
        assert (ask.temperature, ask.cap) == (None, 1000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_is_counted_by_its_true_pixels(kind):
    body = parts(
        {"type": "text", "text": "What is this?"},
        image(picture(900, 600, format=kind), kind="png", detail="high"),
    )
    ask = asks.read_chat(body)
    text = tokens.count_messages(body["messages"])
    assert ask.prompt_tokens == text + tokens.count_image("gpt-4o-mini", 900, 600, "high")


def test_low_detail_counts_less():
    high, low = (
        asks.read_chat(parts(image(picture(), detail=detail))).prompt_tokens
        for detail in ("auto", "low")
    )
    assert low < high


def test_an_image_of_too_many_pixels_is_not_even_decoded():
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    with pytest.raises(Refused) as refused:
        asks.read_chat(parts(image(bomb)))
    assert refused.value.error["code"] == "invalid_image"


def test_there_are_so_many_images_at_most():
    body = parts(*[image(picture(16, 16), detail="low")] * (asks.MOST_IMAGES + 1))
    with pytest.raises(Refused) as refused:
        asks.read_chat({**body, "model": "gpt-4.1"})
    assert refused.value.error["code"] == "too_many_images"


@pytest.mark.parametrize(
    "messages", [[USER] * 40_000, [{"role": "user", "content": "a " * 130_000}]]
)
def test_more_than_the_model_reads_is_refused(messages):
    with pytest.raises(Refused) as refused:
        asks.read_chat(chat(messages=messages))
    assert refused.value.error["code"] == "context_length_exceeded"


def test_a_model_without_a_price_is_not_offered():
    Price.objects.filter(model="gpt-4o").delete()
    with pytest.raises(Refused) as refused:
        asks.read_chat(chat(model="gpt-4o"))
    assert refused.value.error["code"] == "model_not_offered"
    assert "gpt-4o," not in refused.value.error["message"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"model": "gpt-4o"}, "model"),
        ({"model": ...}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": "x" * 4001}, "prompt"),
        ({"prompt": "a\0b"}, "prompt"),
        ({"negativePrompt": 5}, "negativePrompt"),
        ({"scheduler": "DDIM"}, "scheduler"),
        ({"steps": 0}, "steps"),
        ({"steps": 9}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"cfgScale": 0.5}, "cfgScale"),
        ({"cfgScale": 7.5}, "cfgScale"),
        ({"width": 255}, "width"),
        ({"height": 1345}, "height"),
        ({"height": "1024"}, "height"),
        ({"n": 4}, "n"),
        ({"seed": 4}, "seed"),
    ],
    ids=str,
)
def test_a_picture_that_does_not_fit_names_the_field(changes, param):
    body = {"model": "realvision", "prompt": "A lighthouse", **changes}
    with pytest.raises(Refused) as refused:
        asks.read_picture({name: value for name, value in body.items() if value is not ...})
    assert refused.value.error["param"] == param


def test_a_picture_of_every_choice_comes_through():
    body = {
        "model": "realvision",
        "prompt": "A lighthouse",
        "negativePrompt": None,
        "scheduler": "Euler a",
        "steps": 8,
        "cfgScale": 2.5,
        "width": 1152,
        "height": 768,
    }
    assert asks.read_picture(body).body() == {k: v for k, v in body.items() if v is not None}
