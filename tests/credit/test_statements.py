"""How many statements stand between a prompt and its answer: they are on every reply's way."""

import pytest

from accounts.models import Group
from credit import ledger, opening
from credit.admission import hold_reply
from credit.endings import Ending, Outcome, Tokens
from credit.limits import set_limits
from tests.credit.books import LEASE, fill_pool, hold_for

pytestmark = pytest.mark.django_db

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
SAVEPOINT = 2


@pytest.fixture
def regular(alice):
    """Alice, who has used the model today before."""
    ledger.settle(hold_for(alice).pk, ending=DONE)
    return alice


def admit(user):
    return hold_reply(
        user,
        model="gpt-4o-mini",
        prompt_tokens=100,
        cap=1000,
        cause="chat:message:2",
        request_id="r",
        lease=LEASE,
    )


def test_a_reply_is_admitted_in_four_statements(regular, django_assert_num_queries):
    with django_assert_num_queries(4 + SAVEPOINT):
        admit(regular)


def test_each_limit_costs_an_update_more_and_all_together_one_look(
    regular, django_assert_num_queries
):
    set_limits(opening.open_account(regular), day=10**9, month=10**9)
    with django_assert_num_queries(4 + SAVEPOINT + 3):
        held, _cap = admit(regular)
    with django_assert_num_queries(7 + SAVEPOINT + 2):
        ledger.settle(held.pk, ending=DONE)


def test_the_pool_costs_one_update_each_way(regular, django_assert_num_queries):
    fill_pool(10**12)
    with django_assert_num_queries(4 + SAVEPOINT + 1):
        held, _cap = admit(regular)
    with django_assert_num_queries(7 + SAVEPOINT + 1):
        ledger.settle(held.pk, ending=DONE)


def test_a_group_without_limits_costs_nothing_to_admit(regular, django_assert_num_queries):
    regular.group = Group.objects.create(name="4B")
    regular.save()
    opening.open_group(regular.group)
    with django_assert_num_queries(4 + SAVEPOINT):
        admit(regular)


def test_a_reply_is_settled_in_seven_statements(regular, django_assert_num_queries):
    held, _cap = admit(regular)
    with django_assert_num_queries(7 + SAVEPOINT):
        ledger.settle(held.pk, ending=DONE)
