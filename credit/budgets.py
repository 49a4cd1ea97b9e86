"""What a call may draw on: the person's own money, the limits that bound them, and the pool.

Reading a budget reserves nothing; `reserve` does, all or none, and refuses what was read too long
ago: then read again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import structlog
from django.db.models import Q

from accounts.models import User
from credit import alerts, days, opening, windows
from credit.days import Period
from credit.errors import (
    InsufficientCredit,
    LimitReached,
    ModelNotAllowed,
    Paused,
    ServiceOutOfCredit,
)
from credit.limits import NAMES
from credit.models import Account, Alert, Pool, Window
from credit.opening import Key

log = structlog.get_logger(__name__)


class Changed(Exception):
    """Somebody else took money, or the limits were set anew, since the budget was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit in force and what is used of it; nano-USD."""

    account: Account
    window: Window
    most: int

    @property
    def left(self) -> int:
        return max(self.most - self.used, 0)

    @property
    def period(self) -> Period:
        return Period(self.window.period)

    @property
    def whose(self) -> str:
        """`own`, or the kind of the account that an admin limited."""
        return "own" if self.account.is_own(self.period) else self.account.kind

    @property
    def name(self) -> str:
        return str(NAMES.get((self.whose, self.period), self.account))

    @property
    def used(self) -> int:
        return self.window.spent + self.window.held

    @property
    def share_used(self) -> int:
        """In hundredths; all of it where nothing is allowed."""
        return min(round(100 * self.used / self.most), 100) if self.most else 100

    @property
    def renews_on(self) -> date:
        return self.period.end(self.window.start)

    def refusal(self, needed: int) -> LimitReached:
        return LimitReached(
            whose=self.whose,
            period=self.period,
            limit=self.most,
            left=self.left,
            needed=needed,
            renews_at=days.midnight(self.renews_on),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    person: Account
    group: Account | None = None
    key: Account | None = None
    day: date = field(default_factory=days.today)
    limits: tuple[Limit, ...] = ()
    pool: int | None = None  # what is left in it; None while there is none

    @property
    def left(self) -> int:
        """The most that one call may cost now, in nano-USD."""
        pool = [] if self.pool is None else [self.pool]
        return min([self.person.available, *(limit.left for limit in self.limits), *pool])

    def check(self, needed: int) -> None:
        """Raises why a call that may cost so much cannot be made, if it cannot."""
        for account in (self.person, self.group, self.key):
            if account is not None and account.paused_at is not None:
                raise Paused(account.kind)
        if self.person.available < needed:
            raise InsufficientCredit(available=self.person.available, needed=needed)
        tightest = min(self.limits, key=lambda limit: limit.left, default=None)
        if tightest is not None and tightest.left < needed:
            raise tightest.refusal(needed)
        if self.pool is not None and self.pool < needed:
            alerts.flag(Alert.Kind.REFUSED)
            log.error("pool.exhausted", left=self.pool, needed=needed)
            raise ServiceOutOfCredit(left=self.pool, needed=needed)

    def longest_output(self, cap: int) -> int:
        """Output tokens of one reply, at most `cap`, that the group allows."""
        most = self.group.most_output if self.group else None
        return cap if most is None else min(cap, most)

    def check_model(self, model: str) -> None:
        """Raises ModelNotAllowed for one that the group's people may not use."""
        if self.group is not None and not self.group.may_use(model):
            raise ModelNotAllowed(model)

    def reserve(self, amount: int) -> None:
        """Set an amount apart everywhere, in the caller's transaction; raises Changed.

        The person's account comes first: whoever holds it is alone with all that is theirs. Then
        the limits, which a group's people share, always in the same order; last everybody's pool.
        """
        terms = self.person.terms
        if not Account.objects.reserve(self.person.pk, amount=amount, terms=terms):
            raise Changed
        for limit in self.limits:
            windows.keep(limit.window)
        for limit in sorted(self.limits, key=lambda limit: limit.window.pk):
            if not Window.objects.reserve(limit.window.pk, amount=amount, limit=limit.most):
                raise Changed
        if self.pool is not None and not Pool.objects.reserve(amount=amount):
            raise Changed


def read(user: User, *, key: Key | None = None) -> Budget:
    """A person's budget now, with this API key; opens the accounts that are missing."""
    accounts = {
        account.kind: account
        for account in Account.objects.for_call(user, key=key.pk if key else None)
    }
    person, group, of_key = (accounts.get(kind) for kind in _DRAWN_ON)
    if person is None or (user.group_id and group is None) or (key and of_key is None):
        opening.open_all(user, key=key)
        return read(user, key=key)  # their limits may have been set before they were opened
    today = days.today()
    limits = in_force([account for account in (person, of_key, group) if account], today)
    left = person.pool_left  # type: ignore[attr-defined]
    return Budget(person=person, group=group, key=of_key, day=today, limits=limits, pool=left)


_DRAWN_ON: Final = (Account.Kind.USER, Account.Kind.GROUP, Account.Kind.KEY)


def in_force(accounts: list[Account], day: date) -> tuple[Limit, ...]:
    """The limits of these accounts, and what is used of them on a day, in one query."""
    bounds = list(_bounds(accounts, day))
    if not bounds:
        return ()
    wanted = Q()
    for account, period, start, _most in bounds:
        wanted |= Q(account=account, period=period, start=start)
    present = {(row.account_id, row.period): row for row in Window.objects.filter(wanted)}
    return tuple(
        Limit(
            account=account,
            window=present.get((account.pk, period)) or windows.counted(account, period, start),
            most=most,
        )
        for account, period, start, most in bounds
    )


def _bounds(accounts: list[Account], day: date) -> Iterator[tuple[Account, Period, date, int]]:
    for account in accounts:
        for period in Period:
            if (most := account.limit(period)) is not None:
                yield account, period, period.start(day), most
