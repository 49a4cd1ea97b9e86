"""A school: its groups, people, money and rules, as an admin would set them up."""

from datetime import timedelta

from accounts.models import Group, User
from credit import days, ledger, limits, opening, pool, vouchers
from credit.models import Allowance, Policy, PoolEntry
from credit.money import NANO_PER_USD
from gateway import keys

CENT = NANO_PER_USD // 100


def open_school(*, people, groups, dice):
    """The people, and the API keys of one in twenty by their person's key."""
    Policy.objects.update(starting_credit=20 * CENT)
    pool.record(PoolEntry.Kind.TOP_UP, amount=20 * NANO_PER_USD, actor=None, key="first")
    classes = [_class(n, dice) for n in range(groups)]
    everybody = [
        User.objects.create(username=f"pupil{n}", group=classes[n % groups]) for n in range(people)
    ]
    for person in everybody[::15]:
        limits.set_limits(opening.open_account(person), day=3 * CENT, month=None)
    programs = {
        person.pk: keys.make(person, name="Script", lifetime=None).key for person in everybody[::20]
    }
    for key in list(programs.values())[::2]:
        limits.set_limits(opening.open_key(key), day=None, month=40 * CENT)
    return everybody, programs


def _class(number, dice):
    group = Group.objects.create(name=f"{1 + number // 4}{'ABCD'[number % 4]}")
    is_daily = number % 8 == 3
    Allowance.objects.create(
        group=group,
        amount=4 * CENT if is_daily else 60 * CENT,
        period="day" if is_daily else "month",
        is_kept=number % 2 == 0,
        starts_on=days.today() - timedelta(days=1),
    )
    limits.set_limits(opening.open_group(group), day=None, month=dice.choice([10, 30]) * 100 * CENT)
    return group


def print_vouchers(month, *, actor=None):
    last = days.midnight(month + timedelta(days=60))
    return vouchers.issue(f"{month}", amount=25 * CENT, count=20, expires_at=last, actor=actor)


def top_up_when_low(left, *, day):
    """The admin looks once a day."""
    if left < 2 * NANO_PER_USD:
        kind = PoolEntry.Kind.TOP_UP
        pool.record(kind, amount=20 * NANO_PER_USD, actor=None, key=f"top-up:{day}")


def put_right(person, dice, *, day):
    """A correction up or down, and often another that undoes it."""
    amount = dice.choice([-1, 1]) * dice.randrange(1, CENT)
    free = ledger.purse(person).available
    booked = ledger.adjust(
        person, amount=max(amount, -free) or 1, actor=None, reason="Counted anew", key=f"{day}"
    )
    if booked.amount < ledger.purse(person).available and dice.random() < 0.5:
        ledger.reverse(booked, actor=None, reason="A mistake")
