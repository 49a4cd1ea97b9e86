"""Stops what a person, a group or an API key spends, and lets it go on; nothing else changes."""

from django.db import transaction
from django.utils import timezone

from accounts import trail
from credit.models import Account


@transaction.atomic
def pause(account: Account) -> bool:
    """Pay for nothing new from now on; False when it was paused before. Calls under way end."""
    going = Account.objects.filter(pk=account.pk, paused_at=None)
    changed = going.update(paused_at=timezone.now()) == 1
    return changed and _note(account, is_paused=True)


@transaction.atomic
def resume(account: Account) -> bool:
    """Let it spend again as its limits say; False when it was not paused."""
    paused = Account.objects.filter(pk=account.pk, paused_at__isnull=False)
    return paused.update(paused_at=None) == 1 and _note(account, is_paused=False)


def _note(account: Account, *, is_paused: bool) -> bool:
    trail.record(
        trail.Kind.PAUSE,
        thing=account.thing,
        subject=account,
        before={"is_paused": not is_paused},
        after={"is_paused": is_paused},
    )
    return True
