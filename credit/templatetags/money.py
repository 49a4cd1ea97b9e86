"""Money in templates: `{{ nano|money }}` to read, `{{ nano|money_exact }}` to the nano-dollar."""

from django import template

from credit import notes
from credit.models import Transfer
from credit.money import dollars, exact_dollars, price_dollars, rough_dollars

register = template.Library()


@register.simple_tag
def note_of(transfer_id: int) -> dict[str, str]:
    """What a person has not read of yet: our words, and the admin's reason."""
    transfer = Transfer.objects.select_related("destination").get(pk=transfer_id)
    return {"words": notes.in_words(transfer), "reason": transfer.reason}


@register.filter
def money(nano: int | None) -> str:
    """Nano-USD for reading; nothing for None."""
    return "" if nano is None else dollars(int(nano))


@register.filter
def money_exact(nano: int | None) -> str:
    return "" if nano is None else exact_dollars(int(nano))


@register.filter
def money_price(nano: int) -> str:
    return price_dollars(nano)


@register.filter
def money_at_least(nano: int) -> str:
    return rough_dollars(nano, is_most=False)


@register.filter
def money_at_most(nano: int) -> str:
    return rough_dollars(nano, is_most=True)
