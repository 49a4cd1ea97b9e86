"""Money is set apart for as long an answer as it affords."""

from datetime import timedelta

import pytest

from credit import ledger
from credit.admission import hold_reply
from credit.errors import InsufficientCredit
from credit.models import Account, Hold

LEASE = timedelta(seconds=30)


def hold(user, *, cap=1000):
    return hold_reply(
        user,
        model="gpt-4o-mini",
        prompt_tokens=100,
        cap=cap,
        cause="chat:message:1",
        request_id="r",
        lease=LEASE,
    )


def leave(user, amount):
    purse = ledger.purse(user)
    Account.objects.reserve(Account.objects.get(user=user).pk, amount=purse.available - amount)


def test_a_full_purse_gets_the_whole_answer(alice):
    held, cap = hold(alice)
    assert cap == 1000
    assert held.amount == 100 * 150 + 1000 * 600
    assert Hold.objects.get().state == Hold.State.DISPATCHED


def test_a_thin_purse_gets_a_shorter_one(alice):
    leave(alice, 100 * 150 + 300 * 600 + 599)
    held, cap = hold(alice)
    assert cap == 300
    assert held.amount == 100 * 150 + 300 * 600


def test_an_answer_of_256_tokens_is_the_least_worth_starting(alice):
    just = 100 * 150 + 256 * 600
    leave(alice, just - 1)
    with pytest.raises(InsufficientCredit) as refusal:
        hold(alice)
    assert (refusal.value.available, refusal.value.needed) == (just - 1, just)
    assert not Hold.objects.exists()
