"""Whatever the upstream does to a program's call, the books stay in order: rows U2 to U19."""

import pytest

from tests.faults.invariants import assert_invariants
from tests.gateway.conftest import settled, until

NO_DATA = ["u2", "u3 times=1 retry_after=0", "u4", "u5", "u6", "u19"]
BROKEN = ["u7", "u7 after=0", "u8", "u8 as=cut", "u12 count=3", "u13", "u13 after=0"]
ODD = ["u11", "u12", "u14", "u14 as=invalid", "u15", "u16", "u17 megabytes=3", "u17 as=gzip"]
SENSELESS = [f"u18 as={kind}" for kind in ("missing", "negative", "huge", "text", "float", "null")]
FREE_UPSTREAM = ("u2", "u4", "u5", "u6", "u19")


@pytest.mark.parametrize("fault", [*NO_DATA, *BROKEN, *ODD, *SENSELESS])
def test_the_books_are_in_order_after(program, alice, upstream, fault):
    program.chat(f"Tell of the sea [[fault:{fault}]]", max_completion_tokens=300)
    settled(alice)
    paid = 0 if fault in FREE_UPSTREAM else 1
    until(lambda: upstream.bill()["replies"] == paid)
    assert_invariants(upstream.bill())
