"""How a hold ends: settle, void and sweep all come through `finish`, and exactly one wins."""

from datetime import datetime
from typing import cast

import structlog
from django.db import transaction
from django.utils import timezone

from credit import windows
from credit.endings import Charge, Ending, charge, is_free
from credit.models import Account, DayTotal, Hold, Outcome, Pool, Transfer, UsageRecord
from credit.postings import post
from credit.prices import with_markup

log = structlog.get_logger(__name__)


def finish(
    hold_id: int, *, ending: Ending, expired_before: datetime | None = None
) -> UsageRecord | None:
    """Close a hold once and book what its ending costs; None when somebody else did.

    With `expired_before` it takes only a hold whose lease ended by then. Who knows better after a
    recovery books the difference as a correcting record, once, and is answered None as well.
    """
    with transaction.atomic():
        hold = Hold.objects.locked(hold_id)
        if _claim(hold_id, ending.outcome, expired_before=expired_before):
            return _book(hold, ending=ending, recovered=None)
        if expired_before is None and _claim_recovered(hold_id, ending.outcome):
            recovered = UsageRecord.objects.get(hold=hold_id, corrects=None)
            _book(hold, ending=ending, recovered=recovered)
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
    state = Hold.State.VOIDED if is_free(outcome) else Hold.State.SETTLED
    return Hold.objects.filter(pk=hold_id, state=Hold.State.RECOVERED).update(state=state) == 1


def _book(hold: Hold, *, ending: Ending, recovered: UsageRecord | None) -> UsageRecord:
    """Free what the hold kept apart, write the record, move the money it tells of."""
    cost = charge(ending, hold.price)
    release = hold.amount if recovered is None else 0
    bearable = hold.account.available + release
    record = _record(hold, ending=ending, cost=cost, earlier=recovered, bearable=bearable)
    record.save(force_insert=True)
    if record.is_counted:
        DayTotal.objects.add(record)
    windows.true_up(hold, charged=record.charged, release=release)
    _pay(record, hold.account, release=release)
    if hold.is_pooled:
        Pool.objects.move(balance=-record.list_cost, held=-release)
    if record.anomaly:
        log.warning("usage.anomaly", hold=hold.pk, cause=hold.cause, anomaly=record.anomaly)
    return record


def _record(
    hold: Hold,
    *,
    ending: Ending,
    cost: Charge,
    earlier: UsageRecord | None,
    bearable: int,
) -> UsageRecord:
    """The record of a first ending, or of the difference to what was recovered earlier."""
    before = earlier or UsageRecord(list_cost=0, charged=0, shortfall=0)
    due = with_markup(cost.amount, hold.markup)
    charged = _borne(due, before=before, bearable=bearable)
    return UsageRecord(
        hold=hold,
        corrects=earlier,
        user_id=cast(int, hold.account.user_id),  # only people have holds
        group_id=hold.group_id,
        key_id=hold.key_id,
        day=hold.day,
        kind=hold.kind,
        model=hold.model,
        price=hold.price,
        prompt_tokens=cost.prompt_tokens - before.prompt_tokens,
        completion_tokens=cost.completion_tokens - before.completion_tokens,
        source=cost.source,
        list_cost=cost.amount - before.list_cost,
        charged=charged - before.charged,
        shortfall=due - charged - before.shortfall,
        outcome=ending.outcome,
        anomaly=cost.anomaly,
        cause=hold.cause,
        request_id=hold.request_id,
        first_token_ms=ending.first_token_ms,
        duration_ms=ending.duration_ms,
    )


def _borne(amount: int, *, before: UsageRecord, bearable: int) -> int:
    """What of a cost the person pays: never more than is theirs and not set apart for others."""
    extra = amount - before.charged - before.shortfall
    if extra >= 0:
        return before.charged + min(extra, bearable)
    return min(before.charged, amount)


def _pay(record: UsageRecord, account: Account, *, release: int) -> None:
    """The person pays what was charged, the house what fell short; less than nothing goes back."""
    is_late = record.corrects_id is not None
    code = Transfer.Code.LATE if is_late else Transfer.Code.CHARGE
    if record.charged:
        _post_signed(record.charged, account, record=record, code=code, release=release)
    elif release:
        Account.objects.move(account.pk, held=-release)
    if record.shortfall:
        code = Transfer.Code.LATE_SHORTFALL if is_late else Transfer.Code.SHORTFALL
        house = Account.objects.house_unread(Account.Kind.SHORTFALL)
        _post_signed(record.shortfall, house, record=record, code=code)


def _post_signed(
    amount: int, payer: Account, *, record: UsageRecord, code: Transfer.Code, release: int = 0
) -> None:
    usage = Account.objects.house_unread(Account.Kind.USAGE)
    source, destination = (payer, usage) if amount > 0 else (usage, payer)
    post(
        abs(amount),
        source=source,
        destination=destination,
        code=code,
        hold=record.hold,
        cause=record.cause,
        key=f"hold:{record.hold_id}:{code}",
        release=release,
        at=record.created_at,
    )
