"""Every page in both themes, wide and on a phone: nothing for axe to find, nothing sideways."""

import pytest
from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM, violations

pytestmark = NEEDS_CHROMIUM

SIZES = [(1280, 820), (390, 844)]
SCHEMES = ["light", "dark"]
RICH = "Write a haiku about dikes, then show a Python function with a table of its results"


@pytest.fixture(scope="module")
def told(site, admin, chromium):
    """Addresses of a conversation and of a picture that are finished."""
    context = chromium.new_context(base_url=site.url, storage_state=admin)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Your message").fill(RICH)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/*/")
    expect(page.locator('.turn[data-state="done"]')).to_have_count(1)
    conversation = page.url
    page.goto("/pictures/")
    page.get_by_label("Prompt", exact=True).fill("A mill by a canal in the evening")
    page.get_by_role("button", name="Make").click()
    expect(page.locator(".tile img[srcset]")).to_be_visible()
    page.locator(".tile a").first.click()
    page.wait_for_url("**/pictures/*/")
    picture = page.url
    context.close()
    return {"conversation": conversation, "picture": picture}


def addresses(told):
    return {
        "new chat": "/",
        "conversation": told["conversation"],
        "gallery": "/pictures/",
        "picture": told["picture"],
        "spending": "/spend/",
        "statement": "/spend/statement/",
        "profile": "/accounts/profile/",
        "password": "/accounts/password/change/",
        "keys": "/keys/",
        "admin": "/admin/",
        "people": "/admin/accounts/user/",
        "missing": "/nowhere/",
    }


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_has_a_violation_or_scrolls_sideways(open_page, admin, told, width, height, scheme):
    page = open_page("/", state=admin, width=width, height=height, scheme=scheme, expected=["404"])
    for name, address in addresses(told).items():
        page.goto(address)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") == width, name


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_guests_pages_have_no_violation(open_page, admin, width, height, scheme):
    page = open_page(
        "/accounts/login/", width=width, height=height, scheme=scheme, expected=["410", "404"]
    )
    assert violations(page) == []
    page.goto("/welcome/no-such-link/")
    assert violations(page) == []


def test_a_page_under_way_has_no_violation(open_page, admin):
    page = open_page("/", state=admin)
    page.get_by_label("Your message").fill("Count the sluices [[tokens:2000]]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/*/")
    expect(page.locator('[data-state="streaming"] .body')).not_to_be_empty()
    assert violations(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    assert violations(page) == []


def test_without_script_one_can_read_ask_and_make(site, admin, chromium):
    context = chromium.new_context(
        base_url=site.url, storage_state=admin, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello without script")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/c/*/")
    expect(page.locator(".turn.me")).to_contain_text("Hello without script")
    expect(page.locator('.turn[data-state="done"]')).to_have_count(1)
    page.goto("/pictures/")
    page.get_by_label("Prompt", exact=True).fill("A plain picture")
    page.get_by_role("button", name="Make").click()
    expect(page.locator(".tile").first).to_be_visible()
    context.close()
