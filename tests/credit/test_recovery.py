import pytest
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome
from credit.settlement import finish
from tests.credit.books import LEASE, assert_books_balance, hold_for

pytestmark = pytest.mark.django_db


def test_a_hold_that_shows_life_after_the_sweep_looked_is_left_alone(alice):
    held = hold_for(alice, lease=-LEASE)
    seen_dead_at = timezone.now()
    ledger.heartbeat([held.pk], lease=LEASE)
    died = Ending(outcome=Outcome.DIED)
    assert finish(held.pk, ending=died, expired_before=seen_dead_at) is None
    held.refresh_from_db()
    assert held.is_open
    assert_books_balance()
