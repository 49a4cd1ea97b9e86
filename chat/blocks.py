"""A growing markdown text as finished blocks and one open block.

A block is finished once a complete line begins the block after it: markdown never reopens it then.
Cut the text anywhere, feed it in any steps: the finished blocks are always a prefix of the final
render, and `close()` makes them equal to it.
"""

import re
from itertools import pairwise

from chat import markdown

_NEWLINES = re.compile(r"\r\n?")


class BlockStream:
    """Renders a text that arrives in pieces; each finished block is rendered exactly once."""

    def __init__(self) -> None:
        self.finished: list[str] = []
        self._tail = ""
        self._open_html = ""
        self._fresh = True  # whether _open_html shows all of _tail
        self._has_new_line = False  # only a line that is complete can finish a block
        self._held = ""  # a CR whose LF may still come

    def feed(self, text: str) -> None:
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""
        text = text[: len(text) - len(self._held)]
        if text:
            text = _NEWLINES.sub("\n", text).replace("\0", "\ufffd")
            self._tail += text
            self._fresh = False
            self._has_new_line = self._has_new_line or "\n" in text

    @property
    def open(self) -> str:
        """HTML of the block that still grows; brings `finished` up to date first."""
        if not self._fresh:
            if self._has_new_line:
                self._finish_complete_blocks()
                self._has_new_line = False
            self._open_html = markdown.render(self._tail) if self._tail.strip() else ""
            self._fresh = True
        return self._open_html

    def close(self) -> str:
        """End the text; returns the HTML of the whole."""
        if self._held:
            self._held = ""
            self._tail += "\n"
        self._finish_complete_blocks()
        last = markdown.render(self._tail) if self._tail.strip() else ""
        if last:
            self.finished.append(last)
        self._tail, self._open_html, self._fresh = "", "", True
        return "".join(self.finished)

    def _finish_complete_blocks(self) -> None:
        """Move all blocks but the last out of the tail; a half line can still change its block."""
        complete = self._tail[: self._tail.rfind("\n") + 1]
        starts = markdown.block_starts(complete) if complete else []
        if len(starts) < 2:
            return
        # Not splitlines, which also splits at U+2028 and the like.
        lines = [line + "\n" for line in complete.split("\n")]
        for first, following in pairwise(starts):
            self.finished.append(markdown.render("".join(lines[first:following])))
        self._tail = self._tail[sum(map(len, lines[: starts[-1]])) :]


def render(text: str) -> str:
    """The final HTML of a whole text: what a stream of it ends as."""
    stream = BlockStream()
    stream.feed(text)
    return stream.close()
