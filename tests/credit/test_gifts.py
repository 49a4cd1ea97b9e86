"""Money that is given and taken by hand."""

import pytest

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.errors import NotReversible
from credit.models import Account, Transfer
from tests.credit.books import assert_books_balance, hold_for

pytestmark = pytest.mark.django_db

DOLLAR = 1_000_000_000
DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))


def adjust(user, amount, key="k", **changes):
    told = {"actor": None, "reason": " Counted wrong ", "key": key} | changes
    return ledger.adjust(user, amount=amount, **told)


@pytest.mark.parametrize("amount", [7, -7, -DOLLAR])
def test_an_adjustment_goes_either_way_and_says_why(alice, bob, amount):
    transfer = adjust(alice, amount, actor=bob)
    assert ledger.purse(alice).balance == DOLLAR + amount
    assert (transfer.code, transfer.actor, transfer.reason) == ("adjustment", bob, "Counted wrong")
    assert Account.objects.house("correction").balance == -amount
    assert_books_balance()


def test_an_adjustment_takes_nothing_that_is_set_apart(alice):
    hold_for(alice, amount=600_000_000)
    with pytest.raises(ledger.InsufficientCredit):
        adjust(alice, -400_000_001)
    adjust(alice, -400_000_000)
    assert ledger.purse(alice).available == 0
    assert_books_balance()


def test_the_same_adjustment_sent_twice_counts_once(alice):
    assert adjust(alice, -5) == adjust(alice, -5)
    assert ledger.purse(alice).balance == DOLLAR - 5
    for other in (5, -6):
        with pytest.raises(ledger.KeyReused):
            adjust(alice, other)
    assert_books_balance()


@pytest.mark.parametrize(
    ("amount", "reason"),
    [(0, "why"), (1.5, "why"), (True, "why"), (None, "why"), (5, " "), (-(10**16), "why")],
)
def test_an_adjustment_needs_an_amount_and_a_reason(alice, amount, reason):
    with pytest.raises(ValueError):
        adjust(alice, amount, reason=reason)


@pytest.mark.parametrize("amount", [7, -7])
def test_what_was_done_by_hand_is_undone_once(alice, bob, amount):
    mistake = adjust(alice, amount)
    undone = [ledger.reverse(mistake, actor=bob, reason="A slip") for _ in range(2)]
    assert undone[0] == undone[1]
    assert (undone[0].cause, undone[0].actor) == (f"transfer:{mistake.pk}", bob)
    assert ledger.purse(alice).balance == DOLLAR
    assert Account.objects.house("correction").balance == 0
    assert_books_balance()


def test_what_has_been_spent_cannot_be_taken_back(poor):
    gift = Transfer.objects.get(code="grant")
    ledger.settle(hold_for(poor).pk, ending=DONE)
    with pytest.raises(ledger.InsufficientCredit):
        ledger.reverse(gift, actor=None, reason="A slip")
    assert not Transfer.objects.filter(code="reversal").exists()
    assert_books_balance()


def test_a_charge_and_a_reversal_cannot_be_reversed(alice):
    ledger.settle(hold_for(alice).pk, ending=DONE)
    ledger.reverse(adjust(alice, 7), actor=None, reason="A slip")
    for code in ("charge", "reversal"):
        with pytest.raises(NotReversible):
            ledger.reverse(Transfer.objects.get(code=code), actor=None, reason="A slip")
    assert_books_balance()
