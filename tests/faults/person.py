"""Somebody with a browser that has no screen: signed in, sending prompts, keeping pages open."""

import contextlib
import json
import re
import socket
import threading
import time
import uuid

import requests
from django.test import Client
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from credit import ledger
from tests.bench.streaming.screen import Screen
from tests.faults.app import WITHIN, until
from tests.faults.rows import the_reply_of
from tests.page import kind

TOKEN = "a" * 32
FINAL = (4400, 4401, 4404)
PAUSE = 0.1  # seconds before a page connects again; a browser takes longer


class Person:
    """A signed-in browser; which process it talks to is said each time."""

    def __init__(self, user):
        ledger.open_account(user)  # as their first page did
        client = Client()
        client.force_login(user)
        self.user = user
        self.session = client.session.session_key
        self.pages = []
        self.cookies = {"Cookie": f"session={self.session}; csrf={TOKEN}"}

    def post(self, url, **fields):
        fields["csrfmiddlewaretoken"] = TOKEN
        return requests.post(
            url, fields, headers=self.cookies, allow_redirects=False, timeout=WITHIN
        )

    def get(self, url):
        return requests.get(url, headers=self.cookies, allow_redirects=False, timeout=WITHIN)

    def send(self, app, text, *, conversation=None, client_id=None, model="gpt-4o-mini"):
        """Send a prompt, into a new conversation unless one is named; the server's answer."""
        path = f"/c/{conversation}/messages/" if conversation else "/"
        client_id = client_id or uuid.uuid4()
        return self.post(app.url + path, text=text, model=model, client_id=client_id)

    def ask(self, app, text, **more):
        """Send a prompt that is surely taken; the id of its conversation."""
        answer = self.send(app, text, **more)
        assert answer.status_code == 302, answer.text
        found = re.match(r"/c/([0-9a-f-]{36})/", answer.headers["Location"])
        assert found, answer.headers["Location"]
        return uuid.UUID(found[1])

    def stop(self, app, reply):
        answer = self.post(f"{app.url}/c/{reply.conversation_id}/messages/{reply.pk}/stop/")
        assert answer.status_code == 302, answer.text

    def stop_and_see(self, app, page):
        """End the one long reply there is, and see it end on its page."""
        self.stop(app, the_reply_of(self))
        until(lambda: not the_reply_of(self).is_live)
        page.until_it_shows(the_reply_of(self))

    def open(self, app, conversation):
        self.pages.append(Page(self, app.url, conversation))
        return self.pages[-1]

    def leave(self):
        """Close every page."""
        for page in self.pages:
            page.close()


class Glass(Screen):
    """What the page shows, told from frames and never from the words in them."""

    def __init__(self):
        super().__init__()
        self._number = 0


class Page:
    """A conversation's page: follows its socket, and comes back when it breaks, as chat.js does.

    `url` may be changed: the next connection then goes to another process. `codes` are those that
    its sockets were closed with, `frames` counts what came by kind.
    """

    def __init__(self, person, url, conversation):
        self.person, self.url, self.conversation = person, url, conversation
        self.glass = Glass()
        self.codes = []
        self.frames = []
        self.socket = None
        self._is_open = True
        page = person.get(f"{url}/c/{conversation}/")
        assert page.status_code == 200, page.status_code
        self.loaded = page.text
        self.glass.take({"t": "turns", "html": page.text}, 0)
        self.ended = set(re.findall(r'data-reply="([^"]+)" data-state="(?!streaming)', page.text))
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    # --- What it shows -------------------------------------------------------------------------

    def shows(self, reply):
        """Whether the reply has ended on the page, and stands there as in its row."""
        if str(reply.pk) not in self.ended:
            return False
        shown = self.glass.replies[str(reply.pk)]
        if shown.whole:
            assert shown.html == reply.html
        else:
            assert reply.html in (shown.end_html or self.loaded)
        return True

    def length(self, reply):
        """How much of a reply is on the page, in characters of HTML."""
        return len(self.glass.replies[str(reply.pk)].html)

    def until_it_shows(self, reply):
        return until(lambda: self.shows(reply))

    def until_it_grows(self, reply):
        """Wait for more of the reply than there is now."""
        now = self.length(reply)
        until(lambda: self.length(reply) > now)

    # --- Its socket ----------------------------------------------------------------------------

    def ping(self):
        """Wait for the server to answer a ping of the protocol."""
        assert self.socket.ping().wait(WITHIN)

    def cut(self):
        """The network goes: no closing frame, in neither direction."""
        with contextlib.suppress(OSError, AttributeError):
            self.socket.socket.shutdown(socket.SHUT_RDWR)

    def move_to(self, app):
        """Be cut off, and come back to another process."""
        self.url = app.url
        self.cut()

    def close(self):
        self._is_open = False
        self.cut()
        self._thread.join(WITHIN)

    def _live(self):
        while self._is_open and not (self.codes and self.codes[-1] in FINAL):
            with contextlib.suppress(OSError, WebSocketException):
                self._follow()
            time.sleep(PAUSE)

    def _follow(self):
        url = f"ws{self.url[4:]}/ws/c/{self.conversation}/"
        with connect(url, origin=self.url, additional_headers=self.person.cookies) as ours:
            self.socket = ours  # before the look: who closes the page later finds it there
            try:
                if self._is_open:
                    self._greet()
                while self._is_open:
                    self._take(json.loads(ours.recv()))
            except ConnectionClosed as closed:
                self.codes.append(closed.rcvd.code if closed.rcvd else 1006)

    def _greet(self):
        known = list(self.glass.replies)
        watched = [pk for pk in known if pk not in self.ended]
        self.socket.send(json.dumps({"watch": watched, "last": known[-1]}))

    def _take(self, frame):
        self.frames.append(kind(frame))
        if kind(frame) == "beat" and frame["tip"] not in self.glass.replies:
            self._greet()
        self.glass.take(frame, 0)
        if kind(frame) == "end":
            self.ended.add(frame["id"])
