import asyncio

import pytest

from minitoolweb.connections import Connections, lifespan

WEBSOCKET = {"type": "websocket"}
HTTP = {"type": "http"}


class Peer:
    """A server's side of one connection: what the application sent, and what it will receive."""

    def __init__(self):
        self.sent = []
        self.to_come = asyncio.Queue()
        self.heard = asyncio.Event()

    async def send(self, message):
        self.sent.append(message)
        self.heard.set()
        if message["type"] == "websocket.close":
            self.to_come.put_nowait({"type": "websocket.disconnect", "code": message["code"]})


async def until_disconnected(scope, receive, send):
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "text": "echo"})


@pytest.fixture
def peer():
    return Peer()


async def open_socket(connections, peer):
    task = asyncio.create_task(connections(WEBSOCKET, peer.to_come.get, peer.send))
    await peer.heard.wait()
    return task


async def test_open_sockets_are_closed_with_1012_and_awaited(peer):
    connections = Connections(until_disconnected)
    task = await open_socket(connections, peer)
    await connections.close_sockets(within=5)
    assert peer.sent[-1] == {"type": "websocket.close", "code": 1012}
    await task


async def test_a_socket_that_does_not_end_is_not_awaited_for_long(peer):
    async def never_ends(scope, receive, send):
        await send({"type": "websocket.accept"})
        await asyncio.Event().wait()

    connections = Connections(never_ends)
    task = await open_socket(connections, peer)
    await connections.close_sockets(within=0.01)
    assert not task.done()
    task.cancel()


async def test_nothing_is_sent_on_a_closed_socket(peer):
    async def goes_on_talking(scope, receive, send):
        await send({"type": "websocket.accept"})
        await receive()
        await send({"type": "websocket.send", "text": "too late"})

    connections = Connections(goes_on_talking)
    task = await open_socket(connections, peer)
    await connections.close_sockets(within=5)
    await task
    assert [message["type"] for message in peer.sent] == ["websocket.accept", "websocket.close"]


async def test_a_server_that_fails_to_close_does_not_stop_the_others(peer):
    async def unwilling(message):
        if message["type"] == "websocket.close":
            raise ConnectionResetError

    connections = Connections(until_disconnected)
    broken = asyncio.create_task(connections(WEBSOCKET, asyncio.Queue().get, unwilling))
    whole = await open_socket(connections, peer)
    await connections.close_sockets(within=0.01)
    assert peer.sent[-1]["code"] == 1012
    await whole
    broken.cancel()


async def test_what_a_socket_still_has_to_say_is_awaited(peer):
    last_words = asyncio.Event()

    async def slow_to_end(scope, receive, send):
        await send({"type": "websocket.accept"})
        await last_words.wait()
        await send({"type": "websocket.send", "text": "the end"})
        await receive()

    connections = Connections(slow_to_end)
    task = await open_socket(connections, peer)
    silence = asyncio.create_task(connections.fall_silent(within=5))
    await asyncio.sleep(0)
    last_words.set()
    await silence
    assert peer.sent[-1].get("text") == "the end"
    task.cancel()


async def test_a_socket_that_talks_without_end_is_not_awaited_for_long(peer):
    async def talks(scope, receive, send):
        while True:
            await send({"type": "websocket.send", "text": "and"})
            await asyncio.sleep(0.01)

    connections = Connections(talks)
    task = await open_socket(connections, peer)
    async with asyncio.timeout(5):
        await connections.fall_silent(within=0.3)
    task.cancel()


async def test_where_nothing_was_said_lately_nothing_is_awaited():
    async with asyncio.timeout(0.1):
        await Connections(until_disconnected).fall_silent(within=5)


async def test_running_requests_are_awaited(peer):
    may_end = asyncio.Event()

    async def slow(scope, receive, send):
        await may_end.wait()

    connections = Connections(slow)
    request = asyncio.create_task(connections(HTTP, peer.to_come.get, peer.send))
    await asyncio.sleep(0)
    finishing = asyncio.create_task(connections.finish_requests(within=5))
    await asyncio.sleep(0)
    assert not finishing.done()
    may_end.set()
    await finishing
    assert request.done()


async def test_a_request_that_fails_is_counted_as_ended(peer):
    async def broken(scope, receive, send):
        raise RuntimeError

    connections = Connections(broken)
    with pytest.raises(RuntimeError):
        await connections(HTTP, peer.to_come.get, peer.send)
    async with asyncio.timeout(1):
        await connections.finish_requests(within=5)


async def test_a_request_that_never_ends_is_given_up(peer):
    connections = Connections(until_disconnected)
    request = asyncio.create_task(connections(HTTP, peer.to_come.get, peer.send))
    await asyncio.sleep(0)
    await connections.finish_requests(within=0.01)
    assert not request.done()
    request.cancel()


async def test_lifespan_is_answered(peer):
    peer.to_come.put_nowait({"type": "lifespan.startup"})
    peer.to_come.put_nowait({"type": "lifespan.shutdown"})
    await lifespan({"type": "lifespan"}, peer.to_come.get, peer.send)
    assert [message["type"] for message in peer.sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
