"""The replies this process is streaming, as text that viewers pull at their own pace.

A reply's task appends tokens; a viewer asks what is new since the last frame it got. Nothing is
queued, so a slow socket gets bigger steps and costs no memory.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chat.blocks import BlockStream
from chat.drafts import Draft

# Seconds between two frames to one viewer: smooth to read, and a fifth of the sends.
FRAME_INTERVAL = 0.04

# The `seq` of a text of which nothing is known yet, and of who has seen nothing.
UNKNOWN = -1

# Characters that are drawn in a few milliseconds.
_QUICK = 2000


@dataclass
class Cursor:
    """How far one viewer has come: finished blocks seen, and the open block as last sent."""

    number: int = 0  # the reply's on the viewer's socket
    blocks: int = 0
    draft: Draft = field(default_factory=Draft)
    additions: int = 0
    knows_place: bool = False  # where text is added to the draft
    notice: str = ""
    seq: int = UNKNOWN


def _encode(frame: list[Any] | dict[str, Any]) -> str:
    return msgspec.json.encode(frame).decode()


def _common_prefix(old: str, new: str) -> int:
    """The length of what two strings begin with in common, found by halving (C-speed compares)."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(old: str, new: str, most: int) -> int:
    """As `_common_prefix`, for the ends; at most so many characters."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _utf16_length(text: str) -> int:
    """The length a browser gives a string: characters beyond the first plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _change(old: str, new: str) -> list[Any]:
    """UTF-16 units of `old` that stay at its beginning, what follows, and those at its end."""
    keep = _common_prefix(old, new)
    end = _common_suffix(old, new, min(len(old), len(new)) - keep)
    middle = new[keep : len(new) - end]
    return [_utf16_length(old[:keep]), middle, _utf16_length(old[len(old) - end :])]


def _addition(cursor: Cursor, draft: Draft) -> list[Any]:
    text = "".join(draft.added[cursor.additions :])
    cursor.additions = len(draft.added)
    if not text or cursor.knows_place:
        return [text] if text else []
    cursor.knows_place = True
    return [text, _utf16_length(draft.foot)]


def _redrawing(cursor: Cursor, draft: Draft, done: str) -> list[Any]:
    before, drawn = cursor.draft.html(cursor.additions), draft.html()
    cursor.draft, cursor.additions, cursor.knows_place = draft, len(draft.added), False
    return [*_change(before, done), drawn] if done else _change(before, drawn)


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
    differs: bool = False
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

    def final_html(self) -> str | None:
        """The whole as HTML; None when so much was never looked at that a thread should draw it."""
        return self.blocks.close() if self.blocks.behind <= _QUICK else None

    def end(self, *, differs: bool = False) -> None:
        """No text comes any more; `differs` says that the reply's row kept another one."""
        self.ended, self.differs = True, differs
        self._wake()

    def _wake(self) -> None:
        self.seq += 1
        self._changed.set()

    def frame_after(self, cursor: Cursor) -> str:
        """What is new since a cursor, as sent; moves the cursor. Empty when nothing shows it.

        Lengths are in UTF-16 units of the open block's last HTML. The array `[number, text]` adds
        text where the last was added, `[number, text, end]` before the block's last `end` units;
        `[number, keep, middle, end]` replaces all but its first and last units, and a further
        element is the block that opens after that one has finished. An object has the same array,
        without the number, as `change`: `reset` begins a reply and binds its `id` to the number,
        `whole` says that the text is the reply's, and nothing is missing any more.
        """
        if self.ended:
            self.blocks.close()
        draft, finished = self.blocks.draft, self.blocks.finished
        cursor.seq, is_first = self.seq, cursor.seq < 0
        if draft is cursor.draft and len(finished) == cursor.blocks:
            change = _addition(cursor, draft)
        else:
            change = _redrawing(cursor, draft, "".join(finished[cursor.blocks :]))
            cursor.blocks = len(finished)
        if is_first or self.ended or self.notice != cursor.notice:
            return _encode(self._said_about(change, cursor, is_first=is_first))
        if len(change) == 1:  # an encoder takes a text alone at a fraction of the time
            return f"[{cursor.number},{_encode(change[0])}]"
        return _encode([cursor.number, *change]) if change else ""

    def _said_about(self, change: list[Any], cursor: Cursor, *, is_first: bool) -> dict[str, Any]:
        cursor.notice = self.notice
        frame: dict[str, Any] = {"t": "step", "n": cursor.number, "change": change}
        if is_first:
            frame |= {"id": str(self.message_id), "reset": True}
        if self.ended and not self.differs:
            frame["whole"] = True
        if self.notice:
            frame["notice"] = self.notice
        return frame

    async def watch(self, number: int = 0) -> AsyncIterator[str]:
        """Frames for one viewer: all there is, then what comes, until the reply has ended."""
        cursor = Cursor(number)
        while True:
            if self.seq == cursor.seq:
                self._changed.clear()
                await self._changed.wait()
            if frame := self.frame_after(cursor):
                yield frame
            if self.ended and self.seq == cursor.seq:
                return
            await asyncio.sleep(FRAME_INTERVAL)
