import base64
from io import BytesIO

import pytest
from PIL import Image

from minitoolai import tokens
from minitoolai.catalog import CHAT_MODELS, IMAGE_MODELS, SCHEDULERS
from tests.simulator.caller import CHAT, IMAGE, chat_body

HELLO = [{"role": "user", "content": "Hello"}]
IMAGE_PART = {"type": "image_url", "image_url": {"url": "https://example.com/a.jpg"}}


@pytest.mark.parametrize(
    "change",
    [
        {"model": "gpt-5"},
        {"model": None},
        {"model": ["gpt-4o"]},
        {"messages": []},
        {"messages": "Hello"},
        {"messages": None},
        {"messages": [{"role": "system", "content": "x"}]},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "user", "content": None}]},
        {"messages": [{"role": "user", "content": []}]},
        {"messages": [{"role": "user", "content": [{"type": "audio"}]}]},
        {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
        {"messages": [{"role": "user", "content": "x", "name": "a"}]},
        {"messages": [{"role": "assistant", "content": [IMAGE_PART]}]},
        {"messages": ["Hello"]},
        {"temperature": -0.1},
        {"temperature": 2.1},
        {"temperature": "1"},
        {"temperature": True},
        {"max_completion_tokens": 0},
        {"max_completion_tokens": 1.5},
        {"max_completion_tokens": "10"},
        {"max_completion_tokens": True},
        {"max_completion_tokens": 16_385},
        {"stream": True},
    ],
)
def test_what_the_facts_do_not_allow_is_refused_in_a_chat(caller, change):
    answer = caller.post(CHAT, {"model": "gpt-4o-mini", "messages": HELLO, **change})

    assert answer.status == 400
    assert set(answer.json["error"]) == {"message", "type", "param", "code"}
    assert answer.json["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"temperature": 0},
        {"temperature": 2},
        {"temperature": None},
        {"max_completion_tokens": None},
        {"max_completion_tokens": 1},
        {"max_completion_tokens": 16_384},
        {"messages": [{"role": "developer", "content": "x"}, *HELLO]},
        {"messages": [{"role": "user", "content": ""}]},
    ],
)
def test_what_the_facts_allow_is_answered(caller, change):
    answer = caller.post(CHAT, {"model": "gpt-4o-mini", "messages": HELLO, **change})
    assert answer.status == 200
    assert answer.payloads[-1] == "[DONE]"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 200_000])
def test_a_body_that_is_no_json_object_is_refused(caller, raw):
    assert caller.post(CHAT, raw).status == 400


def test_a_prompt_beyond_the_context_window_is_refused(caller):
    answer = caller.chat("word " * 130_000)
    assert answer.status == 400
    assert answer.json["error"]["code"] == "context_length_exceeded"


@pytest.mark.parametrize(
    "change",
    [
        {"model": "dall-e"},
        {"model": None},
        {"prompt": ""},
        {"prompt": "  "},
        {"prompt": None},
        {"prompt": 5},
        {"negativePrompt": 5},
        {"scheduler": "euler"},
        {"scheduler": 1},
        {"steps": 0},
        {"steps": 9},
        {"steps": 4.0},
        {"steps": "4"},
        {"cfgScale": 0.9},
        {"cfgScale": 7.1},
        {"cfgScale": "2"},
        {"width": 255},
        {"width": 1_345},
        {"height": 255},
        {"height": 1_345},
        {"width": 512.0},
        {"height": True},
        {"seed": 1},
    ],
)
def test_what_the_facts_do_not_allow_is_refused_in_a_picture(caller, change):
    answer = caller.post(IMAGE, {"model": "realvision", "prompt": "A dike", **change})

    assert answer.status == 400
    assert answer.body == b'{"status":"error","jobid":null,"signature":null}'


@pytest.mark.parametrize("scheduler", [None, *SCHEDULERS])
def test_each_scheduler_is_accepted(caller, scheduler):
    assert caller.submit(scheduler=scheduler).json["status"] == "success"


@pytest.mark.parametrize("model", IMAGE_MODELS)
def test_each_picture_model_is_accepted_with_the_ends_of_each_range(caller, model):
    low = caller.submit(model=model, steps=1, cfgScale=1, width=256, height=256)
    high = caller.submit(model=model, steps=8, cfgScale=7.0, negativePrompt="", width=None)
    assert [low.status, high.status] == [200, 200]


@pytest.mark.parametrize(
    "headers",
    [{}, *({"Authorization": value} for value in ("Bearer", "Bearer  ", "Basic eDp5"))],
)
@pytest.mark.parametrize("path", [CHAT, IMAGE])
def test_without_a_key_nothing_is_answered(caller, path, headers):
    answer = caller.post(path, chat_body("Hello"), headers=headers)
    assert answer.status == 401
    assert answer.json["error"]["code"] == "invalid_api_key"


def test_other_paths_and_methods_are_refused(caller):
    assert caller.request("GET", "/api/tts/").status == 404
    assert caller.request("GET", CHAT).status == 405


def picture(colour, size=(640, 480), mode="RGB", kind="PNG"):
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"


def ask_about(url, text="What do you see?", detail="auto"):
    part = {"type": "image_url", "image_url": {"url": url, "detail": detail}}
    return [{"role": "user", "content": [{"type": "text", "text": text}, part]}]


@pytest.mark.parametrize("model", CHAT_MODELS)
@pytest.mark.parametrize("detail", ["auto", "high", "low"])
def test_an_image_counts_by_its_true_size(caller, model, detail):
    messages = ask_about(picture("navy"), detail=detail)
    answer = caller.post(CHAT, {"model": model, "messages": messages})

    expected = tokens.count_messages(messages) + tokens.count_image(model, 640, 480, detail)
    assert answer.usage["prompt_tokens"] == expected


@pytest.mark.parametrize(
    ("url", "text", "truths"),
    [
        (picture("navy"), "What?", ["640 × 480", "landscape", "dark blue", "PNG", "100%"]),
        (picture("white", (300, 900)), "What?", ["300 × 900", "portrait", "white", "very light"]),
        (picture("#d02020", (64, 64), kind="WEBP"), "Wat zie je?", ["64 × 64", "vierkant", "rood"]),
        (picture((0, 0, 0, 0), mode="RGBA"), "What?", ["transparent"]),
        ("https://example.com/a.jpg", "What?", ["I do not fetch"]),
        ("https://example.com/a.jpg", "Wat zie je?", ["haal geen adressen"]),
    ],
)
def test_true_things_are_said_of_an_image(caller, url, text, truths):
    answer = caller.post(CHAT, {"model": "gpt-4o", "messages": ask_about(url, text)})
    assert [truth for truth in truths if truth not in answer.text] == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/a.png",
        "data:image/png;base64,###",
        "data:image/png;base64,aGVsbG8=",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "file:///etc/passwd",
        picture("white", (9_000, 9_000), mode="1"),
    ],
)
def test_an_image_that_cannot_be_used_is_refused(caller, url):
    answer = caller.post(CHAT, {"model": "gpt-4o", "messages": ask_about(url)})
    assert answer.status == 400


def test_a_wrong_detail_is_refused(caller):
    body = {"model": "gpt-4o", "messages": ask_about(picture("red"), detail="huge")}
    assert caller.post(CHAT, body).status == 400
