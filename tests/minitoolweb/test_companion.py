import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from minitoolweb.companion import Companion, SimulatorFailed

ROOT = Path(__file__).resolve().parents[2]
START_AND_WAIT = """
import sys, pathlib
from django.conf import settings
settings.configure(BASE_DIR=pathlib.Path.cwd())
from minitoolweb.companion import Companion
companion = Companion(port=0, state=pathlib.Path(sys.argv[1]))
print(companion.wait_until_ready(), companion.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def companion(tmp_path):
    companion = Companion(port=0, state=tmp_path / "simulator.sqlite3")
    yield companion
    companion.stop()


def bill(url):
    with urllib.request.urlopen(f"{url}/_control/bill?key=demo", timeout=10) as answer:
        return json.load(answer)


def test_it_answers_where_it_says(companion):
    assert bill(companion.wait_until_ready())["total_nano"] == 0


async def test_it_is_started_again_at_the_same_address_when_it_dies(companion):
    url = companion.wait_until_ready()
    first = companion.pid
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)] if psutil.pid_exists(first) else [], timeout=10)
    await companion.keep_alive()
    assert companion.pid != first
    assert bill(url)["total_nano"] == 0


async def test_while_it_lives_it_is_left_alone(companion):
    companion.wait_until_ready()
    before = companion.pid
    await companion.keep_alive()
    assert companion.pid == before


def test_one_that_cannot_start_is_an_error(tmp_path):
    companion = Companion(port=0, state=tmp_path)  # a folder is no database
    with pytest.raises(SimulatorFailed):
        companion.wait_until_ready()
    companion.stop()


def test_it_does_not_outlive_a_killed_server(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(tmp_path / "state")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        simulator = psutil.Process(int(server.stdout.readline().split()[1]))
        assert simulator.is_running()
        server.kill()
        simulator.wait(timeout=10)
