"""The whole app as processes on the test's database: killed, started again, waited for."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings

from tests.upstream import KEY

WITHIN = 60  # seconds, for what takes one or two


def until(met, *, within=WITHIN):
    """Wait until a condition holds, and answer what it came to."""
    end = time.monotonic() + within
    while not (found := met()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
    return found


class App:
    """A process of ours, `manage.py serve` unless told otherwise; it keeps its address for life.

    `entry` starts it, for tests that need another way in than manage.py.
    """

    def __init__(self, *arguments, folder, database_url, upstream, entry=("manage.py",), **more):
        self.arguments = arguments or ("serve",)
        self.entry = entry
        self.port = "0"
        self.log = folder / "app.log"
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        self.environment = kept | {
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "DEBUG": "1",
            "LOG_FORMAT": "json",
            "SECRET_KEY": settings.SECRET_KEY,  # the sessions are made by the test
            "MINITOOLAI_API_KEY": KEY,
            "MINITOOLAI_BASE_URL": upstream,
            **more,
        }
        self.start()

    def start(self):
        port = ("--port", self.port) if self.arguments[0] == "serve" else ()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.entry, *self.arguments, *port],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        if not (greeting := self.process.stdout.readline()):
            self.kill()
            pytest.fail(self.log.read_text())
        if port:
            self.url = re.search(r"http://127\.0\.0\.1:\d+", greeting)[0]
            self.port = self.url.rpartition(":")[2]

    def kill(self):
        """As the kernel or a power cut does: nothing of ours runs any more."""
        self.end(signal.SIGKILL)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(WITHIN)
        self.process.stdout.close()
        return code

    @property
    def is_running(self):
        return self.process.poll() is None

    @property
    def seen_from_outside(self):
        return psutil.Process(self.process.pid)

    def logged(self, event):
        """The entries of the log with this event."""
        entries = (
            json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"
        )
        return [entry for entry in entries if entry.get("event") == event]
