"""How a hold ends: settle, void and sweep all come through `finish`, and exactly one wins."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from credit.endings import Charge, Ending, charge, is_free
from credit.models import Account, Hold, Outcome, Transfer, UsageRecord
from credit.postings import post

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Share:
    """Who bears a cost, in nano-USD: the person, and the house where the person cannot."""

    charged: int = 0
    shortfall: int = 0


def finish(
    hold_id: int, *, ending: Ending, expired_before: datetime | None = None
) -> UsageRecord | None:
    """Close a hold once and book what its ending costs; None when somebody else did.

    With `expired_before` it takes only a hold whose lease ended by then. A measurement that comes
    after a recovery books the difference as a correcting record, and is answered None as well.
    """
    with transaction.atomic():
        if _claim(hold_id, ending.outcome, expired_before=expired_before):
            return _book(hold_id, ending=ending, recovered=None)
        if expired_before is None and _claim_recovered(hold_id, ending.outcome):
            recovered = UsageRecord.objects.get(hold=hold_id, corrects=None)
            _book(hold_id, ending=ending, recovered=recovered)
    return None


def _final_state(outcome: Outcome) -> Hold.State:
    if outcome == Outcome.DIED:
        return Hold.State.RECOVERED
    return Hold.State.VOIDED if is_free(outcome) else Hold.State.SETTLED


def _claim(hold_id: int, outcome: Outcome, *, expired_before: datetime | None) -> bool:
    mine = Hold.objects.open().filter(pk=hold_id)
    if expired_before is not None:
        mine = mine.abandoned(expired_before)
    return mine.update(state=_final_state(outcome), closed_at=timezone.now()) == 1


def _claim_recovered(hold_id: int, outcome: Outcome) -> bool:
    if outcome == Outcome.DIED:
        return False
    mine = Hold.objects.filter(pk=hold_id, state=Hold.State.RECOVERED)
    return mine.update(state=_final_state(outcome)) == 1


def _book(hold_id: int, *, ending: Ending, recovered: UsageRecord | None) -> UsageRecord:
    """Free what the hold kept apart, move the money, write the record."""
    hold = Hold.objects.select_related("price").get(pk=hold_id)
    cost = charge(ending, hold.price)
    # The claim above made this transaction SQLite's one writer; PostgreSQL locks the row here.
    account = Account.objects.select_for_update().get(pk=hold.account_id)
    bearable = account.available
    before = Share()
    if recovered is None:
        Account.objects.release(account.pk, amount=hold.amount)
        bearable += hold.amount
    else:
        before = Share(charged=recovered.charged, shortfall=recovered.shortfall)
    after = _split(cost.amount, before=before, bearable=bearable)
    _move(hold, account, before=before, after=after, late=recovered is not None)
    return _record(hold, account, ending, cost, before=before, after=after, recovered=recovered)


def _split(amount: int, *, before: Share, bearable: int) -> Share:
    """What of a cost the person bears: never more than is theirs and not set apart for others."""
    extra = amount - before.charged - before.shortfall
    if extra >= 0:
        paid = min(extra, bearable)
        return Share(charged=before.charged + paid, shortfall=before.shortfall + extra - paid)
    charged = min(before.charged, amount)
    return Share(charged=charged, shortfall=amount - charged)


def _move(hold: Hold, account: Account, *, before: Share, after: Share, late: bool) -> None:
    usage = Account.objects.house(Account.Kind.USAGE)
    if change := after.charged - before.charged:
        code = Transfer.Code.LATE if late else Transfer.Code.CHARGE
        _post_signed(change, account, usage, hold=hold, code=code)
    if change := after.shortfall - before.shortfall:
        code = Transfer.Code.LATE_SHORTFALL if late else Transfer.Code.SHORTFALL
        house = Account.objects.house(Account.Kind.SHORTFALL)
        _post_signed(change, house, usage, hold=hold, code=code)


def _post_signed(
    change: int, payer: Account, usage: Account, *, hold: Hold, code: Transfer.Code
) -> None:
    """A negative change goes back to who paid it."""
    source, destination = (payer, usage) if change > 0 else (usage, payer)
    post(
        abs(change),
        source=source,
        destination=destination,
        code=code,
        hold=hold,
        cause=hold.cause,
        key=f"hold:{hold.pk}:{code}",
    )


def _record(
    hold: Hold,
    account: Account,
    ending: Ending,
    cost: Charge,
    *,
    before: Share,
    after: Share,
    recovered: UsageRecord | None,
) -> UsageRecord:
    """The record of a first ending, or of the difference to what was recovered."""
    assert account.user_id is not None  # noqa: S101  only people have holds
    if cost.anomaly:
        log.warning("usage.anomaly", hold=hold.pk, cause=hold.cause, anomaly=cost.anomaly)
    earlier = recovered or UsageRecord(list_cost=0)
    return UsageRecord.objects.create(
        hold=hold,
        corrects=recovered,
        user_id=account.user_id,
        kind=hold.kind,
        model=hold.model,
        price=hold.price,
        prompt_tokens=cost.prompt_tokens - earlier.prompt_tokens,
        completion_tokens=cost.completion_tokens
        - (recovered.completion_tokens if recovered else 0),
        source=cost.source,
        list_cost=cost.amount - earlier.list_cost,
        charged=after.charged - before.charged,
        shortfall=after.shortfall - before.shortfall,
        outcome=ending.outcome,
        anomaly=cost.anomaly,
        cause=hold.cause,
        request_id=hold.request_id,
        first_token_ms=ending.first_token_ms,
        duration_ms=ending.duration_ms,
    )
