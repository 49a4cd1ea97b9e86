"""The client: everything the MiniToolAI API can do, for one key."""

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from typing import Any, Final

import aiohttp
import httpx

from minitoolai.addresses import ImageHosts, PublicResolver
from minitoolai.chat import ChatEvent, Retrying
from minitoolai.errors import (
    BadRequest,
    Busy,
    ImageUnusable,
    TooLarge,
    Unauthorized,
    UnexpectedAnswer,
)
from minitoolai.limits import Caps, Deadlines
from minitoolai.pictures import (
    ImageJob,
    ImageRequest,
    ImageStatus,
    is_picture,
    read_job,
    read_status,
)
from minitoolai.redaction import Redactor
from minitoolai.stream import ChatStream
from minitoolai.wire import Wire

logger = logging.getLogger(__name__)

DEFAULT_BASE_URL: Final = "https://minitoolai.com"
ATTEMPTS: Final = 3
LONGEST_WAIT: Final = 20.0


class Client:
    """The MiniToolAI API, for one key and one event loop.

    Nothing that may cost money is sent twice: only a connection that never stood is tried again,
    and a chat that was refused as busy. Every failure is a MiniToolAIError; none of them, no log
    line and no `repr` holds the key. Close with `aclose()`.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = DEFAULT_BASE_URL,
        deadlines: Deadlines = Deadlines(),  # noqa: B008 -- frozen
        caps: Caps = Caps(),  # noqa: B008 -- frozen
        image_hosts: Collection[str] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`image_hosts`: see ImageHosts. `transport` replaces the pool for both API and pictures.

        Raises ValueError for a key or an address that no request can carry.
        """
        if not api_key.isascii() or not api_key.isprintable():
            raise ValueError("the API key holds characters that a header cannot carry")
        self._base_url = base_url.rstrip("/")
        self._hosts = hosts = ImageHosts(base_url=self._base_url, allowed=image_hosts)
        self._deadlines = deadlines
        self._caps = caps
        self._redact = Redactor(api_key)
        self._api = Wire(
            headers={"Authorization": f"Bearer {api_key}"},
            deadlines=deadlines,
            redact=self._redact,
            transport=transport,
        )
        # Pictures come from other hosts: another pool, without the key.
        self._files = Wire(
            headers={},
            deadlines=deadlines,
            redact=self._redact,
            transport=transport,
            open_resolver=lambda: PublicResolver(aiohttp.ThreadedResolver(), trusted=hosts.trusted),
        )

    def __repr__(self) -> str:
        return f"<Client of {self._base_url}>"

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._api.aclose()
        await self._files.aclose()

    async def chat(
        self,
        *,
        model: str,
        messages: Iterable[Mapping[str, Any]],
        temperature: float | None = None,
        max_completion_tokens: int | None = None,
    ) -> AsyncGenerator[ChatEvent, None]:
        """Streams a reply: Retrying*, Delta*, a usage at most, and Finish only when it came whole.

        Closing the generator hangs up at once. While the service is busy it tries three times in
        all, waiting as long as the service asks, but no more than 20 s. An answer that goes on
        beyond `max_completion_tokens` is cut there and finished as "length".
        """
        chosen = {"temperature": temperature, "max_completion_tokens": max_completion_tokens}
        body: dict[str, Any] = {"model": model, "messages": list(messages)}
        body |= {name: value for name, value in chosen.items() if value is not None}
        started = time.monotonic()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = await self._open_chat(body)
                break
            except Busy as busy:
                pause = _pause_after(busy, attempt=attempt)
                if pause is None:
                    raise
            yield Retrying(attempt + 1, pause)
            await asyncio.sleep(pause)
            started = time.monotonic()
        stream = ChatStream(
            answer,
            model=model,
            started=started,
            deadlines=self._deadlines,
            caps=self._caps,
            redact=self._redact,
            max_tokens=max_completion_tokens,
        )
        try:
            while (events := await stream.pull()) is not None:
                for event in events:
                    yield event
            yield stream.finish()
            await stream.drain()
        finally:
            await stream.aclose()

    async def submit_image(self, request: ImageRequest) -> ImageJob:
        """Hands a picture over. An error with `sent` may have been accepted: never do it again.

        Busy is raised at once, with `retry_after`: pictures wait in their own queue.
        """
        return read_job(await self._ask("/api/texttoimage/", request.body()))

    async def image_status(self, job: ImageJob) -> ImageStatus:
        """How the job stands; free, and safe to ask again after any error."""
        return read_status(await self._ask("/api/texttoimage/jobs/", job.body()))

    async def download_image(self, url: str) -> bytes:
        """The PNG, JPEG or WebP file at `url`, fetched without the key.

        Raises ImageUnusable for another host, a private address, a redirect, a refusal, too many
        bytes or another type; a retryable error when the network failed.
        """
        self._hosts.check(url)
        try:
            data = await self._files.fetch(
                self._files.get(url), cap=self._caps.image, within=self._deadlines.download
            )
        except (BadRequest, Unauthorized, UnexpectedAnswer, TooLarge):
            data = b""
        if not is_picture(data):
            raise ImageUnusable
        return data

    async def _open_chat(self, body: dict[str, Any]) -> httpx.Response:
        request = self._api.post(f"{self._base_url}/api/chat-completions/", body)
        return await self._api.send(request, within=self._deadlines.first_event)

    async def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = self._api.post(self._base_url + path, body)
        raw = await self._api.fetch(request, cap=self._caps.answer, within=self._deadlines.answer)
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            logger.warning("%s answered no JSON object: %s", path, self._redact(raw))
            raise UnexpectedAnswer
        return answer


def _pause_after(busy: Busy, *, attempt: int) -> float | None:
    """Seconds to wait before the next attempt; None when there should be none."""
    if attempt >= ATTEMPTS:
        return None
    if busy.retry_after is None:
        return attempt + random.random()  # noqa: S311 -- spreads callers, protects nothing
    return busy.retry_after if busy.retry_after <= LONGEST_WAIT else None
