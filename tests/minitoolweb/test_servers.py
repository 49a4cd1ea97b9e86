import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from select import select

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 10  # seconds, for what should take none


class SmallServer:
    def __init__(self, process):
        self.process = process
        self.port = int(process.stdout.readline())

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def lines_until_silent(self):
        output, lines = self.process.stdout.fileno(), 0
        while select([output], [], [], 1.0)[0]:
            lines += os.read(output, 4096).count(b"\n")
        return lines

    def get(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=WITHIN) as answer:
            return answer.read()

    def socket(self):
        return connect(f"ws://127.0.0.1:{self.port}/", close_timeout=WITHIN)


@pytest.fixture(params=["daphne", "uvicorn"])
def server(request):
    with subprocess.Popen(
        [sys.executable, "-m", "tests.minitoolweb.small_server", request.param],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield SmallServer(process)
        process.kill()


def test_it_serves_requests_and_sockets(server):
    assert server.get() == b"hello"
    with server.socket() as ours:
        ours.send("ping")
        assert ours.recv(timeout=WITHIN) == "ping"


def test_sockets_are_closed_with_1012_and_not_just_dropped(server):
    with server.socket() as ours:
        ours.send("ping")
        ours.recv(timeout=WITHIN)
        assert server.tell("close") == "done"
        with pytest.raises(ConnectionClosed) as closed:
            ours.recv(timeout=WITHIN)
    assert closed.value.rcvd.code == 1012


def test_deaf_it_takes_no_connection_but_keeps_those_it_has(server):
    with server.socket() as ours:
        assert server.tell("deaf") == "done"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=WITHIN)
        ours.send("still there?")
        assert ours.recv(timeout=WITHIN) == "still there?"


def test_a_message_beyond_64_kib_closes_the_socket(server):
    with server.socket() as ours:
        ours.send("x" * 64 * 1024)
        assert len(ours.recv(timeout=WITHIN)) == 64 * 1024
        ours.send("x" * (64 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as closed:
            ours.recv(timeout=WITHIN)
    assert closed.value.rcvd.code == 1009


def test_what_we_send_may_be_larger_and_a_slow_reader_is_waited_for(server):
    with connect(f"ws://127.0.0.1:{server.port}/", max_size=None, max_queue=1) as ours:
        ours.send("flood")
        assert server.lines_until_silent() < 32  # it waits for us, who read nothing
        assert len(ours.recv(timeout=WITHIN)) == 1_000_000
        for _ in range(63):
            ours.recv(timeout=WITHIN)
        assert ours.recv(timeout=WITHIN) == "flood"


def test_it_ends_when_its_main_coroutine_does_with_sockets_open(server):
    with server.socket():
        assert server.tell("end") == "ended"
    assert server.process.wait(WITHIN) == 0
    assert server.process.stderr.read() == ""


def test_an_error_in_the_main_coroutine_is_not_swallowed(server):
    server.tell("fail")
    assert server.process.wait(WITHIN) == 1
    assert "RuntimeError: as told" in server.process.stderr.read()
