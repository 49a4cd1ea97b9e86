"""X4: somebody signs out, is locked out or demoted, or deletes the conversation, mid-answer."""

import pytest
from django.contrib.sessions.models import Session

from accounts import people
from accounts.models import User
from chat.models import Conversation, Message
from credit.models import UsageRecord
from tests.faults.app import until
from tests.faults.rows import the_reply, the_reply_when

pytestmark = pytest.mark.django_db(transaction=True)
LONG, SHORT = ("Tell of the tides [[tokens:4000]] [[slow:10]]", "Hello [[tokens:400]] [[slow:10]]")
SIGNED_OUT, GONE = 4401, 4404
OFTEN = {"SOCKET_BEAT": "1"}  # seconds, at the end of which a sign-in that is over is noticed


def sign_out(person, app):
    person.post(f"{app.url}/accounts/logout/")


def change_password(person, app):
    """In another browser, with this one left open."""
    person.user.set_password("grass-on-the-sea-wall")
    person.user.save()


def lose_the_session(person, app):
    Session.objects.all().delete()


@pytest.mark.parametrize("leave", [sign_out, change_password, lose_the_session])
def test_x4_a_sign_in_ends_and_the_answer_goes_on(start, wanda, invariants, leave):
    app = start(**OFTEN)
    page = wanda.open(app, wanda.ask(app, SHORT))
    page.until_it_grows(the_reply())
    leave(wanda, app)
    until(lambda: page.codes == [SIGNED_OUT])
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert (reply.state, reply.usage.source) == (Message.State.DONE, "upstream")
    invariants()


def test_x4_whoever_is_locked_out_is_shown_no_more_and_their_answer_ends(
    start, wanda, invariants, simulator
):
    app = start(**OFTEN)
    page = wanda.open(app, wanda.ask(app, LONG))
    page.until_it_grows(the_reply())
    people.lock_out(User.objects.filter(pk=wanda.user.pk))
    until(lambda: page.codes == [SIGNED_OUT])
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert (reply.state, reply.usage.source) == (Message.State.STOPPED, "counted")
    [line] = until(lambda: simulator.bill()["lines"])
    assert line["ending"] == "client hung up"
    invariants()


def test_x4_a_demoted_admin_goes_on_as_anybody(start, wanda, invariants):
    User.objects.filter(pk=wanda.user.pk).update(is_staff=True, is_superuser=True)
    app = start()
    page = wanda.open(app, wanda.ask(app, SHORT))
    page.until_it_grows(the_reply())
    User.objects.filter(pk=wanda.user.pk).update(is_staff=False, is_superuser=False)
    page.until_it_shows(the_reply_when(lambda reply: not reply.is_live))
    assert wanda.get(f"{app.url}/admin/").status_code == 403
    invariants()


def test_x4_a_conversation_is_deleted(start, wanda, invariants, simulator):
    app = start()
    conversation = wanda.ask(app, LONG)
    page = wanda.open(app, conversation)
    page.until_it_grows(the_reply())
    Conversation.objects.get(pk=conversation).delete()
    until(lambda: page.codes and page.codes[-1] == GONE)
    [line] = until(lambda: simulator.bill()["lines"])
    assert line["ending"] == "client hung up"
    record = until(lambda: UsageRecord.objects.first())
    assert record.source == "counted"
    assert 0 < record.charged <= line["nano"]
    invariants()
