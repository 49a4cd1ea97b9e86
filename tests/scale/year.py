"""A school's year in fast motion: real verbs on a real database, by a clock that is moved.

Calls run side by side and end in every way; processes die; allowances, vouchers, corrections,
price changes, a markup, limits and an empty pool come in between. `Year.run` lives through it,
`Year.prove` compares each single call with the upstream's bill.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.db.models import Sum

from credit import allowances, days, ledger, vouchers
from credit.audit import first_difference
from credit.errors import LedgerError
from credit.models import Policy, Pool, Price, Source, Transfer, UsageRecord
from tests.scale import calls, people
from tests.scale.upstream import Bill

FIRST, LAST = date(2025, 9, 1), date(2026, 7, 10)
BY_WEEKDAY = (10, 11, 10, 11, 8, 3, 4)
SIDE_BY_SIDE = 12


class Year:
    def __init__(self, *, charges, pupils=200, groups=8, seed=1, every=1):
        """`every` so many days are lived through, for a short year."""
        self.dice = random.Random(seed)
        self.charges, self.pupils, self.groups = charges, pupils, groups
        length = (LAST - FIRST).days + 1
        self.days = [FIRST + timedelta(days=n) for n in range(0, length, every)]
        self.bill = Bill()
        self.seen = Counter()
        self.under_way = []
        self.codes, self.printed_in = [], 0
        self.number = 0

    def run(self, tell=lambda _line: None):
        with time_machine.travel(days.midnight(FIRST), tick=False) as self.clock:
            self.everybody, self.programs = people.open_school(
                people=self.pupils, groups=self.groups, dice=self.dice
            )
            weights = [BY_WEEKDAY[day.weekday()] for day in self.days]
            for place, day in enumerate(self.days):
                target = self.charges * sum(weights[: place + 1]) // sum(weights)
                self._live(day, until=target)
                tell(f"{day} {self.seen['charged']:,} charged")
            self.clock.shift(timedelta(days=1))
            self.seen["recovered"] += ledger.sweep()

    def _live(self, day, *, until):
        start = days.midnight(day) + timedelta(hours=8)
        self.clock.move_to(start)
        self._do_the_admins_work(day)
        wanted = max(until - self.seen["charged"], 1)
        step = timedelta(hours=13) / (2 * wanted)
        while self.seen["charged"] < until:
            self.clock.shift(min(step, timedelta(seconds=90)))
            self._begin_one()
            if len(self.under_way) > self.dice.randrange(SIDE_BY_SIDE):
                self._end_one()
            if not self.number % 25:
                self._mind_the_living()
        if self.dice.random() < 0.2:
            self._kill()
        while self.under_way:
            self._end_one()

    def _do_the_admins_work(self, day):
        self.seen["allowances"] += allowances.give_due()
        people.top_up_when_low(Pool.objects.get().available, day=day)
        if not self.codes or self.printed_in != day.month:
            self.codes, self.printed_in = people.print_vouchers(day), day.month
        if self.dice.random() < 0.5:
            vouchers.redeem(self.dice.choice(self.everybody), self.codes.pop())
            self.seen["vouchers"] += 1
        if self.dice.random() < 0.2:
            people.put_right(self.dice.choice(self.everybody), self.dice, day=day)
            self.seen["corrections"] += 1
        if day.day == 1 or day == self.days[len(self.days) // 2]:
            self._change_prices(day)

    def _change_prices(self, day):
        """A markup that differs each time: what is under way keeps its own."""
        Policy.objects.update(markup=self.dice.choice([0, 500, 1234]))
        old = Price.objects.filter(model="gpt-4o").order_by("-effective_from").first()
        now = datetime.now(UTC)
        Price.objects.create(
            model=old.model,
            kind=old.kind,
            input_nano=old.input_nano,
            output_nano=old.output_nano,
            effective_from=now,
        )
        self.seen["price changes"] += 1

    def _begin_one(self):
        person = self.dice.choice(self.everybody)
        key = self.programs.get(person.pk) if self.dice.random() < 0.5 else None
        self.number += 1
        try:
            call = calls.begin(person, number=self.number, key=key, dice=self.dice)
        except LedgerError as refusal:
            self.seen[f"refused: {type(refusal).__name__}"] += 1
            people.top_up_when_low(Pool.objects.get().available, day=f"again-{self.number}")
        else:
            self.under_way.append(call)

    def _end_one(self):
        call = self.under_way.pop(self.dice.randrange(len(self.under_way)))
        calls.finish(call, self.bill, self.dice)
        self.seen[call.end] += 1
        self.seen["charged"] += 1

    def _mind_the_living(self):
        """Their leases are renewed, so a sweep finds nothing."""
        ledger.heartbeat([call.hold.pk for call in self.under_way], lease=calls.LEASE)
        assert ledger.sweep() == 0

    def _kill(self):
        """All that is under way is left behind; the sweep closes it, and some settle after that."""
        for call in self.under_way:
            calls.die(call, self.bill, self.dice)
        self.clock.shift(2 * calls.LEASE)
        self.seen["recovered"] += ledger.sweep()
        for call in self.under_way:
            if self.dice.random() < 0.3:
                calls.come_back(call)
        self.seen["kills"] += 1
        self.seen["charged"] += len(self.under_way)
        self.under_way.clear()

    # --- Afterwards -------------------------------------------------------------------------------

    def prove(self):
        """Audit and bill; what differs must be what the books themselves tell of. Nano-USD."""
        difference = first_difference()
        assert difference is None, difference
        billed, ours, told = self.bill.totals(), self._ours(), self._told()
        apart = {cause for cause in {*billed, *ours} if billed.get(cause, 0) != ours.get(cause, 0)}
        assert apart <= told.keys(), sorted(apart - told.keys())[:5]
        missing = Counter()
        for cause in apart:
            missing[told[cause]] += billed.get(cause, 0) - ours.get(cause, 0)
        assert sum(billed.values()) == sum(ours.values()) + missing.total()
        return {
            "billed_nano": sum(billed.values()),
            "list_cost_nano": sum(ours.values()),
            "told_as_unbilled_nano": missing["unbilled"],
            "told_as_recovered_nano": missing["recovered"],
            "calls": len(ours),
            "calls_apart": len(apart),
            "transfers": Transfer.objects.count(),
        }

    def _ours(self):
        costs = UsageRecord.objects.order_by().values_list("cause").annotate(Sum("list_cost"))
        return {cause: int(cost) for cause, cost in costs}

    def _told(self):
        """The calls that the admin is told may have cost more than was charged, and why."""
        recovered = UsageRecord.objects.filter(source=Source.RECOVERED, correction=None)
        unbilled = UsageRecord.objects.unbilled()
        return dict.fromkeys(recovered.values_list("cause", flat=True), "recovered") | (
            dict.fromkeys(unbilled.values_list("cause", flat=True), "unbilled")
        )
