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
    credited = (
        Transfer.objects.filter(destination=account, hold=None)
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    since = credited or account.created_at
    spent_today, spent_since = _spent(account, today, since)
    whole = account.balance + spent_since
    return Purse(
        balance=account.balance,
        held=account.held,
        spent_today=spent_today,
        share=round(100 * account.available / whole) if whole > 0 else 0,
    )


def _spent(account: Account, *starts: datetime) -> list[int]:
    """Charges less what a late measurement gave back, in nano-USD, since each of the times."""
    out, back = Q(source=account), Q(destination=account)
    sums = {}
    for number, start in enumerate(starts):
        within = Q(created_at__gte=start)
        sums[f"out_{number}"] = Sum("amount", filter=out & within, default=0)
        sums[f"back_{number}"] = Sum("amount", filter=back & within, default=0)
    rows = Transfer.objects.filter(out | back, created_at__gte=min(starts), hold__isnull=False)
    found = rows.aggregate(**sums)
    return [
        int(found[f"out_{number}"]) - int(found[f"back_{number}"]) for number in range(len(starts))
    ]
