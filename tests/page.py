"""A reply on a page, replayed from its frames as static/js/chat.js shows them."""

import json


def kind(frame):
    """What a frame is: a short step is an array and does not say so."""
    return "step" if isinstance(frame, list) else frame["t"]


class Page:
    def __init__(self):
        self.done, self.head, self.foot, self.whole = "", "", "", False
        self.received = 0  # bytes

    @property
    def open(self):
        return self.head + self.foot

    @property
    def html(self):
        return self.done + self.open

    def receive(self, text):
        """Take a frame as it comes down the socket; an empty one is never sent."""
        if text:
            self.received += len(text.encode())
            self.step(json.loads(text))

    def step(self, frame):
        if isinstance(frame, list):
            self._apply(frame[1:])
            return
        if frame.get("reset"):
            self.done = self.head = self.foot = ""
        self._apply(frame["change"])
        self.whole = frame.get("whole", False)

    def _apply(self, parts):
        if len(parts) > 2:
            self._change(*parts)
        elif parts:
            self._add(*parts)

    def _add(self, text, place=None):
        if place is not None:
            units = len(_utf16(self.open)) - 2 * place
            self.head, self.foot = (
                _text(_utf16(self.open)[:units]),
                _text(_utf16(self.open)[units:]),
            )
        self.head += text

    def _change(self, keep, middle, end, following=None):
        before = _utf16(self.open)
        html = _text(before[: 2 * keep]) + middle + _text(before[len(before) - 2 * end :])
        if following is not None:
            self.done += html
        self.head, self.foot = html if following is None else following, ""


def _utf16(text):
    """As a browser counts: two bytes a unit."""
    return text.encode("utf-16-le", "surrogatepass")


def _text(units):
    return units.decode("utf-16-le", "surrogatepass")
