"""One client for each loop and arguments."""

import asyncio

import pytest

from minitoolai import Deadlines, shared_client
from tests.minitoolai.upstream import Upstream, plain

HERE = {"base_url": "http://127.0.0.1:1", "api_key": "key"}
PNG = b"\x89PNG\r\n\x1a\n"


async def test_the_same_arguments_give_the_same_client():
    assert shared_client(**HERE) is shared_client(**HERE)
    assert shared_client(**HERE) is not shared_client(**HERE, image_hosts=["cdn.example"])
    assert shared_client(**HERE) is not shared_client(**HERE, deadlines=Deadlines(total=1))


async def _fetch(client=None):
    upstream = Upstream([plain(PNG)])
    await upstream.start()
    client = client or shared_client(base_url=upstream.url, api_key="key")
    try:
        assert await client.download_image(f"{client._base_url}/a.png") == PNG
    finally:
        await upstream.stop()
    return client


def test_each_loop_has_its_own_and_closes_it():
    first, second = asyncio.run(_fetch()), asyncio.run(_fetch())
    assert first is not second
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(_fetch(first))
