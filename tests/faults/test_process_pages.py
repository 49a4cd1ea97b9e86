"""P6 to P9: servers that are told to stop, pages that come back, and several pages of one reply."""

import pytest

from accounts.models import User
from chat.models import Message
from credit.models import Hold
from tests.factories import UserFactory
from tests.faults.app import until
from tests.faults.person import Person
from tests.faults.rows import is_settled, let_leases_run_out, the_reply, the_reply_when

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = "Tell of the tides [[tokens:{}]] [[slow:10]]"
REPLIES = 20


@pytest.fixture
def crowd(db):
    """So many people that each can have a reply of their own."""
    people = [Person(UserFactory()) for _ in range(REPLIES)]
    yield people
    for person in people:
        person.leave()


def replies():
    return Message.objects.with_receipts().filter(role=Message.Role.ASSISTANT)


def test_p6_told_to_stop_with_twenty_replies_under_way(start, crowd, invariants):
    app = start(SHUTDOWN_GRACE="2")
    lengths = [50 if number % 2 else 4000 for number in range(REPLIES)]
    pages = [
        person.open(app, person.ask(app, SLOW.format(length)))
        for person, length in zip(crowd, lengths, strict=True)
    ]
    until(lambda: all("step" in page.frames for page in pages))
    assert app.end() == 0
    until(lambda: all(page.codes for page in pages))
    assert {page.codes[0] for page in pages} == {1012}
    assert is_settled()
    assert {reply.state for reply in replies()} == {Message.State.DONE, Message.State.INTERRUPTED}
    app.start()
    for page in pages:
        page.until_it_shows(replies().get(conversation=page.conversation))
    invariants()


def test_p7_the_tab_was_closed_and_is_opened_again(start, wire, wanda, invariants):
    app = start(upstream=wire.url)
    conversation = wanda.ask(app, SLOW.format(300))
    tab = wanda.open(app, conversation)
    tab.until_it_grows(the_reply())
    wire.hold_back()
    tab.close()
    again = wanda.open(app, conversation)
    until(lambda: "step" in again.frames)
    wire.let_through()
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert reply.state == Message.State.DONE
    again.until_it_shows(reply)
    assert wanda.open(app, conversation).shows(reply)
    invariants()


@pytest.mark.redis
@pytest.mark.postgresql
@pytest.mark.redis
def test_p8_a_socket_that_is_cut_goes_on_in_another_process(start, grown, wanda, invariants):
    here, there = start("serve", "--no-work", **grown), start("serve", "--no-work", **grown)
    page = wanda.open(here, wanda.ask(here, SLOW.format(1500)))
    for app in (there, here, there, here, there):
        page.until_it_grows(the_reply())
        page.move_to(app)
    page.until_it_grows(the_reply())
    wanda.stop(here, the_reply())
    reply = the_reply_when(lambda reply: not reply.is_live)
    page.until_it_shows(reply)
    invariants()


@pytest.mark.redis
@pytest.mark.postgresql
@pytest.mark.redis
def test_p8_the_process_behind_the_page_dies_while_another_streams(start, grown, wanda, invariants):
    here, there = start("serve", "--no-work", **grown), start("serve", "--no-work", **grown)
    page = wanda.open(there, wanda.ask(here, SLOW.format(300)))
    page.until_it_grows(the_reply())
    there.kill()
    page.move_to(here)
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert reply.state == Message.State.DONE
    page.until_it_shows(reply)
    invariants()


@pytest.mark.redis
@pytest.mark.postgresql
@pytest.mark.redis
def test_p3_killed_while_another_process_shows_it(start, grown, wanda, invariants):
    here, there = start("serve", "--no-work", **grown), start("serve", "--no-work", **grown)
    page = wanda.open(there, wanda.ask(here, SLOW.format(3000)))
    page.until_it_grows(the_reply())
    here.kill()
    let_leases_run_out()
    start("work", **grown)
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert reply.state == Message.State.INTERRUPTED
    page.until_it_shows(reply)
    invariants()


def test_p9_of_two_tabs_one_says_stop(start, wanda, invariants, simulator):
    app = start()
    conversation = wanda.ask(app, SLOW.format(4000))
    tabs = [wanda.open(app, conversation) for _ in range(2)]
    for tab in tabs:
        tab.until_it_grows(the_reply())
    wanda.stop(app, the_reply())
    wanda.stop(app, the_reply())
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert reply.state == Message.State.STOPPED
    assert reply.usage.source == "counted"
    for tab in tabs:
        tab.until_it_shows(reply)
    [line] = until(lambda: simulator.bill()["lines"])
    assert line["ending"] == "client hung up"
    assert Hold.objects.count() == User.objects.count() == 1
    invariants()
