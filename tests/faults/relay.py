"""A TCP relay in front of a server: cut, held back, and let through again while a test watches."""

import contextlib
import socket
import threading

PIECE = 65536  # bytes


class Relay:
    """Passes on what clients and the server at `port` say; `url` and `port` are its own.

    `filter`, called for each connection, answers a function that gets what the server says in
    pieces and answers what of it is passed on.
    """

    def __init__(self, port, *, filter=lambda: bytes):
        self._target = ("127.0.0.1", int(port))
        self._filter = filter
        self._flows = threading.Event()
        self._flows.set()
        self._is_open = True
        self._sockets = set()

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *failure):
        self.cut()
        self._flows.set()
        self._listener.close()

    def hold_back(self):
        """From now on nothing passes, and nobody is told: connections are taken and stay open."""
        self._flows.clear()

    def let_through(self):
        """What was held back passes, and new connections are taken."""
        self._is_open = True
        self._flows.set()

    def cut(self):
        """Break every connection; new ones are broken as soon as they are made."""
        self._is_open = False
        for each in list(self._sockets):
            _break(each)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=[client], daemon=True).start()

    def _pass_on(self, client):
        try:
            if not self._is_open:
                return
            server = socket.create_connection(self._target)
        except OSError:
            return
        finally:
            if not self._is_open:
                _break(client)
        self._sockets |= {client, server}
        back = threading.Thread(
            target=self._pump, args=[server, client, self._filter()], daemon=True
        )
        back.start()
        self._pump(client, server, bytes)

    def _pump(self, source, target, keep):
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                self._flows.wait()
                target.sendall(keep(piece))
        for each in (source, target):
            _break(each)
            self._sockets.discard(each)


def _break(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
