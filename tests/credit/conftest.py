"""Money tests start from people without credit, so that each test says what they have."""

import pytest

from credit.models import Policy


@pytest.fixture
def no_starting_credit(db):
    Policy.objects.update(starting_credit=0)
