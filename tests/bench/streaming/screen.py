"""A page as static/js/chat.js keeps it, replayed from its frames: what was visible, and when."""

import re
from dataclasses import dataclass, field

from tests.bench.streaming.words import found

_TURN = re.compile(r'\breply (\d+) of|data-reply="([0-9a-f-]{36})"')


@dataclass
class Shown:
    """One reply on one page."""

    number: int
    done: str = ""
    open: str = ""
    whole: bool = False
    end_html: str | None = None
    arrived: dict = field(default_factory=dict)  # place of a word → when it was first visible
    doubled: set = field(default_factory=set)
    reordered: set = field(default_factory=set)  # out of order, or shown before one that precedes
    strange: int = 0  # words of another reply, and frames after which less was visible
    _settled: int = 0  # words in `done`

    @property
    def html(self):
        return self.done + self.open

    def step(self, frame, at):
        if frame.get("reset"):
            self.done, self.open, self._settled = "", "", 0
        finished = frame.get("done", "")
        kept = "" if finished else _utf16_start(self.open, frame["keep"])
        self.open = kept + frame["tail"]
        self.done += finished
        self.whole = frame.get("whole", False)
        self.look(found(finished, self.number), found(self.open, self.number), at)

    def end(self, html, at):
        self.end_html = html
        if not self.whole:  # the page then shows the turn as the server rendered it
            self.done, self.open, self._settled = html.partition("<template")[0], "", 0
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


def _utf16_start(text, units):
    """A browser's `text.slice(0, units)`."""
    if text.isascii():
        return text[:units]
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "surrogatepass")


class Screen:
    """All turns of one page; each reply follows the prompt that holds its number."""

    def __init__(self):
        self.replies = {}
        self._number = None

    def take(self, frame, at):
        kind = frame["t"]
        if kind == "turns":
            self._place(frame["html"])
        elif kind in ("step", "end") and frame["id"] in self.replies:
            shown = self.replies[frame["id"]]
            shown.step(frame, at) if kind == "step" else shown.end(frame["html"], at)

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
