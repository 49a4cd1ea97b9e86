"""The HTML of a block that still grows, kept up to date at the cost of what is new.

What cannot be markup is added to the HTML as escaped text, exactly where a full render would put
it. Markup is drawn anew from the last place before which nothing can change any more.
"""

import re

from chat import markdown
from chat.leaves import Leaf
from chat.markdown import SPACES

# Characters that are text wherever they stand behind text of the same line.
_PLAIN = r"""(?:[0-9A-Za-z ,.?!'"(+=%:/-]|[^\x00-\x7f\s\ud800-\udfff])"""
_PLAIN_TEXT = re.compile(rf"\n?{_PLAIN}*")
# The first of its kind opens nothing before there is a second one; "[" needs "]".
_LONE_MARK = re.compile(rf"\n?(?:{_PLAIN}* )(\*+|_+|`+|~+|\$|\[)(?!\s){_PLAIN}+")
_LETTER = re.compile(r"[^\W\d_]")
_LINKISH = re.compile(r"(?:https?|ftp|mailto):|//", re.IGNORECASE)
# The first is not shown at a heading's end; the second makes it a table's, if that follows.
_OF_HEADING = re.compile("[#|]")
# A line that begins so is text, whatever comes: no marker, fence, heading, row or rule.
TEXT_LINE = re.compile(r"""(?:["'(]|\*\*?|__?|`)?(?:\d+,? ?)?(?:[^\W\d_]|[^\x00-\x7f\s])""")


# Lists, quotes and code go on behind a blank line when what follows is indented or another item.
OUTLAST_BLANKS = {"bullet_list_open", "ordered_list_open", "blockquote_open", "code_block"}


class Draft:
    """HTML of a growing block: what was drawn, what was added since, and the tags that close it."""

    def __init__(self, head: str = "", foot: str = "") -> None:
        self.head = head
        self.foot = foot
        self.added: list[str] = []

    def shown(self, additions: int | None = None) -> str:
        """All that precedes the closing tags, or did after so many additions."""
        return "".join((self.head, *self.added[:additions]))

    def html(self, additions: int | None = None) -> str:
        """The whole, or how it was after so many additions."""
        return self.shown(additions) + self.foot


class Words:
    """The text at the end of a drawn block: of a paragraph, a heading, an item or a cell.

    What it says is drawn up to `_rest`, the markdown that later marks might still change.
    """

    is_final = True  # it is drawn as if nothing followed

    def __init__(self, draft: Draft, leaf: Leaf, line: str) -> None:
        """The text of a leaf whose last line, as it stands in the source, is this."""
        self.draft = draft
        self.kind = leaf.kind
        self._rest = leaf.content
        self._settled: int | None = None  # additions that precede the rest; None: not known
        self._is_closed, self._ends_in_text = leaf.is_closed, leaf.ends_in_text
        self._is_one_line = leaf.kind == "heading_open" and not _OF_HEADING.search(leaf.content)
        self._spaces = line[len(line.rstrip(SPACES)) :]  # none are shown at the end of a line
        self._is_text = bool(TEXT_LINE.match(leaf.content.rpartition("\n")[2].lstrip(" ")))

    def take(self, text: str) -> bool:
        """Show more text of the same line; False, with nothing done, when that takes a parse."""
        if self.draft.foot.startswith("</h") and _OF_HEADING.search(text):
            return False
        text = self._spaces + text if self._rest else text.lstrip(SPACES)
        shown = text.rstrip(SPACES)
        if shown and not self._show(shown, is_apart=self._is_closed and shown[0] in " \n"):
            return False
        self._spaces = text[len(shown) :]
        return True

    def take_line(self, text: str) -> bool:
        """The same for a line break with what follows it."""
        return False

    def is_ended_by(self, gap: str, line: str) -> bool:
        """Whether these line ends and the beginning of a line end the block for good."""
        if self._is_one_line:
            return True
        is_other = self.kind not in OUTLAST_BLANKS or bool(TEXT_LINE.match(line))
        return gap.count("\n") > 1 and is_other

    def _begin(self, head: str, foot: str) -> None:
        """Go on in the next item or cell."""
        self.draft = Draft(head, foot)
        self._rest, self._settled, self._spaces = "", 0, ""
        self._is_closed = self._ends_in_text = True

    def _show(self, text: str, *, is_apart: bool) -> bool:
        rest = "" if is_apart else self._rest
        is_plain = bool(_PLAIN_TEXT.fullmatch(text))
        if not self._is_added(text, rest, is_plain=is_plain):
            return self._redraw(text, is_apart=is_apart)
        if is_apart:
            self._settled = len(self.draft.added)
        self._rest = rest + text
        self._is_closed, self._ends_in_text = self._is_closed and is_plain, True
        self.draft.added.append(markdown.escape(text))
        return True

    def _is_added(self, text: str, rest: str, *, is_plain: bool) -> bool:
        """Whether a full render would show a text as it is behind what is there."""
        if not is_plain:
            mark = _LONE_MARK.fullmatch(text)
            if mark is None or (mark[1] != "[" and mark[1][0] in rest):
                return False
        continues = text[0] not in " \n"
        if text[0] == "\n" and rest.endswith("\\"):
            return False  # it breaks the line
        if continues and not (self._ends_in_text and _PLAIN_TEXT.fullmatch(self._rest[-1:])):
            return False
        run = _last_run(rest) + text
        return not (":" in run or "//" in run) or not _LINKISH.search(run)

    def _redraw(self, text: str, *, is_apart: bool) -> bool:
        settled = len(self.draft.added) if is_apart else self._settled
        if settled is None or not self._is_text:
            return False
        rest = text if is_apart else self._rest + text
        drawn = markdown.inline(rest)
        draft = Draft(self.draft.shown(settled), self.draft.foot)
        draft.added.append(drawn.html)
        self.draft, self._rest, self._settled = draft, rest, 0
        self._is_closed, self._ends_in_text = drawn.is_closed, drawn.ends_in_text
        return True


def _last_run(text: str) -> str:
    return text[max(text.rfind(" "), text.rfind("\n")) + 1 :]
