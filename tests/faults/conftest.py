"""Alice, who asks, the upstreams that fail her, and whole processes of ours that may be killed."""

import os
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from accounts.models import Group
from chat.threads import in_thread
from credit import opening, pool
from credit.limits import set_limits
from credit.models import PoolEntry
from credit.money import from_usd
from tests.faults.app import App
from tests.faults.asking import Asking, until
from tests.faults.invariants import assert_invariants
from tests.faults.person import Person
from tests.faults.relay import Relay
from tests.faults.rows import wait_for_every_end
from tests.minitoolai.upstream import Upstream

CANARY = "canary-key-0123456789"


@pytest.fixture
def alice(alice):
    """A group with limits and the pool bound what she asks for, too."""
    alice.group = Group.objects.create(name="4B")
    alice.save()
    set_limits(opening.open_group(alice.group), day=from_usd("0.9"), month=from_usd("5"))
    amount = from_usd("20")
    pool.record(PoolEntry.Kind.TOP_UP, amount=amount, actor=None, key="top-up")
    return alice


@pytest.fixture
async def ask(settings, simulator, caplog, alice):
    """Ask the simulator, or `url`, as alice: `asked = await ask("Hello [[fault:u7]]")`.

    The key that goes upstream is in no log of any level, whatever happens.
    """
    settings.MINITOOLAI_BASE_URL, settings.MINITOOLAI_API_KEY = simulator.url, CANARY
    caplog.set_level("DEBUG")
    asking = Asking(alice)
    yield asking
    await asking.hang_up()
    assert CANARY not in caplog.text


@pytest.fixture
async def raw():
    """An upstream that answers the very bytes a test wants."""
    server = Upstream()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def in_order(simulator):
    """I1 to I5, once the upstream's bill has so many lines: `await in_order(paid=1)`."""

    async def in_order(*, paid):
        await until(lambda: len(simulator.bill(CANARY)["lines"]) == paid)
        await in_thread(assert_invariants)(simulator.bill(CANARY))

    return in_order


@pytest.fixture
def raw_in_order(raw):
    """I1 to I5 for the raw upstream: whatever it was asked, or as many as are told, it bills."""

    async def in_order(*, paid=None):
        count = len(raw.requests) if paid is None else paid
        await in_thread(assert_invariants)({"lines": [{"nano": 1}] * count})

    return in_order


@pytest.fixture
def start(database_url, simulator, tmp_path):
    """Start a process: `start()` serves, `start("work")` works; whatever still runs is ended."""
    started = []

    def start_one(*arguments, **more):
        options = {"folder": tmp_path, "database_url": database_url, "upstream": simulator.url}
        started.append(App(*arguments, **(options | more)))
        return started[-1]

    yield start_one
    for app in started:
        if app.is_running:
            app.kill()


@pytest.fixture
def wire(simulator):
    """What lies between the app and its upstream, to hold an answer back until a test is ready."""
    with Relay(urlsplit(simulator.url).port) as wire:
        yield wire


@pytest.fixture
def grown():
    """Settings of the grown shape: PostgreSQL, and news goes over Redis."""
    return {"REDIS_URL": os.environ["TEST_REDIS_URL"]}


@pytest.fixture
def wanda(alice):
    person = Person(alice)
    yield person
    person.leave()


@pytest.fixture
def bert(bob):
    person = Person(bob)
    yield person
    person.leave()


@pytest.fixture
def background():
    """Do something meanwhile: `sending = background(person.send, app, "Hello")`."""
    with ThreadPoolExecutor(8) as threads:
        yield threads.submit


@pytest.fixture
def invariants(simulator):
    """I1 to I5, by the rows and what the upstream billed, once every reply has ended."""

    def hold():
        wait_for_every_end()
        assert_invariants(simulator.bill())

    return hold
