"""Our server as real processes, which something kills, ends and starts again."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DJANGO_", "TEST_", "MINITOOLAI_", "DATABASE_", "REDIS_")
WITHIN = 60  # seconds


def environment(folder, upstream, **more):
    """Of a server on an empty folder; nothing of ours is left over from the shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {
        "DATA_DIR": str(folder),
        "ENV_FILE": os.devnull,
        "LOG_FORMAT": "json",
        "MINITOOLAI_API_KEY": "soak",
        "MINITOOLAI_BASE_URL": upstream,
        "SHUTDOWN_GRACE": "3",
        **more,
    }


@dataclass(eq=False)
class Process:
    """`manage.py …` with one address for life."""

    arguments: tuple
    environment: dict
    log: Path
    port: str = "0"
    url: str = ""

    async def start(self):
        serves = self.arguments[0] == "serve"
        port = ("--port", self.port) if serves else ()
        with self.log.open("a") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "manage.py",
                *self.arguments,
                *port,
                cwd=ROOT,
                env=self.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        if serves:
            greeting = (await self._process.stdout.readline()).decode()
            self.url = re.search(r"http://\S+", greeting)[0]
            self.port = self.url.rpartition(":")[2]

    async def end(self, number):
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
        async with asyncio.timeout(WITHIN):
            return await self._process.wait()


@dataclass
class Reaper:
    """Kills a process at random moments, or ends it in order, and starts it again."""

    processes: list
    dice: object
    every: float  # seconds, on average
    killed: list = field(default_factory=list)  # the moments
    ended: int = 0
    failed: list = field(default_factory=list)  # what an orderly end exited with, when not 0

    async def run(self, until):
        """Until that moment; all processes are up again afterwards."""
        while (pause := self.every * self.dice.uniform(0.5, 1.5)) < until - time.monotonic():
            await asyncio.sleep(pause)
            await self.reap(self.dice.choice(self.processes))

    async def reap(self, process):
        if self.dice.random() < 0.6:
            self.killed.append(time.monotonic())
            await process.end(signal.SIGKILL)
        else:
            self.ended += 1
            if code := await process.end(signal.SIGTERM):
                self.failed.append(code)
        await asyncio.sleep(self.dice.choice((0, 0, 1, 3)))
        await process.start()
