import re
import time
import zlib
from pathlib import Path

import pytest

from simulator.faults import FAULTS, NOTHING_TO_DO
from tests.simulator.caller import Caller
from tests.upstream import Simulator

ROOT = Path(__file__).resolve().parents[2]


def contents(raw):
    return re.findall(rb'"delta":\{"content":', raw)


def only_line(simulator):
    """The bill is written a moment after a connection was reset."""
    for _ in range(500):
        if lines := simulator.bill()["lines"]:
            break
    (line,) = lines
    return line


@pytest.mark.parametrize(
    ("directive", "status", "retry_after"),
    [
        ("u2", 401, None),
        ("u2 status=403", 403, None),
        ("u3", 429, "5"),
        ("u3 status=503 retry_after=1", 503, "1"),
        ("u4", 429, "86400"),
        ("u4 retry_after=soon", 429, "soon"),
        ("u5", 500, None),
        ("u5 status=502", 502, None),
    ],
)
def test_refusals_come_before_any_data_and_cost_nothing(
    simulator, caller, directive, status, retry_after
):
    answer = caller.chat(f"Hello [[fault:{directive}]]")

    assert answer.status == status
    assert answer.headers.get("retry-after") == retry_after
    assert set(answer.json["error"]) == {"message", "type", "param", "code"}
    assert simulator.bill()["lines"] == []


def test_u1_refuses_connections_for_a_while():
    with Simulator() as simulator:
        caller = Caller(simulator.url)
        simulator.arm("u1", seconds=0.3)
        with pytest.raises(ConnectionRefusedError):
            caller.chat("Hello")
        assert until_it_answers(caller).payloads[-1] == "[DONE]"


def until_it_answers(caller):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            return caller.chat("Hello")
        except OSError:
            continue
    raise AssertionError("it stayed shut")


def test_u3_can_happen_only_the_first_times(caller):
    prompt = "Hello [[fault:u3 times=2]]"
    assert [caller.chat(prompt).status for _ in range(3)] == [429, 429, 200]


def test_u6_is_a_page(caller):
    answer = caller.chat("Hello [[fault:u6]]")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html")


def test_u7_resets_after_so_many_tokens(simulator, caller):
    raw, ending = caller.raw("Tell me about bees [[fault:u7 after=3]]")

    assert (ending, len(contents(raw))) == ("reset", 3)
    assert (only_line(simulator)["ending"], only_line(simulator)["completion_tokens"]) == (
        "fault u7",
        3,
    )


@pytest.mark.parametrize(
    ("kind", "chunked", "closed_well"),
    [("close", False, True), ("chunked", True, True), ("cut", True, False)],
)
def test_u8_ends_without_a_finish(simulator, caller, kind, chunked, closed_well):
    raw, ending = caller.raw(f"Tell me about bees [[fault:u8 after=4 as={kind}]]")

    assert (ending, len(contents(raw))) == ("end", 4)
    assert b'finish_reason":"stop"' not in raw
    assert b"[DONE]" not in raw
    assert (b"chunked" in raw.lower().split(b"\r\n\r\n")[0]) is chunked
    assert raw.endswith(b"0\r\n\r\n" if chunked else b"\n\n") is closed_well
    assert only_line(simulator)["ending"] == "fault u8"


def test_u9_is_silent_and_goes_on(caller):
    start = time.monotonic()
    raw, _ = caller.raw("Hi [[fault:u9 after=2 seconds=0.3]]")
    assert time.monotonic() - start >= 0.3
    assert b"[DONE]" in raw


def test_u10_trickles(simulator, caller):
    raw, _ = caller.raw("Hi [[fault:u10 after=2 every=5]]", until=b"x\r\n1\r\nx\r\n1\r\nx\r\n")
    assert len(contents(raw)) == 2
    assert b"[DONE]" not in raw


def test_u11_never_ends(caller):
    prompt = "Hi [[fault:u11]] [[tokens:3]]"
    raw, ending = caller.raw(prompt, until=lambda so_far: len(contents(so_far)) > 200)
    assert ending == "left"
    assert b'finish_reason":"' not in raw


def test_u12_sends_events_that_are_no_json(caller):
    answer = caller.chat("Tell me about bees [[fault:u12 count=3]]")
    broken = [p for p in answer.payloads if p.startswith('{"id":"chatcmpl-broken"')]
    assert len(broken) == 3
    assert answer.payloads[-1] == "[DONE]"


def test_u13_sends_an_error_inside(simulator, caller):
    answer = caller.chat("Tell me about bees [[fault:u13 after=2]]")
    assert answer.payloads[-1].startswith('{"error":{"message":')
    assert only_line(simulator)["completion_tokens"] == 2


def test_u14_splits_characters(caller):
    raw, _ = caller.raw("Hi [[fault:u14]]")
    assert b"1\r\n\xf0\r\n1\r\n\x9f\r\n" in raw


def test_u14_can_send_bytes_that_are_no_text(caller):
    answer = caller.chat("Tell me about bees [[fault:u14 as=invalid after=2]]")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode()


@pytest.mark.parametrize(
    ("way", "mark"),
    [
        ("cr", b"}\r\r"),
        ("crlf", b"}\r\n\r\n"),
        ("nospace", b"data:{"),
        ("comment", b": keep-alive\n\n"),
        ("multiline", b'",\ndata: "object"'),
        ("separators", "one\u2028two\u0085three".encode()),
        ("fields", b"event: message\nid: 7\n"),
    ],
)
def test_u15_frames_oddly(caller, way, mark):
    body = caller.chat(f"Hi [[fault:u15 as={way}]]").body
    assert mark in body
    assert b"[DONE]" in body


def test_u16_talks_on_and_is_billed_once(simulator, caller):
    answer = caller.chat("Hi [[fault:u16]]")
    assert answer.payloads.count("[DONE]") == 3
    assert only_line(simulator)["ending"] == "normal"


def test_u17_sends_a_huge_line(caller):
    assert len(caller.chat("Hi [[fault:u17 megabytes=3 after=1]]").body) > 3_000_000


def test_u17_sends_a_bomb(caller):
    answer = caller.chat("Hi [[fault:u17 as=gzip megabytes=20]]")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < 40_000
    assert len(zlib.decompress(answer.body, 31)) > 20_000_000


@pytest.mark.parametrize("kind", ["negative", "huge", "text", "float", "null", "empty"])
def test_u18_miscounts_but_bills_the_truth(simulator, caller, kind):
    said = caller.chat(f"Hi [[fault:u18 as={kind}]]").usage.get("prompt_tokens")
    assert said in (-5, 10**18, "17", 1.5, None)
    assert only_line(simulator)["prompt_tokens"] > 0


def test_u18_can_leave_usage_out(caller):
    answer = caller.chat("Hi [[fault:u18]]")
    assert all(chunk["usage"] is None for chunk in answer.chunks)
    assert answer.payloads[-1] == "[DONE]"


def test_u19_redirects(caller):
    answer = caller.chat("Hi [[fault:u19]]")
    assert answer.status == 302
    assert answer.headers["location"].startswith("http://169.254.169.254/")


def test_a_fault_can_be_armed_for_the_next_requests_of_one_key(simulator, caller):
    simulator.arm("u5", times=2, key="another", status=502)
    assert caller.chat("Hi").status == 200
    other = Caller(simulator.url, key="another")
    assert [other.chat("Hi").status for _ in range(3)] == [502, 502, 200]


def test_an_unknown_fault_cannot_be_armed_and_in_a_prompt_means_nothing(caller):
    assert caller.post("/_control/faults", {"fault": "u99"}).status == 400
    assert caller.chat("Hi [[fault:u99]]").payloads[-1] == "[DONE]"


def test_each_row_of_the_table_is_told_in_the_documentation():
    page = (ROOT / "docs" / "simulator.md").read_text()
    told = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert told == {*FAULTS, *NOTHING_TO_DO}
