"""What a reply used and cost, all its attempts together."""

from collections.abc import Iterable
from dataclasses import dataclass

from credit.models import Source, UsageRecord


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Tokens, nano-USD and milliseconds; `is_counted` when the upstream did not measure it all.

    The first word is the first attempt's that gave one; the duration is that of all.
    """

    prompt_tokens: int
    completion_tokens: int
    charged: int
    is_counted: bool
    is_measured: bool
    first_token_ms: int | None
    duration_ms: int | None


def total(records: Iterable[UsageRecord]) -> Receipt:
    """The sum of usage records, the oldest first."""
    found = list(records)
    times = [record.duration_ms for record in found if record.duration_ms is not None]
    firsts = (record.first_token_ms for record in found if record.first_token_ms is not None)
    return Receipt(
        prompt_tokens=sum(record.prompt_tokens for record in found),
        completion_tokens=sum(record.completion_tokens for record in found),
        charged=sum(record.charged for record in found),
        is_counted=any(record.source in (Source.COUNTED, Source.RECOVERED) for record in found),
        is_measured=any(record.source != Source.NONE for record in found),
        first_token_ms=next(firsts, None),
        duration_ms=sum(times) if times else None,
    )
