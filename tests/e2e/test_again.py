"""Another answer, an earlier version, the rest of an answer: in two tabs at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM

pytestmark = NEEDS_CHROMIUM

LONG = "Count the mills of Holland [[tokens:3000]] [[slow:15]]"


def ask(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


def bodies(page):
    return page.locator(".turn .body").all_inner_texts()


def longer_than(length):
    return re.compile(f".{{{length},}}", re.DOTALL)


def live(page):
    return page.locator('[data-state="streaming"]')


def answer_again(page, model):
    page.get_by_role("button", name="Answer again").last.click()
    page.locator(f"[data-again-menu] [value='{model}']").click()


@pytest.fixture
def tabs(open_page, admin):
    """Two tabs on one conversation with one finished answer."""
    page = open_page("/", state=admin)
    ask(page, "Hello there")
    page.wait_for_url("**/c/*/")
    expect(page.locator('[data-state="done"]')).to_have_count(1)
    return page, open_page(page.url, state=admin)


def test_versions_are_walked_in_both_tabs_and_stay_after_a_reload(tabs):
    for number, model in enumerate(("gpt-4.1-nano", "gpt-4.1"), start=2):
        answer_again(tabs[0], model)
        for page in tabs:
            expect(page.locator(".versions")).to_contain_text(f"{number}/{number}")
            expect(page.locator('[data-state="done"]')).to_have_count(1)
            expect(page.locator(".receipt")).to_contain_text(model)
    newest = bodies(tabs[0])
    tabs[1].get_by_role("button", name="Earlier version").click()
    for page in tabs:
        expect(page.locator(".versions")).to_contain_text("2/3")
        expect(page.locator(".receipt")).to_contain_text("gpt-4.1-nano")
    assert bodies(tabs[0]) == bodies(tabs[1]) != newest
    tabs[0].reload()
    expect(tabs[0].locator(".versions")).to_contain_text("2/3")
    tabs[0].get_by_role("button", name="Later version").click()
    expect(tabs[1].locator(".versions")).to_contain_text("3/3")
    assert bodies(tabs[0]) == bodies(tabs[1]) == newest


def test_a_version_goes_on_streaming_while_another_is_looked_at(tabs):
    page, _ = tabs
    ask(page, LONG)
    expect(live(page).locator(".body")).not_to_be_empty()
    page.get_by_role("button", name="Stop").last.click()
    expect(live(page)).to_have_count(0)
    answer_again(page, "gpt-4o-mini")
    expect(live(page).locator(".body")).not_to_be_empty()
    page.get_by_role("button", name="Earlier version").click()
    expect(live(page)).to_have_count(0)
    page.get_by_role("button", name="Later version").click()
    begun = len(live(page).locator(".body").inner_text())
    expect(live(page).locator(".body")).to_have_text(longer_than(begun + 40))
    page.get_by_role("button", name="Stop").last.click()
    expect(live(page)).to_have_count(0)
    shown = bodies(page)
    page.reload()
    assert bodies(page) == shown


def test_an_answer_goes_on_after_its_words_beside_another_and_each_is_stopped(tabs):
    page, other = tabs
    ask(page, LONG)
    expect(live(page).locator(".body")).not_to_be_empty()
    page.get_by_role("button", name="Stop").last.click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    kept = page.locator(".turn .body").last.inner_text()
    ask(page, LONG.replace("mills", "dikes"))
    expect(live(page)).to_have_count(1)
    page.get_by_role("button", name="Continue").dblclick()
    for tab in tabs:
        expect(live(tab)).to_have_count(2)
        body = live(tab).first.locator(".body")
        expect(body).to_have_text(longer_than(len(kept) + 20))
    live(other).first.get_by_role("button", name="Stop").click()
    expect(live(page)).to_have_count(1)
    page.locator("[data-stop]").click()
    for tab in tabs:
        expect(live(tab)).to_have_count(0)
    assert bodies(page) == bodies(other)
    other.reload()
    assert bodies(page) == bodies(other)
    assert bodies(page)[1].startswith(kept[:40])
