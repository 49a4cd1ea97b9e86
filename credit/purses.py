"""What a person has, and what of it they spent today."""

from dataclasses import dataclass

from credit import days
from credit.models import Account, DayTotal


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Nano-USD; `spent_today` is what the calls that began today have cost so far.

    `unread` is the key of a transfer by hand that the person has not read of yet.
    `share` is what is left of what there was after the last credit, 0 to 100.
    """

    balance: int
    held: int
    spent_today: int
    share: int
    unread: int | None = None

    @property
    def available(self) -> int:
        return self.balance - self.held

    @property
    def seen(self) -> str:
        """What a page shows of it, to compare."""
        return f"{self.balance}-{self.spent_today}-{self.share}"

    @property
    def is_low(self) -> bool:
        """Whether a tenth or less is left."""
        return self.share <= 10


def read(account: Account) -> Purse:
    """A person's purse now; the day is the site's own (TIME_ZONE)."""
    return Purse(
        balance=account.balance,
        held=account.held,
        spent_today=DayTotal.objects.charged(user=account.user_id, day=days.today()),
        share=account.share_left,
        unread=account.unread_id,
    )
