from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import append_only
from accounts.models import Group
from credit import ledger, opening
from credit.audit import first_difference
from credit.endings import Ending, Outcome, Tokens
from credit.limits import set_limits
from credit.models import (
    Account,
    DayTotal,
    Hold,
    Pool,
    PoolEntry,
    Price,
    Transfer,
    UsageRecord,
    Window,
)
from tests.credit.books import LEASE, fill_pool, hold_for

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))


@pytest.fixture
def busy_books(alice, bob):
    """A bit of everything: grant, open hold, charge, shortfall, void, recovery and late refund."""
    alice.group = Group.objects.create(name="4B")
    alice.save()
    opening.open_account(alice)
    set_limits(opening.open_account(bob), day=2 * 10**9, month=None)
    set_limits(opening.open_group(alice.group), day=10**9, month=10**9)
    fill_pool(10**12)
    ledger.grant(alice, amount=7, actor=bob, reason="well done", key="k")
    hold_for(alice, amount=5, cause="open")
    ledger.settle(hold_for(alice, cause="charged").pk, ending=DONE)
    ledger.void(hold_for(alice, cause="refused").pk)
    picture = hold_for(bob, model="realvision", amount=1_500_000, cause="picture")
    ledger.settle(picture.pk, ending=Ending(outcome=Outcome.PICTURE_DONE))
    _overrun(bob)
    for cause in ("recovered", "corrected"):
        _recover(hold_for(alice, cause=cause))
    corrected = Hold.objects.get(cause="corrected")
    ledger.settle(corrected.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(20, 10)))


def _overrun(person):
    held = hold_for(person, cause="overrun", model="gpt-4o")
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(0, 10**5)))


def _recover(held):
    ledger.dispatch(held.pk)
    ledger.heartbeat([held.pk], lease=-LEASE, progress={held.pk: Tokens(30, 20)})
    ledger.sweep(timezone.now() + ledger.ORPHAN_GRACE)


def _run(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def _triggers_lifted():
    _run(append_only.drop_statements(connection.vendor))
    yield
    _run(append_only.create_statements(connection.vendor))


@pytest.mark.django_db
def test_sound_books_are_told_so(busy_books):
    assert UsageRecord.objects.filter(shortfall__gt=0).exists()
    assert Transfer.objects.filter(code="late").exists()
    out = StringIO()
    call_command("ledger_audit", stdout=out)
    assert out.getvalue().startswith("The ledger is sound: ")


@pytest.mark.django_db
def test_empty_books_are_sound():
    out = StringIO()
    call_command("ledger_audit", stdout=out)
    assert out.getvalue() == (
        "The ledger is sound: 0 transfers between 4 accounts, $0.000000000 used.\n"
    )


@pytest.mark.django_db
def test_one_transfer_is_told_as_one(alice):
    ledger.open_account(alice)
    out = StringIO()
    call_command("ledger_audit", stdout=out)
    assert "sound: 1 transfer between 5 accounts" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_audit_reads_one_moment_and_leaves_the_connection_as_it_was(busy_books, alice):
    assert first_difference() is None
    ledger.void(hold_for(alice, cause="after").pk)
    assert first_difference() is None


@pytest.mark.django_db
def test_the_audit_takes_a_constant_number_of_queries(busy_books, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        first_difference()


def _by_one(model, field, **which):
    row = model.objects.filter(**which).order_by("pk").first()
    model.objects.filter(pk=row.pk).update(**{field: getattr(row, field) + 1})


def _lose_the_gift():
    Account.objects.update(unread=None)
    Transfer.objects.filter(code="grant").delete()


def _rebook(was, **changes):
    row = Transfer.objects.filter(code=was).order_by("pk").first()
    Transfer.objects.filter(pk=row.pk).update(**changes)


PLANTED = {
    "a balance changed": lambda: _by_one(Account, "balance", kind="user"),
    "a house balance changed": lambda: _by_one(Account, "balance", kind="usage"),
    "money reserved for nothing": lambda: _by_one(Account, "held", kind="user"),
    "a transfer raised": lambda: _by_one(Transfer, "amount", code="charge"),
    "a transfer lost": _lose_the_gift,
    "an open hold raised": lambda: _by_one(Hold, "amount", cause="open"),
    "an open hold closed by hand": lambda: Hold.objects.filter(cause="open").update(state="voided"),
    "a closed hold opened": lambda: Hold.objects.filter(cause="refused").update(state="reserved"),
    "a record lost": lambda: UsageRecord.objects.filter(cause="refused").delete(),
    "tokens changed": lambda: _by_one(UsageRecord, "prompt_tokens", cause="charged"),
    "tokens of a correction changed": lambda: _by_one(
        UsageRecord, "completion_tokens", corrects__isnull=False
    ),
    "a cost changed": lambda: _by_one(UsageRecord, "list_cost", cause="picture"),
    "a charge changed": lambda: _by_one(UsageRecord, "charged", cause="charged"),
    "a shortfall changed": lambda: _by_one(UsageRecord, "shortfall", shortfall__gt=0),
    "a charge booked as shortfall": lambda: UsageRecord.objects.filter(cause="charged").update(
        charged=0, shortfall=133_050
    ),
    "a pinned price changed": lambda: Price.objects.filter(model="gpt-4o-mini").update(
        input_nano=1
    ),
    "another price pinned": lambda: UsageRecord.objects.filter(cause="refused").update(
        price=Price.objects.get(model="gpt-4o")
    ),
    "a record given to somebody else": lambda: UsageRecord.objects.filter(cause="charged").update(
        user=Account.objects.get(user__username="bob").user
    ),
    "a day's total changed": lambda: _by_one(DayTotal, "charged", kind="chat"),
    "a day's calls changed": lambda: _by_one(DayTotal, "calls", kind="image"),
    "a day's total lost": lambda: DayTotal.objects.filter(kind="image").delete(),
    "the pool's balance changed": lambda: _by_one(Pool, "balance"),
    "the pool's reserve changed": lambda: _by_one(Pool, "held"),
    "a pool entry changed": lambda: _by_one(PoolEntry, "amount"),
    "a markup changed": lambda: Hold.objects.filter(cause="charged").update(markup=1),
    "a limit's use changed": lambda: _by_one(Window, "spent", period="month"),
    "a limit's reserve changed": lambda: _by_one(Window, "held", period="day"),
    "a record taken from its group": lambda: UsageRecord.objects.filter(cause="charged").update(
        group=None
    ),
    "a record given to a key": lambda: UsageRecord.objects.filter(cause="picture").update(
        key=Account.objects.get(user__username="bob")
    ),
    "a record moved to another day": lambda: UsageRecord.objects.filter(cause="charged").update(
        day="2020-01-01"
    ),
    "a charge without its hold": lambda: _rebook("charge", hold=None),
    "a charge relabelled": lambda: _rebook("charge", code="starting"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_error_is_found(busy_books, plant):
    assert first_difference() is None
    with _triggers_lifted():
        plant()
    with pytest.raises(CommandError, match="The ledger is wrong: ") as failure:
        call_command("ledger_audit")
    assert failure.value.returncode == 1


@pytest.mark.django_db
def test_a_charge_paid_by_somebody_else_is_found(busy_books, bob):
    ledger.grant(bob, amount=133_050, actor=None, reason="for the swap", key="swap")
    charge = Transfer.objects.get(code="charge", cause="charged")
    payer, other = charge.source, Account.objects.get(user=bob)
    with _triggers_lifted():
        Transfer.objects.filter(pk=charge.pk).update(source=other)
    Account.objects.filter(pk=payer.pk).update(balance=payer.balance + charge.amount)
    Account.objects.filter(pk=other.pk).update(balance=other.balance - charge.amount)
    assert "between the wrong accounts" in first_difference()


@pytest.mark.django_db
def test_a_missing_trigger_is_found(busy_books):
    _run(append_only.drop_statements(connection.vendor)[:1])
    assert first_difference() == (
        "trigger credit_transfer_no_update is missing: rows could be changed"
    )
