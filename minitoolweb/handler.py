"""Django under ASGI, for pages: a request changes to a thread once, not for each middleware."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from chat.threads import in_thread

# Apart from the threads of background work: a page never waits behind it, nor it behind pages.
_THREADS = 12
_WORKERS = ThreadPoolExecutor(_THREADS, thread_name_prefix="request")


class PageHandler(ASGIHandler):
    """Middleware and view run as one synchronous piece; a reader that hangs up cancels nothing."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            response = await in_thread(self._respond, workers=_WORKERS)(scope, body)
            await self.send_response(response, send)
            if not response.closed:
                await in_thread(response.close, workers=_WORKERS)()

    def _respond(self, scope: dict[str, Any], body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, error = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else error
        if not response.streaming:
            response.close()
        elif not response.is_async:
            if isinstance(response, FileResponse):
                response.block_size = self.chunk_size
            response.streaming_content = _read(iter(response))
        return cast(HttpResponseBase, response)


async def _read(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A synchronous source for an asynchronous reader, one piece at a time."""
    following = in_thread(lambda: next(pieces, None), workers=_WORKERS)
    while (piece := await following()) is not None:
        yield piece
