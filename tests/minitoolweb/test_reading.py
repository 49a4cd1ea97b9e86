"""How a conversation reads on a phone and while scrolling, tried on the style guide."""

import pytest
from django.conf import settings

from tests.browser import NEEDS_CHROMIUM, SMALL, open_page

pytestmark = NEEDS_CHROMIUM

LONG = ["gpt-4.1-nano", "12,345 + 4,096 tokens", "$0.00285675 counted", "12.3 s · 98.7 s"]


@pytest.fixture
def guide(live_server, client, alice):
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with open_page(live_server.url, session=session) as page:
        page.goto("/styleguide/")
        yield page


@pytest.mark.parametrize("target", ["2.25rem", "2.75rem"])  # under a mouse, under a finger
def test_a_long_receipt_takes_two_lines_with_its_buttons_at_the_end_of_the_last(guide, target):
    guide.set_viewport_size(SMALL)
    guide.evaluate(
        "target => document.documentElement.style.setProperty('--target', target)", target
    )
    receipt = guide.locator(".receipt").first
    receipt.evaluate("receipt => document.querySelector('.scroll').prepend(receipt.parentNode)")
    texts = receipt.locator("> span:not(.acts)")
    for span, text in zip(texts.all(), LONG, strict=True):
        span.evaluate("(span, text) => { span.textContent = text; }", text)
    lines = [span.bounding_box() for span in texts.all()]
    buttons, whole = receipt.locator(".acts").bounding_box(), receipt.bounding_box()
    last = lines[-1]
    assert len({line["y"] for line in lines}) == 2
    assert whole["height"] < 48
    assert buttons["y"] + buttons["height"] / 2 == pytest.approx(
        last["y"] + last["height"] / 2, abs=2
    )
    assert all(line["x"] + line["width"] <= buttons["x"] for line in lines)
    assert buttons["x"] + buttons["width"] >= whole["x"] + whole["width"]


def test_the_head_of_a_code_block_stays_at_the_very_top_while_one_reads_it(guide):
    guide.set_viewport_size({"width": 1280, "height": 400})
    code = guide.locator("#chat .code").first
    code.evaluate("code => { code.querySelector('pre').textContent += '\\nline'.repeat(60); }")
    guide.evaluate(
        """() => {
            const scroll = document.querySelector(".scroll");
            const code = document.querySelector("#chat .code").getBoundingClientRect();
            scroll.scrollTop += code.top - scroll.getBoundingClientRect().top + 200;
        }"""
    )
    head = code.locator("header").bounding_box()
    assert head["y"] == pytest.approx(guide.locator(".scroll").bounding_box()["y"], abs=1)
