"""One change to many people at once: first planned and shown, then carried out as a whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from credit import gifts, opening, pauses
from credit.errors import InsufficientCredit, LedgerError
from credit.limits import set_limits
from credit.models import Account, Policy, Pool


class Act(models.TextChoices):
    GRANT = "grant", _("Give credit")
    TAKE = "take", _("Take credit back")
    LIMIT = "limit", _("Set limits")
    PAUSE = "pause", _("Pause")
    RESUME = "resume", _("Let go on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done to each; amounts in nano-USD. `key` makes it happen once."""

    act: Act
    key: str
    amount: int = 0
    day: int | None = None
    month: int | None = None
    reason: str = ""
    actor: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person: what happens to them, or why nothing does."""

    account: Account
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    wish: Wish
    lines: tuple[Line, ...]

    @property
    def included(self) -> list[Line]:
        return [line for line in self.lines if not line.refusal]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.refusal]

    @property
    def total(self) -> int:
        """What is given or taken in all, in nano-USD."""
        return self.wish.amount * len(self.included)

    @property
    def uncovered(self) -> int | None:
        """What the pool lacks for all balances once this is given; None while there is no pool."""
        pool = Pool.objects.first()
        if pool is None:
            return None
        owed = Account.objects.people().aggregate(nano=models.Sum("balance", default=0))["nano"]
        return max(int(owed) + self.total - pool.available, 0)


def people_of(accounts: Iterable[Account]) -> list[Account]:
    """These people, and those in these groups, each once; their accounts are opened if need be."""
    accounts = list(accounts)
    groups = [account.group_id for account in accounts if account.group_id]
    for member in User.objects.filter(group__in=groups, account=None):
        opening.open_account(member)
    chosen = models.Q(pk__in=[account.pk for account in accounts])
    chosen |= models.Q(user__group__in=groups)
    people = Account.objects.people().filter(chosen, user__is_active=True)
    return list(people.select_related("user").order_by("pk"))


def plan(wish: Wish, accounts: Iterable[Account]) -> Plan:
    """What would happen now; nothing does."""
    return Plan(
        wish=wish, lines=tuple(Line(account=one, refusal=_refusal(wish, one)) for one in accounts)
    )


@transaction.atomic
def carry_out(wish: Wish, accounts: Iterable[Account]) -> Plan:
    """Do it to all whom it fits, in one transaction; the same key again changes nothing more.

    Everybody is locked first, in the order of their keys, as all who lock several people do.
    """
    keys = [account.pk for account in accounts]
    if wish.act == Act.LIMIT:
        Policy.objects.lock()  # comes before the accounts wherever limits are set
    locked = Account.objects.select_for_update(of=("self",)).select_related("user")
    people = list(locked.filter(pk__in=keys).order_by("pk"))
    return Plan(wish=wish, lines=tuple(_act_on(wish, account) for account in people))


def _act_on(wish: Wish, account: Account) -> Line:
    line = Line(account=account)
    try:
        _verb(wish, account)()
    except LedgerError as error:
        return replace(line, refusal=_words(error))
    return line


def _verb(wish: Wish, account: Account) -> Callable[[], Any]:
    match wish.act:
        case Act.GRANT:
            return partial(_give, gifts.grant, account, wish, wish.amount)
        case Act.TAKE:
            return partial(_give, gifts.adjust, account, wish, -wish.amount)
        case Act.LIMIT:
            return partial(set_limits, account, day=wish.day, month=wish.month)
        case Act.PAUSE:
            return partial(pauses.pause, account)
        case _:
            return partial(pauses.resume, account)


def _give(book: Callable[..., Any], account: Account, wish: Wish, amount: int) -> None:
    key = f"bulk:{wish.key}:{account.pk}"
    book(account.user, amount=amount, actor=wish.actor, reason=wish.reason, key=key)


def _refusal(wish: Wish, account: Account) -> str:
    if wish.act == Act.TAKE and account.available < wish.amount:
        return _words(InsufficientCredit(available=account.available, needed=wish.amount))
    if wish.act == Act.PAUSE and account.paused_at:
        return gettext("Is paused already.")
    if wish.act == Act.RESUME and not account.paused_at:
        return gettext("Is not paused.")
    return ""


def _words(error: LedgerError) -> str:
    if isinstance(error, InsufficientCredit):
        return gettext("Has less than that free.")
    return error.message
