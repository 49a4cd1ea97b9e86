import socket

import pytest

from minitoolai.catalog import CHAT_MODELS
from tests.simulator.caller import CHAT, chat_body
from tests.upstream import KEY


def price(model, usage):
    facts = CHAT_MODELS[model]
    return (
        usage["prompt_tokens"] * facts.input_nano + usage["completion_tokens"] * facts.output_nano
    )


def test_each_reply_is_billed_at_the_list_price(simulator, caller):
    expected = sum(
        price(model, caller.chat(f"Plan {n} days", model=model).usage)
        for n in range(3)
        for model in CHAT_MODELS
    )
    bill = simulator.bill()

    assert bill["chat_nano"] == bill["total_nano"] == expected
    assert bill["replies"] == len(bill["lines"]) == 3 * len(CHAT_MODELS)
    assert {line["ending"] for line in bill["lines"]} == {"normal"}


def test_each_picture_is_billed_once_it_is_done(simulator, caller):
    caller.submit()
    caller.submit("[[pace:100]] A picture that takes long")
    bill = simulator.bill()

    assert (bill["pictures"], bill["image_nano"]) == (1, 1_500_000)
    assert (bill["lines"][0]["kind"], bill["lines"][0]["model"]) == ("image", "realvision")


def test_a_picture_that_failed_costs_nothing(simulator, caller):
    job = caller.submit("[[fault:failed]] A dike").json

    assert caller.status(job) == {
        "status": "error",
        "image_url": None,
        "message": "image generation failed",
    }
    assert simulator.bill()["total_nano"] == 0


def test_what_is_refused_costs_nothing(simulator, caller):
    caller.chat("Hello", temperature=3)
    caller.submit(steps=0)
    caller.chat("Hello [[fault:u3]]")
    assert simulator.bill()["lines"] == []


def test_who_hangs_up_pays_for_the_prompt_and_what_was_made(simulator, caller):
    prompt = "Tell me about the sea [[tokens:500]] [[slow:20]] [[first:0]]"
    raw, _ = caller.raw(prompt, until=lambda so_far: so_far.count(b"data: ") > 2)
    assert raw
    line = wait_for_line(simulator)

    assert line["ending"] == "client hung up"
    assert 1 <= line["completion_tokens"] < 50
    usage = caller.chat(prompt + " [[slow:0]]").usage
    assert line["prompt_tokens"] < usage["prompt_tokens"]
    assert line["nano"] == price("gpt-4o-mini", line)


def wait_for_line(simulator):
    for _ in range(500):
        if lines := simulator.bill()["lines"]:
            return lines[0]
    raise AssertionError("no line on the bill")


def test_a_hang_up_in_silence_is_noticed(simulator, caller):
    caller.raw("Hello [[first:60000]]", until=b"\r\n\r\n")
    line = wait_for_line(simulator)
    assert (line["ending"], line["completion_tokens"]) == ("client hung up", 0)


def test_keys_are_billed_apart(simulator, caller):
    caller.chat("Hello")
    caller.post(CHAT, chat_body("Hello"), key="another")
    assert simulator.bill()["replies"] == simulator.bill("another")["replies"] == 1
    listed = caller.request("GET", "/_control/bill").json["keys"]
    assert [bill["key"] for bill in listed] == ["another", KEY]


def test_reset_empties_the_bill(simulator, caller):
    caller.chat("Hello")
    simulator.reset()
    assert simulator.bill()["total_nano"] == 0


@pytest.mark.parametrize("path", ["faults", "reset", "pace"])
def test_a_page_in_a_browser_cannot_post_to_the_controls(caller, path):
    answer = caller.post(f"/_control/{path}", {}, headers={"Content-Type": "text/plain"})
    assert answer.status == 415


def test_the_pace_can_be_set(caller):
    assert caller.post("/_control/pace", {"pace": 0.5}).json == {"pace": 0.5}
    assert caller.post("/_control/pace", {"pace": -1}).status == 400
    caller.post("/_control/pace", {"pace": 0})


def test_the_request_line_survives_a_half_sent_body(simulator, caller):
    with socket.create_connection(caller.address) as line:
        line.sendall(caller.raw_request(CHAT, chat_body("Hello"))[:-5])
    assert caller.chat("Hello").status == 200
    assert simulator.bill()["replies"] == 1
