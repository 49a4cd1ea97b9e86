"""What the paced upstream says: shaped as a real answer, each token a word found nowhere else."""

import re
from collections.abc import Iterator
from itertools import cycle, islice

LONGEST = 600  # tokens of one reply
WORD = re.compile(r"\bW([0-9a-z]{4})\b")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def deltas(number: int, count: int) -> list[str]:
    """The tokens of reply `number`: about six characters each, as a model's are four."""
    templates = islice(cycle(_SHAPE), count)
    said = [
        template.format(word(number * LONGEST + place)) for place, template in enumerate(templates)
    ]
    return [said[0].lstrip("\n"), *said[1:]]


def word(place: int) -> str:
    digits = ""
    for _ in range(4):
        place, digit = divmod(place, 36)
        digits = _DIGITS[digit] + digits
    return f"W{digits}"


def found(html: str, number: int) -> list[int]:
    """The places of the words that a page shows of reply `number`; below 0 or above: another's."""
    return [int(digits, 36) - number * LONGEST for digits in WORD.findall(html)]


def _heading() -> Iterator[str]:
    yield "\n\n## {}"
    yield from [" {}"] * 4


def _paragraph(length: int) -> Iterator[str]:
    marked = {
        0: "\n\n{}",
        9: " **{}",
        11: " {}**",
        17: " {}, één",
        22: " `{}`",
        28: " [{}",
        29: " {}](https://example.org/tides)",
        36: " {} 🌊",
        length - 1: " {}.",
    }
    for place in range(length):
        yield marked.get(place, " {}")


def _list(items: int, *, length: int) -> Iterator[str]:
    for item in range(items):
        yield "\n- {}" if item else "\n\n- {}"
        yield from [" {}"] * (length - 1)


def _code(lines: int) -> Iterator[str]:
    for line in range(lines):
        yield "\n    {}" if line else "\n\n```python\n{}"
        yield from (" = {}", "({}", ", {}", ', "{}"')
        yield ") + {}\n```" if line == lines - 1 else ") + {}"


def _table(rows: int) -> Iterator[str]:
    for row in range(rows):
        yield "\n| {}" if row else "\n\n| {}"
        yield " | {}"
        yield " | {} |" if row else " | {} |\n|---|---|--:|"


_SHAPE = [
    *_heading(),
    *_paragraph(70),
    *_list(5, length=12),
    *_paragraph(50),
    *_code(20),
    *_table(6),
    *_paragraph(60),
]
