"""Figures at a glance, on the admin's pages."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from credit.money import rounded_dollars
from oversight.slices import Slice

register = template.Library()


@register.filter
def glance(nano: int | str | None) -> str:
    """Nano-USD to the cent from a dollar on; nothing for nothing, as of who has no account yet."""
    return "" if nano in (None, "") else rounded_dollars(int(nano or 0))


@register.filter
def signed(percent: int | None) -> str:
    """How much something grew, in percent; a word where there was nothing before."""
    if percent is None:
        return _("new")
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return f"{sign}{number_format(abs(percent), force_grouping=True)} %"


@register.filter
def a_million(nano: int) -> str:
    """What a million tokens cost at so many nano-USD each."""
    return rounded_dollars(nano * 1_000_000)


@register.filter
def hundredths(points: int) -> str:
    """Basis points as percent, without zeros at the end."""
    return number_format(Decimal(points).scaleb(-2).normalize() + 0)


@register.simple_tag
def slice_query(part: Slice, **changes: object) -> str:
    """The query of an address that shows this slice, narrowed or widened."""
    return f"?{part.query(**changes)}"
