"""Writes invented calls into the books as the ledger would have: its audit finds them sound."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from credit import days, limits
from credit.models import (
    Account,
    DayTotal,
    Hold,
    Pool,
    PoolEntry,
    Price,
    Source,
    Transfer,
    UsageRecord,
)
from credit.money import NANO_PER_USD
from credit.prices import offered_models
from minitoolweb.seeding import calls, rows
from minitoolweb.seeding.calls import Call
from minitoolweb.seeding.people import Person

_HALF: Final = NANO_PER_USD // 2
_HOLD: Final = (
    *("id", "account_id", "group_id", "key_id", "kind", "model", "price_id", "amount"),
    *("is_pooled", "state", "cause", "request_id"),
    *("lease_until", "created_at", "dispatched_at", "closed_at", "day"),
)
_RECORD: Final = (
    *("hold_id", "user_id", "group_id", "key_id", "kind", "model", "price_id"),
    *("prompt_tokens", "completion_tokens", "source", "list_cost", "charged", "outcome"),
    *("cause", "request_id", "first_token_ms", "duration_ms", "day", "created_at"),
)
_CHARGE: Final = (
    *("source_id", "destination_id", "amount", "code", "cause", "hold_id"),
    *("idempotency_key", "created_at"),
)
_TOTAL: Final = (*DayTotal.KEY, "calls", *DayTotal.SUMS)


class Books:
    """Written month by month; each month everybody is given at least what they go on to spend."""

    def __init__(self, people: Sequence[Person], *, dice: random.Random) -> None:
        self.people, self.dice = people, dice
        offered = {*offered_models("chat"), *offered_models("image")}
        newest = {price.model: price for price in Price.objects.order_by("effective_from")}
        self.prices = [price for model, price in newest.items() if model in offered]
        self.usage = Account.objects.house(Account.Kind.USAGE).pk
        self.funding = Account.objects.house(Account.Kind.FUNDING).pk
        self.next_hold = rows.next_key(Hold)
        self.seed = self.next_hold  # tells the keys of several seedings apart
        self.left: Counter[int] = Counter()
        self.moved: Counter[int] = Counter()

    @transaction.atomic
    def write(self, count: int, *, over: Sequence[date]) -> None:
        """So many calls over these days, and the money for them."""
        shares = dict(zip(over, calls.share_out(count, over=over), strict=True))
        for month, of_month in groupby(over, key=lambda day: day.replace(day=1)):
            self._write_month(month, {day: shares[day] for day in of_month})
        for account, nano in self.moved.items():
            Account.objects.filter(pk=account).update(balance=F("balance") + nano)
        Account.objects.people().update(topped_up_to=F("balance"))
        rows.go_on_after(Hold)

    def _write_month(self, month: date, shares: dict[date, int]) -> None:
        by_day = {
            day: list(
                calls.invent(count, day=day, people=self.people, prices=self.prices, dice=self.dice)
            )
            for day, count in shares.items()
        }
        spent: Counter[int] = Counter()
        for call in (call for made in by_day.values() for call in made):
            spent[call.person.account] += call.cost
        self._give(days.midnight(min(shares)), spent)
        self._fill_pool(days.midnight(min(shares)), month, spent.total())
        for made in by_day.values():
            self._write_day(made)

    def _give(self, at: datetime, spent: Counter[int]) -> None:
        gifts = [(person, self._due(person, spent[person.account])) for person in self.people]
        Transfer.objects.bulk_create(
            Transfer(
                source_id=self.funding,
                destination_id=person.account,
                amount=amount,
                code=Transfer.Code.GRANT,
                reason="Seed",
                idempotency_key=f"seed:{self.seed}:{at:%Y-%m-%d}:{person.account}",
                created_at=at,
            )
            for person, amount in gifts
        )
        for person, amount in gifts:
            self.left[person.account] += amount - spent[person.account]
            self._move(self.funding, person.account, amount)

    def _due(self, person: Person, spent: int) -> int:
        """Whole half dollars, at least one; with some luck more than is needed."""
        short = max(spent - self.left[person.account], 1)
        return _HALF * (-(-short // _HALF) + self.dice.randrange(3))

    def _fill_pool(self, at: datetime, month: date, cost: int) -> None:
        """Topped up in whole dollars; later the balance that was shown there is looked up."""
        Pool.objects.bulk_create([Pool(pk=1)], ignore_conflicts=True)
        before = Pool.objects.get().balance
        paid_in = NANO_PER_USD * (5 + cost // NANO_PER_USD)
        shown = before + paid_in - self.dice.choice([0, 0, 0, 12_345])
        entries = [
            (PoolEntry.Kind.TOP_UP, paid_in, before, at),
            (PoolEntry.Kind.SHOWN, shown, before + paid_in, at + timedelta(hours=1)),
        ]
        PoolEntry.objects.bulk_create(
            PoolEntry(
                kind=kind,
                amount=amount,
                expected=expected,
                in_flight=0,
                idempotency_key=f"seed:{self.seed}:{month}:{kind}",
                created_at=when,
            )
            for kind, amount, expected, when in entries
        )
        Pool.objects.move(balance=paid_in - cost)

    def _write_day(self, made: Sequence[Call]) -> None:
        numbered = list(enumerate(made, start=self.next_hold))
        self.next_hold += len(numbered)
        rows.insert(Hold, _HOLD, [_hold(pk, call) for pk, call in numbered])
        rows.insert(UsageRecord, _RECORD, [self._record(pk, call) for pk, call in numbered])
        paid = [(pk, call) for pk, call in numbered if call.cost]
        rows.insert(Transfer, _CHARGE, [_charge(pk, call, to=self.usage) for pk, call in paid])
        for _pk, call in paid:
            self._move(call.person.account, self.usage, call.cost)
        _sum_up(made)

    def _move(self, source: int, destination: int, amount: int) -> None:
        self.moved[source] -= amount
        self.moved[destination] += amount

    def _record(self, pk: int, call: Call) -> tuple[Any, ...]:
        first = self.dice.randrange(180, 900)
        kind, model, price = call.price.kind, call.price.model, call.price.pk
        return (
            *(pk, call.person.user, call.person.group, call.key, kind, model, price),
            *(call.prompt_tokens, call.completion_tokens, call.end.source),
            *(call.cost, call.cost, call.end.outcome, _cause(pk, call), f"seed-{pk}"),
            *(first, first + 12 * call.completion_tokens, _day(call), _moment(call.at)),
        )


def set_limits(people: Sequence[Person], *, dice: random.Random) -> None:
    """A limit a month for each group, and one a day for some people."""
    groups = Account.objects.filter(pk__in=[person.group for person in people if person.group])
    for account in groups:
        limits.set_limits(account, day=None, month=NANO_PER_USD * dice.randrange(20, 200))
    for account in Account.objects.filter(pk__in=[person.account for person in people[::50]]):
        limits.set_limits(account, day=_HALF * dice.randrange(1, 9), month=None)


def _hold(pk: int, call: Call) -> tuple[Any, ...]:
    at = _moment(call.at)
    kind, model, price = call.price.kind, call.price.model, call.price.pk
    return (
        *(pk, call.person.account, call.person.group, call.key, kind, model, price, call.held),
        *(True, call.end.state, _cause(pk, call), f"seed-{pk}", at, at, at, at, _day(call)),
    )


def _charge(pk: int, call: Call, *, to: int) -> tuple[Any, ...]:
    code = Transfer.Code.CHARGE
    cause, key = _cause(pk, call), f"hold:{pk}:{code}"
    return (call.person.account, to, call.cost, code, cause, pk, key, _moment(call.at))


def _sum_up(made: Sequence[Call]) -> None:
    sums: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for call in made:
        if call.end.source == Source.NONE:
            continue
        person, price = call.person, call.price
        whose = (_day(call), person.user, person.group, call.key)
        row = sums[(*whose, price.kind, price.model, call.end.source)]
        for place, much in enumerate((1, call.prompt_tokens, call.completion_tokens, call.cost)):
            row[place] += much
    rows.insert(DayTotal, _TOTAL, [(*key, *row, row[-1], 0) for key, row in sums.items()])


def _cause(pk: int, call: Call) -> str:
    if call.key:
        return f"gateway:{call.price.kind}:seed-{pk}"
    return f"images:job:seed-{pk}" if call.price.kind == "image" else f"chat:message:seed-{pk}"


def _day(call: Call) -> Any:
    return connection.ops.adapt_datefield_value(call.day)


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
