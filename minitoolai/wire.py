"""Requests and answers over httpx: the pool, connecting, reading under caps, naming failures."""

import asyncio
import contextlib
import http.cookiejar
import json
import logging
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport

from minitoolai.addresses import AddressRefused
from minitoolai.errors import (
    AnswerLost,
    ImageUnusable,
    MiniToolAIError,
    Stalled,
    TooLarge,
    UnexpectedAnswer,
    Unreachable,
    Untrusted,
    from_status,
)
from minitoolai.limits import Deadlines
from minitoolai.redaction import Redactor

logger = logging.getLogger(__name__)

# One connection a live stream: both libraries stop at 100 of their own accord.
POOL_SIZE: Final = 1_000
# Shorter than the 5 s after which common servers close an idle connection: a POST that meets a
# closing connection is lost, and a paid one is never sent twice.
_KEEP_ALIVE: Final = 4.0
_CONNECT_PAUSES: Final = (0.2, 0.6)
_EXCERPT: Final = 2_048
# The extension of an answer that names its aiohttp.StreamReader.
BODY: Final = "body"
_DAY: Final = 86_400.0

# What httpx, aiohttp below it, the socket or an asyncio timeout may raise.
FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError)


class Wire:
    """One pool of connections with the headers that go along on each request."""

    def __init__(
        self,
        *,
        headers: dict[str, str],
        deadlines: Deadlines,
        redact: Redactor,
        transport: httpx.AsyncBaseTransport | None = None,
        open_resolver: Callable[[], AbstractResolver] | None = None,
    ) -> None:
        self._deadlines = deadlines
        self._redact = redact
        self._http = httpx.AsyncClient(
            headers={"Accept-Encoding": "identity", "User-Agent": "minitoolai-web", **headers},
            transport=transport or _pooled_transport(open_resolver),
            cookies=http.cookiejar.CookieJar(_NoCookies()),
            trust_env=False,
            follow_redirects=False,
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    def post(self, url: str, body: dict[str, Any]) -> httpx.Request:
        """The body goes as ASCII JSON, safe for text with half a surrogate pair."""
        content = json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        return self._http.build_request("POST", url, content=content, headers=headers)

    def get(self, url: str) -> httpx.Request:
        return self._http.build_request("GET", url)

    async def send(self, request: httpx.Request, *, within: float) -> httpx.Response:
        """The open answer, its head read within `within` seconds; close it by `aclose()`.

        Only a connection that never stood is tried again. Raises for any status but 2xx.
        """
        connect_by = time.monotonic() + self._deadlines.connect
        for pause in (*_CONNECT_PAUSES, None):
            answer = await self._attempt(request, within=within, connect_by=connect_by)
            if type(answer) is not Unreachable or pause is None:
                break
            if time.monotonic() + pause >= connect_by:
                break
            await asyncio.sleep(pause)
        if isinstance(answer, httpx.Response):
            return await self._accepted(answer)
        logger.warning("%s %s: %s", request.method, request.url.host, answer.code)
        raise answer

    async def fetch(self, request: httpx.Request, *, cap: int, within: float) -> bytes:
        """The whole body, all within `within` seconds and `cap` bytes; otherwise as `send`."""
        until = time.monotonic() + within
        answer = await self.send(request, within=within)
        try:
            async with asyncio.timeout(until - time.monotonic()):
                return await _read(answer, cap=cap)
        except FAILURES as error:
            failure = name_failure(error)
        finally:
            await hang_up(answer)
        raise failure

    async def _attempt(
        self, request: httpx.Request, *, within: float, connect_by: float
    ) -> httpx.Response | MiniToolAIError:
        """Failures are returned, so that what is raised drags along no frame that has the key."""
        connect = max(connect_by - time.monotonic(), 0.001)
        # aiohttp counts waiting for the pool, the lookup, TCP and TLS as one: httpx's "pool".
        request.extensions["timeout"] = {"connect": connect, "pool": connect}
        try:
            async with asyncio.timeout(within):
                return await self._http.send(request, stream=True)
        except FAILURES as error:
            return name_failure(error)

    async def _accepted(self, answer: httpx.Response) -> httpx.Response:
        encoding = answer.headers.get("content-encoding", "identity").strip().lower()
        if answer.is_success and encoding in ("", "identity"):
            return answer
        excerpt = "" if answer.is_success else await self._excerpt(answer)
        await hang_up(answer)
        logger.warning(
            "%s answered %d (%s): %s",
            answer.request.url.host,
            answer.status_code,
            self._redact(encoding),
            excerpt,
        )
        if answer.is_success:
            raise UnexpectedAnswer
        raise from_status(answer.status_code, retry_after=retry_after(answer.headers))

    async def _excerpt(self, answer: httpx.Response) -> str:
        """The start of an error's body for the log, if it comes soon."""
        start = b""
        try:
            async with asyncio.timeout(2):
                async for chunk in answer.aiter_raw():
                    start += chunk
                    if len(start) >= _EXCERPT:
                        break
        except FAILURES as error:
            return f"{self._redact(start)} [{type(error).__name__}]"
        return self._redact(start)


async def hang_up(answer: httpx.Response) -> None:
    """Closes the answer, and its connection too unless the body was read to its end."""
    with contextlib.suppress(*FAILURES):
        await answer.aclose()


def name_failure(error: Exception) -> MiniToolAIError:
    """The error of our tree that a failure of the libraries below stands for.

    httpx-aiohttp calls a connection that was cut after sending a ConnectTimeout, so the cause is
    what counts. Only what the connector itself raises proves that nothing was sent.
    """
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) else error
    if isinstance(cause, aiohttp.ClientConnectorError):
        return _name_connect_failure(cause)
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return Unreachable()
    if isinstance(cause, aiohttp.ClientError):
        return AnswerLost()
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Unreachable()
    return Stalled() if isinstance(error, TimeoutError) else AnswerLost()


def _name_connect_failure(cause: aiohttp.ClientConnectorError) -> MiniToolAIError:
    if isinstance(cause, aiohttp.ClientSSLError):
        return Untrusted()
    if isinstance(cause.os_error, AddressRefused):
        return ImageUnusable()
    return Unreachable()


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that Retry-After asks for, as a number or a date, at most a day.

    None when there is no such header; an hour when it is unreadable: certainly not now.
    """
    value = headers.get("retry-after")
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), _DAY)
    try:
        moment = parsedate_to_datetime(value)
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return 3_600.0
    return min(max(seconds, 0.0), _DAY)


async def _read(answer: httpx.Response, *, cap: int) -> bytes:
    declared = answer.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > cap:
        raise TooLarge
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > cap:
            raise TooLarge
    return bytes(body)


def _pooled_transport(
    open_resolver: Callable[[], AbstractResolver] | None,
) -> httpx.AsyncBaseTransport:
    tls = _tls()

    def open_session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=POOL_SIZE,
                keepalive_timeout=_KEEP_ALIVE,
                ssl=tls,
                resolver=open_resolver() if open_resolver else None,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    return _Transport(verify=tls, client=open_session)


class _Transport(AiohttpTransport):
    """Its answers tell where aiohttp keeps their body, for who reads each piece as it comes.

    Through httpx a piece passes four iterators, a fifth of what it costs to read one.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer: httpx.Response = await super().handle_async_request(request)
        stream: Any = answer.stream
        answer.extensions[BODY] = stream._aiohttp_response.content
        return answer


@cache
def _tls() -> ssl.SSLContext:
    """Loading the certificates takes longer than all else: once a process."""
    return httpx.create_ssl_context(trust_env=False)


class _NoCookies(http.cookiejar.DefaultCookiePolicy):
    """People share this client: nothing of one request may reach the next."""

    def __init__(self) -> None:
        super().__init__(allowed_domains=())
