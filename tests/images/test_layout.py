"""The gallery as Chromium lays it out."""

import pytest
from django.conf import settings

from tests.browser import NEEDS_CHROMIUM, SMALL, open_page

pytestmark = NEEDS_CHROMIUM

LANDSCAPE = {"width": 1152, "height": 768}
WIDE = {"width": 1344, "height": 768}
LINE = 28  # of a field, with its border and padding


@pytest.fixture
def open_gallery(live_server, client, alice):
    client.force_login(alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with open_page(live_server.url, session=session) as page:

        def open_gallery(*, width=1280):
            page.set_viewport_size({"width": width, "height": 820})
            page.goto("/pictures/")
            return page

        yield open_gallery


@pytest.fixture
def two_landscapes_and_more(order, alice):
    for size in (WIDE, LANDSCAPE, LANDSCAPE):  # the newest come first
        order(alice, **size)


def test_an_empty_gallery_names_no_month_and_the_first_picture_brings_it(open_gallery):
    page = open_gallery()
    month = page.locator(".month > h2")
    assert not month.is_visible()
    assert page.get_by_text("Make your first picture").is_visible()
    page.get_by_label("Prompt", exact=True).fill("A mill")
    page.get_by_role("button", name="Make").click()
    month.wait_for(state="visible")
    assert not page.get_by_text("Make your first picture").is_visible()


def test_a_row_of_two_landscapes_is_filled(two_landscapes_and_more, open_gallery):
    page = open_gallery()
    first, second, third = (tile.bounding_box() for tile in page.locator(".tile").all())
    grid = page.locator("#newest").bounding_box()
    assert first["y"] == second["y"] < third["y"]
    assert abs(second["x"] + second["width"] - grid["x"] - grid["width"]) < 1


def bottom(page, selector):
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("width", [SMALL["width"], 1280])
def test_the_button_stays_in_reach_however_long_the_form(open_gallery, width):
    page = open_gallery(width=width)
    if width == SMALL["width"]:
        page.get_by_role("button", name="Open the side bar").click()
    page.get_by_text("More settings").click()
    foot = page.locator(".side > .foot").bounding_box()
    for field in ("Leave out", "Closeness to the prompt"):
        page.get_by_label(field).focus()
        focused = page.get_by_label(field).bounding_box()
        button = page.locator("#make").bounding_box()
        assert button["y"] + button["height"] <= foot["y"]
        assert bottom(page, ".order") == pytest.approx(bottom(page, ".side-body"), abs=2)
        assert focused["y"] + LINE <= button["y"]
    page.get_by_label("Prompt", exact=True).fill("A mill")
    page.locator("#make").click()
    page.locator(".tile").wait_for()


def test_the_button_follows_every_change_of_the_form_however_quick(open_gallery):
    page = open_gallery()
    page.get_by_label("Prompt", exact=True).fill("{oil|ink} heron")
    page.get_by_label("Contact sheet").check()
    page.get_by_text("Make 30 pictures").wait_for()
    assert "$0.0450" in page.locator("#make").inner_text()
