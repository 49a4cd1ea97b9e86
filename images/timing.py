"""When to look at a picture next: from our own history, with back-off and jitter (seconds)."""

import random
import statistics
from collections.abc import Sequence

FEWEST_TIMES = 3
FIRST_LOOK_UNKNOWN = 2.0
DEADLINE = 600.0  # from hand-over: then refunded
SLOW_LANE_EVERY = 300.0
SLOW_LANE_UNTIL = 24 * 3600.0


def usual(times: Sequence[float]) -> float | None:
    """The median, or None while there are too few to say."""
    return statistics.median(times) if len(times) >= FEWEST_TIMES else None


def first_look(usual_seconds: float | None) -> float:
    """Just before it is usually ready: a look costs little, a late one is felt."""
    return _jitter(FIRST_LOOK_UNKNOWN if usual_seconds is None else max(0.5, usual_seconds * 0.7))


def next_look(elapsed: float, *, usual_seconds: float | None) -> float:
    """Growing with the time waited beyond the first look: 1 to 10 seconds."""
    start = FIRST_LOOK_UNKNOWN if usual_seconds is None else usual_seconds * 0.7
    return _jitter(min(10.0, max(1.0, (elapsed - start) / 2)))


def back_off(attempts: int, *, retry_after: float | None = None) -> float:
    """After an error: doubling from 2 seconds to a minute, never sooner than asked for."""
    wait = _jitter(min(60.0, 2.0 ** max(1, attempts)))
    return wait if retry_after is None else max(wait, retry_after)


def _jitter(seconds: float) -> float:
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311  spreads load, guards nothing
