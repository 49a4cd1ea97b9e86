"""From an empty folder to an answer and a picture, as the first person in goes."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM

pytestmark = NEEDS_CHROMIUM

HAIKU = "Write a haiku about dikes, then show a Python function with a table of its results"


def amount(text):
    """The dollars in a piece of a page, to the nano-dollar."""
    return Decimal(re.search(r"\$([\d.]+)", text)[1])


def credit_left(page):
    return amount(page.locator("#purse b").inner_text())


def ask(page, text):
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def expect_credit(page, amount):
    """Wait until the purse shows exactly this many dollars."""
    digits = f"{amount:.9f}".rstrip("0")
    whole, _, decimals = digits.partition(".")
    expect(page.locator("#purse b")).to_have_text(f"${whole}.{decimals:0<4}")


def wait_for_end(page, *, replies=1):
    """Wait until so many replies are on the page and none of them grows any more."""
    turns = page.locator(".turn[data-reply]")
    expect(turns).to_have_count(replies)
    expect(page.locator('[data-state="streaming"]')).to_have_count(0)


def overflow(page, selector):
    """By how many pixels a part of the page is longer than what is seen of it."""
    return page.locator(selector).evaluate("(part) => part.scrollHeight - part.clientHeight")


def bodies(page):
    return page.locator(".turn .body").all_inner_texts()


@pytest.fixture
def page(open_page, admin):
    return open_page("/", state=admin)


def test_an_answer_streams_survives_a_reload_and_costs_what_it_says(page):
    before = credit_left(page)
    ask(page, HAIKU)
    page.wait_for_url("**/c/*/")
    live = page.locator('[data-state="streaming"] .body')
    expect(live).not_to_be_empty()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.reload()
    expect(live).not_to_be_empty()
    wait_for_end(page)
    expect(page.locator(".turn .code")).to_contain_text("def ")
    expect(page.locator(".turn table")).to_be_visible()
    cost = amount(page.locator(".receipt").inner_text())
    expect_credit(page, before - cost)
    streamed = bodies(page)
    page.reload()
    assert bodies(page) == streamed
    expect(page.get_by_role("navigation", name="Conversations")).to_contain_text("Write a haiku")


def test_two_tabs_show_the_same_answer(page, open_page, admin):
    ask(page, "Explain the tides in a few short paragraphs")
    page.wait_for_url("**/c/*/")
    other = open_page(page.url, state=admin)
    wait_for_end(page)
    wait_for_end(other)
    assert bodies(page) == bodies(other)
    ask(page, "And neap tides?")
    expect(other.locator(".turn.me")).to_have_count(2)
    wait_for_end(page, replies=2)
    wait_for_end(other, replies=2)
    assert bodies(page) == bodies(other)
    expect_credit(other, credit_left(page))


def test_stop_ends_the_answer_and_keeps_what_was_said(page):
    ask(page, "Count all the dikes of Zeeland [[tokens:3000]]")
    page.wait_for_url("**/c/*/")
    expect(page.locator('[data-state="streaming"] .body')).not_to_be_empty()
    page.get_by_role("button", name="Stop").click()
    wait_for_end(page)
    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    assert bodies(page)[-1]


def test_a_double_click_sends_once(page):
    page.get_by_label("Your message").fill("Just one, please")
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/c/*/")
    wait_for_end(page)
    expect(page.locator(".turn.me")).to_have_count(1)
    page.get_by_label("Your message").fill("And one more")
    page.get_by_role("button", name="Send").dblclick()
    wait_for_end(page, replies=2)
    expect(page.locator(".turn.me")).to_have_count(2)


def test_a_fault_is_told_costs_nothing_and_can_be_tried_again(page):
    before = credit_left(page)
    ask(page, "Hello there [[fault:u5]]")
    page.wait_for_url("**/c/*/")
    wait_for_end(page)
    expect(page.get_by_text("The AI service has a fault.")).to_be_visible()
    expect(page.locator("[data-fault]")).to_contain_text("Nothing was charged.")
    expect_credit(page, before)
    with page.expect_response(lambda answer: "/retry/" in answer.url) as answered:
        page.get_by_role("button", name="Try again").click()
    assert answered.value.status == 200
    wait_for_end(page)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2)


def test_a_bad_prompt_keeps_its_text(open_page, admin):
    page = open_page("/", state=admin, expected=["422"])
    ask(page, "x" * 200_001)
    expect(page.get_by_text("That is too long")).to_be_visible()
    assert len(page.get_by_label("Your message").input_value()) == 200_001


def test_hostile_text_stays_text(page):
    hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script> "><b>'
    ask(page, hostile)
    page.wait_for_url("**/c/*/")
    wait_for_end(page)
    expect(page.locator(".turn.me")).to_contain_text(hostile)
    assert page.locator(".thread img, .thread script").count() == 0


def test_a_picture_appears_in_its_place_and_costs_its_price(open_page, admin):
    page = open_page("/pictures/", state=admin)
    before = credit_left(page)
    page.get_by_label("Prompt", exact=True).fill("A lighthouse on Texel at first light")
    page.get_by_role("button", name=re.compile("Make")).click()
    expect(page.locator(".tile.wait")).to_have_count(1)
    place = page.locator(".tile").first.bounding_box()
    expect(page.locator(".tile img[srcset]")).to_be_visible()
    assert page.locator(".tile").first.bounding_box() == place
    expect_credit(page, before - Decimal("0.0015"))
    page.locator(".tile a").first.click()
    page.wait_for_url("**/pictures/*/")
    expect(page.get_by_text("A lighthouse on Texel at first light").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("$0.0015")


def test_the_books_are_right_and_equal_the_simulators_bill(site, page):
    audit = site.manage("ledger_audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_only_the_thread_scrolls_however_long_it_is(page):
    for replies in (1, 2):
        ask(page, "Tell of the polders [[tokens:900]] [[slow:0]]")
        page.wait_for_url("**/c/*/")
        wait_for_end(page, replies=replies)
    assert overflow(page, ".scroll") > 0
    assert overflow(page, "html") == 0
