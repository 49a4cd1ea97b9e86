"""Integer nano-USD to dollars for readers, and back; no float anywhere."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import pgettext

NANO_PER_USD = 10**9
# One amount may be at most a million dollars: far above any use, far below a 64-bit overflow.
MAX_AMOUNT = 1_000_000 * NANO_PER_USD

_MIN_DECIMALS = 4
_FEW_DECIMALS = 2
_MAX_DECIMALS = 9
_SIGNIFICANT = 6


def check_amount(amount: int, *, least: int) -> None:
    """A bool, a float or a number that could overflow never becomes money: ValueError."""
    if type(amount) is not int or not least <= amount <= MAX_AMOUNT:
        raise ValueError(f"{amount!r} is not a whole amount from {least} to {MAX_AMOUNT}")


def to_usd(nano: int) -> Decimal:
    return Decimal(nano).scaleb(-9)


def from_usd(amount: Decimal | str) -> int:
    """Nano-USD; raises ValueError for what is not a whole number of them."""
    try:
        nano = Decimal(amount).scaleb(9)
        whole = int(nano)
    except ArithmeticError as error:
        raise ValueError(f"{amount!r} is not an amount of dollars") from error
    if whole != nano:
        raise ValueError(f"{amount} is finer than a nano-dollar")
    return whole


def dollars(nano: int) -> str:
    """For reading, in the reader's locale: at least four decimals, six significant digits.

    Below a tenth of a cent that is exact to the nano-dollar: $0.00000435.
    """
    magnitude = len(str(abs(nano)))
    digit = max(magnitude - _SIGNIFICANT, 0)
    step = Decimal(1).scaleb(min(digit - 9, -_MIN_DECIMALS))
    return _written(to_usd(nano).quantize(step, rounding=ROUND_HALF_UP))


def rough_dollars(nano: int, *, is_most: bool) -> str:
    """For an amount that is not known yet: two digits, rounded up when it is the most."""
    step = Decimal(1).scaleb(max(len(str(abs(nano))) - 2, 0) - 9)
    rounding = ROUND_CEILING if is_most else ROUND_FLOOR
    return _written(to_usd(nano).quantize(step, rounding=rounding), least=_FEW_DECIMALS)


def exact_dollars(nano: int) -> str:
    """To the nano-dollar, in the reader's locale."""
    return _written(to_usd(nano))


def rounded_dollars(nano: int) -> str:
    """For a glance: whole cents from a dollar on, four decimals below; what is less, exactly."""
    if nano and abs(nano) < NANO_PER_USD // 10_000:
        return dollars(nano)
    decimals = 4 if nano and abs(nano) < NANO_PER_USD else 2
    step = Decimal(1).scaleb(-decimals)
    return _written(to_usd(nano).quantize(step, rounding=ROUND_HALF_UP), least=decimals)


def price_dollars(nano: int) -> str:
    """To the nano-dollar with two decimals at least: for what has few digits by nature."""
    return _written(to_usd(nano), least=_FEW_DECIMALS)


def _written(amount: Decimal, *, least: int = _MIN_DECIMALS) -> str:
    decimals = len(f"{abs(amount):.{_MAX_DECIMALS}f}".rstrip("0").partition(".")[2])
    number = number_format(
        abs(amount), decimal_pos=max(decimals, least), use_l10n=True, force_grouping=True
    )
    # Translators: an amount of US dollars, e.g. "$0.0015"; keep %(number)s.
    written = pgettext("money", "$%(number)s") % {"number": number}
    return f"−{written}" if amount < 0 else written
