"""Proves the ledger; prints the first difference and exits with 1 when there is one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.audit import first_difference
from credit.models import Account, Transfer
from credit.money import to_usd


class Command(BaseCommand):
    help = "Recompute every charge and balance from the ledger's rows."

    def handle(self, *args: Any, **options: Any) -> None:
        if difference := first_difference():
            raise CommandError(f"The ledger is wrong: {difference}.", returncode=1)
        used = Account.objects.house(Account.Kind.USAGE).balance
        transfers = _counted(Transfer.objects.count(), "transfer")
        accounts = _counted(Account.objects.count(), "account")
        self.stdout.write(
            f"The ledger is sound: {transfers} between {accounts}, ${to_usd(used):,f} used."
        )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
