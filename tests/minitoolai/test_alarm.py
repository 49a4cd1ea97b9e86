import asyncio
import time

import pytest

from minitoolai.alarm import Alarm

NEVER = 60.0
SOON = 0.05


async def wait_under(alarm, seconds):
    """Wait for what never comes; "rang" when the alarm ended it."""
    alarm.set(time.monotonic() + seconds)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        if not alarm.was_it():
            raise
        return "rang"
    finally:
        alarm.unset()


async def wait_alone(seconds):
    return await wait_under(Alarm(), seconds)


async def test_it_ends_a_wait_and_the_task_goes_on():
    alarm = Alarm()
    assert await wait_under(alarm, SOON) == "rang"
    await asyncio.sleep(0)
    assert await wait_under(alarm, SOON) == "rang"
    assert asyncio.current_task().cancelling() == 0


async def test_a_deadline_may_come_nearer():
    alarm = Alarm()
    alarm.set(time.monotonic() + NEVER)
    alarm.unset()
    async with asyncio.timeout(NEVER / 2):
        assert await wait_under(alarm, SOON) == "rang"


async def test_it_does_not_ring_while_nobody_waits():
    alarm = Alarm()
    alarm.set(time.monotonic() + SOON)
    alarm.unset()
    await asyncio.sleep(2 * SOON)
    assert asyncio.current_task().cancelling() == 0


async def test_a_deadline_put_off_is_kept_to_later():
    alarm = Alarm()
    alarm.set(time.monotonic() + SOON)
    until = time.monotonic() + 4 * SOON
    alarm.set(until)
    assert await wait_under(alarm, until - time.monotonic()) == "rang"
    assert time.monotonic() >= until - 0.001


async def test_a_cancellation_by_somebody_else_goes_through():
    waiting = asyncio.create_task(wait_alone(NEVER))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_cancellation_at_the_same_moment_goes_through_too():
    waiting = asyncio.create_task(wait_alone(SOON))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(SOON, waiting.cancel)
    time.sleep(2 * SOON)  # noqa: ASYNC251 -- then both are due
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_cancelled_it_holds_no_timer():
    alarm = Alarm()
    alarm.set(time.monotonic() + SOON)
    alarm.cancel()
    await asyncio.sleep(2 * SOON)
    assert asyncio.current_task().cancelling() == 0
