"""Where pictures are painted: one thread beside the event loop, and the last few kept."""

import asyncio
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

from simulator.asks import ImageAsk
from simulator.books import Job
from simulator.painter import Picture, paint

_KEPT = 24


class Studio:
    """Pictures are never stored: the same wish always gives the same picture again."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        self._done: OrderedDict[str, Future[Picture]] = OrderedDict()

    def begin(self, job: Job) -> Future[Picture]:
        """Starts painting unless it has been started."""
        future = self._done.get(job.token)
        if future is None:
            future = self._hands.submit(paint, ImageAsk(**job.wish))
            self._done[job.token] = future
            while len(self._done) > _KEPT:
                self._done.popitem(last=False)
        self._done.move_to_end(job.token)
        return future

    async def picture(self, job: Job) -> Picture:
        return await asyncio.wrap_future(self.begin(job))

    def close(self) -> None:
        self._hands.shutdown(wait=False, cancel_futures=True)
