"""What a prompt would cost before it is sent, what makes it dear, and what still fits.

Counting takes a moment: ask from a thread.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from accounts.models import User
from chat import history
from chat.admission import longest_output
from chat.models import Message
from credit import budgets, prices
from credit.admission import LEAST_OUTPUT
from credit.errors import ModelNotPriced
from credit.prices import Offer
from minitoolai import tokens
from minitoolai.catalog import CHAT_MODELS

MUCH: Final = 5  # times cheaper, to be worth a hint
_USUAL_OUTPUT: Final = 400  # tokens, some 300 words
_KEPT: Final = 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image that goes with a prompt, in pixels."""

    width: int
    height: int
    detail: tokens.Detail = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What would be sent, in tokens; `earlier` of them are those of the `turns` before it."""

    tokens: int
    earlier: int
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A model, or less detail, with which it would cost so many times less."""

    times: int
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Nano-USD: with an answer of one token, and with the longest one.

    `turns` are those before the prompt if they are the larger part of the cost, else 0.
    """

    prompt_tokens: int
    least: int
    most: int
    is_affordable: bool
    turns: int
    low_detail: Hint | None
    cheaper: Hint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """An answer that can still be paid for: at most so many tokens by this model."""

    model: str
    output: int

    @property
    def words(self) -> int:
        """About; three words to four tokens, rounded down to tens."""
        return self.output * 3 // 40 * 10


def of(
    user: User,
    *,
    text: str,
    after: uuid.UUID | None,
    model: str,
    pictures: Sequence[Picture] = (),
) -> Estimate:
    """What a prompt after a turn would cost. Raises ModelNotPriced and history.PromptTooLong."""
    offers = prices.offers("chat", user=user)
    if model not in offers:
        raise ModelNotPriced(model)
    offer, budget = offers[model], budgets.read(user)
    prompt = count(text, after=after, model=model)
    sent = prompt.tokens + _count_pictures(model, pictures)
    cap = budget.longest_output(longest_output(model))
    is_affordable = budget.left >= _needed(offer, sent, cap)
    output = offer.affordable_output(budget.left, prompt_tokens=sent, cap=cap)
    output = output if is_affordable else min(LEAST_OUTPUT, cap)
    low = prompt.tokens + _count_pictures(model, _with_low_detail(pictures))
    return Estimate(
        prompt_tokens=sent,
        least=offer.cost(prompt_tokens=sent, completion_tokens=1),
        most=offer.cost(prompt_tokens=sent, completion_tokens=output),
        is_affordable=is_affordable,
        turns=prompt.turns if _is_mostly_earlier(offer, prompt, sent) else 0,
        low_detail=_hint(offer, sent, _usual(offer, low)),
        cheaper=_cheaper(offers, model, prompt, pictures),
    )


def fits(user: User, *, text: str, after: uuid.UUID | None) -> Fit | None:
    """The longest answer to a prompt that can still be paid for, by any model; None if none can."""
    budget = budgets.read(user)
    found = []
    for model, offer in prices.offers("chat", user=user).items():
        cap = budget.longest_output(longest_output(model))
        try:
            sent = count(text, after=after, model=model).tokens
        except history.PromptTooLong:
            continue
        if budget.left >= _needed(offer, sent, cap):
            output = offer.affordable_output(budget.left, prompt_tokens=sent, cap=cap)
            found.append(Fit(model=model, output=output))
    return max(found, key=lambda fit: fit.output, default=None)


def count(text: str, *, after: uuid.UUID | None, model: str) -> Prompt:
    """Exactly what `admission.prepare` would count. Raises history.PromptTooLong."""
    draft = tokens.count_messages(history.asking(text))
    room = CHAT_MODELS[model].context_window - longest_output(model)
    earlier, turns = _count_earlier(after, model, room) if after else (0, 0)
    if draft + earlier > room:  # then fewer turns go with it
        earlier, turns = _sent_before(history.asking(text), after=after, model=model)
    return Prompt(tokens=draft + earlier, earlier=earlier, turns=turns)


def _count_earlier(after: uuid.UUID, model: str, room: int) -> tuple[int, int]:
    """The turns up to one, counted anew only when it has changed; for each keystroke otherwise."""
    last = Message.objects.filter(pk=after).values_list("attempt", "state").first()
    key = ":".join(map(str, ("earlier", after, room, *(last or ()))))
    counted: tuple[int, int] | None = cache.get(key)
    if counted is None:
        counted = _sent_before([], after=after, model=model)
        cache.set(key, counted, _KEPT)
    return counted


def _sent_before(
    last: list[dict[str, object]], *, after: uuid.UUID | None, model: str
) -> tuple[int, int]:
    """The tokens and the number of the turns that go with the last messages."""
    sent = history.messages_for(
        last, after=after, model=CHAT_MODELS[model], reserve=longest_output(model)
    )
    before = sent[: len(sent) - len(last)]
    return tokens.count_messages(before) - tokens.PER_REPLY, len(before)


def _needed(offer: Offer, sent: int, cap: int) -> int:
    """What the shortest answer that is admitted may cost."""
    return offer.cost(prompt_tokens=sent, completion_tokens=min(LEAST_OUTPUT, cap))


def _usual(offer: Offer, sent: int) -> int:
    return offer.cost(prompt_tokens=sent, completion_tokens=_USUAL_OUTPUT)


def _is_mostly_earlier(offer: Offer, prompt: Prompt, sent: int) -> bool:
    earlier = offer.cost(prompt_tokens=prompt.earlier, completion_tokens=0)
    return 2 * earlier > _usual(offer, sent)


def _cheaper(
    offers: Mapping[str, Offer], model: str, prompt: Prompt, pictures: Sequence[Picture]
) -> Hint | None:
    """The cheapest other model, for a usual answer."""
    costs = {
        other: _usual(offer, prompt.tokens + _count_pictures(other, pictures))
        for other, offer in offers.items()
    }
    cheapest = min(costs, key=lambda other: costs[other])
    times = costs[model] // max(costs[cheapest], 1)
    return Hint(model=cheapest, times=times) if times >= MUCH else None


def _hint(offer: Offer, sent: int, other: int) -> Hint | None:
    times = _usual(offer, sent) // max(other, 1)
    return Hint(times=times) if times >= MUCH else None


def _count_pictures(model: str, pictures: Iterable[Picture]) -> int:
    return sum(tokens.count_image(model, each.width, each.height, each.detail) for each in pictures)


def _with_low_detail(pictures: Iterable[Picture]) -> list[Picture]:
    return [Picture(width=each.width, height=each.height, detail="low") for each in pictures]
