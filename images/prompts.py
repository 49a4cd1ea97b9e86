"""Choices in a prompt: `{oil|watercolour} portrait` stands for one prompt each."""

import re
from itertools import islice, product

MOST = 64
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


def expand(prompt: str) -> list[str]:
    """Every prompt that it stands for, in reading order, without repetitions; at most MOST + 1.

    Braces without a bar are text. One more than MOST says that there are too many.
    """
    parts = _CHOICE.split(prompt)
    options = [
        [choice.strip() for choice in part.split("|")] if place % 2 else [part]
        for place, part in enumerate(parts)
    ]
    found = dict.fromkeys(_joined(pieces) for pieces in islice(product(*options), 4 * MOST))
    return list(islice(found, MOST + 1))


def _joined(pieces: tuple[str, ...]) -> str:
    """The pieces as one text; an empty choice leaves no double space."""
    return re.sub(r"  +", " ", "".join(pieces)).strip()
