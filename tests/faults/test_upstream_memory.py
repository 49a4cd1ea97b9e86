"""U17: what an upstream sends beyond all measure never comes to lie in memory."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from minitoolai import TooLarge, UnexpectedAnswer
from tests.faults.invariants import assert_invariants
from tests.upstream import KEY

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 2**20
ORDINARY = "Explain the tides with a table and code [[tokens:1000]]"
LINE = "Tell of the sea [[fault:u17 as=line after=5]]"  # of 300 MB
BOMB = "Tell of the sea [[fault:u17 as=gzip]]"  # 300 MB, once unpacked


@pytest.fixture
def ask_in_a_process(alice, simulator, database_url, tmp_path):
    """Ask some prompts in a process of its own, whose memory nobody else uses."""

    def ask(*prompts):
        variables = {
            "DJANGO_SETTINGS_MODULE": "minitoolweb.settings",
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": database_url,
            "MINITOOLAI_BASE_URL": simulator.url,
            "MINITOOLAI_API_KEY": KEY,
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.memory", *prompts],
            cwd=settings.BASE_DIR,
            env=variables,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return ask


def test_u17_three_hundred_megabytes_take_less_than_64(ask_in_a_process, simulator):
    ordinary, line, bomb = ask_in_a_process(ORDINARY, LINE, BOMB)
    assert ordinary["state"] == "done"
    assert (line["state"], line["code"]) == ("interrupted", TooLarge.code)
    assert (bomb["state"], bomb["code"]) == ("failed", UnexpectedAnswer.code)
    assert line["rose"] < 64 * MIB
    assert bomb["rose"] < 64 * MIB
    assert_invariants(simulator.bill())
