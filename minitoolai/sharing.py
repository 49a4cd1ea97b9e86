"""One client for each event loop, so that all its replies share one pool of connections."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Collection
from typing import Final

from minitoolai.client import Client
from minitoolai.limits import Deadlines

_Arguments = tuple[str, str, tuple[str, ...], Deadlines]
_Keeper = AsyncGenerator[None, None]

_clients: Final[dict[asyncio.AbstractEventLoop, dict[_Arguments, tuple[Client, _Keeper]]]] = {}


def shared_client(
    *,
    base_url: str,
    api_key: str,
    image_hosts: Collection[str] = (),
    deadlines: Deadlines = Deadlines(),  # noqa: B008 -- frozen
) -> Client:
    """The running loop's client for these arguments; closes with the loop, so do not close it.

    Needs a running loop. A loop that ends without `shutdown_asyncgens` (asyncio.run calls it)
    leaves the connections to the operating system.
    """
    for loop in [loop for loop in _clients if loop.is_closed()]:
        _clients.pop(loop, None)
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    arguments = (base_url, api_key, tuple(image_hosts), deadlines)
    if arguments not in clients:
        client = Client(
            base_url=base_url, api_key=api_key, image_hosts=image_hosts, deadlines=deadlines
        )
        clients[arguments] = client, _begin(_close_at_end(client))
    return clients[arguments][0]


async def _close_at_end(client: Client) -> _Keeper:
    """A started asynchronous generator is what a loop promises to close before it ends."""
    try:
        yield
    finally:
        await client.aclose()


def _begin(keeper: _Keeper) -> _Keeper:
    with contextlib.suppress(StopIteration):
        keeper.asend(None).send(None)  # to its yield, which needs no waiting
    return keeper
