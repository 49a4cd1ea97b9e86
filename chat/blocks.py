"""A growing markdown text as finished blocks and one open block.

A block is finished once a complete line or a blank one ends it: markdown never reopens it then.
Cut the text anywhere, feed it in any steps: the finished blocks are always a prefix of the final
render, and `close()` makes them equal to it.
"""

import re
from itertools import pairwise

from chat import markdown
from chat.drafts import OUTLAST_BLANKS, TEXT_LINE, Draft, Words
from chat.fences import Fence
from chat.leaves import Leaf
from chat.lines import words_of
from chat.standins import StandIn

_NEWLINES = re.compile(r"\r\n?")
# A line so begun may still become an item, a heading, a rule, a row: anything.
_ANY_LINE = re.compile(r"""[ \t]*+(?:[-+*|>]|#{1,6}|\d{1,9}[.)]?)?+[ \t]*+[*_`~"'(\[\\$]{0,3}""")
_BLANK = " \t\n"
_GAP = re.compile(r"\n(?:[ \t]*+\n)*")


class BlockStream:
    """Renders a text that arrives in pieces; each finished block is rendered exactly once."""

    def __init__(self, *, long: int = 100) -> None:
        """From so many characters on the settled part of a table or list is drawn no more."""
        self._long = long
        self._settled = StandIn()
        self.finished: list[str] = []
        self._new = ""  # fed and not yet looked at
        self._held = ""  # a CR whose LF may still come
        self._begun = ""  # line ends and the beginning of a line, until that says what it is
        self._tail = ""  # the open block, unless it is a fence
        self._fence: Fence | None = None
        self._words: Words | None = None
        self._draft = Draft()

    def feed(self, text: str) -> None:
        if self._held or "\r" in text:
            text = self._held + text
            self._held = "\r" if text.endswith("\r") else ""
            text = _NEWLINES.sub("\n", text.removesuffix(self._held))
        self._new += text.replace("\0", "\ufffd")

    @property
    def behind(self) -> int:
        """How many characters were fed since anybody looked."""
        return len(self._new)

    @property
    def draft(self) -> Draft:
        """The block that still grows; brings `finished` up to date first.

        It lacks the end of the text while that may be the beginning of any kind of line.
        """
        if self._new:
            new, self._new, self._begun = self._begun + self._new, "", ""
            while new:
                new = self._grow_fence(self._fence, new) if self._fence else self._grow(new)
        return self._draft

    @property
    def open(self) -> str:
        """HTML of the block that still grows; brings `finished` up to date first."""
        return self.draft.html()

    def close(self) -> str:
        """End the text; returns the HTML of the whole."""
        new = self._begun + self._new + self._held.replace("\r", "\n")
        self._begun = self._new = self._held = ""
        if self._fence:
            self._tail, self._fence = self._fence.source, None
        elif self._words:
            new = self._add(self._words, new)
        self._tail, self._settled = self._tail + new, StandIn()
        if self._words and self._words.is_final and not new:
            self.finished.append(self._draft.html())
        else:
            self._finish_complete_blocks()
            self.finished += [markdown.render(self._tail)] if self._tail.strip(_BLANK) else []
        self._start()
        return "".join(self.finished)

    def _start(self) -> None:
        """Nothing is open."""
        self._tail, self._settled = "", StandIn()
        self._fence, self._words, self._draft = None, None, Draft()

    def _grow_fence(self, fence: Fence, new: str) -> str:
        """Returns what follows the fence."""
        rest = fence.take(new)
        if rest is None:
            return ""
        self.finished.append(markdown.render(fence.source))
        self._start()
        return rest

    def _grow(self, new: str) -> str:
        """Returns what follows the first line of a fence."""
        new = self._hold_back(new)
        if self._words:
            new = self._add(self._words, new)
        return self._parse(new) if new else ""

    def _hold_back(self, text: str) -> str:
        last = text.rfind("\n")
        if (last < 0 and self._tail) or not _ANY_LINE.fullmatch(text, last + 1):
            return text
        kept = text[: max(last, 0)].rstrip(_BLANK)
        self._begun = text[len(kept) :]
        return kept

    def _add(self, words: Words, new: str) -> str:
        """Add to the open block what takes no parser; returns the rest."""
        line, newline, _ = new.partition("\n")
        if line and not words.take(line):
            return new
        self._tail, self._draft, rest = self._tail + line, words.draft, new[len(line) :]
        return self._add_line(words, rest) if newline else ""

    def _add_line(self, words: Words, new: str) -> str:
        gap = _GAP.match(new)
        line = new[gap.end() :] if gap else ""
        if gap and words.is_ended_by(gap[0], line):
            self.finished.append(self._draft.html())
            self._start()
            return line
        if not words.take_line(new):
            return new
        self._tail, self._draft = self._tail + new, words.draft
        return ""

    def _parse(self, new: str) -> str:
        self._tail += new
        if not self._settled.fits(self._tail):
            self._settled = StandIn()
        if "\n" in new:
            self._finish_complete_blocks()
        if opened := Fence.opened_by(self._tail):
            rest, self._begun = opened[1] + self._begun, ""
            self._start()
            self._fence, self._draft = opened[0], opened[0].draft
            return rest
        self._redraw()
        if "\n" in new and len(self._tail) - self._settled.length > self._long:
            self._settled = self._settled.moved(self._tail, self._draft.html())
        return ""

    def _redraw(self) -> None:
        html, leaf = self._drawn() if self._tail.strip(_BLANK) else ("", None)
        foot = leaf.foot if leaf else ""
        self._draft = Draft(html[: len(html) - len(foot)], foot)
        source = self._settled.of(self._tail)
        self._words = words_of(self._draft, leaf, source) if leaf else None

    def _drawn(self) -> tuple[str, Leaf | None]:
        drawn = self._settled.draw(self._tail)
        if drawn is None:
            self._settled = StandIn()
            drawn = markdown.draw(self._tail)
        return drawn

    def _finish_complete_blocks(self) -> None:
        """Move what no line can change any more out of the tail; half a line still can."""
        text = self._settled.of(self._tail)
        last = text.rfind("\n") + 1
        complete = text if TEXT_LINE.match(text, last) else text[:last]
        # Not splitlines, which also splits at U+2028 and the like.
        lines = [line + "\n" for line in complete.split("\n")]
        lines.pop()
        blocks = markdown.blocks(complete)
        marks = [first for _, first, _ in blocks] or [len(lines)]
        if blocks and blocks[-1][0] not in OUTLAST_BLANKS and blocks[-1][2] < len(lines):
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
