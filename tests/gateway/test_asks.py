"""What does not fit is refused with the field's name, before any money is touched."""

import base64
import http.client
import json

import pytest

from credit.models import Account, Hold, Price
from gateway import asks
from gateway.refusals import Refused
from minitoolai import tokens
from tests.gateway.server import CHAT, PICTURE, STATUS
from tests.images.conftest import picture

pytestmark = pytest.mark.django_db(transaction=True)

USER = {"role": "user", "content": "Hello"}


def chat(**changes):
    body = {"model": "gpt-4o-mini", "messages": [USER], **changes}
    return {name: value for name, value in body.items() if value is not ...}


def parts(*parts, role="user"):
    return chat(messages=[{"role": role, "content": list(parts)}])


def image(data, *, kind="png", **more):
    url = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return {"type": "image_url", "image_url": {"url": url, **more}}


def at(url, **more):
    return {"type": "image_url", "image_url": {"url": url, **more}}


CHAT_FAULTS = {
    "no model": (chat(model=...), "model", "missing_field"),
    "null model": (chat(model=None), "model", "missing_field"),
    "unknown model": (chat(model="gpt-9"), "model", "model_not_offered"),
    "picture model": (chat(model="realvision"), "model", "model_not_offered"),
    "model of a wrong type": (chat(model=["gpt-4o"]), "model", "invalid_type"),
    "unknown field": (chat(stream=True), "stream", "unknown_field"),
    "no messages": (chat(messages=...), "messages", "missing_field"),
    "empty messages": (chat(messages=[]), "messages", "invalid_type"),
    "messages of a wrong type": (chat(messages="Hello"), "messages", "invalid_type"),
    "message of a wrong type": (chat(messages=["Hello"]), "messages[0]", "invalid_type"),
    "unknown role": (
        chat(messages=[USER, {"role": "system", "content": "x"}]),
        "messages[1].role",
        "invalid_value",
    ),
    "name in a message": (
        chat(messages=[{**USER, "name": "x"}]),
        "messages[0].name",
        "unknown_field",
    ),
    "no content": (chat(messages=[{"role": "user"}]), "messages[0].content", "missing_field"),
    "content of a wrong type": (
        chat(messages=[{"role": "user", "content": {"text": "x"}}]),
        "messages[0].content",
        "invalid_type",
    ),
    "NUL": (
        chat(messages=[{"role": "user", "content": "a\0b"}]),
        "messages[0].content",
        "invalid_value",
    ),
    "half a character": (
        chat(messages=[{"role": "user", "content": "\ud83d"}]),
        "messages[0].content",
        "invalid_value",
    ),
    "hot": (chat(temperature=2.1), "temperature", "invalid_value"),
    "cold": (chat(temperature=-0.1), "temperature", "invalid_value"),
    "temperature as text": (chat(temperature="1"), "temperature", "invalid_type"),
    "temperature as truth": (chat(temperature=True), "temperature", "invalid_type"),
    "no output": (chat(max_completion_tokens=0), "max_completion_tokens", "invalid_value"),
    "negative output": (chat(max_completion_tokens=-5), "max_completion_tokens", "invalid_value"),
    "huge output": (chat(max_completion_tokens=2**64), "max_completion_tokens", "invalid_value"),
    "half a token": (chat(max_completion_tokens=1.5), "max_completion_tokens", "invalid_type"),
    "empty parts": (parts(), "messages[0].content", "invalid_type"),
    "part of a wrong type": (parts("Hello"), "messages[0].content[0]", "invalid_type"),
    "part without a type": (
        parts({"text": "x"}),
        "messages[0].content[0].type",
        "missing_field",
    ),
    "unknown part": (
        parts({"type": "input_audio"}),
        "messages[0].content[0].type",
        "invalid_value",
    ),
    "text part with an image": (
        parts({"type": "text", "text": "x", "image_url": {}}),
        "messages[0].content[0].image_url",
        "unknown_field",
    ),
    "text part without text": (
        parts({"type": "text"}),
        "messages[0].content[0].text",
        "missing_field",
    ),
    "image of the assistant": (
        parts(at("data:image/png;base64,AAAA"), role="assistant"),
        "messages[0].content[0]",
        "image_not_allowed",
    ),
    "image by address": (
        parts(at("https://example.com/image.jpg")),
        "messages[0].content[0].image_url.url",
        "image_address_not_supported",
    ),
    "image by a private address": (
        parts(at("HTTP://169.254.169.254/")),
        "messages[0].content[0].image_url.url",
        "image_address_not_supported",
    ),
    "image of an unknown scheme": (
        parts(at("file:///etc/passwd")),
        "messages[0].content[0].image_url.url",
        "invalid_image",
    ),
    "SVG": (
        parts(image(b"<svg/>", kind="svg+xml")),
        "messages[0].content[0].image_url.url",
        "invalid_image",
    ),
    "HTML called PNG": (
        parts(image(b"<html>")),
        "messages[0].content[0].image_url.url",
        "invalid_image",
    ),
    "not base64": (
        parts(at("data:image/png;base64,*é*")),
        "messages[0].content[0].image_url.url",
        "invalid_image",
    ),
    "unknown detail": (
        parts(at("data:image/png;base64,AAAA", detail="ultra")),
        "messages[0].content[0].image_url.detail",
        "invalid_value",
    ),
    "image as text": (
        parts({"type": "image_url", "image_url": "data:"}),
        "messages[0].content[0].image_url",
        "invalid_type",
    ),
}


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
    import struct
    import zlib

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


MALFORMED = {
    "nothing": b"",
    "no JSON": b"{",
    "list": b"[]",
    "text": b'"x"',
    "null": b"null",
    "NaN": b'{"model": NaN}',
    "infinity": b'{"model": "gpt-4o", "messages": [], "temperature": 1e999}',
    "endless number": b'{"max_completion_tokens": ' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"model": "\xff\xfe"}',
    "NUL": b'\0{"model": "gpt-4o"}',
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"messages":' * 50_000 + b"1" + b"}" * 50_000,
    "deep content": json.dumps(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": [[[[{}]]]]}]}
    ).encode(),
    "form": b"model=gpt-4o&prompt=x",
    "ten megabytes": b'{"model": "' + b"x" * 10_000_000 + b'"}',
    "ten megabytes of spaces": b" " * 10_000_000,
}


@pytest.mark.parametrize("path", [CHAT, PICTURE, STATUS])
def test_malformed_bodies_are_refused_and_the_server_lives(program, path, alice):
    for name, body in MALFORMED.items():
        answer = program.request(
            "POST", path, body, headers={"Authorization": f"Bearer {program.key}"}
        )
        assert answer.status == (413 if "megabytes" in name else 400), name
        assert set(answer.json["error"]) == {"message", "type", "code", "param"}, name
    assert not Hold.objects.exists()
    assert program.chat("Hello").status == 200


def test_a_body_without_a_length_is_measured_too(program):
    connection = http.client.HTTPConnection(*program.address, timeout=20)
    pieces = (b" " * 1_000_000 for _ in range(9))
    connection.request("POST", CHAT, pieces, {"Authorization": f"Bearer {program.key}"})
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["error"]["code"]) == (413, "request_too_large")
    connection.close()


def test_every_refusal_comes_before_any_money_is_held(program):
    for name, (body, _, code) in CHAT_FAULTS.items():
        answer = program.post(CHAT, body)
        assert (answer.status, answer.json["error"]["code"]) == (400, code), name
    assert not Hold.objects.exists()


def test_fields_that_are_not_the_programs_to_set_change_nothing(program, alice):
    for name, value in {"user": 1, "balance": 10**12, "is_staff": True, "price": 0}.items():
        assert program.post(CHAT, chat(**{name: value})).json["error"]["param"] == name
        body = {"model": "realvision", "prompt": "x", name: value}
        assert program.post(PICTURE, body).json["error"]["param"] == name
    alice.refresh_from_db()
    assert not alice.is_staff
    assert not Account.objects.people().exists()


def test_refused_pictures_look_as_the_provider_shows_them(program):
    answer = program.post(PICTURE, {"model": "nothing", "prompt": "x"})
    assert answer.status == 400
    assert answer.json["error"]["param"] == "model"
    shown = {"status": "error", "jobid": None, "signature": None}
    assert {name: answer.json[name] for name in shown} == shown


def test_errors_are_in_english_whatever_the_program_reads(program):
    headers = {
        "Authorization": f"Bearer {program.key}",
        "Content-Type": "application/json",
        "Accept-Language": "nl",
    }
    answer = program.request("POST", CHAT, {}, headers=headers)
    assert answer.json["error"]["message"] == "The field 'model' is missing."
