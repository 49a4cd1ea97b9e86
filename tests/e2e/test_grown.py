"""The grown shape: two web processes and a worker on PostgreSQL and Redis, behind any balancer."""

import os
import re
import signal
import subprocess

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM
from tests.e2e.conftest import MANAGE, PASSWORD, ROOT, Site
from tests.upstream import KEY, Simulator

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(scope="module")
def database():
    """A database of its own on the test server, dropped at the end."""
    server, name = os.environ["TEST_DATABASE_URL"], f"minitoolweb_grown_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield re.sub(r"/[^/]*$", f"/{name}", server)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def grown(database, tmp_path_factory):
    """Two web processes and a worker, sharing database, Redis and data folder."""
    folder = tmp_path_factory.mktemp("grown")
    with Simulator() as upstream:
        shared = {
            "DATABASE_URL": database,
            "REDIS_URL": os.environ["TEST_REDIS_URL"],
            "MINITOOLAI_API_KEY": KEY,
            "MINITOOLAI_BASE_URL": upstream.url,
        }
        first = Site(folder, "--no-work", **shared)
        second = Site(folder, "--no-work", **shared)
        worker = subprocess.Popen([*MANAGE, "work"], cwd=ROOT, env=first.environment)
        yield first, second
        for site in (first, second):
            site.end()
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


@pytest.fixture(scope="module")
def pages(grown, chromium):
    """The same person on both processes."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(grown[0].first_link())
    page.get_by_label("Username").fill("wouter")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Create the admin account").click()
    page.wait_for_url(f"{grown[0].url}/")
    yield page, context.new_page()
    context.close()


def test_an_answer_is_watched_on_the_other_process(grown, pages):
    here, there = pages
    here.goto(grown[0].url)
    here.get_by_label("Your message").fill("Tell of the tides [[tokens:300]] [[slow:10]]")
    here.keyboard.press("Enter")
    here.wait_for_url("**/c/*/")
    there.goto(here.url.replace(grown[0].url, grown[1].url))
    expect(there.locator('[data-state="streaming"] .body')).not_to_be_empty()
    for page in pages:
        expect(page.locator('.turn[data-state="done"]')).to_have_count(1)
    assert here.locator(".turn .body").inner_text() == there.locator(".turn .body").inner_text()


def test_stop_reaches_the_process_that_streams(grown, pages):
    here, there = pages
    here.goto(grown[0].url)
    here.get_by_label("Your message").fill("Count the sluices [[tokens:4000]] [[slow:10]]")
    here.keyboard.press("Enter")
    here.wait_for_url("**/c/*/")
    there.goto(here.url.replace(grown[0].url, grown[1].url))
    there.get_by_role("button", name="Stop").click()
    for page in pages:
        expect(page.get_by_text("You stopped this answer.")).to_be_visible()


def test_a_prompt_shows_on_the_other_process_as_it_is_sent(grown, pages):
    here, there = pages
    here.goto(grown[0].url)
    here.get_by_label("Your message").fill("The first prompt")
    here.keyboard.press("Enter")
    here.wait_for_url("**/c/*/")
    expect(here.locator('.turn[data-state="done"]')).to_have_count(1)
    there.goto(here.url.replace(grown[0].url, grown[1].url))
    there.wait_for_timeout(500)
    here.get_by_label("Your message").fill("The second prompt")
    here.keyboard.press("Enter")
    expect(there.locator(".turn.me")).to_have_count(2)
    expect(there.locator('.turn[data-state="done"]')).to_have_count(2)


def test_the_worker_makes_the_pictures(grown, pages):
    page = pages[1]
    page.goto(f"{grown[1].url}/pictures/")
    page.get_by_label("Prompt", exact=True).fill("A mill by a canal")
    page.get_by_role("button", name="Make").click()
    expect(page.locator(".tile img[srcset]")).to_be_visible()
    audit = grown[0].manage("ledger_audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
