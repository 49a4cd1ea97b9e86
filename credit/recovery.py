"""Finds the holds whose owner died, and closes them as the table of endings says."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from credit.endings import Ending, Outcome, Tokens
from credit.models import Hold, Kind
from credit.settlement import finish

log = structlog.get_logger(__name__)

# The owner of a reply or picture sweeps its own first; what is left after this is an orphan.
ORPHAN_GRACE = timedelta(seconds=30)


def sweep(now: datetime | None = None) -> int:
    """Close the holds whose owner died: a reply that was sent is charged its saved progress."""
    cutoff = (now or timezone.now()) - ORPHAN_GRACE
    orphans = Hold.objects.abandoned(cutoff).order_by("lease_until")
    return sum(_recover(orphan, cutoff) for orphan in orphans)


def _recover(orphan: Hold, cutoff: datetime) -> bool:
    """Whether this sweep closed it; one that cannot be closed must not stop the others."""
    try:
        record = finish(orphan.pk, ending=_orphan_ending(orphan), expired_before=cutoff)
    except Exception:
        log.exception("hold.stuck", hold=orphan.pk, cause=orphan.cause)
        return False
    if record is not None:
        log.warning("hold.recovered", hold=orphan.pk, cause=orphan.cause, nano=record.charged)
    return record is not None


def _orphan_ending(orphan: Hold) -> Ending:
    if orphan.state == Hold.State.RESERVED:
        return Ending(outcome=Outcome.NOT_SENT)
    if orphan.kind == Kind.IMAGE:
        return Ending(outcome=Outcome.LOST)
    saved = None
    if orphan.prompt_tokens is not None and orphan.completion_tokens is not None:
        saved = Tokens(orphan.prompt_tokens, orphan.completion_tokens)
    return Ending(outcome=Outcome.DIED, counted=saved)
