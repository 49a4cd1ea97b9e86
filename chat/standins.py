"""Short markdown that stands for the settled part of a long table or list.

What follows it parses as it would behind the original, so only the end of the block is drawn anew.
"""

import re
from dataclasses import dataclass

from chat import markdown
from chat.leaves import Leaf

_BLANK_LINE = re.compile(r"^[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r" *(?:[-+*]|\d{1,9}[.)]) {1,4}(?! )")
_DIGITS = re.compile(r"\d+")
_ROW, _POINT = "</tr>\n", "<li>x</li>\n"  # how a table's and a list's stand-in end


@dataclass(frozen=True)
class StandIn:
    """A part of the source, from its beginning, that is drawn no more."""

    length: int = 0  # characters of the source that are settled
    html: str = ""  # theirs
    markdown: str = ""  # what stands for them
    drawn: str = ""  # how that is drawn

    def fits(self, source: str) -> bool:
        """Whether a source may be replaced: a list's first item can be a table's header instead."""
        return not (self.drawn.endswith(_POINT) and "|" in source[self.length :])

    def of(self, source: str) -> str:
        """A source with its settled part replaced."""
        return self.markdown + source[self.length :]

    def draw(self, source: str) -> tuple[str, Leaf | None] | None:
        """The HTML of the source; None when it changes what was settled."""
        html, leaf = markdown.draw(self.of(source))
        if not html.startswith(self.drawn):
            return None
        shown = html[len(self.drawn) :]
        return self.html + shown, leaf if leaf and shown.endswith(leaf.foot) else None

    def moved(self, source: str, html: str) -> "StandIn":
        """Settle more of a source, whose HTML this is; the same again when that cannot be."""
        text = self.of(source)
        place = _table_so_far(text) or _list_so_far(text)
        if place is None:
            return self
        last, words, rest = place
        drawn = markdown.render(words).rpartition(last)[0] + last
        end = markdown.draw(words + text[rest:])[0]
        shown = end[len(drawn) :]
        if not (end.startswith(drawn) and html.endswith(shown)):
            return self
        settled = html[: len(html) - len(shown)]
        return StandIn(self.length + rest - len(self.markdown), settled, words, drawn)


def _table_so_far(text: str) -> tuple[str, str, int] | None:
    """How what can stand for it ends, that itself, and where the rest begins."""
    if [kind for kind, *_ in markdown.blocks(text)] != ["table_open"]:
        return None
    header, delimiter, *rows = text.split("\n")
    if len(rows) < 2:
        return None
    return _ROW, f"{header}\n{delimiter}\n|x|\n", len(text) - len(rows[-1])


def _list_so_far(text: str) -> tuple[str, str, int] | None:
    """As for a table; only lists without blank lines, whose items have a line each to begin on."""
    if _BLANK_LINE.search(text.removesuffix("\n")):
        return None
    path = markdown.last_items(text)
    lines = text.split("\n")
    openings = [_ITEM.match(lines[line]) for line in path]
    if not path or None in openings or sorted(set(path)) != path:
        return None
    words = "".join(_first_of_its_list(found[0]) for found in openings if found)
    return _POINT, words, sum(len(line) + 1 for line in lines[: path[-1]])


def _first_of_its_list(opening: str) -> str:
    """An item that can begin a list anywhere: behind a paragraph only the number 1 does."""
    return _DIGITS.sub(lambda number: "1".zfill(len(number[0])), opening) + "x\n"
