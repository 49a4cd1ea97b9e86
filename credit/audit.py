"""Proves the books from their rows: every cached figure, every charge, every pairing.

Each check asks the database for the first row that is wrong and says so in words, or None.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from django.db import connection, transaction
from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, Sum, When

from credit.models import Account, Hold, Source, Transfer, UsageRecord

Row = TypeVar("Row", bound=Model)

APPEND_ONLY: Final = (Transfer, UsageRecord)
OF_PERSON: Final = (Transfer.Code.CHARGE, Transfer.Code.LATE)
OF_HOUSE: Final = (Transfer.Code.SHORTFALL, Transfer.Code.LATE_SHORTFALL)


def first_difference() -> str | None:
    """What is wrong first, as of one moment; None when all is proven."""
    with snapshot():
        return next(filter(None, (check() for check in CHECKS)), None)


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of all rows for the time of the audit, without making anybody wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would keep every writer waiting
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def rows_are_append_only() -> str | None:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name.lower() for (name,) in cursor.fetchall()}
    for model in APPEND_ONLY:
        for verb in ("update", "delete"):
            trigger = f"{model._meta.db_table}_no_{verb}"
            if trigger not in present:
                return f"trigger {trigger} is missing: rows could be changed"
    return None


def balances_equal_transfers() -> str | None:
    came, went = (
        _sums(Transfer.objects.all(), "destination"),
        _sums(Transfer.objects.all(), "source"),
    )
    for pk, balance in Account.objects.order_by("pk").values_list("pk", "balance"):
        booked = came.get(pk, 0) - went.get(pk, 0)
        if balance != booked:
            return f"account {pk}: balance {balance}, transfers say {booked}"
    return None


def held_equals_open_holds() -> str | None:
    reserved = _sums(Hold.objects.open(), "account")
    for pk, held in Account.objects.order_by("pk").values_list("pk", "held"):
        if held != reserved.get(pk, 0):
            return f"account {pk}: held {held}, open holds say {reserved.get(pk, 0)}"
    return None


def closed_holds_have_a_record() -> str | None:
    record = Exists(UsageRecord.objects.filter(hold=OuterRef("pk"), corrects=None))
    closed = ~Q(state__in=Hold.OPEN)
    return _first(
        Hold.objects.filter((closed & ~record) | (~closed & record)),
        lambda odd: f"hold {odd.pk} ({odd.cause}) is {odd.state}, its usage record says otherwise",
    )


def records_match_their_holds() -> str | None:
    odd = UsageRecord.objects.exclude(
        price=F("hold__price"),
        model=F("hold__model"),
        kind=F("hold__kind"),
        user=F("hold__account__user"),
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
    odd = UsageRecord.objects.exclude(list_cost=F("charged") + F("shortfall"))
    return _first(
        odd,
        lambda record: (
            f"{_name(record)}: list cost {record.list_cost},"
            f" charged {record.charged} and shortfall {record.shortfall}"
        ),
    )


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

CHECKS: Final[tuple[Callable[[], str | None], ...]] = (
    rows_are_append_only,
    balances_equal_transfers,
    held_equals_open_holds,
    closed_holds_have_a_record,
    records_match_their_holds,
    costs_follow_from_tokens_and_prices,
    costs_are_borne_in_full,
    calls_are_paid_by_the_right_accounts,
    transfers_equal_records,
)


def _between(one: object, other: object) -> Q:
    return Q(source=one, destination=other) | Q(source=other, destination=one)


def _sums(rows: QuerySet[Transfer] | QuerySet[Hold], by: str) -> dict[int, int]:
    return {pk: int(total) for pk, total in rows.values_list(by).annotate(Sum("amount"))}


def _first(rows: QuerySet[Row], tell: Callable[[Row], str]) -> str | None:
    row = rows.order_by("pk").first()
    return None if row is None else tell(row)


def _name(record: UsageRecord) -> str:
    return f"usage record {record.pk} ({record.cause})"
