"""The bundled simulator as a process on a free port, and what tests ask of it."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

from django.conf import settings

KEY = "test-key"


class Simulator:
    """`url` is its address; everything comes at once unless a prompt says otherwise."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "--port", "0", "--pace", "0", "--exit-with-stdin"],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._process.stdout.readline().split()[-1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)

    def bill(self, key: str = KEY) -> dict[str, Any]:
        """What the upstream would charge this key: `total_nano`, `pictures`, `replies`, `lines`."""
        with urlopen(f"{self.url}/_control/bill?key={key}") as answer:
            return json.load(answer)

    def arm(self, fault: str, **options: Any) -> None:
        """Let the next request (or `times`) meet this fault."""
        self._post("faults", {"fault": fault, **options})

    def armed(self) -> list[dict[str, Any]]:
        """The faults that no request has met yet."""
        with urlopen(f"{self.url}/_control/faults") as answer:
            return json.load(answer)["armed"]

    def reset(self) -> None:
        """An empty bill, no jobs, no faults."""
        self._post("reset", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        request = Request(
            f"{self.url}/_control/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request):
            pass
