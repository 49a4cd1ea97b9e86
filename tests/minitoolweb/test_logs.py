import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.urls import resolve

from minitoolweb import logs

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import django, logging, structlog
django.setup()
structlog.contextvars.bind_contextvars(request_id="abc")
structlog.get_logger("chat.replies").info("reply.finished", tokens=3)
logging.getLogger("some.library").warning("plain %s", "words")
"""


@pytest.fixture
def log(tmp_path):
    """The lines a small program logs with these settings."""

    def log(**variables):
        environment = {
            "DJANGO_SETTINGS_MODULE": "minitoolweb.settings",
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(tmp_path),
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == ""
        return done.stderr.splitlines()

    return log


def test_machines_get_one_json_object_a_line_from_us_and_from_libraries(log):
    ours, theirs = (json.loads(line) for line in log(LOG_FORMAT="json"))
    assert (ours["event"], ours["tokens"]) == ("reply.finished", 3)
    assert (theirs["event"], theirs["level"]) == ("plain words", "warning")
    assert ours["request_id"] == theirs["request_id"] == "abc"


def test_people_get_readable_lines(log):
    lines = log(LOG_FORMAT="console")
    assert "reply.finished" in lines[0]
    assert not lines[0].startswith("{")


def test_the_level_is_respected(log):
    assert len(log(LOG_FORMAT="json", LOG_LEVEL="warning")) == 1


def test_an_unknown_level_leaves_logs_that_work(log):
    assert len(log(LOG_FORMAT="json", LOG_LEVEL="loud")) == 2


def test_djangos_own_lines_name_the_route_and_not_the_path():
    request = RequestFactory().get("/welcome/secret-token/")
    request.resolver_match = resolve("/welcome/secret-token/")
    line = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("Server Error", request.path), None
    )
    line.request = request
    assert logs.RouteForPath().filter(line)
    assert line.getMessage() == "Server Error: /welcome/<str:token>/"


def test_lines_about_no_request_are_left_alone():
    line = logging.LogRecord("any", logging.INFO, "", 0, "%s of %s", (1, 2), None)
    assert logs.RouteForPath().filter(line)
    assert line.getMessage() == "1 of 2"
