"""The simulator as a program: how it starts, ends, and what it keeps."""

import signal
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from tests.simulator.caller import CHAT, Caller, chat_body


@pytest.fixture
def start():
    processes = []

    def launch(*options):
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "--port", "0", "--pace", "0", *options],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        line = process.stdout.readline()
        assert line.startswith("simulator ready at http://127.0.0.1:")
        process.caller = Caller(line.split()[-1])
        return process

    yield launch
    for process in processes:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("busy", [False, True])
def test_a_signal_ends_it_cleanly(start, number, busy):
    process = start()
    if busy:
        process.caller.raw("Hi [[slow:5000]] [[first:0]]", until=b"data: ")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_reply_under_way_is_billed_when_it_is_told_to_end(start, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite3"))
    process = start(*state)
    with socket.create_connection(process.caller.address, timeout=30) as line:
        body = chat_body("Hi [[slow:9000]] [[first:0]]")
        line.sendall(process.caller.raw_request(CHAT, body))
        while b"data: " not in line.recv(65_536):
            pass
        process.terminate()
        process.wait(timeout=30)

    (line,) = start(*state).caller.request("GET", "/_control/bill?key=test-key").json["lines"]
    assert line["ending"] == "client hung up"
    assert line["completion_tokens"] >= 1


def test_it_ends_when_its_standard_input_does(start):
    process = start("--exit-with-stdin")
    process.stdin.close()
    assert process.wait(timeout=30) == 0


def test_without_that_option_a_closed_input_means_nothing(start):
    process = start()
    process.stdin.close()
    assert process.caller.chat("Hi").status == 200


def test_jobs_and_bills_survive_being_killed(start, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite3"))
    first = start(*state)
    first.caller.chat("Hi")
    job = first.caller.submit("A dike", width=256, height=256).json
    before = first.caller.fetch(first.caller.status(job)["image_url"]).body
    bill = first.caller.request("GET", "/_control/bill?key=test-key").json
    first.kill()

    second = start(*state)
    assert second.caller.request("GET", "/_control/bill?key=test-key").json == bill
    assert second.caller.fetch(second.caller.status(job)["image_url"]).body == before


def test_only_the_given_keys_are_accepted(start):
    caller = start("--key", "one", "--key", "two").caller
    assert [caller.chat_with(key).status for key in ("one", "two", "three")] == [200, 200, 401]


def test_a_taken_port_is_told_plainly(start):
    port = str(start().caller.address[1])
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "--port", port],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode != 0
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr
