"""Setting money apart for a reply whose length is not known yet."""

from datetime import timedelta

from accounts.models import User
from credit import prices
from credit.budgets import Budget
from credit.holding import set_apart
from credit.models import Hold, Kind
from credit.opening import Key

# Below this an answer is not worth starting; whoever asks for fewer gets fewer.
LEAST_OUTPUT = 256


def hold_reply(
    user: User,
    *,
    model: str,
    prompt_tokens: int,
    cap: int,
    cause: str,
    request_id: str,
    lease: timedelta,
    key: Key | None = None,
) -> tuple[Hold, int]:
    """Hold for the prompt and as much output, at most `cap` tokens, as the budget affords.

    Answers the hold, dispatched, and the output tokens it covers: send them upstream as the cap.
    The group may cap a reply's output, too. Raises InsufficientCredit, LimitReached, Paused,
    ServiceOutOfCredit and ModelNotPriced.
    """
    offer = prices.current(model, kind=Kind.CHAT)
    least = offer.cost(prompt_tokens=prompt_tokens, completion_tokens=min(LEAST_OUTPUT, cap))
    output = 0

    def amount(budget: Budget) -> int:
        nonlocal output
        budget.check(least)
        output = offer.affordable_output(
            budget.left, prompt_tokens=prompt_tokens, cap=budget.longest_output(cap)
        )
        return offer.cost(prompt_tokens=prompt_tokens, completion_tokens=output)

    (hold,) = set_apart(
        user,
        amount=amount,
        offer=offer,
        causes=[cause],
        request_id=request_id,
        lease=lease,
        key=key,
        is_sent=True,
    )
    return hold, output
