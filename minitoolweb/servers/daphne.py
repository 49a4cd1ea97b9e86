"""daphne: Twisted's reactor on an asyncio loop. Importing this module installs that reactor."""

import asyncio
import socket
import struct
from typing import Any

from daphne.server import Server, twisted_loop
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import maybeDeferred

from minitoolweb.connections import Application, Message
from minitoolweb.servers import MAX_MESSAGE, PING_EVERY, PONG_WITHIN, Main

reactor: Any = installed_reactor  # its real type is chosen when it is installed


class _Pressure:
    """Told by the transport when its buffer is full, and when it has room again."""

    def __init__(self) -> None:
        self.room = asyncio.Event()
        self.room.set()

    def pauseProducing(self) -> None:
        self.room.clear()

    def resumeProducing(self) -> None:
        self.room.set()

    stopProducing = resumeProducing


class _Socket(WebSocketProtocol):  # type: ignore[misc]
    """daphne's websocket, with the close codes, limits and patience that it lacks."""

    pressure: _Pressure | None = None

    def onOpen(self) -> None:
        super().onOpen()
        self.pressure = _Pressure()
        self.transport.unregisterProducer()  # the HTTP side's, from before the upgrade
        self.transport.registerProducer(self.pressure, True)

    def send_text(self, text: str) -> None:
        """Send a message as one frame, at once when nothing waits to be sent.

        autobahn's own way tracks, logs and hands the frame to the reactor for its next round: four
        times the work, and a fifth of all that a streamed word cost.
        What no longer can be sent is not an error: the application hears of it in a moment.
        """
        if self.state != self.STATE_OPEN:
            return
        frame = _frame(text.encode())
        transport = self.transport
        if not transport.dataBuffer and not transport._tempDataBuffer:
            sent = transport.writeSomeData(frame)
            frame = frame[sent:] if isinstance(sent, int) else frame
        if frame:
            transport.write(frame)

    def serverClose(self, code: int | None = None) -> None:
        """autobahn refuses to say 1012 in its public method, though it is the code meant for us."""
        self.sendCloseFrame(code=1000 if code is None else code)


class _Server(Server):  # type: ignore[misc]
    """daphne on a socket that is bound already, told when to stop by a coroutine."""

    def __init__(self, application: Application, *, listener: socket.socket, main: Main) -> None:
        super().__init__(
            application,
            endpoints=["the given listener"],
            signal_handlers=False,
            ping_interval=PING_EVERY,
            ping_timeout=PONG_WITHIN,
            websocket_max_message_size=MAX_MESSAGE,
            websocket_max_frame_size=MAX_MESSAGE,
            ready_callable=self.begin,
            server_name="",
        )
        self.endpoints: list[str] = []  # one was asked for above, but `begin` adopts ours
        self.listener = listener
        self.main = main
        self.task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Called by daphne when all is set up and the reactor is about to run."""
        self.ws_factory.protocol = _Socket
        self.ws_factory.setProtocolOptions(failByDrop=False)  # say 1009 and the like, then drop
        self.listener.setblocking(False)
        family, fd = self.listener.family, self.listener.detach()
        self.port = reactor.adoptStreamPort(fd, family, self.http_factory)
        socket.close(fd)  # the reactor has its own copy
        self.task = twisted_loop.create_task(self.main(self.stop_listening))
        self.task.add_done_callback(lambda _task: self.stop())

    async def stop_listening(self) -> None:
        await maybeDeferred(self.port.stopListening).asFuture(twisted_loop)

    async def handle_reply(self, protocol: Any, message: Message) -> None:
        """As daphne does, but a sender waits while a slow reader's buffer is full."""
        if message["type"] == "websocket.send" and message.get("text"):
            protocol.send_text(message["text"])
        else:
            await super().handle_reply(protocol, message)
        pressure = getattr(protocol, "pressure", None)
        if pressure is not None and not pressure.room.is_set():
            await pressure.room.wait()

    def kill_all_applications(self) -> Any:
        """As daphne does, but past connections whose application has ended by itself."""
        for protocol, details in list(self.connections.items()):
            if "application_instance" not in details:
                del self.connections[protocol]
        return super().kill_all_applications()


def _frame(payload: bytes) -> bytes:
    """A whole text message as a server sends it: RFC 6455, 5.2, one frame without a mask."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x81, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", 0x81, 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, 127, size)
    return head + payload


def run(application: Application, *, listener: socket.socket, main: Main) -> None:
    server = _Server(application, listener=listener, main=main)
    server.run()
    twisted_loop.run_until_complete(_end_tasks())
    if server.task is not None:
        server.task.result()


async def _end_tasks() -> None:
    """What asyncio.run() does at its end, for a loop that Twisted ran."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await twisted_loop.shutdown_asyncgens()
