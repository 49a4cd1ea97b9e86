"""Where pictures are painted: one thread beside the event loop, and the last few kept."""

import asyncio
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

from simulator.asks import ImageAsk
from simulator.books import Job
from simulator.painter import Picture, paint

_KEPT = 24


class Studio:
    """Pictures are never stored: the same wish always gives the same picture again.

    So one is painted when it is fetched, which takes half a second or so.
    """

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        self._done: OrderedDict[str, Future[Picture]] = OrderedDict()

    async def picture(self, job: Job) -> Picture:
        if job.token not in self._done:
            self._done[job.token] = self._hands.submit(paint, ImageAsk(**job.wish))
        self._done.move_to_end(job.token)
        while len(self._done) > _KEPT:
            self._done.popitem(last=False)
        return await asyncio.shield(asyncio.wrap_future(self._done[job.token]))

    def close(self) -> None:
        self._hands.shutdown(wait=False, cancel_futures=True)
