"""Setting money apart for a reply whose length is not known yet."""

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from credit import ledger, prices, quotes
from credit.errors import InsufficientCredit
from credit.models import Hold, Kind


@transaction.atomic
def hold_reply(
    user: User,
    *,
    model: str,
    prompt_tokens: int,
    cap: int,
    cause: str,
    request_id: str,
    lease: timedelta,
) -> tuple[Hold, int]:
    """Hold for the prompt and as much output, at most `cap` tokens, as the purse affords.

    Answers the hold, dispatched, and the output tokens it covers: send them upstream as the cap.
    Raises InsufficientCredit and ModelNotPriced.
    """
    while True:
        price = prices.current(model)
        available = ledger.purse(user).available
        affordable = quotes.affordable_output(available, prompt_tokens, price, cap)
        amount = price.cost(prompt_tokens=prompt_tokens, completion_tokens=affordable)
        try:
            hold = ledger.hold(
                user,
                kind=Kind.CHAT,
                model=model,
                amount=amount,
                cause=cause,
                request_id=request_id,
                lease=lease,
            )
        except InsufficientCredit as error:
            if error.available >= available:
                raise
            continue  # another request took money since the quote; strictly less, so this ends
        ledger.dispatch(hold.pk)
        return hold, affordable
