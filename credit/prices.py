"""Which price is in force, and so which models are offered."""

from django.utils import timezone

from credit.errors import ModelNotPriced
from credit.models import Kind, Price
from minitoolai import catalog

__all__ = ["ModelNotPriced", "current", "offered_models"]

_CATALOG = {Kind.CHAT: catalog.CHAT_MODELS, Kind.IMAGE: catalog.IMAGE_MODELS}


def current(model: str) -> Price:
    """The price in force now; raises ModelNotPriced."""
    price = Price.objects.in_force(timezone.now()).filter(model=model).first()
    if price is None:
        raise ModelNotPriced(model)
    return price


def offered_models(kind: str) -> list[str]:
    """The catalog's models of a kind that have a price, in the catalog's order."""
    priced = set(
        Price.objects.in_force(timezone.now())
        .filter(kind=kind)
        .order_by()
        .values_list("model", flat=True)
        .distinct()
    )
    return [name for name in _CATALOG[Kind(kind)] if name in priced]
