"""What can keep money from moving; each has a message fit for people.

LedgerError
├── InsufficientCredit   the account cannot bear the amount
├── LimitReached         a limit a day or a month, of the person (or their own), group or API key
├── Paused               an admin paused the person, their group or the API key
├── TooManyPictures      the group's pictures a day for each person
├── ServiceOutOfCredit   the house's own credit at the upstream cannot bear the amount
├── ModelNotPriced       no price in force, so the model is not offered
│   └── ModelNotAllowed  the person's group may not use it
├── AlreadyHeld          the same thing is being paid for right now
├── KeyReused            an idempotency key came back with another amount or person
├── NotReversible        only what was given or taken by hand can be undone
└── VoucherRefused       unknown, used or expired
"""

from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from credit import days
from credit.days import Period
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


class LimitReached(LedgerError):
    """Amounts in nano-USD; `whose` is an account's kind or `own`: what one allows oneself.

    `renews_at` is the next period's start.
    """

    def __init__(
        self,
        *,
        whose: str,
        period: Period,
        limit: int,
        left: int,
        needed: int,
        renews_at: datetime,
    ) -> None:
        super().__init__(f"{needed} nano-USD needed, {left} left of {whose}'s {limit} a {period}")
        self.whose = whose
        self.period = period
        self.limit = limit
        self.left = left
        self.needed = needed
        self.renews_at = renews_at

    @property
    def message(self) -> str:
        words = _LIMITS[self.whose, self.period]
        return gettext(words) % {
            "limit": dollars(self.limit),
            "left": dollars(self.left),
            "needed": dollars(self.needed),
            "date": date_format(days.day_of(self.renews_at), "MONTH_DAY_FORMAT"),
        }


_LIMITS: Final = {
    ("own", Period.DAY): gettext_noop(
        "Of the %(limit)s a day that you allow yourself %(left)s is left, and this needs"
        " %(needed)s. It begins anew on %(date)s."
    ),
    ("own", Period.MONTH): gettext_noop(
        "Of the %(limit)s a month that you allow yourself %(left)s is left, and this needs"
        " %(needed)s. It begins anew on %(date)s."
    ),
    ("user", Period.DAY): gettext_noop(
        "Of your limit of %(limit)s a day %(left)s is left, and this needs %(needed)s."
        " It begins anew on %(date)s."
    ),
    ("user", Period.MONTH): gettext_noop(
        "Of your limit of %(limit)s a month %(left)s is left, and this needs %(needed)s."
        " It begins anew on %(date)s."
    ),
    ("group", Period.DAY): gettext_noop(
        "Of your group's limit of %(limit)s a day %(left)s is left, and this needs %(needed)s."
        " It begins anew on %(date)s."
    ),
    ("group", Period.MONTH): gettext_noop(
        "Of your group's limit of %(limit)s a month %(left)s is left, and this needs %(needed)s."
        " It begins anew on %(date)s."
    ),
    ("key", Period.DAY): gettext_noop(
        "Of this API key's limit of %(limit)s a day %(left)s is left, and this needs %(needed)s."
        " It begins anew on %(date)s."
    ),
    ("key", Period.MONTH): gettext_noop(
        "Of this API key's limit of %(limit)s a month %(left)s is left, and this needs"
        " %(needed)s. It begins anew on %(date)s."
    ),
}


class Paused(LedgerError):
    """`whose` is an account's kind."""

    def __init__(self, whose: str) -> None:
        super().__init__(f"{whose} is paused")
        self.whose = whose

    @property
    def message(self) -> str:
        return {
            "group": _("Your group has been paused. Ask whoever runs this site."),
            "key": _("This API key has been paused. Ask whoever runs this site."),
        }.get(self.whose, _("Your spending has been paused. Ask whoever runs this site."))


class TooManyPictures(LedgerError):
    """`most` is the group's number a day for each person, `left` what remains of it today."""

    def __init__(self, *, most: int, left: int) -> None:
        super().__init__(f"{left} left of {most} pictures a day")
        self.most = most
        self.left = left

    @property
    def message(self) -> str:
        return _("You can make %(most)d pictures a day, and today %(left)d of them are left.") % {
            "most": self.most,
            "left": self.left,
        }


class ServiceOutOfCredit(LedgerError):
    """Nothing that the person could do anything about; amounts in nano-USD."""

    def __init__(self, *, left: int, needed: int) -> None:
        super().__init__(f"{needed} nano-USD needed, {left} left in the pool")
        self.left = left
        self.needed = needed

    @property
    def message(self) -> str:
        return _("The service is out of credit, not you. Please tell whoever runs this site.")


class ModelNotPriced(LedgerError):
    def __init__(self, model: str) -> None:
        super().__init__(f"no price in force for {model!r}")
        self.model = model

    @property
    def message(self) -> str:
        return _("The model %(model)s is not offered here.") % {"model": self.model}


class ModelNotAllowed(ModelNotPriced):
    @property
    def message(self) -> str:
        return _("Your group does not use the model %(model)s.") % {"model": self.model}


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


class NotReversible(LedgerError):
    def __init__(self, transfer_id: int) -> None:
        super().__init__(f"transfer {transfer_id} cannot be reversed")

    @property
    def message(self) -> str:
        return _("Only credit that was given or taken by hand can be taken or given back.")


class VoucherRefused(LedgerError):
    """`why` is unknown, used or expired."""

    def __init__(self, why: str) -> None:
        super().__init__(f"voucher {why}")
        self.why = why

    @property
    def message(self) -> str:
        return {
            "used": _("This voucher has been used."),
            "expired": _("This voucher has expired."),
        }.get(self.why, _("There is no such voucher. Check the code for mistakes."))
