"""The app over a real socket, in front of the simulator, and a program with alice's key."""

import time

import pytest

from credit.models import Account, UsageRecord
from gateway import keys
from tests.gateway.server import Program, ServerProcess, ServerThread
from tests.upstream import KEY


@pytest.fixture(scope="session")
def _server():
    with ServerThread() as server:
        yield server


@pytest.fixture
def upstream(settings, simulator):
    settings.MINITOOLAI_BASE_URL, settings.MINITOOLAI_API_KEY = simulator.url, KEY
    return simulator


@pytest.fixture
def server(_server, upstream, transactional_db):
    return _server


@pytest.fixture
def new_key(transactional_db):
    """A key of a person: the row and its secret."""

    def new_key(user, *, name="test", lifetime=None):
        return keys.make(user, name=name, lifetime=lifetime)

    return new_key


@pytest.fixture
def program(server, new_key, alice):
    return Program(server.url, new_key(alice).secret)


@pytest.fixture
def serve(upstream, database_url, tmp_path):
    """Start `manage.py serve` under a server, on the database of this test."""
    started = []

    def serve(backend, **variables):
        process = ServerProcess(
            backend,
            database_url=database_url,
            folder=tmp_path,
            upstream=upstream.url,
            key=KEY,
            **variables,
        )
        started.append(process)
        return process

    yield serve
    for process in started:
        process.end()


def until(met, *, within=30):
    """Wait until a condition holds, and return what it gave."""
    end = time.monotonic() + within
    while True:
        if found := met():
            return found
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def settled(user):
    """The usage records of a person, once nothing is held any more."""
    until(lambda: not Account.objects.filter(user=user).exclude(held=0).exists())
    return list(UsageRecord.objects.filter(user=user).order_by("pk"))
