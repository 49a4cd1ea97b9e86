"""Who has money: people, and the house's own accounts that it comes from and goes to."""

from functools import cache
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Group, User
from credit.days import Period
from credit.models.pool import Pool
from credit.models.price import MOST_MARKUP


class AccountQuerySet(models.QuerySet["Account"]):
    def people(self) -> Self:
        return self.filter(kind=Account.Kind.USER)

    def house(self, kind: "Account.Kind") -> "Account":
        """The house's one account of this kind; a migration made it."""
        return self.get(kind=kind, user=None)

    def house_unread(self, kind: "Account.Kind") -> "Account":
        """The same for booking on it, without a query: only its key is there, and never changes."""
        return Account(pk=_house_key(kind), kind=kind)

    def for_call(self, user: User, *, key: UUID | None) -> Self:
        """The accounts a call of this person with this key draws on: theirs, their group's.

        Each says what is left in the pool too, as `pool_left`; None while there is none.
        """
        concerned = Q(user=user)
        if user.group_id is not None:
            concerned |= Q(group=user.group_id)
        if key is not None:
            concerned |= Q(key=key)
        return self.filter(concerned).annotate(pool_left=Subquery(Pool.objects.left()))

    def reserve(self, pk: int, *, amount: int, terms: int = 0) -> bool:
        """Set an amount apart if the account can bear it, under the terms that were read."""
        free = self.filter(pk=pk, terms=terms, paused_at=None)
        affordable = free.filter(balance__gte=F("held") + amount)
        return affordable.update(held=F("held") + amount) == 1

    def credit(self, pk: int, *, amount: int) -> None:
        """Add money that is not for a call: a grant, say."""
        self.filter(pk=pk).update(balance=F("balance") + amount, topped_up_to=F("balance") + amount)

    def take(self, pk: int, *, amount: int) -> bool:
        """Take an amount that is not set apart."""
        free = self.filter(pk=pk, balance__gte=F("held") + amount)
        return free.update(balance=F("balance") - amount) == 1

    def move(self, pk: int, *, balance: int = 0, held: int = 0) -> None:
        """Add to the balance and to what is set apart; either may be less than nothing."""
        self.filter(pk=pk).update(balance=F("balance") + balance, held=F("held") + held)


@cache
def _house_key(kind: "Account.Kind") -> int:
    return Account.objects.house(kind).pk


# People and the house have money; groups and keys only bound what their people spend.
_WITHOUT_MONEY = Q(balance=0, held=0, allow_negative=False)
_OF_PERSON = Q(kind="user", user__isnull=False, group=None, key=None, allow_negative=False)
_OF_GROUP = Q(kind="group", user=None, group__isnull=False, key=None) & _WITHOUT_MONEY
_OF_KEY = Q(kind="key", user=None, group=None, key__isnull=False) & _WITHOUT_MONEY
_OF_HOUSE = ~Q(kind__in=["user", "group", "key"]) & Q(user=None, group=None, key=None)


class Account(models.Model):
    """Balance and reserved part, in nano-USD: a cache of the transfers and the open holds."""

    class Kind(models.TextChoices):
        USER = "user", _("Person")
        GROUP = "group", _("Group")
        KEY = "key", _("API key")
        FUNDING = "funding", _("Funding")
        USAGE = "usage", _("Usage")
        SHORTFALL = "shortfall", _("Shortfall")
        CORRECTION = "correction", _("Correction")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name=_("person"),
    )
    group = models.OneToOneField(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name=_("group"),
    )
    key = models.UUIDField(_("API key"), null=True, blank=True, unique=True)
    name = models.CharField(_("name of the key"), max_length=80, blank=True)
    balance = models.BigIntegerField(_("balance"), default=0)
    held = models.BigIntegerField(_("reserved"), default=0)
    # What the meter shows as full: the balance right after the last credit.
    topped_up_to = models.BigIntegerField(_("topped up to"), default=0)
    # The last change by hand, until the person has read of it.
    unread = models.ForeignKey(
        "credit.Transfer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    # What calls may cost in a day and in a month; None: as much as there is.
    day_limit = models.BigIntegerField(_("limit a day"), null=True, blank=True)
    month_limit = models.BigIntegerField(_("limit a month"), null=True, blank=True)
    # A person's own, besides: the lower of the two is in force.
    own_day_limit = models.BigIntegerField(_("own limit a day"), null=True, blank=True)
    own_month_limit = models.BigIntegerField(_("own limit a month"), null=True, blank=True)
    # Raised whenever limits are set that may concern this person; 0 says that none ever was.
    terms = models.BigIntegerField(default=0, editable=False)
    # While it is paused nothing new is paid for; calls under way end as usual.
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    # What a group's people may use, each of them; None: whatever the site offers.
    allowed_models = models.JSONField(_("models allowed"), null=True, blank=True)
    most_pictures = models.PositiveIntegerField(_("pictures a day"), null=True, blank=True)
    most_output = models.PositiveIntegerField(_("output tokens a reply"), null=True, blank=True)
    most_replies = models.PositiveIntegerField(_("replies at once"), null=True, blank=True)
    allow_negative = models.BooleanField(_("may go below zero"), default=False)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=Q(held__gte=0), name="account_held_not_negative"),
            models.CheckConstraint(
                condition=Q(allow_negative=True) | Q(balance__gte=F("held")),
                name="account_balance_covers_held",
            ),
            models.CheckConstraint(
                condition=_OF_PERSON | _OF_GROUP | _OF_KEY | _OF_HOUSE,
                name="account_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(day_limit__isnull=True) | Q(day_limit__gte=0),
                name="account_day_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(month_limit__isnull=True) | Q(month_limit__gte=0),
                name="account_month_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind="group")
                | Q(
                    allowed_models__isnull=True,
                    most_pictures__isnull=True,
                    most_output__isnull=True,
                    most_replies__isnull=True,
                ),
                name="account_rules_are_a_groups",
            ),
            models.CheckConstraint(
                condition=(Q(own_day_limit=None) | Q(own_day_limit__gte=0))
                & (Q(own_month_limit=None) | Q(own_month_limit__gte=0)),
                name="account_own_limits_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind="user") | Q(own_day_limit=None, own_month_limit=None),
                name="account_own_limits_are_a_persons",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(user=None, group=None, key=None),
                name="account_one_house_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.group or self.name or self.get_kind_display())

    @property
    def thing(self) -> str:
        """Whose it is, as the audit log names it."""
        match self.kind:
            case Account.Kind.USER:
                return f"person:{self.user_id}"
            case Account.Kind.GROUP:
                return f"group:{self.group_id}"
            case Account.Kind.KEY:
                return f"key:{self.key}"
            case _:
                return f"house:{self.kind}"

    def limit(self, period: Period) -> int | None:
        """What calls may cost in a period, in nano-USD: the lower of one's own and the admin's."""
        both = (self.set_limit(period), self.own_limit(period))
        return min((most for most in both if most is not None), default=None)

    def set_limit(self, period: Period) -> int | None:
        """The admin's alone."""
        return self.day_limit if period == Period.DAY else self.month_limit

    def own_limit(self, period: Period) -> int | None:
        return self.own_day_limit if period == Period.DAY else self.own_month_limit

    def is_own(self, period: Period) -> bool:
        """Whether the limit in force is one's own: then one may lift it."""
        return self.limit(period) != self.set_limit(period)

    @property
    def may_be_limited(self) -> bool:
        return self.kind in (Account.Kind.USER, Account.Kind.GROUP, Account.Kind.KEY)

    def may_use(self, model: str) -> bool:
        return self.allowed_models is None or model in self.allowed_models

    @property
    def available(self) -> int:
        """What can still be set apart, in nano-USD."""
        return self.balance - self.held

    @property
    def share_left(self) -> int:
        """What can still be set apart, in hundredths of what there was after the last credit."""
        whole = max(self.topped_up_to, self.balance)
        return round(100 * self.available / whole) if whole > 0 else 0


class PolicyManager(models.Manager["Policy"]):
    def lock(self) -> "Policy":
        """The rules, for as long as the transaction lasts the only reader who locks them.

        Who opens a person's account and who sets limits come through here one after the other.
        """
        return self.select_for_update().get()


class Policy(models.Model):
    """The house's money rules, one row; set in the admin."""

    starting_credit = models.BigIntegerField(
        _("starting credit"), help_text=_("What each new person starts with.")
    )
    markup = models.PositiveIntegerField(
        _("markup"),
        default=0,
        help_text=_("On all list prices, in hundredths of a percent: 10% is 1000."),
    )

    objects = PolicyManager()

    class Meta:
        verbose_name = _("money rule")
        verbose_name_plural = _("money rules")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="policy_single_row"),
            models.CheckConstraint(
                condition=Q(starting_credit__gte=0), name="policy_starting_credit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(markup__lte=MOST_MARKUP), name="policy_markup_bounded"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Money rules"))
