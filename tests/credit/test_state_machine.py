"""Any order of grants, holds, endings, deaths, price changes and clock jumps keeps the books."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Group
from credit import ledger, opening, pool
from credit.endings import Ending, Outcome, Tokens
from credit.limits import set_limits
from credit.models import Hold, Policy, PoolEntry, Price
from tests.credit.books import LEASE, assert_books_balance, hold_for
from tests.factories import UserFactory

TOKENS = st.builds(Tokens, st.integers(0, 40), st.integers(0, 90))
CUT_SHORT = st.sampled_from([Outcome.STOPPED, Outcome.HUNG_UP, Outcome.BROKEN, Outcome.CUT])
FREE = st.sampled_from([Outcome.REFUSED, Outcome.NOT_SENT, Outcome.LOST])


@dataclass
class Shadow:
    """What a hold should be, in plain numbers."""

    amount: int
    price: tuple[int, int]
    lease_until: datetime
    day: date = field(default_factory=timezone.localdate)
    state: str = "open"
    is_sent: bool = False
    is_pooled: bool = False
    progress: Tokens | None = None
    charged: int = 0
    shortfall: int = 0

    def cost(self, tokens):
        return tokens.prompt_tokens * self.price[0] + tokens.completion_tokens * self.price[1]


class LedgerMachine(RuleBasedStateMachine):
    holds = Bundle("holds")

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.traveller = time_machine.travel("2026-11-22T12:00:00Z", tick=False)
        self.clock = self.traveller.start()
        Policy.objects.update(starting_credit=0)
        group = Group.objects.create(name="4B")
        self.person = UserFactory(group=group)
        self.group = opening.open_group(group)
        self.balance, self.shadows, self.number = 0, {}, 0
        self.limits = {"user": None, "group": None}
        self.pool = None
        self.price = (150, 600)

    def teardown(self):
        for pk, one in self.shadows.items():
            receipt = ledger.receipt(pk)
            assert (receipt is None) == (one.state == "open")
            if receipt:
                assert (receipt.charged, receipt.shortfall) == (one.charged, one.shortfall)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.traveller.stop()

    # What the person should have

    @property
    def held(self):
        return sum(one.amount for one in self.shadows.values() if one.state == "open")

    @property
    def free(self):
        return self.balance - self.held

    @property
    def pooled_now(self):
        """What the pool has lost to calls, or keeps apart for them."""
        return sum(
            one.amount if one.state == "open" else one.charged + one.shortfall
            for one in self.shadows.values()
            if one.is_pooled
        )

    @property
    def allowed(self):
        """What the limits leave of this month."""
        now = timezone.localdate().replace(day=1)
        used = sum(
            one.charged + (one.amount if one.state == "open" else 0)
            for one in self.shadows.values()
            if one.day.replace(day=1) == now
        )
        return min((most - used for most in self.limits.values() if most is not None), default=None)

    def _next(self):
        self.number += 1
        return self.number

    def _close(self, pk, cost, *, state):
        one = self.shadows[pk]
        charged = min(cost, one.amount + self.free)
        one.state, one.charged, one.shortfall = state, charged, cost - charged
        self.balance -= charged

    def _correct(self, pk, cost):
        one = self.shadows[pk]
        more = cost - one.charged - one.shortfall
        charged = one.charged + min(more, self.free) if more >= 0 else min(one.charged, cost)
        self.balance -= charged - one.charged
        one.state, one.charged, one.shortfall = "closed", charged, cost - charged

    def _end(self, pk, cost, *, state="closed"):
        """Book the end in the shadow; answers whether the ledger should say it was ours."""
        before = self.shadows[pk].state
        if before == "open":
            self._close(pk, cost, state=state)
        elif before == "recovered":
            self._correct(pk, cost)
        return before == "open"

    # What can happen

    @rule(amount=st.integers(1, 80_000))
    def grant(self, amount):
        key = f"grant:{self._next()}"
        for _ in range(2):
            ledger.grant(self.person, amount=amount, actor=None, reason="rule", key=key)
        self.balance += amount

    @rule(target=holds, amount=st.integers(0, 60_000))
    def hold(self, amount):
        cause = f"chat:message:{self._next()}"
        if amount > self.free:
            with pytest.raises(ledger.InsufficientCredit):
                hold_for(self.person, amount=amount, cause=cause)
            return multiple()
        if self.allowed is not None and amount > self.allowed:
            with pytest.raises(ledger.LimitReached):
                hold_for(self.person, amount=amount, cause=cause)
            return multiple()
        if self.pool is not None and amount > self.pool - self.pooled_now:
            with pytest.raises(ledger.ServiceOutOfCredit):
                hold_for(self.person, amount=amount, cause=cause)
            return multiple()
        pk = hold_for(self.person, amount=amount, cause=cause).pk
        self.shadows[pk] = Shadow(amount, self.price, timezone.now() + LEASE)
        self.shadows[pk].is_pooled = self.pool is not None
        return pk

    @rule(pk=holds)
    def dispatch(self, pk):
        one = self.shadows[pk]
        may = one.state == "open" and one.lease_until >= timezone.now()
        assert ledger.dispatch(pk) == may
        one.is_sent |= may

    @rule(pk=holds, progress=st.none() | TOKENS)
    def heartbeat(self, pk, progress):
        one = self.shadows[pk]
        told = {pk: progress} if progress else None
        assert ledger.heartbeat([pk], lease=LEASE, progress=told) == (one.state == "open")
        if one.state == "open":
            one.lease_until = timezone.now() + LEASE
            one.progress = progress or one.progress

    @rule(pk=holds, used=TOKENS)
    def settle(self, pk, used):
        """Under and over what was held, in time, late, or again."""
        is_ours = self._end(pk, self.shadows[pk].cost(used))
        record = ledger.settle(pk, ending=Ending(outcome=Outcome.DONE, reported=used))
        assert (record is not None) == is_ours

    @rule(pk=holds, used=TOKENS, outcome=CUT_SHORT)
    def settle_as_counted(self, pk, used, outcome):
        silent = outcome in (Outcome.BROKEN, Outcome.CUT) and not used.completion_tokens
        is_ours = self._end(pk, 0 if silent else self.shadows[pk].cost(used))
        record = ledger.settle(pk, ending=Ending(outcome=outcome, counted=used))
        assert (record is not None) == is_ours

    @rule(pk=holds, saved=TOKENS)
    def settle_as_died(self, pk, saved):
        cost = self.shadows[pk].cost(saved) if saved.completion_tokens else 0
        is_ours = self._end(pk, cost, state="recovered")
        record = ledger.settle(pk, ending=Ending(outcome=Outcome.DIED, counted=saved))
        assert (record is not None) == is_ours

    @rule(pk=holds, outcome=FREE)
    def void(self, pk, outcome):
        is_ours = self._end(pk, 0)
        assert ledger.void(pk, outcome=outcome) == is_ours

    @rule(ahead=st.integers(0, 90))
    def sweep(self, ahead):
        self.clock.shift(timedelta(seconds=ahead))
        cutoff = timezone.now() - ledger.ORPHAN_GRACE
        orphans = [
            pk
            for pk, one in sorted(self.shadows.items(), key=lambda item: item[1].lease_until)
            if one.state == "open" and one.lease_until < cutoff
        ]
        for pk in orphans:
            one = self.shadows[pk]
            arrived = one.progress and one.progress.completion_tokens
            cost = one.cost(one.progress) if one.is_sent and arrived else 0
            self._close(pk, cost, state="recovered" if one.is_sent else "closed")
        assert ledger.sweep() == len(orphans)

    @rule(prompt=st.integers(0, 900), output=st.integers(0, 900))
    def change_price(self, prompt, output):
        newest = Price.objects.filter(model="gpt-4o-mini").order_by("-effective_from").first()
        if newest.effective_from < timezone.now():
            Price.objects.create(
                model="gpt-4o-mini", kind="chat", input_nano=prompt, output_nano=output
            )
            self.price = (prompt, output)

    @rule(
        whose=st.sampled_from(["user", "group"]),
        month=st.none() | st.integers(0, 100_000),
        day=st.none() | st.just(10**12),
    )
    def set_limits(self, whose, month, day):
        account = ledger.open_account(self.person) if whose == "user" else self.group
        set_limits(account, day=day, month=month)
        self.limits[whose] = month

    @rule(nano=st.integers(1, 500_000))
    def fill_pool(self, nano):
        key = f"pool:{self._next()}"
        for _ in range(2):
            pool.record(PoolEntry.Kind.TOP_UP, amount=nano, actor=None, key=key)
        self.pool = (self.pool or 0) + nano

    @rule(hours=st.sampled_from([1, 25, 24 * 31]))
    def jump_clock(self, hours):
        self.clock.shift(timedelta(hours=hours))

    # What must be true after each

    @invariant()
    def the_person_has_what_they_should(self):
        purse = ledger.purse(self.person)
        assert (purse.balance, purse.held) == (self.balance, self.held)

    @invariant()
    def the_books_balance(self):
        assert_books_balance()


@pytest.mark.django_db
def test_any_order_of_events_keeps_the_books():
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert not Hold.objects.exists()
