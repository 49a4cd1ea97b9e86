"""What a call may cost before it starts, and how much of an answer the money affords."""

from credit.errors import InsufficientCredit
from credit.models import Price

# Below this an answer is not worth starting; whoever asks for fewer gets fewer.
LEAST_OUTPUT = 256


def affordable_output(balance: int, prompt_tokens: int, price: Price, cap: int) -> int:
    """Output tokens, at most `cap`, that `balance` nano-USD affords after the prompt.

    Raises InsufficientCredit when not even LEAST_OUTPUT (or a smaller cap) fits.
    """
    least = min(LEAST_OUTPUT, cap)
    needed = price.cost(prompt_tokens=prompt_tokens, completion_tokens=least)
    if balance < needed:
        raise InsufficientCredit(available=balance, needed=needed)
    if not price.output_nano:
        return cap
    left = balance - price.cost(prompt_tokens=prompt_tokens, completion_tokens=0)
    return min(cap, left // price.output_nano)


def pictures_total(price: Price, *, count: int) -> int:
    """What `count` pictures cost, in nano-USD."""
    return price.flat * count
