"""The app over a real socket: in a thread of the tests, or as its own process."""

import asyncio
import os
import re
import subprocess
import sys
import threading

import uvicorn
from django.conf import settings

from minitoolweb.asgi import application
from tests.simulator.caller import Answer, Caller

CHAT, PICTURE, STATUS = "/api/chat-completions/", "/api/texttoimage/", "/api/texttoimage/jobs/"


class _Server(uvicorn.Server):
    """Tells where it listens as soon as it does."""

    def __init__(self, config, *, tell):
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self._tell(self.servers[0].sockets[0].getsockname()[1])


class ServerThread:
    """uvicorn on a loop of its own, with the settings and the database of the test."""

    def __enter__(self):
        config = uvicorn.Config(
            application, port=0, log_config=None, access_log=False, ws="none", lifespan="off"
        )
        self._server = _Server(config, tell=self._listens_on)
        self._thread = threading.Thread(target=asyncio.run, args=[self._server.serve()])
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *failure):
        self._server.should_exit = True
        self._thread.join(20)

    def _listens_on(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self._ready.set()


class ServerProcess:
    """`manage.py serve --no-work` on the test's database, under daphne or uvicorn."""

    def __init__(self, backend, *, database_url, folder, upstream, key, **variables):
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        self.log = folder / "server.log"
        self._stderr = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", "0", "--no-work", "--server", backend],
            cwd=settings.BASE_DIR,
            env={
                **kept,
                "ENV_FILE": os.devnull,
                "DATA_DIR": str(folder),
                "DATABASE_URL": database_url,
                "DEBUG": "1",
                "LOG_FORMAT": "json",
                "MINITOOLAI_API_KEY": key,
                "MINITOOLAI_BASE_URL": upstream,
                **variables,
            },
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )
        first_line = self.process.stdout.readline()
        self.url = re.search(r"http://127\.0\.0\.1:\d+", first_line)[0]

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=20)
        self._stderr.close()


class Program(Caller):
    """A program with a key; the addresses are the provider's, so is the caller."""

    def request(self, *arguments, **more):
        answer = super().request(*arguments, **more)
        answer.headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer

    def raw_request(self, path, body):
        head, rest = super().raw_request(path, body).split(b"Host: x", 1)
        return head + b"Host: 127.0.0.1" + rest

    def get(self, path):
        return self.request("GET", path)


__all__ = ["CHAT", "PICTURE", "STATUS", "Answer", "Program", "ServerProcess", "ServerThread"]
