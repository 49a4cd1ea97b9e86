"""A caller of the simulator that all tests share."""

import pytest

from tests.simulator.caller import Caller


@pytest.fixture
def caller(simulator):
    return Caller(simulator.url)
