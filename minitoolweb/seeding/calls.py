"""Invented calls: when, whose, which model, how they ended, and what that costs."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from credit import days
from credit.models import Hold, Kind, Outcome, Price, Source
from minitoolweb.seeding.people import Person

_POPULAR: Final = {
    "gpt-4o-mini": 40,
    "gpt-4.1-nano": 20,
    "gpt-4.1-mini": 14,
    "gpt-4o": 7,
    "gpt-4.1": 5,
    "realvision": 4,
    "dreamshaper": 3,
}
_OTHER: Final = 0.5
_BY_WEEKDAY: Final = (10, 11, 10, 11, 8, 3, 4)
_OPENS, _SHUTS = 7 * 3600, 22 * 3600  # seconds after midnight
_LEAST_HELD: Final = 4096  # output tokens


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended, how often that is so, and how it was measured."""

    outcome: Outcome
    source: Source
    weight: float
    state: Hold.State = Hold.State.SETTLED


_CHAT_ENDS: Final = (
    End(Outcome.DONE, Source.UPSTREAM, 950),
    End(Outcome.STOPPED, Source.COUNTED, 30),
    End(Outcome.HUNG_UP, Source.COUNTED, 5),
    End(Outcome.CUT, Source.COUNTED, 3),
    End(Outcome.DIED, Source.RECOVERED, 3, Hold.State.RECOVERED),
    End(Outcome.REFUSED, Source.NONE, 9, Hold.State.VOIDED),
)
_PICTURE_ENDS: Final = (
    End(Outcome.PICTURE_DONE, Source.FLAT, 970),
    End(Outcome.PICTURE_FAILED, Source.NONE, 30, Hold.State.VOIDED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One paid call that is over; amounts in nano-USD."""

    person: Person
    key: int | None
    price: Price
    end: End
    at: datetime
    day: date
    prompt_tokens: int
    completion_tokens: int
    held: int
    cost: int


def share_out(calls: int, *, over: Sequence[date]) -> list[int]:
    """How many of the calls each day has: school days most."""
    weights = [_BY_WEEKDAY[day.weekday()] for day in over]
    whole, shares, given, so_far = sum(weights), [], 0, 0
    for weight in weights:
        so_far += weight
        shares.append(calls * so_far // whole - given)
        given += shares[-1]
    return shares


def invent(
    count: int,
    *,
    day: date,
    people: Sequence[Person],
    prices: Sequence[Price],
    dice: random.Random,
) -> Iterator[Call]:
    """So many calls of one day, in the order of their time; none is yet to come."""
    midnight = days.midnight(day)
    last = min(_SHUTS, max(1, int((timezone.now() - midnight).total_seconds())))
    moments = sorted(dice.randrange(min(_OPENS, last - 1), last) for _ in range(count))
    whose = dice.choices(people, [person.zeal for person in people], k=count)
    popularity = [_POPULAR.get(price.model, _OTHER) for price in prices]
    models = dice.choices(prices, popularity, k=count)
    for seconds, person, price in zip(moments, whose, models, strict=True):
        at = midnight + timedelta(seconds=seconds)
        yield _call(person, price, at=at, day=day, dice=dice)


def _call(person: Person, price: Price, *, at: datetime, day: date, dice: random.Random) -> Call:
    ends = _PICTURE_ENDS if price.kind == Kind.IMAGE else _CHAT_ENDS
    (end,) = dice.choices(ends, [end.weight for end in ends])
    prompt, output = _tokens(end, price, dice)
    flat = price.flat_nano if end.source == Source.FLAT else 0
    largest = max(_LEAST_HELD, output)
    return Call(
        person=person,
        key=person.key if person.key and dice.random() < 0.5 else None,
        price=price,
        end=end,
        at=at,
        day=day,
        prompt_tokens=prompt,
        completion_tokens=output,
        held=price.flat_nano + price.cost(prompt_tokens=prompt, completion_tokens=largest),
        cost=flat + price.cost(prompt_tokens=prompt, completion_tokens=output),
    )


def _tokens(end: End, price: Price, dice: random.Random) -> tuple[int, int]:
    """Of the prompt and of the output: most are short, a few long."""
    if price.kind == Kind.IMAGE or end.source == Source.NONE:
        return 0, 0
    return 20 + int(dice.expovariate(1 / 600)), 1 + int(dice.expovariate(1 / 350))
