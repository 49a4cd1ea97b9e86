"""C1: the wall clock jumps an hour, forwards or back, while replies run."""

import signal

import pytest

from chat.models import Message
from tests.faults.app import until
from tests.faults.rows import the_reply, the_reply_when

pytestmark = pytest.mark.django_db(transaction=True)
SHIFTED = ("-m", "tests.faults.shifted")
SLOW = "Tell of the tides [[tokens:600]] [[slow:10]]"
JUMPS = pytest.mark.parametrize("jump", [signal.SIGUSR1, signal.SIGUSR2])


@JUMPS
def test_c1_a_jump_changes_nothing(start, wanda, invariants, jump):
    app = start(entry=SHIFTED)
    page = wanda.open(app, wanda.ask(app, SLOW))
    page.until_it_grows(the_reply())
    lease = the_reply().lease_until
    app.process.send_signal(jump)
    until(lambda: abs((the_reply().lease_until - lease).total_seconds()) > 1800)
    page.until_it_grows(the_reply())
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert (reply.state, reply.usage.source) == (Message.State.DONE, "upstream")
    assert reply.usage.duration_ms < 600_000
    page.until_it_shows(reply)
    assert page.codes == []
    invariants()


@JUMPS
@pytest.mark.postgresql
@pytest.mark.redis
def test_c1_nobody_takes_over_from_who_lives_in_another_hour(start, grown, wanda, invariants, jump):
    here, there = (start("serve", "--no-work", entry=SHIFTED, **grown) for _ in range(2))
    worker = start("work", **grown)
    page = wanda.open(there, wanda.ask(here, SLOW))
    page.until_it_grows(the_reply())
    here.process.send_signal(jump)
    page.until_it_grows(the_reply())
    worker.end()
    start("work", **grown)  # sweeps as it starts
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert (reply.state, reply.usage.source) == (Message.State.DONE, "upstream")
    page.until_it_shows(reply)
    invariants()
