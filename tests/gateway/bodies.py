"""Bodies of requests, and what about those that do not fit."""

import base64

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


# What is wrong: the body, the field that the refusal names, and its code.
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
