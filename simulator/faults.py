"""The table of faults, and the board on which they wait for their request.

A fault is asked for in a prompt, `[[fault:u7 after=5]]`, or by POST /_control/faults. Options
are read where the fault is carried out; `times=N` makes it happen at the first N requests only.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from simulator import courses
from simulator.dice import digest
from simulator.directives import FaultCall
from simulator.refusals import bad_request
from simulator.stream import Course, Stream

Place = Literal["answer", "stream", "picture", "door"]
Spoiler = Callable[..., Course]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row: `place` says what it spoils, `options` which ones it reads (with their default)."""

    code: str
    place: Place
    summary: str
    options: str = ""
    course: Spoiler | None = None


_ROWS = (
    Fault("u1", "door", "refuses connections for a while (by control only)", "seconds=2"),
    Fault("u2", "answer", "401 or 403 instead of an answer", "status=401"),
    Fault("u3", "answer", "429 or 503 with Retry-After", "status=429 retry_after=5"),
    Fault("u4", "answer", "429 with a hopeless Retry-After", "retry_after=86400, or any word"),
    Fault("u5", "answer", "500, 502 or 504 before any data", "status=500"),
    Fault("u6", "answer", "200 with an HTML page"),
    Fault("u7", "stream", "connection reset after some tokens", "after=5", courses.Reset),
    Fault(
        "u8",
        "stream",
        "ends in order, without finish_reason and [DONE]",
        "after=5 as=close|chunked|cut",
        courses.EndsEarly,
    ),
    Fault("u9", "stream", "falls silent, then goes on", "after=5 seconds=3600", courses.Stalls),
    Fault(
        "u10", "stream", "trickles bytes of an endless event", "after=5 every=250", courses.Trickles
    ),
    Fault("u11", "stream", "valid, and never ends", "", courses.NeverEnds),
    Fault("u12", "stream", "events that are no JSON", "after=5 count=1", courses.Malformed),
    Fault(
        "u13", "stream", "an error object as an event, then the end", "after=5", courses.ErrorInside
    ),
    Fault(
        "u14",
        "stream",
        "each byte in its own packet",
        "as=split|invalid after=5",
        courses.SplitBytes,
    ),
    Fault(
        "u15",
        "stream",
        "odd but valid framing, all kinds in turn or one",
        "as=" + "|".join(courses.OddFraming.ways),
        courses.OddFraming,
    ),
    Fault("u16", "stream", "[DONE] twice, and events after it", "", courses.TalksOn),
    Fault(
        "u17",
        "stream",
        "a huge line or a gzip bomb",
        "as=line|gzip megabytes=300 after=5",
        courses.TooLarge,
    ),
    Fault(
        "u18",
        "stream",
        "usage missing or senseless",
        "as=missing|negative|huge|text|float|null|empty",
        courses.WrongUsage,
    ),
    Fault(
        "u19", "answer", "302 to a private address", "to=http://169.254.169.254/latest/meta-data/"
    ),
    Fault("g1", "picture", "job accepted, but the connection is reset before the answer"),
    Fault("g2", "picture", "job never ends, or late", "late=SECONDS"),
    Fault("g5", "picture", "useless result", "as=404|private|big|svg|html|bomb|text"),
    Fault("failed", "picture", "job ends as failed"),
    Fault("refused", "picture", "job refused at once: status error"),
)

FAULTS = {fault.code: fault for fault in _ROWS}

# Rows of the matrix about the caller's own processes: the service behaves well in them.
NOTHING_TO_DO = ("g3", "g4")


@dataclass(slots=True)
class _Armed:
    call: FaultCall
    key: str | None
    times: int


class Board:
    """Faults waiting for a request, and how often each prompt has already had its own."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._seen: Counter[int] = Counter()

    def clear(self) -> None:
        self._armed.clear()
        self._seen.clear()

    def arm(self, body: dict[str, Any]) -> None:
        """From a control request: {"fault": code, "times": 1, "key": null, …options}."""
        options = {name: str(value) for name, value in body.items() if value is not None}
        code = options.pop("fault", "").lower()
        times = options.pop("times", "1")
        key = options.pop("key", None)
        if code not in FAULTS or not times.isdigit():
            raise bad_request(f"No such fault: '{code}'.", param="fault")
        self._armed.append(_Armed(FaultCall(code, options), key, int(times)))

    def armed(self) -> list[dict[str, Any]]:
        return [
            {"fault": item.call.code, "times": item.times, **item.call.options}
            for item in self._armed
        ]

    def take(self, on: str, *, key: str, wish: FaultCall | None, prompt: str) -> FaultCall | None:
        """The fault of this request, if it has one: the prompt's own first, then an armed one.

        `on` is the endpoint: chat, submit, status or download.
        """
        if wish and _fits(wish, on) and self._has_turn(wish, key=key, on=on, prompt=prompt):
            return wish
        for item in self._armed:
            if item.times and item.key in (None, key) and _fits(item.call, on):
                item.times -= 1
                self._armed = [left for left in self._armed if left.times]
                return item.call
        return None

    def _has_turn(self, wish: FaultCall, *, key: str, on: str, prompt: str) -> bool:
        times = wish.number("times", 0)
        if not times:
            return True
        mark = digest(key, on, prompt)
        self._seen[mark] += 1
        return self._seen[mark] <= times


def course_for(stream: Stream, *, call: FaultCall | None) -> Course:
    course = FAULTS[call.code].course if call else None
    return course(stream, call=call) if course else Course(stream)


def _fits(call: FaultCall, on: str) -> bool:
    """A fault of the answer strikes chat and submit unless `on=` names another endpoint."""
    fault = FAULTS.get(call.code)
    if fault is None:
        return False
    if fault.place == "answer":
        return on == call.options["on"] if "on" in call.options else on in ("chat", "submit")
    return {"stream": "chat", "picture": "submit"}.get(fault.place) == on
