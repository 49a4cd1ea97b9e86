"""The processes of a run: the upstream, our server as people start it, and the relay."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[3]
WITHIN = 60  # seconds for a server to end
OURS = ("DJANGO_", "TEST_", "MINITOOLAI_", "DATABASE_", "REDIS_")


@contextlib.contextmanager
def helper(module, *arguments):
    """A module of this folder that prints its port and ends when its stdin closes."""
    command = [sys.executable, "-m", f"tests.bench.streaming.{module}", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


@dataclass
class Site:
    """Our server on a fresh database: one process that does all, or several and a worker."""

    folder: Path
    environment: dict
    urls: list
    pids: list

    def run(self, *command, **options):
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    def people(self, *command):
        """What tests.bench.streaming.people prints."""
        return json.loads(
            self.run("-m", "tests.bench.streaming.people", *map(str, command), check=True).stdout
        )

    def is_balanced(self):
        return self.run("manage.py", "ledger_audit").returncode == 0

    def complaints(self):
        """Warnings and errors in the servers' logs: how many of each event."""
        counts = {}
        for line in (self.folder / "server.log").read_text().splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if entry.get("level") not in ("info", "debug"):
                    reason = entry.get("exception", "").rstrip().rpartition("\n")[2]
                    event = f"{entry['event'][:40]} {reason}".rstrip()
                    counts[event] = counts.get(event, 0) + 1
        return counts


@contextlib.contextmanager
def site(upstream, *, server, processes, postgres, redis):
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(OURS)
        } | {
            "DATA_DIR": str(folder),
            "ENV_FILE": os.devnull,
            "LOG_FORMAT": "json",
            "MINITOOLAI_API_KEY": "bench",
            "MINITOOLAI_BASE_URL": upstream,
        }
        if postgres:
            environment["DATABASE_URL"] = stack.enter_context(database(postgres))
        if redis:
            environment["REDIS_URL"] = redis
        running = Site(folder, environment, [], [])
        only = () if processes == 1 else ("--no-work",)
        for _ in range(processes):
            arguments = ("serve", "--prepare", "--port", "0", "--server", server, *only)
            process = stack.enter_context(_serving(running, *arguments))
            running.urls.append(re.search(r"http://\S+", process.stdout.readline())[0])
            running.pids.append(process.pid)
        if processes > 1:
            stack.enter_context(_serving(running, "work"))
        yield running


@contextlib.contextmanager
def _serving(running, *arguments):
    with (running.folder / "server.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=running.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def database(server):
    """A database of its own on a PostgreSQL server, dropped at the end."""
    name = f"minitoolweb_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield re.sub(r"/[^/]*$", f"/{name}", server)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
