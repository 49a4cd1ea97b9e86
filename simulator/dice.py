"""Chance that is the same every time: seeded by what was asked, never by the clock."""

import random
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def digest(*parts: object) -> int:
    """A 64-bit number made of `parts`, equal in every process and on every machine."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


class Dice:
    """A seeded source of choices; `Dice("a", 1)` always rolls the same."""

    def __init__(self, *seed: object) -> None:
        self._seed = seed
        self._random = random.Random(digest(*seed))  # noqa: S311 - pictures and prose, not secrets

    def fork(self, *more: object) -> "Dice":
        """Independent dice for a part, so that one more roll here changes nothing there."""
        return Dice(*self._seed, *more)

    def pick(self, things: Sequence[T]) -> T:
        return things[self._random.randrange(len(things))]

    def sample(self, things: Sequence[T], count: int) -> list[T]:
        """`count` different things (fewer where there are not so many), in a rolled order."""
        return self._random.sample(list(things), min(count, len(things)))

    def whole(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def around(self, middle: float, spread: float) -> float:
        """Mostly near `middle`: a bell curve with `spread` as its deviation."""
        return self._random.gauss(middle, spread)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def noise(self, count: int) -> bytes:
        return self._random.randbytes(count)
