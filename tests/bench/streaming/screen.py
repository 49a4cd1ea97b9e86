"""A page as static/js/chat.js keeps it, replayed from its frames: what was visible, and when."""

import re

from tests.bench.streaming.words import found
from tests.page import Page

_TURN = re.compile(r'\breply (\d+) of|data-reply="([0-9a-f-]{36})"')


class Shown(Page):
    """One reply on one page."""

    def __init__(self, number):
        super().__init__()
        self.number = number
        self.end_html = None
        self.arrived = {}  # place of a word → when it was first visible
        self.doubled = set()
        self.reordered = set()  # out of order, or shown before one that precedes
        self.strange = 0  # words of another reply, and frames after which less was visible
        self._settled = 0  # words in `done`

    def show(self, frame, at):
        """Take a step that arrived at this moment."""
        if isinstance(frame, dict) and frame.get("reset"):
            self.done, self._settled = "", 0
        before = len(self.done)
        self.step(frame)
        self.look(found(self.done[before:], self.number), found(self.open, self.number), at)

    def end(self, html, at):
        self.end_html = html
        if not self.whole:  # the page then shows the turn as the server rendered it
            self.done, self.head, self.foot = html.partition("<template")[0], "", ""
            self._settled = 0
            self.look([], found(self.done, self.number), at)

    def look(self, finished, still_open, at):
        seen = finished + still_open
        expected = range(self._settled, self._settled + len(seen))
        self._settled += len(finished)
        for place in seen:
            self.arrived.setdefault(place, at)
        if seen != list(expected):
            self._judge(seen, expected)
        if expected.stop < len(self.arrived):
            self.strange += 1

    def _judge(self, seen, expected):
        self.doubled |= {place for place in seen if seen.count(place) > 1 or place < expected.start}
        self.reordered |= set(seen) - self.doubled - set(expected)
        self.reordered |= {
            place for before, place in zip(seen, seen[1:], strict=False) if place < before
        } - self.doubled
        self.strange += sum(place < 0 for place in seen)


class Screen:
    """All turns of one page; each reply follows the prompt that holds its number."""

    def __init__(self):
        self.replies = {}
        self._numbers = {}  # a reply's number on the socket → its message id
        self._number = None

    def take(self, frame, at):
        if isinstance(frame, list):
            self._step(frame[0], frame, at)
        elif frame["t"] == "turns":
            self._place(frame["html"])
        elif frame["t"] == "step":
            self._numbers[frame["n"]] = frame.get("id") or self._numbers[frame["n"]]
            self._step(frame["n"], frame, at)
        elif frame["t"] == "end" and frame["id"] in self.replies:
            self.replies[frame["id"]].end(frame["html"], at)

    def _step(self, number, frame, at):
        if shown := self.replies.get(self._numbers[number]):
            shown.show(frame, at)

    def of(self, number):
        """(message id, Shown) of a reply; two times None when it never was on the page."""
        matches = (found for found in self.replies.items() if found[1].number == number)
        return next(matches, (None, None))

    def _place(self, html):
        for number, message in _TURN.findall(html):
            if number:
                self._number = int(number)
            else:
                self.replies.setdefault(message, Shown(self._number))


class Tape(Screen):
    """The relay's page: plain text, appended; a message's id is its reply's number."""

    def take(self, frame, at):
        shown = self.replies.setdefault(frame["id"], Shown(int(frame["id"])))
        shown.done += frame["text"]
        shown.look(found(frame["text"], shown.number), [], at)
