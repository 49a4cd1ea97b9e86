"""The replies this process is streaming, as text that viewers pull at their own pace.

A reply's task appends tokens; a viewer asks what is new since the last frame it got. Nothing is
queued, so a slow socket gets bigger steps and costs no memory.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from chat.blocks import BlockStream

# Seconds between two frames to one viewer: smooth to read, and a fifth of the sends.
FRAME_INTERVAL = 0.04

Frame = dict[str, Any]


@dataclass
class Cursor:
    """How far one viewer has come: finished blocks seen, and the open block as last sent."""

    blocks: int = 0
    open_html: str = ""
    seq: int = -1


def _common_prefix(old: str, new: str) -> int:
    """The length of what two strings begin with in common, found by halving (C-speed compares)."""
    if new.startswith(old):
        return len(old)
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _utf16_length(text: str) -> int:
    """The length a browser gives a string: characters beyond the first plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(eq=False)
class LiveText:
    """A reply's text so far, rendered as it grows, with a wake-up for those who follow it."""

    message_id: uuid.UUID
    attempt: int
    parts: list[str] = field(default_factory=list)
    blocks: BlockStream = field(default_factory=BlockStream)
    seq: int = 0
    notice: str = ""
    ended: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        if len(self.parts) > 1:
            self.parts = ["".join(self.parts)]
        return self.parts[0] if self.parts else ""

    def append(self, text: str) -> None:
        self.parts.append(text)
        self.blocks.feed(text)
        self.notice = ""
        self._wake()

    def say(self, notice: str) -> None:
        """Show a passing word to those who watch, until the next text arrives."""
        self.notice = notice
        self._wake()

    def end(self) -> None:
        """No text comes any more: the open block is finished too."""
        self.blocks.close()
        self.ended = True
        self._wake()

    def _wake(self) -> None:
        self.seq += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def frame_after(self, cursor: Cursor) -> Frame:
        """What is new since a cursor, as HTML; moves the cursor.

        `done` holds the blocks finished since; `keep` says how many UTF-16 units of the open
        block's last HTML still stand, `tail` what follows them. A cursor at the very start
        gets `reset`; `whole` says that nothing is missing any more.
        """
        open_html = self.blocks.open
        finished = self.blocks.finished
        done = "".join(finished[cursor.blocks :])
        before = "" if done else cursor.open_html
        keep = _common_prefix(before, open_html)
        frame: Frame = {
            "t": "step",
            "id": str(self.message_id),
            "seq": self.seq,
            "keep": _utf16_length(open_html[:keep]),
            "tail": open_html[keep:],
        }
        if done:
            frame["done"] = done
        if cursor.seq < 0:
            frame["reset"] = True
        if self.ended:
            frame["whole"] = True
        if self.notice:
            frame["notice"] = self.notice
        cursor.blocks, cursor.open_html, cursor.seq = len(finished), open_html, self.seq
        return frame

    async def watch(self) -> AsyncIterator[Frame]:
        """Frames for one viewer: all there is, then what comes, until the reply has ended."""
        loop = asyncio.get_running_loop()
        cursor = Cursor()
        while True:
            changed = self._changed
            sent_at = loop.time()
            if self.seq != cursor.seq:
                yield self.frame_after(cursor)
            if self.ended and self.seq == cursor.seq:
                return
            if self.seq == cursor.seq:
                await changed.wait()
            await asyncio.sleep(max(0.0, sent_at + FRAME_INTERVAL - loop.time()))
