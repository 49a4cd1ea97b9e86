"""`manage.py serve`: the web server, the work loops and, in the demo, the simulator."""

import gc
import signal
import socket
import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts import links
from minitoolweb import lifecycle, prepare, servers, sole, work
from minitoolweb.companion import Companion, SimulatorFailed
from minitoolweb.loops import Loop
from minitoolweb.servers import listen

SERVERS = ("daphne", "uvicorn")
COLLECTIONS = (20_000, 20, 20)  # frames and rows come by the thousands and hold no cycles
LONGEST_TURN = 0.0005  # seconds a thread may keep the event loop waiting; Python's own is 0.005
ANY_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104


class Command(BaseCommand):
    help = "Serves MiniToolAI Web: pages, sockets and background work in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT, help="0 picks a free one")
        parser.add_argument("--server", choices=SERVERS, default="daphne")
        parser.add_argument("--no-work", action="store_true", help="leave work to `manage.py work`")
        parser.add_argument(
            "--prepare", action="store_true", help="first migrate and collect static files"
        )

    def handle(self, *, host: str, port: int, server: str, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until it serves, Ctrl-C just ends it
        self.lock = claim_if_alone()  # held for as long as the process lives
        listener = bind(host, port)
        companion = start_companion()
        try:
            get_ready(prepare_first=options["prepare"])
            if companion is not None:
                point_at(companion)
                prepare.fill_demo_pool()
            self.address = address_of(listener, host=host)
            self.run(
                server,
                listener=listener,
                loops=[
                    *([] if options["no_work"] else work.all_loops()),
                    *([companion.loop] if companion else []),
                ],
            )
        finally:
            if companion is not None:
                companion.stop()

    def run(self, server: str, *, listener: socket.socket, loops: list[Loop]) -> None:
        from minitoolweb.asgi import application  # reads the static files' manifest

        self.greeting = greeting(self.address)  # asks the database, so before the loop runs
        connections.close_all()  # this thread asks no more, and keeps nothing from the pool
        servers.load(server).run(
            application,
            listener=listener,
            main=partial(
                lifecycle.serve_until_told, connections=application, loops=loops, greet=self.greet
            ),
        )

    def greet(self) -> None:
        self.stdout.write(self.greeting)
        self.stdout.flush()
        gc.collect()
        gc.freeze()  # what lives now lives on: later collections need not look at it
        gc.set_threshold(*COLLECTIONS)
        sys.setswitchinterval(LONGEST_TURN)


def claim_if_alone() -> TextIO | None:
    """The lock of a process without Redis, which must be the only one; None with Redis."""
    if settings.REDIS_URL:
        return None
    try:
        return sole.claim(settings.DATA_DIR)
    except sole.AlreadyRunning as holder:
        raise CommandError(
            f"MiniToolAI Web is already running on {settings.DATA_DIR} (process {holder}).\n"
            "Without REDIS_URL one process does everything: stop that one first, or set "
            "DATABASE_URL and REDIS_URL to run several (docs/operating.md)."
        ) from None


def bind(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}:{port}: {error.strerror}.\n"
            "Stop what uses it, or choose another one with HOST and PORT."
        ) from None


def start_companion() -> Companion | None:
    """The simulator, unless a key is set or MINITOOLAI_BASE_URL names one that runs already."""
    if settings.MINITOOLAI_BASE_URL:
        return None
    return Companion(port=settings.SIMULATOR_PORT, state=settings.DATA_DIR / "simulator.sqlite3")


def point_at(companion: Companion) -> None:
    try:
        settings.MINITOOLAI_BASE_URL = companion.wait_until_ready()
    except SimulatorFailed:
        raise CommandError("The bundled simulator did not start; see its messages above.") from None


def get_ready(*, prepare_first: bool) -> None:
    if prepare_first:
        prepare.migrate_if_needed()
        prepare.collect_static_if_changed()
    elif not prepare.is_database_current():
        raise CommandError("The database is not up to date: run `manage.py migrate` first.")


def address_of(listener: socket.socket, *, host: str) -> str:
    """What to type in a browser."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    named = ANY_ADDRESS.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{named}:{listener.getsockname()[1]}"


def greeting(address: str) -> str:
    demo = "  (demo: the bundled simulator answers)" if settings.DEMO else ""
    lines = [f"MiniToolAI Web is at {address}{demo}"]
    if first_admin := links.first_admin_url(address):
        lines.append(f"First time here? Create the admin account: {first_admin}")
    return "\n".join(lines)
