import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from minitoolai import tokens
from minitoolai.catalog import CHAT_MODELS
from tests.simulator.caller import CHAT, chat_body

PAGE = """\
{"id":"chatcmpl-B5qoZsT8kFDNJK3UyGLiJmjv6Pp90","object":"chat.completion.chunk","created":1740734359,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_06737a9306","choices":[{"index":0,"delta":{"content":"Ok"},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-B5qoZsT8kFDNJK3UyGLiJmjv6Pp90","object":"chat.completion.chunk","created":1740734359,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_06737a9306","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
{"id":"chatcmpl-B5qoZsT8kFDNJK3UyGLiJmjv6Pp90","object":"chat.completion.chunk","created":1740734359,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_06737a9306","choices":[],"usage":{"prompt_tokens":17,"completion_tokens":3,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
[DONE]"""


def mould(payload):
    """A payload with what differs from reply to reply made equal, its length kept where fixed."""
    payload = re.sub(r'"content":"(?:[^"\\]|\\.)*"', '"content":"…"', payload)
    payload = re.sub(r'"id":"chatcmpl-\w{29}"', '"id":"…"', payload)
    payload = re.sub(r'"created":\d{10},', '"created":…,', payload)
    payload = re.sub(r"fp_[0-9a-f]{10}", "fp_…", payload)
    return re.sub(r'_tokens":\d+', '_tokens":…', payload)


def test_the_stream_has_the_bytes_of_the_page(caller):
    answer = caller.chat("Say ok")
    content, finish, usage, done = PAGE.splitlines()

    assert answer.headers["content-type"].startswith("text/event-stream")
    *contents, last, counted, end = answer.payloads
    assert {mould(payload) for payload in contents} == {mould(content)}
    assert mould(last) == mould(finish)
    assert mould(counted) == mould(usage)
    assert end == done
    assert len({chunk["id"] for chunk in answer.chunks}) == 1
    assert answer.body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("model", CHAT_MODELS)
def test_each_model_answers_under_its_dated_name(caller, model):
    assert re.fullmatch(rf"{re.escape(model)}-\d{{4}}-\d\d-\d\d", _first(caller, model)["model"])


def _first(caller, model):
    return caller.chat("Hi", model=model).chunks[0]


def test_usage_is_counted_with_the_true_vocabulary(caller):
    messages = [
        {"role": "developer", "content": "Be brief. 👩‍🚀"},
        {"role": "user", "content": [{"type": "text", "text": "Leg uit hoe eb en vloed werken"}]},
    ]
    answer = caller.post(CHAT, {"model": "gpt-4.1", "messages": messages})

    assert answer.usage["prompt_tokens"] == tokens.count_messages(messages)
    assert answer.usage["completion_tokens"] == tokens.count_text(answer.text)
    assert answer.usage["total_tokens"] == sum(
        answer.usage[name] for name in ("prompt_tokens", "completion_tokens")
    )


def test_the_reply_ends_at_a_thousand_tokens_unless_told_otherwise(caller):
    answer = caller.chat("Go [[tokens:1200]]")

    assert answer.chunks[-2]["choices"][0]["finish_reason"] == "length"
    assert answer.usage["completion_tokens"] == 1_000


def test_max_completion_tokens_cuts_between_tokens(caller):
    whole = caller.chat("Explain the tides").text
    answer = caller.chat("Explain the tides", max_completion_tokens=7)

    assert answer.chunks[-2]["choices"][0]["finish_reason"] == "length"
    assert answer.usage["completion_tokens"] == 7
    assert whole.startswith(answer.text)


@pytest.mark.parametrize("length", [1, 40, 700])
def test_a_prompt_can_ask_for_so_many_tokens(caller, length):
    answer = caller.chat(f"Tell me about bees [[tokens:{length}]]")

    assert answer.usage["completion_tokens"] == length
    assert answer.chunks[-2]["choices"][0]["finish_reason"] == "stop"


def test_the_same_question_gets_the_same_answer(caller):
    assert caller.chat("Write a poem").text == caller.chat("Write a poem").text
    replies = {caller.chat("Tell a joke", model=model).text for model in CHAT_MODELS}
    assert len(replies) > 1


def test_a_lone_half_of_a_character_in_the_prompt_does_no_harm(caller):
    raw = json.dumps(chat_body("What is X\ud800Y?")).encode()
    assert caller.post(CHAT, raw).payloads[-1] == "[DONE]"


def test_the_pace_is_kept(caller):
    start = time.monotonic()
    caller.chat("Hi [[tokens:5]] [[slow:40]] [[first:200]]")
    assert time.monotonic() - start >= 0.2 + 4 * 0.04


@pytest.mark.parametrize("streamed", [False, True])
def test_the_example_of_the_page_runs_with_only_host_and_key_changed(simulator, streamed):
    reading = "print(response.text)"
    if streamed:
        reading = "for line in response.iter_lines():\n    if line: print(line.decode('utf-8'))"
    example = Path(__file__).with_name("page_example.py").read_text()
    program = example.replace("https://minitoolai.com", simulator.url) + reading

    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        check=True,
    )

    said = re.findall(r'"delta":\{"content":"((?:[^"\\\\]|\\\\.)*)"\}', done.stdout)
    assert "Alaska" in "".join(said)
    assert done.stdout.strip().endswith("data: [DONE]")


@pytest.mark.parametrize("prompt", ["Tell me of tides", "Count the mills [[tokens:300]]"])
def test_asked_to_go_on_it_gives_the_rest(caller, prompt):
    whole = caller.chat(prompt).text
    begun = whole[: len(whole) // 3]
    messages = [
        {"role": "user", "content": prompt},
        {"role": "assistant", "content": begun},
        {"role": "developer", "content": "Go on."},
    ]
    assert begun + caller.chat(prompt, messages=messages).text == whole
    messages[1]["content"] = "Something else"
    assert caller.chat(prompt, messages=messages).text == whole
