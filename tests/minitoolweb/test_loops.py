import asyncio
import logging

import pytest

from minitoolweb.loops import Loop, back_off, keep_running

DAY = 24 * 3600.0


class Rounds:
    """A loop's function that counts its rounds and stops all loops after so many."""

    def __init__(self, *, stop_after, until, fail=False):
        self.count = 0
        self.stop_after = stop_after
        self.until = until
        self.fail = fail

    async def __call__(self):
        self.count += 1
        if self.count >= self.stop_after:
            self.until.set()
        if self.fail:
            raise RuntimeError("as told")


async def test_a_loop_runs_again_and_again_until_it_is_told():
    until = asyncio.Event()
    rounds = Rounds(stop_after=3, until=until)
    async with asyncio.timeout(5):
        await keep_running([Loop(name="x", every=0.001, run=rounds)], until=until)
    assert rounds.count == 3


async def test_loops_run_beside_each_other():
    until = asyncio.Event()

    async def never_back():
        await until.wait()

    rounds = Rounds(stop_after=3, until=until)
    async with asyncio.timeout(5):
        await keep_running(
            [
                Loop(name="slow", every=0.001, run=never_back),
                Loop(name="quick", every=0.001, run=rounds),
            ],
            until=until,
        )
    assert rounds.count == 3


async def test_a_failing_round_is_logged_and_ends_nothing(caplog):
    until = asyncio.Event()
    failing = Rounds(stop_after=1, until=asyncio.Event(), fail=True)
    whole = Rounds(stop_after=3, until=until)
    loops = [
        Loop(name="broken", every=0.001, run=failing),
        Loop(name="whole", every=0.001, run=whole),
    ]
    with caplog.at_level(logging.ERROR):
        async with asyncio.timeout(5):
            await keep_running(loops, until=until)
    (record,) = caplog.records
    assert (record.msg["event"], record.msg["loop"]) == ("work.failed", "broken")
    assert record.msg["failures"] == 1
    assert whole.count == 3


async def test_a_long_pause_ends_at_once_when_it_is_told():
    until = asyncio.Event()
    rounds = Rounds(stop_after=1, until=until)
    async with asyncio.timeout(5):
        await keep_running([Loop(name="daily", every=DAY, run=rounds)], until=until)


@pytest.mark.parametrize(
    ("every", "failures", "pause"),
    [
        (0.5, 0, 0.5),
        (0.5, 1, 2),
        (0.5, 2, 4),
        (0.5, 100, 60),
        (30, 1, 30),
        (DAY, 5, DAY),
    ],
)
def test_after_failures_it_waits_ever_longer_up_to_a_minute(every, failures, pause):
    assert back_off(every, failures=failures) == pause
