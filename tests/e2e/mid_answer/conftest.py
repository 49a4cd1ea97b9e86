"""One server and one upstream, a network between them and the browser, and what the rows say."""

import re
import sqlite3
import time
import uuid
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.e2e.mid_answer.network import Network
from tests.upstream import KEY, Simulator

WITHIN = 60  # seconds

SHOWN = """() => Array.from(document.querySelectorAll(".turn[data-reply]"), (turn) => {
    const body = turn.querySelector(".body").cloneNode(true);
    for (const button of body.querySelectorAll(".code > header > button")) button.remove();
    const text = turn.querySelector("template")?.content.textContent ?? "";
    const html = body.innerHTML.replaceAll("<!---->", "");
    return {reply: turn.dataset.reply, state: turn.dataset.state, html, text};
})"""
# Keeps hold of every socket and of the code each was closed with.
KEEP_SOCKETS = """
    sockets = [];
    closings = [];
    WebSocket = class extends WebSocket {
        constructor(...args) {
            super(...args);
            sockets.push(this);
            this.addEventListener("close", ({code}) => closings.push(code));
        }
    };
"""
AS_PARSED = """(html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.innerHTML;
}"""


@pytest.fixture(scope="module")
def upstream():
    with Simulator() as running:
        yield running


@pytest.fixture(scope="module")
def site(upstream, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    running = Site(
        folder,
        MINITOOLAI_API_KEY=KEY,
        MINITOOLAI_BASE_URL=upstream.url,
        MAX_LIVE_REPLIES_PER_USER="50",
        SHUTDOWN_GRACE="1",
    )
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def network(site):
    between = Network(int(site.port))
    yield between
    between.close()


@pytest.fixture
def tab(network, open_page, admin):
    """A tab of the admin's beyond the network; `clock` lets the test move its time."""

    def open_one(path="/", *, clock=False):
        noise = ("WebSocket connection", "Failed to load resource")
        page = open_page("about:blank", state=admin, expected=noise)
        page.add_init_script(KEEP_SOCKETS)
        if clock:
            page.clock.install()
        page.goto(network.url + path)
        return page

    return open_one


@pytest.fixture
def rows(site):
    """The replies of a page's conversation as the database has them, oldest first."""

    def read(page):
        conversation = conversation_of(page)
        found = query(
            site,
            "SELECT id, state, html, text FROM chat_message"
            " WHERE conversation_id = ? AND role = 'assistant' ORDER BY created_at",
            conversation.hex,
        )
        names = ("reply", "state", "html", "text")
        return [dict(zip(names, (str(uuid.UUID(pk)), *rest), strict=True)) for pk, *rest in found]

    return read


@pytest.fixture
def until():
    """Wait until a condition holds; the page lives on meanwhile."""

    def wait(page, met):
        end = time.monotonic() + WITHIN
        while not met():
            assert time.monotonic() < end, "waited too long"
            page.wait_for_timeout(50)

    return wait


@pytest.fixture
def ended(rows, until):
    """Wait until no reply grows any more, on the page and in the rows, and compare them."""

    def check(page, *, replies=1):
        expect(page.locator(".turn[data-reply]")).to_have_count(replies)
        live = page.locator('.turn[data-state="streaming"]')
        expect(live).to_have_count(0)
        until(page, lambda: all(row["state"] != "streaming" for row in rows(page)))
        said = rows(page)
        for row in said:
            row["html"] = page.evaluate(AS_PARSED, row["html"])
        assert page.evaluate(SHOWN) == said
        streamed = page.locator(".turn .body").all_inner_texts()
        page.reload()
        assert page.locator(".turn .body").all_inner_texts() == streamed
        return said

    return check


def ask(page, tokens=250, *, slow=20):
    """Send a prompt; its answer of so many tokens, `slow` milliseconds apart, has begun."""
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    before = page.locator(".turn[data-reply]").count()
    prompt = f"Explain the tides with a table and some code [[tokens:{tokens}]] [[slow:{slow}]]"
    page.get_by_label("Your message").fill(prompt)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/*/")
    expect(page.locator(".turn[data-reply]")).to_have_count(before + 1)
    expect(page.locator(".turn .body").last).not_to_be_empty()


def live_body(page):
    return page.locator('[data-state="streaming"] .body').last


def reconnecting(page):
    return page.get_by_text("Reconnecting…")


def path_of(page):
    return urlsplit(page.url).path


def conversation_of(page):
    return uuid.UUID(re.search(r"/c/([0-9a-f-]+)/", page.url)[1])


def query(site, statement, *values):
    """What the server's database answers, past the server."""
    connection = sqlite3.connect(site.folder / "db.sqlite3", timeout=WITHIN)
    with closing(connection) as database, database:
        return database.execute(statement, values).fetchall()
