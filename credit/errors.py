"""What can keep money from moving; each has a message fit for people.

LedgerError
├── InsufficientCredit   the account cannot bear the amount
├── ModelNotPriced       no price in force, so the model is not offered
├── AlreadyHeld          the same thing is being paid for right now
└── KeyReused            an idempotency key came back with another amount or person
"""

from django.utils.translation import gettext as _

from credit.money import dollars


class LedgerError(Exception):
    """The base; `message` is translated for the reader."""

    retryable = False

    @property
    def message(self) -> str:
        return _("The payment could not be made.")


class InsufficientCredit(LedgerError):
    """Amounts in nano-USD."""

    def __init__(self, *, available: int, needed: int) -> None:
        super().__init__(f"{needed} nano-USD needed, {available} available")
        self.available = available
        self.needed = needed

    @property
    def message(self) -> str:
        return _("Not enough credit: this needs %(needed)s and you have %(available)s.") % {
            "needed": dollars(self.needed),
            "available": dollars(self.available),
        }


class ModelNotPriced(LedgerError):
    def __init__(self, model: str) -> None:
        super().__init__(f"no price in force for {model!r}")
        self.model = model

    @property
    def message(self) -> str:
        return _("The model %(model)s is not offered here.") % {"model": self.model}


class AlreadyHeld(LedgerError):
    def __init__(self, cause: str) -> None:
        super().__init__(f"an open hold exists for {cause!r}")
        self.cause = cause

    @property
    def message(self) -> str:
        return _("This is being worked on already.")


class KeyReused(LedgerError):
    def __init__(self, key: str) -> None:
        super().__init__(f"idempotency key {key!r} was used for another transfer")
        self.key = key

    @property
    def message(self) -> str:
        return _("This was booked before, with another amount or for another person.")
