"""`manage.py` as a process of its own, on a data folder of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener

import psutil

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = r"http://127\.0\.0\.1:\d+"
WITHIN = 60  # seconds, for what takes one or two


class Serve:
    """A running `manage.py serve`; its first line has been read."""

    def __init__(self, process):
        self.process = process
        self.first_line = process.stdout.readline()
        self.url = re.search(ADDRESS, self.first_line)[0]
        self.browser = build_opener(HTTPCookieProcessor())

    def get(self, path):
        try:
            with self.browser.open(self.url + path, timeout=WITHIN) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def simulators(self):
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "simulator" in child.cmdline()]

    def end(self, number):
        """Send the signal; return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(WITHIN)


def environment(data, **variables):
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {**kept, "ENV_FILE": os.devnull, "DATA_DIR": str(data), **variables}


def manage(*arguments, data, **variables):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start(*arguments, data, **variables):
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a group of its own, which a test may signal as a terminal does
    )
