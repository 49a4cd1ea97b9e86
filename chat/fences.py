"""A code block that still grows: escaped text, neither parsed nor coloured until it closes."""

import re

from chat import markdown
from chat.drafts import Draft

_OPENING = re.compile(r"(`{3,}(?=[^`|\n]*\n)|~{3,}(?=[^|\n]*\n))[^\n]*\n")
_FOOT = "</code></pre></div>\n"


class Fence:
    """Code between fences that begin a line. A line that may be the closing fence is held back."""

    def __init__(self, opening: str, marker: str) -> None:
        self.draft = Draft(markdown.render(opening).removesuffix(_FOOT), _FOOT)
        self._parts = [opening]
        self._before = "\n"  # at the beginning of a line
        self._held = ""
        fence = rf"\n {{0,3}}{marker[0]}"
        self._closing = re.compile(rf"{fence}{{{len(marker)},}}[ \t]*\n")
        self._perhaps = re.compile(rf"{fence}*[ \t]*\Z")

    @classmethod
    def opened_by(cls, block: str) -> tuple["Fence", str] | None:
        """A fence and what follows its first line, if that is how a block begins."""
        opening = _OPENING.match(block)
        return opening and (cls(opening[0], opening[1]), block[opening.end() :])

    @property
    def source(self) -> str:
        return "".join((*self._parts, self._held))

    def take(self, text: str) -> str | None:
        """Add to the code; returns what follows the closing fence, None while it is open."""
        text = self._before + self._held + text
        if closing := self._closing.search(text):
            self._parts.append(text[len(self._before) : closing.end()])
            self._held = ""
            return text[closing.end() :]
        shown, perhaps = text, self._perhaps.search(text)
        if perhaps:
            shown = text[: perhaps.start() + 1]
        self._held = text[len(shown) :]
        self._show(shown[len(self._before) :])
        self._before = "\n" if shown.endswith("\n") else ""
        return None

    def _show(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self.draft.added.append(markdown.escape(text))
