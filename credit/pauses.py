"""Stops what a person, a group or an API key spends, and lets it go on; nothing else changes."""

from django.utils import timezone

from credit.models import Account


def pause(account: Account) -> bool:
    """Pay for nothing new from now on; False when it was paused before. Calls under way end."""
    going = Account.objects.filter(pk=account.pk, paused_at=None)
    return going.update(paused_at=timezone.now()) == 1


def resume(account: Account) -> bool:
    """Let it spend again as its limits say; False when it was not paused."""
    paused = Account.objects.filter(pk=account.pk, paused_at__isnull=False)
    return paused.update(paused_at=None) == 1
