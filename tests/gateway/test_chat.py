"""Programs chat over a real socket: the provider's bytes, its bill, and one settlement each."""

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import Account, Hold
from minitoolai import tokens
from tests.credit.books import hold_for
from tests.gateway.conftest import settled
from tests.gateway.server import CHAT, Program
from tests.simulator.caller import chat_body
from tests.simulator.test_chat import PAGE, mould

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_stream_has_the_bytes_of_the_providers_page(program):
    answer = program.chat("Say ok")
    content, finish, usage, done = (
        line.replace("gpt-4o-mini-2024-07-18", "gpt-4o-mini") for line in PAGE.splitlines()
    )
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    *contents, last, counted, end = answer.payloads
    assert {mould(payload) for payload in contents} == {mould(content)}
    assert mould(last) == mould(finish)
    assert mould(counted) == mould(usage)
    assert end == done
    assert len({chunk["id"] for chunk in answer.chunks}) == 1
    assert answer.body.endswith(b"data: [DONE]\n\n")


def test_what_is_charged_is_what_the_upstream_bills_and_what_the_usage_says(
    program, alice, upstream
):
    answers = [program.chat(prompt) for prompt in ("Hello", "A haiku about dikes", "Leg eb uit")]
    records = settled(alice)
    assert sum(record.charged for record in records) == upstream.bill()["total_nano"] > 0
    for answer, record in zip(answers, records, strict=True):
        assert answer.usage["prompt_tokens"] == record.prompt_tokens
        assert answer.usage["completion_tokens"] == record.completion_tokens
        assert (record.source, record.outcome) == ("upstream", "done")
        assert record.cause.startswith("gateway:chat:")
        assert record.request_id == answer.headers["x-request-id"]


def test_it_is_settled_before_the_program_hears_the_end(program, alice):
    program.chat("Hello")
    account = Account.objects.get(user=alice)
    assert account.held == 0
    assert account.balance < account.topped_up_to


@pytest.mark.parametrize("way", ["single", "streamed"])
def test_the_providers_own_example_runs_with_host_and_key_changed(program, way):
    source = (settings.BASE_DIR / "tests/simulator/page_example.py").read_text()
    source = source.replace("https://minitoolai.com", program.url)
    source = source.replace("MiniToolAI_API_Key", program.key)
    reads = {
        "single": "print(response.text)",
        "streamed": (
            "for line in response.iter_lines():\n"
            "    if line:\n"
            "        decode_line = line.decode('utf-8')\n"
            "        print(decode_line)"
        ),
    }
    ran = subprocess.run(
        [sys.executable, "-c", f"{source}\n{reads[way]}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    lines = [line for line in ran.stdout.splitlines() if line]
    assert lines[0].startswith('data: {"id":"chatcmpl-')
    assert lines[-1] == "data: [DONE]"


def test_text_comes_as_the_upstream_says_it(program):
    slow = socket.create_connection(program.address, timeout=20)
    with slow as line:
        body = chat_body("Count the mills [[tokens:400]] [[slow:5]]")
        line.sendall(program.raw_request(CHAT, body))
        first = line.recv(65_536)
        assert b"HTTP/1.1 200" in first
        assert b"[DONE]" not in first
        rest = b""
        while part := line.recv(65_536):
            rest += part
        assert b"[DONE]" in rest


def test_parts_roles_and_choices_reach_the_upstream(program, alice, upstream):
    body = {
        "model": "gpt-4.1-nano",
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hi 👩‍🚀"}]},
        ],
        "temperature": None,
        "max_completion_tokens": 5,
    }
    answer = program.post(CHAT, body)
    assert answer.usage["completion_tokens"] == 5
    assert answer.chunks[-2]["choices"][0]["finish_reason"] == "length"
    [record] = settled(alice)
    assert record.prompt_tokens == tokens.count_messages(body["messages"])
    assert record.charged == upstream.bill()["total_nano"]


def test_without_a_cap_a_thousand_tokens_are_the_most(program):
    answer = program.chat("Count [[tokens:3000]]")
    assert answer.usage["completion_tokens"] == 1000


def test_the_house_limits_what_may_be_asked(program, settings):
    settings.MAX_OUTPUT_TOKENS = 300
    answer = program.chat("Count [[tokens:3000]]", max_completion_tokens=2000)
    assert answer.usage["completion_tokens"] == 300


def test_a_small_purse_gives_a_shorter_answer_instead_of_none(program, alice):
    spend_down(alice, to=400 * 600)
    answer = program.chat("Count [[tokens:3000]]")
    assert 256 <= answer.usage["completion_tokens"] < 400
    assert Account.objects.get(user=alice).balance >= 0


def spend_down(user, *, to):
    account = ledger.open_account(user)
    held = hold_for(user, amount=account.balance - to, cause="test:spend")
    tokens_ = Tokens((account.balance - to) // 150, 0)
    ledger.dispatch(held.pk)
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.STOPPED, counted=tokens_))


def test_busy_is_waited_out_with_one_hold(program, alice, upstream):
    upstream.arm("u3", retry_after=0, times=1)
    answer = program.chat("Hello")
    assert answer.payloads[-1] == "[DONE]"
    assert Hold.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("u2", 502, "upstream_unauthorized"),
        ("u4", 503, "upstream_busy"),
        ("u5", 502, "upstream_fault"),
        ("u6", 502, "upstream_unexpected_answer"),
    ],
)
def test_a_fault_before_the_first_word_is_told_by_the_status_and_free(
    program, alice, fault, status, code
):
    answer = program.chat(f"Hello [[fault:{fault}]]")
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert set(answer.json["error"]) == {"message", "type", "code", "param"}
    [record] = settled(alice)
    assert record.charged == 0


def test_busy_for_long_says_when_to_come_back(program):
    answer = program.chat("Hello [[fault:u4 retry_after=86400]]")
    assert answer.headers["retry-after"] == "86400"


def test_an_unreachable_upstream_costs_nothing(program, alice, settings):
    settings.MINITOOLAI_BASE_URL = "http://127.0.0.1:1"
    answer = program.chat("Hello")
    assert (answer.status, answer.json["error"]["code"]) == (503, "upstream_unreachable")
    [record] = settled(alice)
    assert (record.charged, record.outcome) == (0, "not_sent")


@pytest.mark.parametrize("fault", ["u7", "u8", "u13"])
def test_a_fault_after_some_words_is_told_in_the_stream_and_they_are_charged(program, alice, fault):
    answer = program.chat(f"Tell of the sea [[fault:{fault} after=6]]")
    assert answer.status == 200
    *contents, last = answer.payloads
    text = "".join(json.loads(c)["choices"][0]["delta"]["content"] for c in contents)
    assert json.loads(last)["error"]["code"].startswith("upstream_")
    [record] = settled(alice)
    assert record.source == "counted"
    assert record.completion_tokens == tokens.count_text(text) > 0


@pytest.mark.parametrize("kind", ["missing", "negative", "huge"])
def test_a_senseless_usage_is_replaced_by_what_was_counted(program, alice, kind):
    answer = program.chat(f"Hello [[fault:u18 as={kind}]]")
    [record] = settled(alice)
    assert record.source == "counted"
    assert answer.usage["completion_tokens"] == tokens.count_text(answer.text)
    assert answer.payloads[-1] == "[DONE]"


def test_a_stream_that_never_ends_stops_at_what_was_held(program, alice):
    answer = program.chat("Hello [[fault:u11]]", max_completion_tokens=50)
    assert answer.chunks[-2]["choices"][0]["finish_reason"] == "length"
    [record] = settled(alice)
    assert 0 < record.completion_tokens <= 50
    assert record.charged <= Hold.objects.get().amount


def test_fifty_at_once_with_credit_for_three(server, new_key, alice, settings):
    settings.MAX_LIVE_REPLIES_PER_USER = 50
    prompt = "Hello [[tokens:256]] [[first:3000]]"
    counted = tokens.count_messages([{"role": "user", "content": prompt}])
    spend_down(alice, to=3 * (counted * 150 + 256 * 600) + 100)
    program = Program(server.url, new_key(alice).secret)
    with ThreadPoolExecutor(50) as crowd:
        asked = [crowd.submit(program.chat, prompt, max_completion_tokens=256) for _ in range(50)]
        statuses = sorted(answer.result().status for answer in asked)
    assert statuses == [200] * 3 + [402] * 47
    assert Account.objects.get(user=alice).balance >= 0
    settled(alice)


def test_a_person_has_so_many_replies_at_once(program, settings, alice):
    settings.MAX_LIVE_REPLIES_PER_USER = 1
    with socket.create_connection(program.address, timeout=20) as line:
        line.sendall(program.raw_request(CHAT, chat_body("Slowly [[tokens:900]] [[slow:20]]")))
        line.recv(100)
        answer = program.chat("Hello")
        assert (answer.status, answer.json["error"]["code"]) == (429, "too_many_replies")
        assert int(answer.headers["retry-after"]) > 0
    settled(alice)
    assert program.chat("Hello").status == 200
