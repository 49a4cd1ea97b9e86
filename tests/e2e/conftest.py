"""The whole app as one command starts it, and people in a browser."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM, CHROMIUM_ARGUMENTS, PATIENCE

MANAGE = [sys.executable, "manage.py"]
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "grass-on-the-sea-wall"
WITHIN = 60  # seconds, for a start that migrates and collects


class Site:
    """`manage.py serve` on a free port with a data folder of its own; by default with the demo."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.folder = folder
        self.port = "0"
        self.arguments = arguments
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DJANGO_", "TEST_", "MINITOOLAI_", "DATABASE_", "REDIS_"))
        } | {"DATA_DIR": str(folder), "ENV_FILE": os.devnull, "LOG_FORMAT": "json", **environment}
        self.start()

    def start(self) -> None:
        self.log = (self.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            [*MANAGE, "serve", "--prepare", "--port", self.port, *self.arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.url = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.port = self.url.rpartition(":")[2]

    def first_link(self) -> str:
        """The one-time link that the first start prints."""
        return re.search(r"http://\S+", self.process.stdout.readline())[0]

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*MANAGE, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(WITHIN)
        self.process.stdout.close()
        self.log.close()
        return code


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("site"))
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def admin(site, chromium):
    """The storage state of the first admin, made through the one-time link as a person would."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site.first_link())
    page.get_by_label("Username").fill("wouter")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Create the admin account").click()
    page.wait_for_url(f"{site.url}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(site, chromium):
    """Open pages as somebody; at the end none of them may have logged an error."""
    contexts, errors = [], []

    def open_one(path="/", *, state=None, width=1280, height=820, scheme="light", expected=()):
        context = chromium.new_context(
            base_url=site.url,
            storage_state=state,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "console",
            lambda line: (
                errors.append(line.text)
                if line.type == "error" and not any(part in line.text for part in expected)
                else None
            ),
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []
