"""Where parsed markdown ends: the text to which more can be added."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.token import Token

from chat.markdown_rules import OPEN_FORMULA_FOOT, PAREN_MATH, is_open_formula

# Marks that are shown as text, and might still be matched by later ones. An underscore within a
# word never is.
_OPEN_MARK = re.compile(r"[*`$\[\\]|~~|(?<![^\W_])_|_(?![^\W_])")


class OpenItem(NamedTuple):
    """An item of a list in which parsed markdown ends."""

    line: int  # on which it begins
    is_loose: bool  # it begins with a paragraph that is drawn as one


@dataclass(frozen=True)
class Leaf:
    """The paragraph, heading, cell or formula that ends a block, when text can be added to it."""

    kind: str  # the type of the top-level token it stands in; of a formula its own
    content: str  # its markdown
    is_closed: bool  # nothing behind a space can change how it is drawn
    ends_in_text: bool  # rather than in emphasis, code, a link or a formula
    foot: str  # the HTML after its last character
    items: list[OpenItem]  # those that it stands in, outermost first


def leaf_of(tokens: list[Token], line: str, render: Callable[[list[Token]], str]) -> Leaf | None:
    """The end of parsed markdown whose last line, as it stands in the source, is this."""
    index = last_shown(tokens)
    token, children = tokens[index], list(tokens[index].children or [])
    foot = render(tokens[index + 1 :])
    if is_open_formula(token):
        return Leaf(token.type, token.content, False, True, OPEN_FORMULA_FOOT + foot, [])
    if not children or not _is_last_cell(tokens, index, line):
        return None
    if children[-1].content == "</label>":
        foot = children.pop().content + foot
    kind = next(token.type for token in reversed(tokens) if token.level == 0 and token.nesting == 1)
    items = open_items(tokens)
    return Leaf(kind, token.content, is_closed(token), ends_in_text(children), foot, items)


def last_shown(tokens: list[Token]) -> int:
    """The index of the last token that is neither an end nor a cell not yet written; -1 if none."""
    indices = range(len(tokens) - 1, -1, -1)
    return next((index for index in indices if not _shows_nothing(tokens[index])), -1)


def _shows_nothing(token: Token) -> bool:
    """Whether a token is the end of something, or a cell not yet written."""
    empty = token.type == "inline" and not token.content
    return empty or token.nesting == -1 or token.type == "td_open"


def _is_last_cell(tokens: list[Token], index: int, line: str) -> bool:
    """Whether what follows a cell still belongs to it: cells beyond the last column are dropped."""
    if tokens[index - 1].type != "td_open":
        return True
    row = next(start for start in range(index, 0, -1) if tokens[start].type == "tr_open")
    columns = sum(token.type == "td_open" for token in tokens[row:])
    return line.count("|") <= columns - (not line.startswith("|"))


def is_closed(token: Token) -> bool:
    """Whether all marks of an inline token are matched."""
    if "\\" in PAREN_MATH.sub("", token.content):
        return False
    shown = (child.content for child in token.children or [] if child.type == "text")
    return not any(map(_OPEN_MARK.search, shown))


def ends_in_text(children: Sequence[Token]) -> bool:
    """Whether what an inline token holds ends in plain text."""
    return bool(children) and children[-1].type == "text"


def open_items(tokens: list[Token]) -> list[OpenItem]:
    """The items in which the tokens end, outermost first."""
    depth = 0
    while depth < len(tokens) and tokens[-1 - depth].type.endswith(("list_close", "item_close")):
        depth += 1
    if depth < 2:
        return []
    begins = {token.level: place for place, token in enumerate(tokens) if token.nesting == 1}
    places = [begins[level] for level in range(1, depth, 2)]
    return [OpenItem((tokens[at].map or [0])[0], _is_loose(tokens[at + 1])) for at in places]


def _is_loose(token: Token) -> bool:
    return token.type == "paragraph_open" and not token.hidden
