"""static/js/chat.js shows what each frame of a reply says, and leaves the rest untouched."""

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from chat.live import Cursor, LiveText
from tests.browser import CHROMIUM, CHROMIUM_ARGUMENTS, NEEDS_CHROMIUM
from tests.chat.test_blocks import cut

pytestmark = NEEDS_CHROMIUM
ROOT = "http://chat.test/"
SCRIPTS = Path(__file__).parents[2] / "static" / "js"
NAMES = ("posting", "growing", "connection", "chat")
REPLY = uuid.uuid4()
PAGE = f"""<!doctype html><main id="thread" data-socket="/ws"><article class="turn" id="m-{REPLY}"
data-reply="{REPLY}" data-state="streaming"><div class="body"></div></article></main>
<p data-connection hidden></p>
{"".join(f'<script src="/{name}.js"></script>' for name in NAMES)}"""
ANSWER = """## Tides & moons

One **bold** word, `a < b`, [a link](https://example.org/?a=1&b=2) and 🌊 waves;
a second line with *some 🌙 light* & http://example.org/x.

1. first
   - nested `code`
   - nested 👩\u200d👩\u200d👧
2. second

| a | b |
|---|--:|
| 1 < 2 | 🌊 & |
| c | **d** |

```python
if a < b and b & 1:
    print("🌊", a)
```

The end, $x^2$.
"""
SHOWS = """html => {
  const shown = document.querySelector(".body").innerHTML.replace("<!---->", "");
  const expected = document.createElement("template");
  expected.innerHTML = html;
  return shown === expected.innerHTML;
}"""


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser.new_page()
        browser.close()


@pytest.fixture
def receive(page):
    """Open the page anew; then `receive(frame)` is its socket's."""
    sockets = []
    page.route(ROOT, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    for name in NAMES:
        page.route(
            f"{ROOT}{name}.js",
            lambda route, _, name=name: route.fulfill(path=SCRIPTS / f"{name}.js"),
        )
    page.route_web_socket("**/ws", lambda socket: sockets.append(socket))
    page.goto(ROOT)
    while not sockets:
        page.wait_for_timeout(20)
    return sockets[0].send


def until_it_shows(page, live):
    html = "".join(live.blocks.finished) + live.blocks.open
    page.wait_for_function(SHOWS, arg=html, timeout=10_000)


@pytest.mark.parametrize("sizes", [[5], [1, 7, 3], [40]])
def test_the_page_is_what_the_server_rendered_after_each_frame(page, receive, sizes):
    live, cursor = LiveText(message_id=REPLY, attempt=1), Cursor(1)
    for piece in cut(ANSWER, sizes):
        live.append(piece)
        receive(live.frame_after(cursor))
        until_it_shows(page, live)
    live.end()
    receive(live.frame_after(cursor))
    until_it_shows(page, live)


@pytest.mark.parametrize(
    ("beginning", "added"),
    [
        ("```python\nx = 1", [" & a < b", "\nprint('🌊')"]),
        ("some words", [" on", ' and "on" 🌊']),
        ("- a **b** list", [" on", ", on"]),
    ],
)
def test_text_that_is_added_leaves_what_is_there_untouched(page, receive, beginning, added):
    live, cursor = LiveText(message_id=REPLY, attempt=1), Cursor(1)
    for text in (beginning, " and so"):
        live.append(text)
        receive(live.frame_after(cursor))
    until_it_shows(page, live)
    page.evaluate("window.before = document.querySelector('.body').firstElementChild")
    for text in added:
        live.append(text)
        receive(live.frame_after(cursor))
    until_it_shows(page, live)
    assert page.evaluate("window.before === document.querySelector('.body').firstElementChild")
