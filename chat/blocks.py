"""A growing markdown text as finished blocks and one open block.

A block is finished once a complete line or a blank one ends it: markdown never reopens it then.
Cut the text anywhere, feed it in any steps: the finished blocks are always a prefix of the final
render, and `close()` makes them equal to it.
"""

import re
from itertools import pairwise

from chat import markdown
from chat.drafts import Draft, PlainTail
from chat.fences import Fence
from chat.markdown import Leaf
from chat.standins import StandIn

_NEWLINES = re.compile(r"\r\n?")
# Blocks that go on behind a blank line when what follows it is indented or another item.
_OUTLAST_BLANKS = {"bullet_list_open", "ordered_list_open", "blockquote_open", "code_block"}


class BlockStream:
    """Renders a text that arrives in pieces; each finished block is rendered exactly once."""

    def __init__(self, *, long: int = 100) -> None:
        """From so many characters on the settled part of a table or list is drawn no more."""
        self._long = long
        self._settled = StandIn()
        self.finished: list[str] = []
        self._new = ""  # fed and not yet looked at
        self._held = ""  # a CR whose LF may still come
        self._tail = ""  # the open block, unless it is a fence
        self._fence: Fence | None = None
        self._plain: PlainTail | None = None
        self._draft = Draft()

    def feed(self, text: str) -> None:
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""
        text = text[: len(text) - len(self._held)]
        self._new += _NEWLINES.sub("\n", text).replace("\0", "\ufffd")

    @property
    def behind(self) -> int:
        """How many characters were fed since anybody looked."""
        return len(self._new)

    @property
    def draft(self) -> Draft:
        """The block that still grows; brings `finished` up to date first."""
        while self._new:
            new, self._new = self._new, ""
            if self._fence:
                self._grow_fence(self._fence, new)
            else:
                self._grow(new)
        return self._draft

    @property
    def open(self) -> str:
        """HTML of the block that still grows; brings `finished` up to date first."""
        return self.draft.html()

    def close(self) -> str:
        """End the text; returns the HTML of the whole."""
        self._new, self._held = self._new + self._held.replace("\r", "\n"), ""
        source = (self._fence.source if self._fence else self._tail) + self._new
        self._tail, self._new, self._fence, self._settled = source, "", None, StandIn()
        self._finish_complete_blocks()
        if self._tail.strip():
            self.finished.append(markdown.render(self._tail))
        self._tail, self._plain, self._draft = "", None, Draft()
        return "".join(self.finished)

    def _grow_fence(self, fence: Fence, new: str) -> None:
        rest = fence.take(new)
        if rest is not None:
            self.finished.append(markdown.render(fence.source))
            self._fence, self._new, self._draft = None, rest, Draft()

    def _grow(self, new: str) -> None:
        self._tail += new
        if self._plain and self._plain.take(new):
            return
        if "\n" in new:
            self._finish_complete_blocks()
        if opened := Fence.opened_by(self._tail):
            self._fence, self._new = opened
            self._tail, self._plain, self._draft = "", None, self._fence.draft
        else:
            self._redraw()

    def _redraw(self) -> None:
        html, leaf = self._drawn() if self._tail.strip() else ("", None)
        foot = leaf.foot if leaf else ""
        self._draft = Draft(html[: len(html) - len(foot)], foot)
        self._plain = PlainTail.of(self._draft, leaf, self._tail)

    def _drawn(self) -> tuple[str, Leaf | None]:
        drawn = self._settled.draw(self._tail)
        if drawn is None:
            self._settled = StandIn()
            drawn = markdown.draw(self._tail)
        if self._tail.endswith("\n") and len(self._tail) - self._settled.length > self._long:
            self._settled = self._settled.moved(self._tail, drawn[0])
        return drawn

    def _finish_complete_blocks(self) -> None:
        """Move what no line can change any more out of the tail; half a line still can."""
        text = self._settled.of(self._tail)
        complete = text[: text.rfind("\n") + 1]
        # Not splitlines, which also splits at U+2028 and the like.
        lines = [line + "\n" for line in complete.split("\n")[:-1]]
        blocks = markdown.blocks(complete)
        marks = [first for _, first, _ in blocks] or [len(lines)]
        if blocks and blocks[-1][0] not in _OUTLAST_BLANKS and blocks[-1][2] < len(lines):
            marks.append(len(lines))
        places = [self._place(sum(map(len, lines[:mark]))) for mark in marks]
        for first, end in pairwise(places):
            self.finished.append(markdown.render(self._tail[first:end]))
        if places[-1]:
            self._tail, self._settled = self._tail[places[-1] :], StandIn()

    def _place(self, of_text: int) -> int:
        """Where in the tail is what stands there in the text parsed for it."""
        return of_text and of_text - len(self._settled.markdown) + self._settled.length


def render(text: str) -> str:
    """The final HTML of a whole text: what a stream of it ends as."""
    stream = BlockStream()
    stream.feed(text)
    return stream.close()
