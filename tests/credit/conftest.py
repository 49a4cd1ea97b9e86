"""Money tests start from people without credit, so that each test says what they have."""

import pytest

from credit.models import Policy
from tests.credit.books import give


@pytest.fixture
def no_starting_credit(db):
    Policy.objects.update(starting_credit=0)


@pytest.fixture
def poor(alice, no_starting_credit):
    """Alice with exactly 1,000,000 nano-USD."""
    give(alice, 1_000_000)
    return alice
