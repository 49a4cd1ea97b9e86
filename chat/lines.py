"""What the next line of a growing block is, when its beginning tells and nothing need be parsed."""

import re
from typing import NamedTuple

from chat import markdown
from chat.drafts import TEXT_LINE, Draft, Words
from chat.leaves import Leaf

_LETTER = re.compile(r"[^\W\d_]")
_HEADER_CELL = re.compile(r"<th((?: [^>]*)?)>")
_CELL = re.compile(r"<td[^>]*>")
_ROW_FOOT = "</td>\n</tr>\n</tbody>\n</table></div>\n"
_FORMULA_END = re.compile(r"[\]$]")
_ITEM = re.compile(r"( *)([-+*]|(\d{1,9})[.)]) {1,4}(?! )")


def words_of(draft: Draft, leaf: Leaf, source: str) -> Words | None:
    """The text in which a drawn block ends; its draft is this, without the leaf's foot.

    None when the line could still become something else, or its end is not in sight.
    """
    line = source.rpartition("\n")[2]
    shown, said = line.rstrip(markdown.SPACES), leaf.content.rpartition("\n")[2]
    if leaf.kind == "math_block":
        return Formula(draft, leaf, line) if said and shown.endswith(said) else None
    if not shown.endswith(said) or shown.endswith(("]", "#")):
        return None
    is_row = leaf.kind == "table_open" and leaf.foot.endswith(_ROW_FOOT)
    if not (is_row and line.startswith("|")) and not _LETTER.search(said):
        return None  # digits may become the marker of a list, dashes a heading
    if leaf.kind == "paragraph_open":
        return Paragraph(draft, leaf, line)
    if is_row:
        return Row(draft, leaf, line)
    items = _open_items(leaf, source)
    return Item(draft, leaf, line, items) if items else Words(draft, leaf, line)


class Paragraph(Words):
    """Goes on until a blank line, or one that begins another block."""

    def take_line(self, text: str) -> bool:
        if "\n" in text[1:] or not TEXT_LINE.match(text, 1) or not self.take(text):
            return False
        self._is_text = True
        return True


class Formula(Words):
    """Shown as it is written until it is closed."""

    is_final = False

    def take(self, text: str) -> bool:
        if not text.isascii() or _FORMULA_END.search(text):
            return False
        text = self._spaces + text
        shown = text.rstrip()
        self._spaces = text[len(shown) :]
        self.draft.added.append(markdown.escape(shown))
        return True

    def is_ended_by(self, gap: str, line: str) -> bool:
        return False


class Row(Words):
    """The last row of a table, up to the end of one of its cells."""

    def __init__(self, draft: Draft, leaf: Leaf, line: str) -> None:
        super().__init__(draft, leaf, line)
        header = draft.head[draft.head.rfind("<thead>") :]
        first, *others = (f"<td{attributes}>" for attributes in _HEADER_CELL.findall(header))
        self._opening = f"</td>\n</tr>\n<tr>\n{first}"
        self._foot = "".join(f"</td>\n{cell}" for cell in others) + _ROW_FOOT
        self._is_text, self._is_full = True, False

    def take(self, text: str) -> bool:
        if self._is_full:
            return True  # cells beyond the last column are dropped
        if "\\" in text or self._rest.endswith("\\"):
            return False  # a pipe behind it ends no cell
        said, *cells = text.split("|")
        if not super().take(said):
            return False
        for cell in cells:
            self._next_cell(cell)
        return True

    def take_line(self, text: str) -> bool:
        row = text[1:]
        if "\n" in row or "\\" in row or not (row[:1] == "|" or TEXT_LINE.match(row)):
            return False
        if not self._is_full and (_CELL.search(self.draft.foot) or not self._rest):
            return False  # how many cells are lacking is for the parser to count
        self._begin(self.draft.html().removesuffix(_ROW_FOOT) + self._opening, self._foot)
        self._is_full = False
        return self.take(row.removeprefix("|"))

    def _next_cell(self, text: str) -> None:
        if opening := _CELL.search(self.draft.foot):
            place = opening.end()
            self._begin(self.draft.shown() + self.draft.foot[:place], self.draft.foot[place:])
            super().take(text)
        else:
            self._is_full = True


class _Open(NamedTuple):
    """An item of a list that is open."""

    indent: int  # the column of its marker
    inside: int  # the column of its text
    mark: str
    is_loose: bool  # its text is drawn as paragraphs

    @property
    def list_tag(self) -> str:
        return "ul" if self.mark in "-+*" else "ol"

    @property
    def text_head(self) -> str:
        return "\n<p>" if self.is_loose else ""

    @property
    def text_foot(self) -> str:
        return "</p>\n" if self.is_loose else ""

    @property
    def foot(self) -> str:
        return f"</li>\n</{self.list_tag}>\n"


class Item(Words):
    """The last item of a list, and those it stands in."""

    def __init__(self, draft: Draft, leaf: Leaf, line: str, items: list[_Open]) -> None:
        super().__init__(draft, leaf, line)
        self._items = items

    def take_line(self, text: str) -> bool:
        gap = text.rfind("\n") + 1
        found = _ITEM.match(text, gap)
        start = found.end() if found else len(text) - len(text[gap:].lstrip(" "))
        if text[:gap].strip() or not TEXT_LINE.match(text, start):
            return False
        if found:
            opened = self._item(found, is_apart=gap > 1)
        else:
            opened = self._paragraph(start - gap, is_apart=gap > 1)
        if opened is None:
            return False
        self._begin(self.draft.shown() + opened, _foot_of(self._items))
        self._is_text = True
        return self.take(text[start:])

    def _paragraph(self, indent: int, *, is_apart: bool) -> str | None:
        """The HTML up to another paragraph of the item; None when in doubt."""
        item = self._items[-1]
        if not (is_apart and item.is_loose) or not 0 <= indent - item.inside < 4:
            return None
        return f"{item.text_foot}<p>"

    def _item(self, found: re.Match[str], *, is_apart: bool) -> str | None:
        """The HTML up to the text of a new item; None, with nothing done, when in doubt."""
        new, last = _opened_by(found, is_loose=False), self._items[-1]
        outer = [other for other in self._items if other.indent < new.indent]
        siblings = self._items[len(outer) :]
        if siblings and (siblings[0].indent, siblings[0].mark) == (new.indent, new.mark):
            new = new._replace(is_loose=siblings[0].is_loose)
            if is_apart and not new.is_loose:
                return None  # all its list becomes loose
            ended = last.text_foot + "".join(item.foot for item in reversed(siblings[1:]))
            opened = f"{ended}</li>\n<li>{new.text_head}"
        elif siblings or is_apart or found[3] not in (None, "1"):
            return None
        elif 0 <= new.indent - last.inside < 4:
            opened = (last.text_foot or "\n") + f"<{new.list_tag}>\n<li>"
        else:
            return None
        self._items = [*outer, new]
        return opened


def _opened_by(found: re.Match[str], *, is_loose: bool) -> _Open:
    start = found.start()
    return _Open(len(found[1]), found.end() - start, found[2][-1], is_loose)


def _foot_of(items: list[_Open]) -> str:
    return items[-1].text_foot + "".join(item.foot for item in reversed(items))


def _open_items(leaf: Leaf, source: str) -> list[_Open]:
    """The open items, outermost first; none unless each begins a line that is like it."""
    lines = source.split("\n")
    begins = [item.line for item in leaf.items]
    found = [_ITEM.match(lines[line]) for line in begins]
    if not found or None in found or sorted(set(begins)) != begins:
        return []
    items = [
        _opened_by(opening, is_loose=item.is_loose)
        for opening, item in zip(found, leaf.items, strict=True)
        if opening
    ]
    return items if _foot_of(items) == leaf.foot else []
