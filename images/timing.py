"""When to look at a picture next: from our own history, with back-off and jitter (seconds)."""

import random
import statistics
from collections.abc import Sequence

FEWEST_TIMES = 3
FIRST_LOOK_UNKNOWN = 2.0
SHORTEST_LOOK = 1.1
EAGER = 60.0  # for so long nobody waits for a finished picture
LONGEST_LOOK = 10.0
LONGEST_FIRST = 20.0
DEADLINE = 600.0  # from hand-over: then refunded
SLOW_LANE_EVERY = 300.0
SLOW_LANE_UNTIL = 24 * 3600.0


def usual(times: Sequence[float]) -> float | None:
    """The median, or None while there are too few to say."""
    return statistics.median(times) if len(times) >= FEWEST_TIMES else None


def first_look(usual_seconds: float | None) -> float:
    """Shortly before it is usually ready; a kind whose times vary is not left alone for long."""
    return _jitter(_first(usual_seconds))


def next_look(elapsed: float, *, usual_seconds: float | None) -> float:
    """Every second or so up to a minute, or twice the usual time; then ever further apart."""
    late = elapsed - max(EAGER, 2 * (usual_seconds or 0))
    return _jitter(min(LONGEST_LOOK, max(SHORTEST_LOOK, late / 10)))


def _first(usual_seconds: float | None) -> float:
    if usual_seconds is None:
        return FIRST_LOOK_UNKNOWN
    return min(LONGEST_FIRST, max(0.5, usual_seconds * 0.6))


def back_off(attempts: int, *, retry_after: float | None = None) -> float:
    """After an error: doubling from 2 seconds to a minute, never sooner than asked for."""
    wait = _jitter(min(60.0, 2.0 ** max(1, attempts)))
    return wait if retry_after is None else max(wait, retry_after)


def _jitter(seconds: float) -> float:
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311  spreads load, guards nothing
