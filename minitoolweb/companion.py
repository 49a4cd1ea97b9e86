"""The bundled simulator, run beside the server in the demo; it cannot outlive it."""

import asyncio
import re
import subprocess
import sys
import threading
from pathlib import Path

import structlog
from django.conf import settings

from minitoolweb.loops import Loop

logger = structlog.get_logger(__name__)

READY = re.compile(r"simulator ready at (http://\S+)")
START_WITHIN = 20.0  # seconds


class SimulatorFailed(Exception):
    """It ended, or stayed silent, before it said where it listens."""


class Companion:
    """The simulator as a child process: it ends by itself when its stdin, our pipe, closes."""

    def __init__(self, *, port: int, state: Path) -> None:
        self._port = port
        self._state = state
        self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[str]:
        arguments = ["--port", str(self._port), "--state", str(self._state), "--exit-with-stdin"]
        return subprocess.Popen(  # noqa: S603  our own module, no shell
            [sys.executable, "-m", "simulator", *arguments],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the server, which still needs its answers
        )

    def wait_until_ready(self) -> str:
        """Its address; blocks. Raises SimulatorFailed."""
        too_late = threading.Timer(START_WITHIN, self._process.kill)
        too_late.start()
        try:
            for line in self._process.stdout or ():
                if match := READY.search(line):
                    self._port = int(match[1].rsplit(":", 1)[1])  # a restart keeps the address
                    return match[1]
        finally:
            too_late.cancel()
        raise SimulatorFailed

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def loop(self) -> Loop:
        return Loop(name="simulator", every=1, run=self.keep_alive)

    async def keep_alive(self) -> None:
        """Start it again if it died."""
        code = self._process.poll()
        if code is None:
            return
        logger.error("simulator.died", exit_code=code)
        await asyncio.to_thread(self._restart)

    def _restart(self) -> None:
        self._close_pipes()
        self._process = self._spawn()
        self.wait_until_ready()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
