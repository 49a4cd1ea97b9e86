"""What an open page does about the code that its socket is closed with, tried on a stub server."""

import json
import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from chat.models import Conversation
from tests.browser import NEEDS_CHROMIUM, open_page

pytestmark = NEEDS_CHROMIUM

AGAIN = [4408, 4429, 4500, 1009, 1012]  # too slow, too many, a fault, too long, a restart
LONGEST_PAUSE, SHORTEST_PAUSE = 10_000, 250  # milliseconds, as in connection.js


class Sockets(list):
    """Those that the page has opened, in order; `greetings` is what each said first."""

    def __init__(self, page):
        super().__init__()
        self.page = page
        self.greetings = []
        page.route_web_socket(re.compile("/ws/c/"), self.take)

    def take(self, socket):
        self.append(socket)
        socket.on_message(lambda said: self.greetings.append(json.loads(said)))

    def wait_for(self, count):
        """Until so many have opened and greeted."""
        for _ in range(600):
            if len(self.greetings) >= count:
                return
            self.page.wait_for_timeout(50)
        pytest.fail("the page did not connect")


@pytest.fixture
def conversation(live_server, alice):
    return Conversation.objects.create(user=alice, title="Dikes", model="gpt-4o-mini")


@pytest.fixture
def page(live_server, client, alice, conversation):
    client.force_login(alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with open_page(live_server.url, session=session) as page:
        page.clock.install()
        yield page


@pytest.fixture
def sockets(page, conversation):
    sockets = Sockets(page)
    page.goto(f"/c/{conversation.pk}/")
    sockets.wait_for(1)
    return sockets


def test_after_most_codes_the_page_connects_again_and_not_at_once(page, sockets):
    for count, code in enumerate(AGAIN, start=1):
        sockets[-1].close(code=code)
        page.clock.run_for(SHORTEST_PAUSE - 50)
        assert len(sockets) == count, code
        page.clock.run_for(LONGEST_PAUSE)
        sockets.wait_for(count + 1)
    assert sockets.greetings == [{"watch": [], "last": None}] * (len(AGAIN) + 1)
    expect(page.locator("[data-connection]")).to_be_hidden()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (4400, "This page is out of date."),
        (4404, "This conversation is not there any more."),
    ],
)
def test_after_a_final_code_the_page_says_why_and_stays_away(page, sockets, code, told):
    sockets[0].close(code=code)
    expect(page.get_by_text(told)).to_be_visible()
    page.clock.run_for(6 * LONGEST_PAUSE)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert len(sockets) == 1
