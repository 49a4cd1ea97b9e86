"""What a person has, and what of it they spent today."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum
from django.utils import timezone

from credit.models import Account, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Nano-USD; `share` is what is left of what there was after the last credit, 0 to 100."""

    balance: int
    held: int
    spent_today: int
    share: int

    @property
    def available(self) -> int:
        return self.balance - self.held

    @property
    def is_low(self) -> bool:
        """Whether a tenth or less is left."""
        return self.share <= 10


def read(account: Account) -> Purse:
    """The purse now; the day is the site's own (TIME_ZONE)."""
    now = timezone.localtime(timezone=timezone.get_default_timezone())
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Purse(
        balance=account.balance,
        held=account.held,
        spent_today=_spent(account, since=today),
        share=account.share_left,
    )


def _spent(account: Account, *, since: datetime) -> int:
    """Charges less what a late measurement gave back, in nano-USD."""
    out, back = Q(source=account), Q(destination=account)
    rows = Transfer.objects.filter(out | back, created_at__gte=since, hold__isnull=False)
    sums = rows.aggregate(
        out=Sum("amount", filter=out, default=0), back=Sum("amount", filter=back, default=0)
    )
    return int(sums["out"]) - int(sums["back"])
