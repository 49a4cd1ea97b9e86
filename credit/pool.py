"""The house's credit at the upstream: what was paid in there, and what it must have cost so far.

No call is bound by it until the first entry.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Sum

from accounts import trail
from accounts.models import User
from credit.errors import KeyReused
from credit.models import DayTotal, Pool, PoolEntry
from credit.money import MAX_AMOUNT, check_amount


def record(
    kind: PoolEntry.Kind, *, amount: int, actor: User | None, reason: str = "", key: str
) -> PoolEntry:
    """Note a top-up, a correction (which may be below zero) or the balance that is shown there.

    The same key again answers the same entry. Raises KeyReused when it stands for another one,
    and ValueError for what is no amount; a correction needs a reason.
    """
    least = 1 if kind == PoolEntry.Kind.TOP_UP else -MAX_AMOUNT
    check_amount(amount, least=least)
    if kind == PoolEntry.Kind.CORRECTION and not reason.strip():
        raise ValueError("a correction needs a reason")
    try:
        with transaction.atomic():
            return _insert(kind, amount, actor=actor, reason=reason.strip(), key=key)
    except IntegrityError:
        noted = PoolEntry.objects.filter(idempotency_key=key).first()
        if noted is None:
            raise
        if (noted.kind, noted.amount) != (kind, amount):
            raise KeyReused(key) from None
        return noted


def _insert(
    kind: PoolEntry.Kind, amount: int, *, actor: User | None, reason: str, key: str
) -> PoolEntry:
    Pool.objects.bulk_create([Pool(pk=1)], ignore_conflicts=True)
    pool = Pool.objects.select_for_update().get()
    entry = PoolEntry.objects.create(
        kind=kind,
        amount=amount,
        expected=pool.balance,
        in_flight=pool.held,
        actor=actor,
        reason=reason,
        idempotency_key=key,
    )
    if kind != PoolEntry.Kind.SHOWN:
        Pool.objects.move(balance=amount)
    after = amount if kind == PoolEntry.Kind.SHOWN else pool.balance + amount
    trail.record(
        trail.Kind.POOL,
        thing="pool",
        subject=kind.label,
        before={"balance": pool.balance},
        after={"balance": after},
        actor=actor,
        reason=reason,
    )
    return entry


def costs(*, since: date) -> dict[str, int]:
    """What the upstream must have charged for the calls from a day on, by how it was measured."""
    totals = DayTotal.objects.filter(day__gte=since).order_by().values_list("source")
    return {source: int(nano) for source, nano in totals.annotate(Sum("list_cost"))}
