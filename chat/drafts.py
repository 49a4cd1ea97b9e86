"""The HTML of a block that still grows, kept up to date at the cost of what is new.

What cannot be markup is added to the HTML as escaped text, exactly where a full render would put
it; whatever else comes makes the block be drawn anew.
"""

import re

from chat import markdown
from chat.markdown import Leaf

# Characters that are text wherever they stand behind text of the same line.
_PLAIN = r"""(?:[0-9A-Za-z ,.?!'"(+=%:/-]|[^\x00-\x7f\s\ud800-\udfff])"""
_PLAIN_TEXT = re.compile(f"{_PLAIN}*")
# The first of its kind in a paragraph opens nothing before there is a second one; "[" needs "]".
_LONE_MARK = re.compile(rf"(?:{_PLAIN}* )?(\*+|_+|`+|~+|\$|\[)(?!\s){_PLAIN}+")
_LETTER = re.compile(r"[^\W\d_]")
_LINKISH = re.compile(r"(?:https?|ftp|mailto):|//", re.IGNORECASE)


class Draft:
    """HTML of a growing block: what was drawn, text added since, and the tags that close it."""

    def __init__(self, head: str = "", foot: str = "") -> None:
        self.head = head
        self.foot = foot
        self.added: list[str] = []

    def add(self, text: str) -> None:
        """Show more text at the end of the block."""
        self.added.append(markdown.escape(text))

    def html(self, additions: int | None = None) -> str:
        """The whole, or how it was after so many additions."""
        return "".join((self.head, *self.added[:additions], self.foot))


class PlainTail:
    """Decides whether what follows a drawn block can be added to its draft as text."""

    def __init__(self, draft: Draft, leaf: Leaf, source: str) -> None:
        self._draft = draft
        self._said = leaf.content
        self._ends_in_text = leaf.ends_in_text
        shown = source.rstrip(" ")
        self._spaces = source[len(shown) :]  # markdown shows none at the end of a line
        self._run = _last_run(shown)

    @classmethod
    def of(cls, draft: Draft, leaf: Leaf | None, source: str) -> "PlainTail | None":
        """None when the line could still become something else, or its end is not in sight."""
        shown = source.rstrip(" ")
        if leaf is None or not shown.endswith(leaf.content) or shown.endswith(("]", "#")):
            return None
        if not _LETTER.search(leaf.content.rpartition("\n")[2]):
            return None  # digits may become the marker of a list, dashes a heading
        return cls(draft, leaf, source)

    def take(self, text: str) -> bool:
        """Add a text; False, with nothing done, when it may be markup."""
        if not self._is_plain(text):
            return False
        text = self._spaces + text
        shown = text.rstrip(" ")
        self._spaces = text[len(shown) :]
        if shown:
            self._draft.add(shown)
            self._said += shown
            self._run = _last_run(self._run + shown)
            self._ends_in_text = True
        return True

    def _is_plain(self, text: str) -> bool:
        if not _PLAIN_TEXT.fullmatch(text):
            mark = _LONE_MARK.fullmatch(text)
            if mark is None or (mark[1] != "[" and mark[1][0] in self._said):
                return False
            if text[0] != " " and not self._spaces:
                return False
        if text[:1] != " " and not self._spaces and not self._continues_text():
            return False
        return not _LINKISH.search(self._run + self._spaces + text)

    def _continues_text(self) -> bool:
        return self._ends_in_text and bool(_PLAIN_TEXT.fullmatch(self._said[-1]))


def _last_run(text: str) -> str:
    return text[max(text.rfind(" "), text.rfind("\n")) + 1 :]
