"""What lies between a browser and the server: passes on, is cut off, stalls or forgets."""

import asyncio
import threading
from contextlib import suppress


class Network:
    """A TCP proxy on a port of its own, in a thread of its own."""

    def __init__(self, port):
        self._to = port
        self._writers = set()
        self._sockets = set()
        self._forgotten = set()
        self._is_cut = False
        self._refuses_sockets = False
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=[listening])
        self._thread.start()
        listening.wait()

    def cut(self):
        """Every connection breaks, and no new one comes about."""
        self._do(self._cut)

    def stall(self):
        """Everything waits, and nobody is told."""
        self._do(self._flows.clear)

    def heal(self):
        """As at the beginning; what waited goes on."""
        self._do(self._heal)

    def forget(self):
        """Present sockets stay open and lose everything from now on; new ones work."""
        self._do(lambda: self._forgotten.update(self._sockets))

    def refuse_sockets(self):
        """Pages and forms pass, websockets do not: as behind a proxy that knows none."""
        self._refuses_sockets = True

    def close(self):
        self._do(self._loop.stop)
        self._thread.join()

    def _do(self, work):
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (work(), done.set()))
        done.wait()

    def _cut(self):
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def _heal(self):
        self._is_cut = False
        self._refuses_sockets = False
        self._flows.set()

    def _run(self, listening):
        asyncio.set_event_loop(self._loop)
        start = asyncio.start_server(self._connect, "127.0.0.1", 0)
        server = self._loop.run_until_complete(start)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        listening.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _connect(self, browser, to_browser):
        with suppress(ConnectionError, asyncio.CancelledError):  # at the end of it all
            await self._pass_on(browser, to_browser)
        to_browser.transport.abort()
        self._writers.discard(to_browser)
        self._sockets.discard(to_browser)

    async def _pass_on(self, browser, to_browser):
        if self._is_cut:
            return
        self._writers.add(to_browser)
        first = await browser.read(65536)
        if b"upgrade: websocket" in first.lower():
            if self._refuses_sockets:
                return
            self._sockets.add(to_browser)
        await self._flows.wait()
        server, to_server = await asyncio.open_connection("127.0.0.1", self._to)
        to_server.write(first)
        ways = [(browser, to_server), (server, to_browser)]
        pumps = [asyncio.create_task(self._pump(*way, to_browser)) for way in ways]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            to_server.transport.abort()
        if to_browser in self._forgotten:
            await asyncio.Event().wait()  # the browser is not told that the other end has gone

    async def _pump(self, reader, writer, connection):
        while data := await reader.read(65536):
            await self._flows.wait()
            if connection not in self._forgotten:
                writer.write(data)
                await writer.drain()
