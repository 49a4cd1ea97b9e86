"""D4: PostgreSQL is away for a while, or all its connections are taken."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import transaction

from chat.models import Message
from credit.models import Account
from tests.faults.app import until
from tests.faults.relay import Relay
from tests.faults.rows import locks_waited_for, the_reply, the_reply_when

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
LONG = "Tell of the tides [[tokens:4000]] [[slow:10]]"


@pytest.fixture
def through(database_url):
    """The database's address through a relay."""
    real = urlsplit(database_url)
    with Relay(real.port or 5432) as relay:
        host = f"{real.netloc.rpartition('@')[0]}@127.0.0.1:{relay.port}"
        yield relay, urlunsplit(real._replace(netloc=host))


def test_d4_the_database_is_away_for_a_while(start, wanda, bert, through, invariants):
    relay, url = through
    app = start("serve", "--prepare", database_url=url, DEBUG="0")
    page = wanda.open(app, wanda.ask(app, LONG))
    page.until_it_grows(the_reply())
    relay.cut()
    assert bert.get(f"{app.url}/").status_code == 503
    assert bert.send(app, "Hello").status_code == 503
    page.until_it_grows(the_reply())
    length = len(the_reply().text)
    relay.let_through()
    until(lambda: len(the_reply().text) > length)
    bert.ask(app, "Hello")
    wanda.stop_and_see(app, page)
    invariants()


def test_d4_a_restart_is_noticed_by_the_first_alone(start, wanda, bert, through, invariants):
    relay, url = through
    app = start("serve", "--prepare", database_url=url, DEBUG="0")
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: bert.get(f"{app.url}/"), range(16)))  # fills the pool
    relay.cut()
    relay.let_through()
    assert bert.get(f"{app.url}/").status_code == 503
    for _ in range(8):
        assert bert.get(f"{app.url}/").status_code == 200
    wanda.ask(app, "Hello")
    the_reply_when(lambda reply: not reply.is_live)
    invariants()


def test_d4_all_connections_are_taken(start, wanda, bert, through, background, invariants):
    _relay, url = through
    app = start(
        *("serve", "--prepare"),
        database_url=url,
        DEBUG="0",
        DATABASE_POOL="2",
        MAX_LIVE_REPLIES_PER_USER="50",
    )
    with transaction.atomic():
        assert Account.objects.select_for_update().get(user=wanda.user)
        sending = [background(wanda.send, app, "Hello") for _ in range(8)]
        until(lambda: locks_waited_for() == 2)
        turned_away = background(bert.get, f"{app.url}/")
        assert turned_away.result(30).status_code == 503
    assert {sent.result(30).status_code for sent in sending} <= {302, 503}
    assert bert.get(f"{app.url}/").status_code == 200
    wanda.ask(app, "Hello")
    until(lambda: not Message.objects.streaming().exists())
    invariants()
