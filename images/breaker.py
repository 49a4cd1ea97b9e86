"""When the upstream asks for quiet, or fails again and again, every poller keeps away."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from images import timing
from images.models import Lane
from minitoolai import MiniToolAIError

STRIKES = 3  # failures in a row that open the breaker
LONGEST_QUIET = 60.0  # seconds


def heed(error: MiniToolAIError) -> None:
    """Keep quiet for as long as asked, or ever longer while failures follow each other."""
    if error.retry_after:
        _keep_quiet(min(error.retry_after, LONGEST_QUIET))
    elif error.retryable or error.sent:
        _strike()


def close() -> None:
    """The upstream answers: failures before this one no longer count."""
    Lane.objects.filter(strikes__gt=0).update(strikes=0)


def _strike() -> None:
    Lane.objects.update(strikes=F("strikes") + 1)
    strikes = Lane.objects.values_list("strikes", flat=True).first() or 0
    if strikes >= STRIKES:
        _keep_quiet(min(timing.back_off(min(strikes - STRIKES + 1, 10)), LONGEST_QUIET))


def _keep_quiet(seconds: float) -> None:
    """Never shorter than what another failure asked for."""
    quiet = timezone.now() + timedelta(seconds=seconds)
    Lane.objects.filter(Q(quiet_until=None) | Q(quiet_until__lt=quiet)).update(quiet_until=quiet)
