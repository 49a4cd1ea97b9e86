"""Holds, their usage records, what they cost and who paid it."""

from collections.abc import Callable
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, When

from credit.models import Account, Hold, Source, Transfer, UsageRecord

Row = TypeVar("Row", bound=Model)

OF_PERSON: Final = (Transfer.Code.CHARGE, Transfer.Code.LATE)
OF_HOUSE: Final = (Transfer.Code.SHORTFALL, Transfer.Code.LATE_SHORTFALL)


def closed_holds_have_a_record() -> str | None:
    record = Exists(UsageRecord.objects.filter(hold=OuterRef("pk"), corrects=None))
    closed = ~Q(state__in=Hold.OPEN)
    return _first(
        Hold.objects.filter((closed & ~record) | (~closed & record)),
        lambda odd: f"hold {odd.pk} ({odd.cause}) is {odd.state}, its usage record says otherwise",
    )


def records_match_their_holds() -> str | None:
    same_group = Q(group=F("hold__group")) | Q(group=None, hold__group=None)
    same_key = Q(key=F("hold__key")) | Q(key=None, hold__key=None)
    odd = UsageRecord.objects.exclude(
        same_group,
        same_key,
        price=F("hold__price"),
        model=F("hold__model"),
        kind=F("hold__kind"),
        user=F("hold__account__user"),
        day=F("hold__day"),
        cause=F("hold__cause"),
    )
    return _first(odd, lambda record: f"{_name(record)} differs from its hold {record.hold_id}")


def costs_follow_from_tokens_and_prices() -> str | None:
    """Every cost anew, from the stored tokens and the pinned price."""
    prompt = F("prompt_tokens") * F("price__input_nano")
    output = F("completion_tokens") * F("price__output_nano")
    flat = Case(When(source=Source.FLAT, then=F("price__flat_nano")), default=0)
    odd = UsageRecord.objects.exclude(list_cost=prompt + output + flat)
    return _first(odd, lambda record: f"{_name(record)}: {record.list_cost} is not tokens × price")


def costs_are_borne_in_full() -> str | None:
    """A hold at a time, as a markup is rounded once over a charge and its correction."""
    with connection.cursor() as cursor:
        cursor.execute(_UNBORNE)
        row = cursor.fetchone()
    if row is None:
        return None
    hold, cost, borne, markup = row
    return f"hold {hold}: list cost {cost} with {markup} basis points is not {borne} borne"


def calls_are_paid_by_the_right_accounts() -> str | None:
    """A call is paid to the usage account, by its own person or by the house's shortfall."""
    usage = Account.objects.house(Account.Kind.USAGE).pk
    shortfall = Account.objects.house(Account.Kind.SHORTFALL).pk
    person = F("hold__account")
    proper = Q(code__in=OF_PERSON) & _between(usage, person)
    proper |= Q(code__in=OF_HOUSE) & _between(usage, shortfall)
    of_calls = Q(hold__isnull=False) | Q(code__in=(*OF_PERSON, *OF_HOUSE))
    return _first(
        Transfer.objects.filter(of_calls).exclude(proper),
        lambda odd: f"transfer {odd.pk} ({odd.code} for {odd.cause}) is between the wrong accounts",
    )


def transfers_equal_records() -> str | None:
    """A hold at a time: what moved is what its records say was charged and fell short."""
    usage = Account.objects.house(Account.Kind.USAGE).pk
    with connection.cursor() as cursor:
        cursor.execute(_UNPAID, [usage, *OF_PERSON, usage, *OF_HOUSE])
        row = cursor.fetchone()
    if row is None:
        return None
    hold, charged, shortfall = row
    return (
        f"hold {hold}: its records and transfers differ"
        f" by {charged} in charges and {shortfall} in shortfall"
    )


# with_markup() in whole numbers that do not overflow: list cost = 10000 q + r.
_UNBORNE: Final = """
SELECT hold_id, cost, borne, markup FROM (
    SELECT record.hold_id, hold.markup,
        CAST(SUM(record.list_cost) AS bigint) AS cost,
        CAST(SUM(record.charged + record.shortfall) AS bigint) AS borne
    FROM credit_usagerecord AS record JOIN credit_hold AS hold ON hold.id = record.hold_id
    GROUP BY record.hold_id, hold.markup
) AS holds
WHERE borne <> cost + cost / 10000 * markup + (cost % 10000 * markup + 9999) / 10000
ORDER BY hold_id LIMIT 1
"""

_UNPAID: Final = """
SELECT hold_id, SUM(charged), SUM(shortfall) FROM (
    SELECT hold_id, charged, shortfall FROM credit_usagerecord
    UNION ALL
    SELECT hold_id, CASE WHEN destination_id = %s THEN -amount ELSE amount END, 0
    FROM credit_transfer WHERE code IN (%s, %s)
    UNION ALL
    SELECT hold_id, 0, CASE WHEN destination_id = %s THEN -amount ELSE amount END
    FROM credit_transfer WHERE code IN (%s, %s)
) AS movements
GROUP BY hold_id HAVING SUM(charged) <> 0 OR SUM(shortfall) <> 0 ORDER BY hold_id LIMIT 1
"""


def _between(one: object, other: object) -> Q:
    return Q(source=one, destination=other) | Q(source=other, destination=one)


def _first(rows: QuerySet[Row], tell: Callable[[Row], str]) -> str | None:
    row = rows.order_by("pk").first()
    return None if row is None else tell(row)


def _name(record: UsageRecord) -> str:
    return f"usage record {record.pk} ({record.cause})"
