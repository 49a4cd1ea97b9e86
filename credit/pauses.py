"""Stops what a person, a group or an API key spends, and lets it go on; nothing else changes."""

from django.db import transaction
from django.utils import timezone

from accounts import trail
from credit.models import Account


def pause(account: Account) -> bool:
    """Pay for nothing new from now on; False when it was paused before. Calls under way end."""
    return _change(account, is_paused=True)


def resume(account: Account) -> bool:
    """Let it spend again as its limits say; False when it was not paused."""
    return _change(account, is_paused=False)


@transaction.atomic
def _change(account: Account, *, is_paused: bool) -> bool:
    other = Account.objects.filter(pk=account.pk, paused_at__isnull=is_paused)
    if not other.update(paused_at=timezone.now() if is_paused else None):
        return False
    trail.record(
        trail.Kind.PAUSE,
        thing=account.thing,
        subject=account,
        before={"paused": not is_paused},
        after={"paused": is_paused},
    )
    return True
