"""Opens the accounts of people, groups and API keys when they are first needed."""

from typing import Protocol
from uuid import UUID

from django.db import transaction

from accounts.models import Group, User
from credit.models import Account, Policy, Transfer
from credit.postings import post


class Key(Protocol):
    """An API key as the books know it."""

    @property
    def pk(self) -> UUID: ...
    @property
    def name(self) -> str: ...


def open_account(user: User) -> Account:
    """The person's account; the first call ever makes it and grants the starting credit."""
    account = Account.objects.filter(user=user).first()
    if account is not None:
        return account
    with transaction.atomic():
        account, is_new = Account.objects.get_or_create(
            user=user, defaults={"kind": Account.Kind.USER}
        )
        if is_new:
            _grant_starting_credit(account)
    account.refresh_from_db()
    return account


def open_all(user: User, *, key: Key | None) -> None:
    """Everything that a call of this person with this key draws on."""
    open_account(user)
    if user.group is not None:
        open_group(user.group)
    if key is not None:
        open_key(key)


def open_group(group: Group) -> Account:
    """The group's account: it has no money, only limits."""
    defaults = {"kind": Account.Kind.GROUP}
    return Account.objects.get_or_create(group=group, defaults=defaults)[0]


def open_key(key: Key) -> Account:
    """The API key's account: it has no money, only limits."""
    defaults = {"kind": Account.Kind.KEY, "name": key.name}
    return Account.objects.get_or_create(key=key.pk, defaults=defaults)[0]


def _grant_starting_credit(account: Account) -> None:
    amount = Policy.objects.lock().starting_credit
    if amount:
        post(
            amount,
            source=Account.objects.house_unread(Account.Kind.FUNDING),
            destination=account,
            code=Transfer.Code.STARTING,
            key=f"starting:{account.pk}",
        )
