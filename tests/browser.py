"""A page in Chromium, signed in, that fails its test when the console shows an error."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists(), reason="no Chromium: install it or set CHROMIUM to its path"
    ),
]
WIDE = {"width": 1280, "height": 820}
SMALL = {"width": 390, "height": 844}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds, for what takes one or two seconds on a machine at rest
expect.set_options(timeout=PATIENCE)
_AXE = Path(__file__).parent / "e2e" / "vendor" / "axe" / "axe.min.js"


@contextmanager
def open_page(url: str, *, session: str) -> Generator[Page, None, None]:
    """A page on the site at `url` with that session cookie; motion is reduced, so nothing waits."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        context = browser.new_context(base_url=url, viewport=WIDE, reduced_motion="reduce")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line a finding."""
    page.evaluate(_AXE.read_text())
    found = page.evaluate("axe.run()")
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}  # it did look
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
