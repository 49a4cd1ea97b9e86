"""What calls cost whoever makes them: the list price in force, and the house's markup on it."""

from dataclasses import dataclass

from django.db.models import F, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from credit.errors import ModelNotPriced
from credit.models import Account, Kind, Policy, Price
from minitoolai import catalog

__all__ = ["ModelNotPriced", "Offer", "current", "offered_models", "offers", "with_markup"]

_CATALOG = {Kind.CHAT: catalog.CHAT_MODELS, Kind.IMAGE: catalog.IMAGE_MODELS}
_WHOLE = 10_000  # basis points
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A model at the price in force; `markup` in basis points. Amounts in nano-USD."""

    price: Price
    markup: int = 0

    def cost(self, *, prompt_tokens: int, completion_tokens: int) -> int:
        """What a reply costs who asks for it."""
        at_list = self.price.cost(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)
        return with_markup(at_list, self.markup)

    @property
    def flat(self) -> int:
        """What one picture costs who orders it."""
        return with_markup(self.price.flat_nano, self.markup)

    @property
    def per_million(self) -> tuple[int, int]:
        """What a million prompt tokens cost, and a million output tokens."""
        return (
            self.cost(prompt_tokens=_MILLION, completion_tokens=0),
            self.cost(prompt_tokens=0, completion_tokens=_MILLION),
        )

    def affordable_output(self, nano: int, *, prompt_tokens: int, cap: int) -> int:
        """Output tokens, at most `cap`, that an amount affords after the prompt."""
        if not self.price.output_nano:
            return cap
        at_list = nano * _WHOLE // (_WHOLE + self.markup)  # the most that fits with its markup
        left = at_list - self.price.cost(prompt_tokens=prompt_tokens, completion_tokens=0)
        return min(cap, left // self.price.output_nano)


def with_markup(cost: int, markup: int) -> int:
    """A cost with so many basis points on it, rounded up once."""
    return cost + -(-cost * markup // _WHOLE)


def current(model: str, *, kind: str) -> Offer:
    """The offer in force now of a model of this kind; raises ModelNotPriced."""
    house = Subquery(Policy.objects.values("markup")[:1])
    prices = Price.objects.in_force(timezone.now()).filter(model=model, kind=kind)
    row = prices.annotate(rate=Coalesce(F("markup"), house)).first()
    if row is None or not row.is_offered:
        raise ModelNotPriced(model)
    return Offer(price=row, markup=row.rate)  # type: ignore[attr-defined]


def offers(kind: str, *, user: User | None = None) -> dict[str, Offer]:
    """The catalog's models of a kind that have a price and are not switched off, in its order.

    With a person, only those that their group may use.
    """
    group = Account.objects.filter(group=user.group_id if user else None, kind=Account.Kind.GROUP)
    house = Subquery(Policy.objects.values("markup")[:1])
    prices = Price.objects.in_force(timezone.now()).filter(kind=kind)
    told = prices.annotate(
        allowed=Subquery(group.values("allowed_models")[:1]), rate=Coalesce(F("markup"), house)
    )
    newest = {row.model: row for row in reversed(told)}
    return {
        name: Offer(price=newest[name], markup=newest[name].rate)  # type: ignore[attr-defined]
        for name in _CATALOG[Kind(kind)]
        if name in newest and _is_open(newest[name])
    }


def offered_models(kind: str, *, user: User | None = None) -> list[str]:
    """Their names alone."""
    return list(offers(kind, user=user))


def _is_open(price: Price) -> bool:
    allowed: list[str] | None = price.allowed  # type: ignore[attr-defined]
    return price.is_offered and (allowed is None or price.model in allowed)
