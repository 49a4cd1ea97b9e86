"""Invented people in groups, some with a program of their own."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accounts.models import Group, User
from credit.models import Account
from gateway.models import ApiKey, digest_of

PREFIX: Final = "seed"
_FIRST: Final = (
    *("Anna", "Aylin", "Bram", "Carmen", "Daan", "Elif", "Fatima", "Guus", "Hanna", "Hugo"),
    *("Imran", "Iris", "Julia", "Kees", "Lotte", "Mees", "Milan", "Nina", "Noor", "Omar"),
    *("Pien", "Quinten", "Roos", "Sem", "Tess", "Umar", "Vera", "Wout", "Yara", "Zoë"),
)
_LAST: Final = (
    *("de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "van Dijk", "Visser", "Smit"),
    *("Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters", "Hendriks", "Dekker"),
    *("Brouwer", "de Wit", "Koster", "Yılmaz", "El Idrissi", "Nguyen", "Kowalski", "Silva"),
)
_WITH_PROGRAM: Final = 20  # one person in so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose calls these are; `zeal` is how many of all calls they make, beside the others'."""

    user: int
    account: int
    group: int | None  # the accounts of group and API key
    key: int | None
    zeal: float


def make(count: int, *, groups: int, dice: random.Random) -> list[Person]:
    """People with accounts of their own, no money yet, and no password: nobody signs in as them."""
    of_groups = _groups(groups)
    people = User.objects.bulk_create(_user(n, of_groups, dice) for n in range(count))
    purses = Account.objects.bulk_create(
        Account(kind=Account.Kind.USER, user=user) for user in people
    )
    keys = _keys(people[::_WITH_PROGRAM])
    return [
        Person(
            user=user.pk,
            account=purse.pk,
            group=of_groups[user.group] if user.group else None,
            key=keys.get(user.pk),
            zeal=dice.lognormvariate(0, 1),
        )
        for user, purse in zip(people, purses, strict=True)
    ]


def _groups(count: int) -> dict[Group, int]:
    """Classes 1A, 1B, 1C, 1D, 2A … with the keys of their accounts."""
    names = [f"{1 + n // 4}{'ABCD'[n % 4]}" for n in range(count)]
    made = Group.objects.bulk_create(Group(name=f"{PREFIX} {name}") for name in names)
    accounts = Account.objects.bulk_create(
        Account(kind=Account.Kind.GROUP, group=group) for group in made
    )
    return {group: account.pk for group, account in zip(made, accounts, strict=True)}


def _user(place: int, groups: dict[Group, int], dice: random.Random) -> User:
    """One in ten is in no group."""
    is_in_one = groups and place % 10
    return User(
        username=f"{PREFIX}{place + 1}",
        first_name=f"{dice.choice(_FIRST)} {dice.choice(_LAST)}",
        password="!" + secrets.token_hex(20),
        group=list(groups)[place % len(groups)] if is_in_one else None,
        language=dice.choice(["", "en", "nl"]),
    )


def _keys(users: Sequence[User]) -> dict[int, int]:
    """The accounts of one API key for each, by person."""
    keys = ApiKey.objects.bulk_create(
        ApiKey(user=user, name="Script", prefix=PREFIX, digest=digest_of(secrets.token_hex()))
        for user in users
    )
    accounts = Account.objects.bulk_create(
        Account(kind=Account.Kind.KEY, key=key.pk, name=key.name) for key in keys
    )
    return {key.user_id: account.pk for key, account in zip(keys, accounts, strict=True)}
